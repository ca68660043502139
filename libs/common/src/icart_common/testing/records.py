"""Records as a consumer would see them, and the messages that a batch left in the outbox."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

from icart_common.contracts.base import Message
from icart_common.contracts.envelope import Envelope, read_body, write_headers
from icart_common.contracts.ids import derived_id
from icart_common.db.pool import Database
from icart_common.messaging.message import Record

_offsets = itertools.count()
M = TypeVar("M", bound=Message)


def record_of(
    message: Message,
    topic: str,
    *,
    at: datetime | None = None,
    message_id: UUID | None = None,
    partition: int = 0,
    offset: int | None = None,
    correlation: UUID | None = None,
) -> Record:
    """`message` as a record of `topic` that arrived at `at`. Each record gets an offset of its own unless one is given."""
    at = at or datetime.now(UTC)
    place = next(_offsets) if offset is None else offset
    envelope = Envelope(
        id=message_id or derived_id(at, topic, partition, place, "test"),
        type=message.TYPE,
        source="/test",
        time=at,
        subject=str(message.subject_id),
        correlation=correlation,
    )
    value = message.model_dump_json(exclude_none=True).encode()
    return Record(topic, partition, place, at, str(message.subject_id).encode(), write_headers(envelope), value)


async def outbox_messages(database: Database) -> list[tuple[str, Message]]:
    """Topic and message of every row of the outbox, in the order they were said."""
    async with database.connection() as connection:
        rows = await connection.fetch("select topic, headers, value from outbox order by seq")
    return [(row["topic"], read_body(dict(json.loads(row["headers"]))["ce_type"], row["value"])) for row in rows]


async def said(database: Database, kind: type[M]) -> list[M]:
    """The messages of one type in the outbox, in the order they were said."""
    return [message for _, message in await outbox_messages(database) if isinstance(message, kind)]
