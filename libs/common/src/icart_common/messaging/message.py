"""A message as a handler sees it, and a message as a handler says it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Generic, NamedTuple, TypeVar
from uuid import UUID

from icart_common.contracts.base import Message

M_co = TypeVar("M_co", bound=Message, covariant=True)


class Record(NamedTuple):
    """A Kafka record as it was read, before anything is believed of it. A tuple, as all that is made for every message."""

    topic: str
    partition: int
    offset: int
    timestamp: datetime
    """The record's own time: the broker's for `inbound.*` and `commands.*`."""
    key: bytes | None
    headers: Sequence[tuple[str, bytes | None]]
    value: bytes | None


class Received(NamedTuple, Generic[M_co]):
    """A message that was read, validated and seen for the first time."""

    id: UUID
    """What the inbox knows it by: the message's own id, or for `inbound.*` the id of its place in the topic."""
    message_id: UUID
    """`ce_id` as the sender gave it."""
    body: M_co
    at: datetime
    """The message's own time, the `now` of whatever is decided on it."""
    topic: str
    correlation: UUID
    traceparent: str | None = None
    last_chance: bool = False
    """True when it has waited for its record long enough: decide now, do not park it again."""
    record: Record | None = None


class Outgoing(NamedTuple):
    """A row of the outbox."""

    id: UUID
    topic: str
    key: str
    headers: str
    """JSON list of name and value pairs."""
    value: bytes


def from_milliseconds(timestamp: int) -> datetime:
    """A Kafka timestamp as an instant."""
    return datetime.fromtimestamp(timestamp / 1000, UTC)
