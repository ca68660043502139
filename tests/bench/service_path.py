"""A service's own batch path: its handler behind FastStream's subscriber and the batch runner, as in `icart_common.service`.

The relay and the health pages are left out; the relay is measured by itself (P8).
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import time
from collections.abc import Callable, Sequence

from icart_common.db.pool import Database
from icart_common.memory import settle
from icart_common.messaging.groups import forget_offsets
from icart_common.messaging.kafka import stream_broker
from icart_common.messaging.message import Record
from icart_common.messaging.runner import BatchRunner
from icart_common.messaging.screen import Poison
from icart_common.messaging.subscriber import Subscriber
from icart_common.service import ServiceParts, Subscription
from icart_common.settings import ServiceSettings


class _Metered(BatchRunner):
    """Knows how many records were committed, and when. Stops taking note after `enough`."""

    def measure(self, enough: int, said: Callable[[int], None]) -> None:
        self._enough, self._heard = enough, said
        self._done = self._first = self._statements = self._batches = 0
        self._began = self._ended = 0.0
        self.complete = asyncio.Event()

    async def run(self, records: Sequence[Record], *, patience_seconds: float = 30.0) -> list[Poison]:
        before = self._database.count.statements
        poison = await super().run(records, patience_seconds=patience_seconds)
        if not self.complete.is_set():
            self._note(len(records), self._database.count.statements - before)
        return poison

    def _note(self, records: int, statements: int) -> None:
        self._done += records
        self._heard(self._done)
        if not self._first:
            self._first, self._began = self._done, time.perf_counter()
            return
        self._batches += 1
        self._statements += statements
        if self._done >= self._enough:
            self._ended = time.perf_counter()
            self.complete.set()

    @property
    def rate(self) -> float:
        """From the end of the first batch to the end of the last: whole turns of fetching, committing, acknowledging."""
        return (self._done - self._first) / (self._ended - self._began)

    @property
    def statements_a_batch(self) -> float:
        return self._statements / self._batches


async def through_service(
    parts: ServiceParts,
    subscription: Subscription,
    database: Database,
    count: int,
    *,
    batch: int,
    said: Callable[[int], None] = lambda _: None,
) -> tuple[float, float]:
    """Messages a second over `count` messages from the start of the subscription's topics, and statements a batch.

    The first batch is left out: it is the one that prepares the statements.
    """
    settings: ServiceSettings = parts.settings.model_copy(update={"batch_records": batch})
    await asyncio.to_thread(forget_offsets, settings, [f"icart.{parts.service}.{subscription.name}"])
    topics = {topic.name: topic for topic in parts.topics if topic.family.name in subscription.families}
    runner = _Metered(
        subscription.name,
        parts.service,
        database,
        topics,
        subscription.handler,
        buckets=settings.outbox_buckets,
        parks=subscription.parks,
        hears=subscription.hears,
        passes_over=subscription.passes_over,
    )
    runner.measure(count, said)
    broker = stream_broker(settings, f"bench-{parts.service}")
    subscriber = Subscriber(parts.service, runner, settings)
    subscriber.attach(broker)
    thresholds = gc.get_threshold()
    settle()
    await broker.start()
    tending = asyncio.create_task(subscriber.tend())
    try:
        await runner.complete.wait()
    finally:
        tending.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await tending
        await broker.stop()
        gc.unfreeze()  # the bare path beside it is measured as Python comes
        gc.set_threshold(*thresholds)
    return runner.rate, runner.statements_a_batch
