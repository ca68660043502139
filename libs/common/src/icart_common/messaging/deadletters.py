"""Dead letters: kept whole with the reason, in the batch's own transaction; listed without their contents."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import asyncpg

from icart_common.contracts.catalogue import ServiceId
from icart_common.contracts.deadletters import DeadLetterSettled
from icart_common.messaging.message import Record
from icart_common.messaging.outbox import Outbox
from icart_common.messaging.screen import Poison

_KEEP = """
insert into dead_letter (id, topic, partition, "offset", code, problems, headers, key, value, received_at)
select * from unnest($1::uuid[], $2::text[], $3::int[], $4::bigint[], $5::text[], $6::jsonb[], $7::jsonb[],
                     $8::bytea[], $9::bytea[], $10::timestamptz[])
on conflict (id) do nothing
returning id
"""
_LIST = """
select id, topic, partition, "offset", code, problems, octet_length(value) as size, received_at, recorded_at, state,
       acted_at, acted_by
from dead_letter
where ($1::text is null or state = $1) and ($2::text is null or code = $2) and ($3::text is null or topic = $3)
  and ($4::uuid is null or id = $4)
order by recorded_at, id
limit $5
"""
_LOOKED = "insert into dead_letter_look (dead_letter, looked_by, reason) values ($1, $2, $3)"
_WHOLE = 'select topic, partition, "offset", headers, key, value, received_at from dead_letter where id = $1'
_MARK = """
update dead_letter set state = $2, acted_at = clock_timestamp(), acted_by = $3, acted_reason = $4
where id = $1 and state = 'waiting'
"""
_FIRST = "select id, received_at from dead_letter where id = any($1::uuid[])"

State = Literal["sent-again", "discarded"]


@dataclass(frozen=True, slots=True)
class Listed:
    """A dead letter as it may be listed: where it came from and why it is here, never what it says."""

    id: UUID
    topic: str
    partition: int
    offset: int
    code: str
    problems: list[dict[str, str]]
    size: int
    received_at: datetime
    recorded_at: datetime
    state: str
    acted_at: datetime | None
    acted_by: str | None


def headers_to_json(headers: Sequence[tuple[str, bytes | None]]) -> str:
    """Headers as JSON that keeps any bytes: name and hexadecimal value."""
    return json.dumps([(name, value.hex() if value is not None else None) for name, value in headers])


def headers_from_json(text: str) -> list[tuple[str, bytes | None]]:
    return [(name, bytes.fromhex(value) if value is not None else None) for name, value in json.loads(text)]


async def keep(connection: asyncpg.Connection, poison: Sequence[Poison]) -> list[Poison]:
    """Keep what cannot be handled; returns what was not already there. One statement."""
    if not poison:
        return []
    rows = await connection.fetch(
        _KEEP,
        [one.id for one in poison],
        [one.record.topic for one in poison],
        [one.record.partition for one in poison],
        [one.record.offset for one in poison],
        [one.code for one in poison],
        [json.dumps([problem.model_dump() for problem in one.problems]) for one in poison],
        [headers_to_json(one.record.headers) for one in poison],
        [one.record.key for one in poison],
        [one.record.value for one in poison],
        [one.record.timestamp for one in poison],
    )
    new = {row["id"] for row in rows}
    return [one for one in poison if one.id in new]


async def listed(
    connection: asyncpg.Connection,
    *,
    state: str | None = "waiting",
    code: str | None = None,
    topic: str | None = None,
    identifier: UUID | None = None,
    limit: int = 100,
) -> list[Listed]:
    """Dead letters, oldest first, by state, code and topic."""
    rows = await connection.fetch(_LIST, state, code, topic, identifier, limit)
    return [Listed(**{**dict(row), "problems": json.loads(row["problems"]), "size": row["size"] or 0}) for row in rows]


async def look(connection: asyncpg.Connection, identifier: UUID, *, by: str, reason: str) -> Record | None:
    """The whole original (break-glass): who looked and why is recorded first. None when there is no such dead letter."""
    async with connection.transaction():
        row = await connection.fetchrow(_WHOLE, identifier)
        if row is None:
            return None
        await connection.execute(_LOOKED, identifier, by, reason)
    return _record(row)


async def original(connection: asyncpg.Connection, identifier: UUID) -> Record | None:
    """The whole original, to be sent again without being looked at."""
    row = await connection.fetchrow(_WHOLE, identifier)
    return _record(row) if row else None


def _record(row: Any) -> Record:
    return Record(
        topic=row["topic"],
        partition=row["partition"],
        offset=row["offset"],
        timestamp=row["received_at"],
        key=row["key"],
        headers=headers_from_json(row["headers"]),
        value=row["value"],
    )


async def mark(
    connection: asyncpg.Connection,
    service: ServiceId,
    identifier: UUID,
    state: State,
    *,
    by: str,
    reason: str,
    now: datetime,
) -> bool:
    """Mark a waiting dead letter, and say so on the service's topic of dead letters. False when it was no longer waiting."""
    async with connection.transaction():
        done: str = await connection.execute(_MARK, identifier, state, by, reason)
        if not done.endswith(" 1"):
            return False
        outbox = Outbox(service, 1)  # the first bucket, which there always is
        settled = DeadLetterSettled(dead_letter=identifier, service=service, state=state, by=by, at=now)
        outbox.say_at(settled, now, identifier, topic=f"dead-letters.{service}")
        await outbox.write(connection)
    return True


async def first_received(connection: asyncpg.Connection, identifiers: Iterable[UUID]) -> dict[UUID, datetime]:
    """When the originals of dead letters that are sent again first came."""
    return {row["id"]: row["received_at"] for row in await connection.fetch(_FIRST, list(identifiers))}
