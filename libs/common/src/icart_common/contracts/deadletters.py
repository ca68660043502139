"""What is said of a message that could not be handled. The original stays in the service's own dead-letter table."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from icart_common.contracts.base import AuthorityId, Instant, Message, Problem, Slug, StaffId


class DeadLettered(Message):
    """A message was put aside with its reason, so that the batch could go on. Holds nothing of what it said."""

    TYPE: ClassVar[str] = "icart.dead-letter.recorded.v1"
    SUBJECT: ClassVar[str] = "dead_letter"

    dead_letter: UUID
    service: Slug
    topic: str
    partition: int
    offset: int
    authority: AuthorityId | None = None
    """Whose it is, as far as its topic, its header or what can be read of it says; None: nobody can tell."""
    code: Slug
    """`not-utf8`, `not-json`, `wrong-schema`, `unknown-type`, `bad-header`, `wrong-sender`, `empty`, `too-large`."""
    problems: tuple[Problem, ...]
    size: int
    """Bytes of the value."""
    received_at: Instant


class DeadLetterSettled(Message):
    """Somebody dealt with a dead letter: what they wrote as the reason stays beside the original, with the service."""

    TYPE: ClassVar[str] = "icart.dead-letter.settled.v1"
    SUBJECT: ClassVar[str] = "dead_letter"

    dead_letter: UUID
    service: Slug
    state: Literal["sent-again", "discarded"]
    """`sent-again`: handled after all, as it was or as a corrected message on the topic that it came from."""
    by: StaffId
    at: Instant
