"""P7: how many clocks are added and fired in a second, on a real database and without Kafka.

`measure` is for the benchmark of the whole; by itself: `python tests/bench/clocks.py 100000`.
"""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from icart_common.clock import SystemClock
from icart_common.contracts.catalogue import topics
from icart_common.contracts.ids import new_id
from icart_common.contracts.timers import StartClock
from icart_common.db.pool import Database
from icart_common.messaging.message import Record
from icart_common.messaging.runner import BatchRunner
from icart_common.policy.book import load_packs
from icart_common.testing import fresh_database, record_of
from icart_localstack.testing import shared_stack
from icart_timers.domain.reckoning import Reckoners
from icart_timers.firing import FiringLoop
from icart_timers.handlers import ClockCommands

COMMANDS = {topic.name: topic for topic in topics([]) if topic.name == "commands.timers"}
_PARTITIONS = 6


@dataclass(frozen=True, slots=True)
class ClockFigures:
    """Clocks and messages a second."""

    clocks: int
    added: float
    warned: float
    """Clocks that give one warning each, all due at once."""
    fired: float
    """Clocks that have a warning and the breach left, all due at once: two messages each."""


class _Everything:
    """A hearing that is assigned all partitions and is never behind."""

    def partitions(self, topic: str) -> list[int]:
        return list(range(_PARTITIONS))

    def heard_until(self, topic: str, partition: int, now: datetime) -> datetime | None:
        return now


async def measure(database: Database, count: int, *, batch: int = 500, most: int = 2000) -> ClockFigures:
    """Start `count` clocks through the batch runner, then let all of them warn, then breach.

    The outbox is emptied between, as a relay would; the database is one of `icart_timers`.
    """
    reckoners = Reckoners(load_packs())
    runner = BatchRunner("clocks", "timers", database, COMMANDS, ClockCommands(reckoners), buckets=16, parks=True)
    begins = datetime(2026, 1, 6, 9, 0, tzinfo=UTC)
    added = 0.0
    for first in range(0, count, batch):
        records = [_start(begins, number) for number in range(first, min(count, first + batch))]
        started = time.perf_counter()
        await runner.run(records)
        added += time.perf_counter() - started
    async with database.connection() as connection:
        loop = FiringLoop(connection, SystemClock(), _Everything(), reckoners, buckets=16, most=most)
        seconds = []
        for horizon in (datetime(2026, 1, 7, 12, 0, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)):
            await connection.execute("truncate outbox")
            await connection.execute("vacuum analyze clock")
            started = time.perf_counter()
            while await loop.fire_due(dict.fromkeys(range(_PARTITIONS), horizon)):
                pass
            seconds.append(time.perf_counter() - started)
    return ClockFigures(count, count / added, count / seconds[0], count / seconds[1])


def _start(begins: datetime, number: int) -> Record:
    received = begins + timedelta(seconds=number % 14_400)
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


async def _main(count: int) -> None:
    with shared_stack() as stack:
        async with fresh_database(stack, "icart_timers") as database:
            figures = await measure(database, count)
    for name, figure in asdict(figures).items():
        sys.stdout.write(f"{name:8} {figure:12,.0f}\n")


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
