"""The bare path: what the same bytes cost without the machinery and without a domain.

A plain consumer reads a batch, decodes the JSON, writes inbox, one row and one outbox row for each message in one
transaction, commits, and acknowledges. Nothing is validated, decided, measured or retried.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from os import urandom
from uuid import UUID, uuid4

import asyncpg

from icart_common.messaging.kafka import consumer
from icart_common.settings import KafkaSettings

_TABLES = """
create table if not exists inbox (id uuid primary key);
create table if not exists thing (id uuid primary key, name text not null, state bytea not null);
create table if not exists outbox (seq bigint generated always as identity primary key, key bytea not null, value bytea not null)
    with (toast_tuple_target = 8160);
alter table outbox alter column value set storage external;
truncate inbox, thing, outbox;
"""
_REMEMBER = "insert into inbox select * from unnest($1::uuid[]) on conflict do nothing returning id"
_WRITE = "insert into thing select * from unnest($1::uuid[], $2::text[], $3::bytea[])"
_SAY = "insert into outbox (key, value) select * from unnest($1::bytea[], $2::bytea[])"


async def bare(
    kafka: KafkaSettings,
    database_url: str,
    topics: Sequence[str],
    count: int,
    *,
    batch: int,
    says: tuple[float, int] | None = None,
) -> float:
    """Messages a second over `count` messages of `topics` from their start, the first batch left out.

    For each message it says the same bytes once, or `says`: so many messages of so many bytes.
    """
    connection = await asyncpg.connect(database_url)
    client = consumer(kafka, *topics, group=f"bare-{uuid4().hex[:8]}")
    number = {topic: place for place, topic in enumerate(topics)}
    try:
        await connection.execute(_TABLES)
        await client.start()
        done, first, began = 0, 0, 0.0
        while done < count:
            parts = await client.getmany(timeout_ms=1000, max_records=batch)
            records = [record for part in parts.values() for record in part]
            if not records:
                continue
            bodies = [json.loads(record.value) for record in records]
            ids = [
                UUID(int=one.timestamp << 80 | number[one.topic] << 64 | one.partition << 48 | one.offset)
                for one in records
            ]
            async with connection.transaction():
                new = await connection.fetch(_REMEMBER, ids)
                assert len(new) == len(ids)
                await connection.execute(
                    _WRITE, ids, [next(iter(body)) for body in bodies], [record.value for record in records]
                )
                if says:
                    said = round(says[0] * len(records))
                    await connection.execute(_SAY, [records[0].key] * said, [urandom(says[1])] * said)
                else:
                    await connection.execute(_SAY, [one.key for one in records], [one.value for one in records])
            await client.commit()
            done += len(records)
            if not first:
                first, began = done, time.perf_counter()
        return (done - first) / (time.perf_counter() - began)
    finally:
        await client.stop()
        await connection.close()
