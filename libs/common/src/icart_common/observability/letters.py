"""`/dead-letters` of a service: whoever is on call looks at an original, and settles it, by way of the operations pages.

What could not be handled may be about a child: it is handed out on the inside network alone, to whoever shows the token, with
the person and the reason kept first (decision 0017). Lists are made of the topics of dead letters, and are not asked for here.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict
from typing import Any, Literal
from uuid import UUID

from faststream.asgi import AsgiResponse
from pydantic import Field, ValidationError

from icart_common.contracts.base import Part, ShortText, StaffId
from icart_common.messaging import deadletters
from icart_common.messaging.errors import TRANSIENT
from icart_common.messaging.settling import handle_again, settle
from icart_common.running import Running

_MOST_BYTES = 100_000


class Asked(Part):
    """What somebody asks of a service, and why."""

    what: Literal["look", "handle-again", "corrected", "discard"]
    """`corrected`: a corrected message has been sent on the topic that the original came from."""
    dead_letters: tuple[UUID, ...] = Field(min_length=1, max_length=1000)
    person: StaffId
    reason: ShortText = Field(min_length=1)
    really: bool = False
    """False says what would be done, and does nothing."""


class LettersAsked:
    """The endpoint."""

    def __init__(self, running: Running) -> None:
        self._running = running

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        status, body = await self._answer(scope, receive)
        answer = AsgiResponse(json.dumps(body, default=str).encode(), status, {"content-type": "application/json"})
        await answer(scope, receive, send)

    async def _answer(self, scope: Any, receive: Any) -> tuple[int, Any]:
        token = self._running.settings.ops_token
        shown = dict(scope["headers"]).get(b"authorization", b"")
        if token is None or not secrets.compare_digest(shown, f"Bearer {token.get_secret_value()}".encode()):
            return 403, {"why_not": "this asks for the operations' token (ICART_OPS_TOKEN)"}
        if scope["method"] != "POST":
            return 405, {"why_not": "this is asked by POST"}
        try:
            asked = Asked.model_validate_json(await _body(receive))
        except ValidationError as wrong:
            return 422, {"why_not": f"{wrong.error_count()} fields are not as they should be"}
        try:
            return await self._do(asked)
        except TRANSIENT as error:
            return 503, {"why_not": f"the database does not answer ({type(error).__name__})"}

    async def _do(self, asked: Asked) -> tuple[int, Any]:
        why: dict[str, Any] = {"by": asked.person, "reason": asked.reason, "really": asked.really}
        match asked.what:
            case "look":
                return await self._look(asked)
            case "handle-again":
                found = await handle_again(self._running, asked.dead_letters, **why)
            case "corrected":
                found = await settle(self._running, asked.dead_letters, "sent-again", **why)
            case "discard":
                found = await settle(self._running, asked.dead_letters, "discarded", **why)
        return 200, [asdict(one) for one in found]

    async def _look(self, asked: Asked) -> tuple[int, Any]:
        async with self._running.database.connection() as connection:
            record = await deadletters.look(connection, asked.dead_letters[0], by=asked.person, reason=asked.reason)
        if record is None:
            return 404, {"why_not": "there is no such dead letter here"}
        return 200, {
            "topic": record.topic,
            "partition": record.partition,
            "offset": record.offset,
            "at": record.timestamp.isoformat(),
            "headers": deadletters.headers_to_json(record.headers),
            "key": record.key.hex() if record.key is not None else None,
            "value": (record.value or b"").decode(errors="backslashreplace"),
        }


async def _body(receive: Any) -> bytes:
    found = b""
    more = True
    while more and len(found) <= _MOST_BYTES:
        part = await receive()
        found += part.get("body", b"")
        more = part.get("more_body", False)
    return found
