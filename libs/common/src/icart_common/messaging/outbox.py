"""The outbox: what follows from a batch, written in the batch's own transaction and sent on by the relay."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg

from icart_common.contracts.base import Message
from icart_common.contracts.catalogue import MAXIMUM_MESSAGE_BYTES, ServiceId
from icart_common.contracts.envelope import Envelope, headers_json
from icart_common.contracts.ids import derived_id
from icart_common.messaging.errors import TooLargeToSay
from icart_common.messaging.message import Outgoing, Received
from icart_common.messaging.topics import topic_of
from icart_common.observability.tracing import traceparent_now

_WRITE = """
insert into outbox (bucket, id, topic, key, headers, value)
select * from unnest($1::smallint[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::bytea[])
"""

LARGEST_SAID: Final = MAXIMUM_MESSAGE_BYTES - 2048
"""Bytes of key, headers and value together: the topic's limit is of a batch, which has a head of its own around them."""
WRITE_BYTES: Final = 4 * 1024 * 1024
"""What one statement writes at most, unless one row alone is larger: it has twenty seconds."""


def bucket_of(key: str, buckets: int) -> int:
    """The bucket of a key: the same for every instance and every release."""
    return zlib.crc32(key.encode()) % buckets


class Outbox:
    """Collects what a batch says; `write` puts all of it in one statement, or several where it is heavy.

    Ids are derived from the message that is answered, its type, its subject and how many of the same were said before, so
    that the same batch handled again says the same messages with the same ids.
    """

    def __init__(self, service: ServiceId, buckets: int) -> None:
        self._service = service
        self._source = f"/icart/{service}"
        self._buckets = buckets
        self._said: list[Outgoing] = []
        self._ordinals: dict[tuple[str, str, str], int] = {}
        self._traceparent: str | None = None
        self._asked_for_span = False

    def __len__(self) -> int:
        return len(self._said)

    def say(
        self, message: Message, because: Received[Message], *, topic: str | None = None, authority: str | None = None
    ) -> UUID:
        """Say `message` in consequence of a received one, at that one's time. Returns the new message's id.

        Raises `TooLargeToSay`: here whoever brought it can still be answered, and nothing that cannot leave is kept.
        """
        return self._say(
            message,
            at=because.at,
            cause=because.id,
            topic=topic,
            authority=authority,
            correlation=because.correlation,
            traceparent=because.traceparent or self._span(),
        )

    def say_at(
        self, message: Message, at: datetime, cause: UUID, *, correlation: UUID | None = None, topic: str | None = None
    ) -> UUID:
        """Say `message` because time has come (`at`) for the thing `cause`, and not because of a message."""
        return self._say(
            message, at=at, cause=cause, topic=topic, authority=None, correlation=correlation or cause, traceparent=None
        )

    def _span(self) -> str | None:
        """The span that the batch is handled in: one for all that is said in it."""
        if not self._asked_for_span:
            self._traceparent, self._asked_for_span = traceparent_now(), True
        return self._traceparent

    def _say(
        self,
        message: Message,
        *,
        at: datetime,
        cause: UUID,
        topic: str | None,
        authority: str | None,
        correlation: UUID,
        traceparent: str | None,
    ) -> UUID:
        subject = str(message.subject_id)
        same = (str(cause), message.TYPE, subject)
        ordinal = self._ordinals[same] = self._ordinals.get(same, -1) + 1
        identifier = derived_id(at, *same, ordinal)
        whose = authority or message.__dict__.get("authority")  # several times faster than getattr, where there is none
        envelope = Envelope(identifier, message.TYPE, self._source, at, subject, whose, correlation, cause, traceparent)
        value = type(message).__pydantic_serializer__.to_json(message, exclude_none=True)
        headers = headers_json(envelope)
        size = len(subject) + len(headers) + len(value)
        if size > LARGEST_SAID:
            raise TooLargeToSay(message.TYPE, size, LARGEST_SAID)
        self._said.append(Outgoing(identifier, topic or topic_of(message, self._service), subject, headers, value))
        return identifier

    async def write(self, connection: asyncpg.Connection) -> None:
        """Write what was said. One statement for each `WRITE_BYTES`; nothing when nothing was said."""
        for said in _in_parts(self._said):
            await connection.execute(
                _WRITE,
                [bucket_of(row.key, self._buckets) for row in said],
                [row.id for row in said],
                [row.topic for row in said],
                [row.key for row in said],
                [row.headers for row in said],
                [row.value for row in said],
            )


def _in_parts(said: Sequence[Outgoing]) -> Iterator[Sequence[Outgoing]]:
    """Rows in their order, `WRITE_BYTES` at a time."""
    first = weight = 0
    for place, row in enumerate(said):
        weight += len(row.value)
        if weight > WRITE_BYTES and place > first:
            yield said[first:place]
            first, weight = place, len(row.value)
    if said:
        yield said[first:]
