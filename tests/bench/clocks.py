"""P7: clocks added, due in one second, and due one by one, among as many that are pending; real database, no Kafka.

`make bench ARGS="--only P7"` measures it among a million (about four minutes); by itself:
`python tests/bench/clocks.py [--quick]`. What the relay makes of the outbox is P8.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import time
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from icart_common.clock import SystemClock
from icart_common.contracts.catalogue import topics
from icart_common.contracts.ids import new_id
from icart_common.contracts.timers import StartClock
from icart_common.db.pool import Database
from icart_common.memory import settle
from icart_common.messaging.message import Record
from icart_common.messaging.runner import BatchRunner
from icart_common.policy.book import load_packs
from icart_common.testing import fresh_database, record_of
from icart_localstack.testing import Stack, shared_stack
from icart_timers.domain.reckoning import Reckoners
from icart_timers.handlers import ClockCommands
from icart_timers.lanes import fire_in_lanes
from icart_timers.settings import Settings
from tests.bench.report import Row

COMMANDS = {topic.name: topic for topic in topics([]) if topic.name == "commands.timers"}
_PARTITIONS = 6
_SETTINGS = Settings(database_url="postgresql://nobody@127.0.0.1/nothing")
_RECEIVED = datetime(2027, 6, 7, 9, 0, tzinfo=UTC)
"""When the clocks began that are added and pending: nothing of theirs is due in the hours in which this fires others."""
_BURST = datetime(2027, 6, 7, 6, 0, tzinfo=UTC)
_SINGLES = datetime(2027, 6, 7, 7, 0, tzinfo=UTC)
_LEAD = timedelta(seconds=2)
"""For how long a loop is awake before anything is due."""
_COPY = """
insert into clock (id, partition, authority, pack_version, rule, owner, subject, correlation, received_at, counted_from,
                   due_at, sum, warns_at, fractions, counted_on, warned, breached, state, pauses, next_at)
select made.id, made.n % $2, authority, pack_version, rule, owner, made.id, made.id, received_at, counted_from,
       made.due_at, sum, warns_at, fractions, counted_on, cardinality(warns_at), false, 'running', pauses, made.due_at
from (select n, gen_random_uuid() as id, $3::timestamptz + random() * $4::interval as due_at
      from generate_series(1, $1::int) as n) as made
cross join (select * from clock order by id limit 1) as sample
"""
_BREACHES = """
select count(*) as said, count(distinct key) as clocks, max(written_at) as last
from outbox where headers like '%"icart.timers.breached.v1"%'
"""
Say = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Size:
    """How many clocks."""

    pending: int
    added: int
    """Of those that are pending, how many are added through the batch path; SQL lays in the others."""
    burst: int
    singles: int
    seconds: int
    """Over how long the singles are due."""


QUICK = Size(10_000, 5_000, 5_000, 300, 3)
WHOLE = Size(1_000_000, 100_000, 100_000, 2_000, 10)


class _Everything:
    """A hearing that is assigned all partitions and is never behind."""

    def partitions(self, topic: str) -> list[int]:
        return list(range(_PARTITIONS))

    async def heard_until(self, topic: str, partitions: Collection[int], now: datetime) -> dict[int, datetime]:
        return dict.fromkeys(partitions, now)


class _From(SystemClock):
    """The machine's clock, but that it showed `instant` when this was made: the loop sleeps and wakes in real time."""

    def __init__(self, instant: datetime) -> None:
        self.ahead = instant - datetime.now(UTC)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


async def measure(stack: Stack, size: Size, say: Say) -> list[Row]:
    """The lines of P7."""
    reckoners = Reckoners(load_packs())
    settle()  # as a service does before it reads its first message
    async with fresh_database(stack, "icart_timers", connections=6) as database:
        runner = BatchRunner("clocks", "timers", database, COMMANDS, ClockCommands(reckoners), buckets=16, parks=True)
        await runner.run([_start(number) for number in range(200)])
        say("laying in pending clocks", 0, 0)
        await _lay_in(database, size)
        rows = await _added(database, runner, size, say)
        say(f"{size.burst:,} due in one second", 0, 0)
        rows += await _burst(database, reckoners, size)
        say(f"{size.singles:,} due one by one", 0, 0)
        rows += await _one_by_one(database, reckoners, size)
    return rows


async def _lay_in(database: Database, size: Size) -> None:
    month, second = timedelta(days=30), timedelta(seconds=1)
    async with database.connection() as connection:
        for count, first, spread in (
            (size.burst, _BURST, second),
            (size.singles, _SINGLES, timedelta(seconds=size.seconds)),
            (size.pending - size.added, _RECEIVED + month, month),
        ):
            await connection.execute(_COPY, count, _PARTITIONS, first, spread, timeout=600)
        await connection.execute("vacuum analyze clock", timeout=600)


async def _added(database: Database, runner: BatchRunner, size: Size, say: Say) -> list[Row]:
    wall = processor = 0.0
    for first in range(0, size.added, _SETTINGS.batch_records):
        say(f"{size.added:,} added", first, size.added)
        last = min(size.added, first + _SETTINGS.batch_records)
        records = [_start(number) for number in range(first, last)]
        started, worked = time.perf_counter(), time.process_time()
        await runner.run(records)
        wall += time.perf_counter() - started
        processor += time.process_time() - worked
    laid_in = f"{size.pending - size.added:,} laid in by SQL"
    return [
        Row("P7", f"{size.added:,} clocks added by one instance, {laid_in}", size.added / wall, "clocks/s", target="P7-added"),
        Row("P7", "processor time of the instance, for each added", processor / size.added * 1e6, "µs"),
    ]  # fmt: skip


async def _burst(database: Database, reckoners: Reckoners, size: Size) -> list[Row]:
    """Clocks that are due in the same second, fired by a loop that is awake."""
    worked = time.process_time()
    async with database.connection() as connection:
        await connection.execute("truncate outbox")
        clock = _From(_BURST - _LEAD)
        async with _awake(database, clock, reckoners):
            async with asyncio.timeout(60 + size.burst / 500):
                while await connection.fetchval(_OVERDUE, _BURST + timedelta(seconds=1)):
                    await asyncio.sleep(0.1)
        found = await connection.fetchrow(_BREACHES)
    processor = time.process_time() - worked
    seconds = (found["last"] + clock.ahead - _BURST).total_seconds()
    wrong = abs(size.burst - found["clocks"]) + found["said"] - found["clocks"]
    return [
        Row("P7", f"{size.burst:,} due in one second, fired", size.burst / seconds, "clocks/s", target="P7-due-at-once"),
        Row("P7", "processor time of the instance, for each fired", processor / size.burst * 1e6, "µs"),
        Row("P7", "lost, or fired twice", wrong, "clocks", target="P7-exact"),
    ]  # fmt: skip


_OVERDUE = "select exists (select from clock where partition = any('{0,1,2,3,4,5}') and next_at <= $1)"


async def _one_by_one(database: Database, reckoners: Reckoners, size: Size) -> list[Row]:
    """Clocks that are due at instants of their own: how long after its instant each can be read in the outbox."""
    late: list[float] = []
    async with database.connection() as connection:
        await connection.execute("truncate outbox")
        clock = _From(_SINGLES - _LEAD)
        async with _awake(database, clock, reckoners):
            with contextlib.suppress(TimeoutError):  # what was lost is counted below
                async with asyncio.timeout(size.seconds + 30):
                    await _watch(connection, clock, late, size.singles)
        found = await connection.fetchrow(_BREACHES)
    late.sort()
    wrong = abs(size.singles - found["clocks"]) + found["said"] - found["clocks"]
    what = f"{size.singles:,} due one by one in {size.seconds} s"
    return [
        Row("P7", f"{what}: half of them late by at most", late[len(late) // 2], "ms"),
        Row("P7", f"{what}: 99 of 100 late by at most", late[len(late) * 99 // 100], "ms", target="P7-late-p99"),
        Row("P7", f"{what}: lost, or fired twice", wrong, "clocks"),
    ]


async def _watch(connection: asyncpg.Connection, clock: _From, late: list[float], count: int) -> None:
    """Read the outbox as a relay does, at each notice, and note of `count` messages how late each was, in milliseconds."""
    last = 0
    news = asyncio.Event()

    def told(*_: object) -> None:
        news.set()

    await connection.add_listener("outbox", told)
    try:
        while len(late) < count:
            await news.wait()
            news.clear()
            rows = await connection.fetch("select seq, headers from outbox where seq > $1 order by seq", last)
            now = clock.now()
            late += [(now - _time_of(row["headers"])).total_seconds() * 1000 for row in rows]
            last = rows[-1]["seq"] if rows else last
    finally:
        await connection.remove_listener("outbox", told)


def _time_of(headers: str) -> datetime:
    return datetime.fromisoformat(dict(json.loads(headers))["ce_time"])


@asynccontextmanager
async def _awake(database: Database, clock: SystemClock, reckoners: Reckoners) -> AsyncIterator[None]:
    """The service's firing loops run while the block does."""
    running = asyncio.create_task(fire_in_lanes(database, clock, _Everything(), reckoners, _SETTINGS))
    try:
        yield
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


def _start(number: int) -> Record:
    received = _RECEIVED + timedelta(seconds=number % 14_400)
    command = StartClock(
        clock=new_id(),
        authority="halton",
        pack_version="2026.1",
        rule="TM-2",
        owner="screening",
        subject=new_id(),
        counted_from=received,
    )
    return record_of(command, "commands.timers", at=received, partition=number % _PARTITIONS)


async def _main(size: Size) -> None:
    def say(what: str, done: int, of: int) -> None:
        if not done:
            sys.stderr.write(f"{what}\n")

    with shared_stack() as stack:
        rows: list[Any] = await measure(stack, size, say)
    for row in rows:
        sys.stdout.write(f"{row.value:12,.1f} {row.unit:9} {row.what}\n")


if __name__ == "__main__":
    asyncio.run(_main(QUICK if "--quick" in sys.argv[1:] else WHOLE))
