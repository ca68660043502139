"""A consumer of the probe in the test's own process: its batches may be held up, and it may be asked what it has heard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from pydantic import SecretStr

from icart_common.clock import SystemClock
from icart_common.db.pool import Database
from icart_common.messaging.kafka import stream_broker
from icart_common.messaging.runner import BatchRunner
from icart_common.messaging.subscriber import Subscriber
from icart_common.messaging.transaction import Handler
from icart_common.running import Running
from icart_common.settings import ServiceSettings
from icart_common.testing.probe import HEARD_ON, TOPICS

PARTITIONS = range(6)


class Held:
    """A handler that waits before each batch while it is told to, and then hands it on."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self.go = asyncio.Event()
        self.go.set()
        self.batches = 0

    async def __call__(self, batch: Any, transaction: Any) -> None:
        self.batches += 1
        await self.go.wait()
        await self._handler(batch, transaction)


@asynccontextmanager
async def listening(own: Any, database_url: str, group: str, handler: Handler, run: str) -> AsyncIterator[Running]:
    """One instance that reads what a feed's `run` says, while the block does. Its subscriber is `probe`."""
    settings = ServiceSettings(
        database_url=SecretStr(database_url), kafka_bootstrap=own.bootstrap, waiting_seconds=0.05
    )
    database = Database(database_url, connections=6, wait_seconds=5, application="listening")
    await database.open()
    runner = BatchRunner(
        group,
        "timers",
        database,
        {HEARD_ON: TOPICS[HEARD_ON]},
        handler,
        buckets=4,
        parks=True,
        passes_over=lambda message: not message.by_event.startswith(run),  # type: ignore[attr-defined]
    )
    subscriber = Subscriber("timers", runner, settings)
    broker = stream_broker(settings, "listening")
    subscriber.attach(broker)
    tending = asyncio.create_task(subscriber.tend())
    await broker.start()
    try:
        yield Running("timers", settings, database, SystemClock(), {"probe": subscriber})
    finally:
        tending.cancel()
        await asyncio.gather(tending, return_exceptions=True)
        await broker.stop()
        await database.close()


async def heard_all(running: Running) -> bool:
    """Whether it has all partitions and has heard all that was said on them until now."""
    now = datetime.now(UTC)
    heard = await running.subscribers["probe"].heard_until(HEARD_ON, PARTITIONS, now)
    return heard == dict.fromkeys(PARTITIONS, now)
