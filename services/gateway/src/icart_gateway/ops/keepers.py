"""Dead letters are shown and settled by the service that keeps them: operations pages and command line ask it alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from pydantic import SecretStr

from icart_common.contracts.catalogue import Topic
from icart_common.messaging.deadletters import headers_from_json
from icart_common.messaging.message import Record
from icart_common.messaging.settling import still_wrong, to_send_again
from icart_gateway.ops.asking import ask

What = Literal["look", "handle-again", "corrected", "discard"]
MOST_AT_ONCE: Final = 1000


@dataclass(frozen=True, slots=True)
class Keepers:
    """The services, each keeping its own dead letters (decision 0017)."""

    urls: Mapping[str, str]
    """Where each answers for its health, by its name."""
    token: SecretStr | None
    """What opens their dead letters."""

    async def ask(
        self, service: str, what: What, letters: Sequence[UUID], *, person: str, reason: str, really: bool
    ) -> Any:
        """Ask a service to show one dead letter, or to settle some, `MOST_AT_ONCE` at the most. Raises `Unanswered`.

        The answer to `look` is the original; otherwise a verdict for each: `dead_letter`, `done`, `problem`.
        """
        asked = {
            "what": what, "dead_letters": [str(one) for one in letters], "person": person, "reason": reason, "really": really,
        }  # fmt: skip
        return (await ask(self.urls, self.token, service, "/dead-letters", asked)).json()

    async def correction(
        self, service: str, letter: UUID, value: bytes, topics: Mapping[str, Topic], *, person: str, reason: str
    ) -> tuple[Record, str]:
        """A dead letter's original with another value, and why it cannot be sent (empty: it can). Raises `Unanswered`.

        Whoever sends it then asks for `corrected`. That the original was looked at is kept.
        """
        seen = await self.ask(service, "look", [letter], person=person, reason=reason, really=True)
        corrected = to_send_again(_record(seen), letter, value)
        return corrected, still_wrong(corrected, topics) or why_not_corrected(corrected.topic, topics)


def why_not_corrected(name: str, topics: Mapping[str, Topic]) -> str:
    """Why a correction cannot be sent to a topic; empty when it can. What our own services said is nobody's to rewrite."""
    topic = topics.get(name)
    if topic is None:
        return f"No topic {name} is in the catalogue any more."
    if topic.family.ours or "gateway" not in topic.writers:
        return "What our own services said is never rewritten by hand: it can be handled again as it was."
    return ""


def _record(seen: Mapping[str, Any]) -> Record:
    key = bytes.fromhex(seen["key"]) if seen["key"] is not None else None
    at = datetime.fromisoformat(seen["at"])
    return Record(seen["topic"], seen["partition"], seen["offset"], at, key, headers_from_json(seen["headers"]), None)
