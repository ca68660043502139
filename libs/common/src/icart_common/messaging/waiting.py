"""Commands that came before the record that they are about wait beside it and are tried again when it changes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from operator import attrgetter
from typing import Any
from uuid import UUID

import asyncpg

from icart_common.messaging.deadletters import headers_from_json, headers_to_json
from icart_common.messaging.message import Received, Record

_PARK = """
insert into waiting (id, subject, topic, partition, "offset", headers, value, at)
select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[], $5::bigint[], $6::jsonb[], $7::bytea[],
                     $8::timestamptz[])
on conflict (id) do nothing
"""
_TAKE = "delete from waiting where subject = any($1::uuid[]) returning *"
_TAKE_THESE = """
delete from waiting where id in (
    select id from waiting where id = any($1::uuid[]) order by id for update skip locked
) returning *
"""
_OF = 'select id from waiting where subject = any($1::uuid[]) order by at, topic, partition, "offset"'
_EXPIRED = """
select id from waiting where parked_at < clock_timestamp() - make_interval(secs => $1)
order by parked_at limit 500
"""

_number = attrgetter("int")
"""Ids in their order: comparing them themselves takes ten times as long, and every batch has hundreds."""


async def park(connection: asyncpg.Connection, messages: Sequence[tuple[UUID, Received[Any]]]) -> None:
    """Keep messages until their subjects change. One statement."""
    if not messages:
        return
    records = [received.record for _, received in messages]
    assert all(records), "only a message that came from a topic can be parked"
    await connection.execute(
        _PARK,
        [received.id for _, received in messages],
        [subject for subject, _ in messages],
        [record.topic for record in records if record],
        [record.partition for record in records if record],
        [record.offset for record in records if record],
        [headers_to_json(record.headers) for record in records if record],
        [record.value for record in records if record],
        [received.at for _, received in messages],
    )


async def take(connection: asyncpg.Connection, subjects: Iterable[UUID]) -> list[Record]:
    """Take back all that waits for these subjects. One statement."""
    return _records(await connection.fetch(_TAKE, sorted(set(subjects), key=_number)))


async def take_these(connection: asyncpg.Connection, ids: Collection[UUID]) -> list[Record]:
    """Take back messages by their own ids, those that still wait and that nobody else takes now."""
    return _records(await connection.fetch(_TAKE_THESE, list(ids)))


async def ids_of(connection: asyncpg.Connection, subjects: Iterable[UUID]) -> list[UUID]:
    """What waits for these subjects, in the order in which it was sent."""
    return [row["id"] for row in await connection.fetch(_OF, sorted(set(subjects), key=_number))]


async def expired(connection: asyncpg.Connection, seconds: float) -> list[UUID]:
    """What has waited longer than `seconds`, in real time: the first five hundred."""
    return [row["id"] for row in await connection.fetch(_EXPIRED, seconds)]


def _records(rows: Sequence[Any]) -> list[Record]:
    records = [
        Record(
            topic=row["topic"],
            partition=row["partition"],
            offset=row["offset"],
            timestamp=row["at"],
            key=next((value for name, value in headers if name == "ce_subject"), None),
            headers=headers,
            value=row["value"],
        )
        for row, headers in ((row, headers_from_json(row["headers"])) for row in rows)
    ]
    return sorted(records, key=lambda record: (record.timestamp, record.topic, record.partition, record.offset))
