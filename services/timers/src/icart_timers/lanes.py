"""The service's firing loops: each has its share of the instance's partitions and a connection of its own.

While the database writes what one lane fires, another prepares what it fires next.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Collection, Coroutine
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import structlog

from icart_common.clock import Clock as TimeOfDay
from icart_common.clock import monotonic
from icart_common.db.pool import Database
from icart_common.messaging.backoff import delays
from icart_common.messaging.errors import TRANSIENT
from icart_common.observability import metrics
from icart_common.running import Running
from icart_timers import store
from icart_timers.domain.reckoning import Reckoners
from icart_timers.firing import TOPIC, FiringLoop, Hearing
from icart_timers.settings import Settings

log = structlog.get_logger()

_CALM_SECONDS = 10.0
"""After so long without an error, the next one is waited for no longer than a first one."""


@dataclass(frozen=True, slots=True)
class Share:
    """The partitions of one lane: every `of`th of those that the instance is assigned."""

    hearing: Hearing
    lane: int
    of: int

    def partitions(self, topic: str) -> list[int]:
        return self.hearing.partitions(topic)[self.lane :: self.of]

    async def heard_until(self, topic: str, partitions: Collection[int], now: datetime) -> dict[int, datetime]:
        return await self.hearing.heard_until(topic, partitions, now)


def fire_clocks(
    subscription: str, settings: Settings, reckoners: Reckoners
) -> Callable[[Running], Coroutine[Any, Any, None]]:
    """The service's background work, which ends only when it is cancelled."""

    async def firing(running: Running) -> None:
        hearing = running.subscribers[subscription]

        async def progress() -> dict[str, Any]:
            async with running.database.connection() as connection:
                outlook = await store.outlook(connection, running.clock.now())
            return {**asdict(outlook), "partitions": hearing.partitions(TOPIC)}

        running.progress["clocks"] = progress
        await fire_in_lanes(running.database, running.clock, hearing, reckoners, settings)

    return firing


async def fire_in_lanes(
    database: Database, clock: TimeOfDay, hearing: Hearing, reckoners: Reckoners, settings: Settings
) -> None:
    """Fire for ever, in `fire_lanes` lanes; each tries again by itself when the database is away."""
    async with asyncio.TaskGroup() as lanes:
        for lane in range(settings.fire_lanes):
            share = Share(hearing, lane, settings.fire_lanes)
            lanes.create_task(_lane(database, clock, share, reckoners, settings))


async def _lane(
    database: Database, clock: TimeOfDay, hearing: Hearing, reckoners: Reckoners, settings: Settings
) -> None:
    waits = delays()
    while True:
        began = monotonic()
        try:
            async with _loop(database, clock, hearing, reckoners, settings) as loop:
                await loop.run()
        except TRANSIENT as error:
            metrics.RETRIES.labels("timers", "firing", type(error).__name__).inc()
            log.warning("firing-retried", error=type(error).__name__)
        if monotonic() - began > _CALM_SECONDS:
            waits = delays()
        await asyncio.sleep(next(waits))


@asynccontextmanager
async def _loop(
    database: Database, clock: TimeOfDay, hearing: Hearing, reckoners: Reckoners, settings: Settings
) -> AsyncIterator[FiringLoop]:
    """A loop that notices of new clocks wake."""
    async with database.connection() as connection:
        loop = FiringLoop(
            connection, clock, hearing, reckoners, buckets=settings.outbox_buckets, most=settings.fire_clocks
        )
        await connection.add_listener("clocks", loop.wake)
        try:
            yield loop
        finally:
            if not connection.is_closed():
                with contextlib.suppress(*TRANSIENT):
                    await connection.remove_listener("clocks", loop.wake)
