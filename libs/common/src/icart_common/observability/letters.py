"""`/dead-letters` of a service: whoever is on call looks at an original, and settles it, by way of the operations pages.

What could not be handled may be about a child: it is handed out on the inside network alone, to whoever shows the token, with
the person and the reason kept first (decision 0017). Lists are made of the topics of dead letters, and are not asked for here.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Literal
from uuid import UUID

from faststream.asgi import AsgiResponse
from pydantic import Field

from icart_common.contracts.base import Part, ShortText, StaffId
from icart_common.messaging import deadletters
from icart_common.messaging.settling import handle_again, settle
from icart_common.observability.asked import Asked, in_json, refused


class Question(Part):
    """What somebody asks of a service, and why."""

    what: Literal["look", "handle-again", "corrected", "discard"]
    """`corrected`: a corrected message has been sent on the topic that the original came from."""
    dead_letters: tuple[UUID, ...] = Field(min_length=1, max_length=1000)
    person: StaffId
    reason: ShortText = Field(min_length=1)
    really: bool = False
    """False says what would be done, and does nothing."""


class LettersAsked(Asked):
    """The endpoint."""

    asks = Question

    async def answer(self, question: Question) -> AsgiResponse:
        why: dict[str, Any] = {"by": question.person, "reason": question.reason, "really": question.really}
        match question.what:
            case "look":
                return await self._look(question)
            case "handle-again":
                found = await handle_again(self.running, question.dead_letters, **why)
            case "corrected":
                found = await settle(self.running, question.dead_letters, "sent-again", **why)
            case "discard":
                found = await settle(self.running, question.dead_letters, "discarded", **why)
        return in_json(200, [asdict(one) for one in found])

    async def _look(self, question: Question) -> AsgiResponse:
        async with self.running.database.connection() as connection:
            record = await deadletters.look(
                connection, question.dead_letters[0], by=question.person, reason=question.reason
            )
        if record is None:
            return refused(404, "there is no such dead letter here")
        return in_json(200, {
            "topic": record.topic,
            "partition": record.partition,
            "offset": record.offset,
            "at": record.timestamp.isoformat(),
            "headers": deadletters.headers_to_json(record.headers),
            "key": record.key.hex() if record.key is not None else None,
            "value": (record.value or b"").decode(errors="backslashreplace"),
        })  # fmt: skip
