"""What is said of a message that could not be handled. The original stays in the service's own dead-letter table."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from icart_common.contracts.base import Instant, Message, Problem, Slug


class DeadLettered(Message):
    """A message was put aside with its reason, so that the batch could go on. Holds nothing of what it said."""

    TYPE: ClassVar[str] = "icart.dead-letter.recorded.v1"
    SUBJECT: ClassVar[str] = "dead_letter"

    dead_letter: UUID
    service: Slug
    topic: str
    partition: int
    offset: int
    code: Slug
    """`not-utf8`, `not-json`, `wrong-schema`, `unknown-type`, `bad-header`, `wrong-sender`, `empty`, `too-large`."""
    problems: tuple[Problem, ...]
    size: int
    """Bytes of the value."""
    received_at: Instant
