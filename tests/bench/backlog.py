"""P8: how fast the relay drains a backlog of the outbox, alone and beside a second one, and whether each key keeps its order."""

from __future__ import annotations

import asyncio
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from uuid import UUID

from aiokafka import TopicPartition

from icart_common.contracts.catalogue import topics
from icart_common.db.pool import Database
from icart_common.messaging.kafka import consumer
from icart_common.messaging.message import Record
from icart_common.messaging.outbox import bucket_of
from icart_common.messaging.runner import BatchRunner
from icart_common.settings import KafkaSettings, ServiceSettings
from icart_common.testing import fresh_database
from icart_intake.app import parts
from icart_intake.settings import Settings
from icart_localstack.testing import Stack
from tests.bench.report import Row
from tests.load import referrals

TOPIC = "events.intake"
_PLACES = [
    TopicPartition(topic.name, number)
    for topic in topics([])
    if topic.name == TOPIC
    for number in range(topic.partitions)
]
_KEYS = 5000
_SAMPLES = 200
_KEEP = f"""
create table sample as
select row_number() over (order by seq) - 1 as n, headers, value from outbox where topic = '{TOPIC}'
"""
_FILL = f"""
insert into outbox (bucket, id, topic, key, headers, value)
select keys.bucket, lpad(to_hex(row.n), 32, '0')::uuid, '{TOPIC}', keys.key,
       '[["ce_id","' || lpad(to_hex(row.n), 32, '0')::uuid || '"],' || substr(sample.headers, 2), sample.value
from generate_series(1, $1::int) as row (n)
join unnest($2::text[], $3::smallint[]) with ordinality as keys (key, bucket, n) on keys.n = row.n % array_length($2, 1) + 1
join sample on sample.n = row.n % (select count(*) from sample)
order by row.n
"""
Say = Callable[[str, int, int], None]


async def measure(stack: Stack, rows: int, say: Say) -> list[Row]:
    """The lines of P8. The topic has to be there."""
    kafka = KafkaSettings(kafka_bootstrap=stack.bootstrap)
    found: list[Row] = []
    async with fresh_database(stack, "icart_intake") as database:
        await _take_samples(database)
        for relays in (1, 2):
            async with AsyncExitStack() as undo:
                for _ in range(relays):
                    await undo.enter_async_context(_relay_process(kafka, stack, database))
                await _leases_taken(database, relays)
                await empty_outbox(database)
                start = await _ends(kafka)
                await _fill(database, rows)
                seconds = await _drained(database, rows, say, relays)
            out_of_order, again = await _check(kafka, start, rows)
            name = "one relay" if relays == 1 else "two relays, a process each"
            first = found[0].value if found else None
            rate = rows / seconds
            found += [
                Row("P8", f"{name}: {rows:,} rows of {_KEYS:,} keys", rate, "rows/s",
                    rate / first if first else None, "one relay" if first else "", None if first else "P8"),
                Row("P8", f"{name}: out of order in their key (sent again: {again})", out_of_order, "messages"),
            ]  # fmt: skip
    return found


async def _take_samples(database: Database) -> None:
    """Messages as intake says them, kept beside the outbox to fill it from."""
    own = parts(Settings(database_url="postgresql://nobody@127.0.0.1/nothing"))
    door = own.subscriptions[0]
    heard = {topic.name: topic for topic in own.topics if topic.family.name in door.families}
    runner = BatchRunner("bench", "intake", database, heard, door.handler, buckets=16)
    records = []
    for number, one in enumerate(referrals(8, _SAMPLES)):
        topic, key, value, headers = one.record()
        records.append(Record(topic, 0, number, one.at, key, headers, value))
    await runner.run(records)
    async with database.connection() as connection:
        await connection.execute(_KEEP)


async def empty_outbox(database: Database) -> None:
    async with database.connection() as connection:
        await connection.execute("truncate outbox")


async def _fill(database: Database, rows: int) -> None:
    buckets = ServiceSettings.model_fields["outbox_buckets"].default
    keys = [str(UUID(int=number)) for number in range(_KEYS)]
    async with database.connection() as connection:
        await connection.execute(_FILL, rows, keys, [bucket_of(key, buckets) for key in keys])


async def _drained(database: Database, rows: int, say: Say, relays: int) -> float:
    """Seconds from the commit of the backlog to an empty outbox."""
    began = time.perf_counter()
    async with database.connection() as connection:
        while left := await connection.fetchval("select count(*) from outbox"):
            say(f"draining with {relays}", rows - left, rows)
            await asyncio.sleep(0.05)
    return time.perf_counter() - began


async def _ends(kafka: KafkaSettings) -> dict[TopicPartition, int]:
    client = consumer(kafka)
    await client.start()
    try:
        ends: dict[TopicPartition, int] = await client.end_offsets(_PLACES)
    finally:
        await client.stop()
    return ends


async def _check(kafka: KafkaSettings, start: dict[TopicPartition, int], rows: int) -> tuple[int, int]:
    """Messages that came after a later one of their key, and messages that came again. Raises when one is missing."""
    client = consumer(kafka)
    client.assign(_PLACES)
    await client.start()
    last: dict[bytes, int] = {}
    seen: Counter[int] = Counter()
    wrong = 0
    try:
        for place, offset in start.items():
            client.seek(place, offset)
        while len(seen) < rows:
            async with asyncio.timeout(30):
                parts_read = await client.getmany(timeout_ms=1000)
            for record in (one for part in parts_read.values() for one in part):
                number = UUID(record.headers[0][1].decode()).int
                if not seen[number]:  # what is sent again is passed over by its id
                    wrong += number < last.get(record.key, 0)
                    last[record.key] = number
                seen[number] += 1
    finally:
        await client.stop()
    return wrong, seen.total() - len(seen)


async def _leases_taken(database: Database, relays: int) -> None:
    """Every relay has its share of the buckets."""
    async with database.connection() as connection, asyncio.timeout(60):
        while await connection.fetchval(_SHARED, relays) is not True:
            await asyncio.sleep(0.05)


_SHARED = """
select count(distinct owner) = $1 and count(*) = 16 from outbox_lease where expires_at > clock_timestamp()
"""


@asynccontextmanager
async def _relay_process(kafka: KafkaSettings, stack: Stack, database: Database) -> AsyncIterator[None]:
    async with database.connection() as connection:
        url = stack.postgres_url(await connection.fetchval("select current_database()"))
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        Path(__file__).with_name("relay_alone.py"),
        kafka.kafka_bootstrap,
        url,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        assert child.stdin is not None
        child.stdin.close()
        await child.wait()
