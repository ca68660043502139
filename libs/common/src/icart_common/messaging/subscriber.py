"""A subscriber: FastStream fetches, the runner commits the batch, and only then are the offsets acknowledged.

FastStream's own decoding, header parsing and acknowledgement are kept out of the way: a batch arrives as raw bytes, whatever
its headers hold, and is acknowledged by hand. One batch is under way at a time; a rebalance waits for it.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import sys
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.annotations import KafkaMessage

from icart_common.clock import monotonic
from icart_common.messaging.abreast import Abreast
from icart_common.messaging.breaker import Breaker
from icart_common.messaging.ends import Ends
from icart_common.messaging.errors import TRANSIENT
from icart_common.messaging.message import Record, from_milliseconds
from icart_common.messaging.runner import BatchRunner
from icart_common.messaging.screen import Poison, time_of
from icart_common.observability import metrics
from icart_common.settings import ServiceSettings

log = structlog.get_logger()
_DRAIN_SECONDS = 10.0
_ANSWER_SECONDS = 1.0
"""How long to wait for the broker to say where partitions end."""
_FIRST_SECONDS = 60.0
"""For how long at most a consumer that has never read anything lets another read first."""


class Subscriber(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka has no types
    """One consumer of one or more topics, and what is known of its progress."""

    def __init__(self, service: str, runner: BatchRunner, settings: ServiceSettings) -> None:
        self.name = runner.name
        self._service = service
        self._runner = runner
        self._settings = settings
        self._busy = asyncio.Lock()
        self._handled: dict[TopicPartition, int] = {}
        self._last: dict[TopicPartition, Record] = {}
        self._breakers: dict[str, Breaker] = {}
        self._consumer: Callable[[], AIOKafkaConsumer | None] = lambda: None
        self._ends = Ends(settings)
        self._group = f"icart.{service}.{self.name}"
        self._abreast = Abreast(settings, self._group, self._ends)
        self._round = 0
        """Goes up with each rebalance: what a batch of an earlier one has reached is somebody else's to say."""
        self._under_way: datetime | None = None
        self.last_progress = monotonic()
        self.lag = 0
        self.read = 0
        """Records that it has handled since it began."""
        self.caught_up = asyncio.Event()
        """Set when everything has been handled that was there when this instance first looked."""
        self._there_at_first: dict[TopicPartition, int] = {}
        self.reads_after: Subscriber | None = None
        """Who reads first, when both begin at the start of their topics: in a new database, or when one is rebuilt."""

    @property
    def runner(self) -> BatchRunner:
        """What handles its batches."""
        return self._runner

    def attach(self, broker: KafkaBroker) -> None:
        """Declare this subscriber on `broker`; it starts consuming when the broker starts."""
        subscriber = broker.subscriber(
            *self._runner.topics,
            batch=True,
            group_id=self._group,
            max_records=self._settings.batch_records,
            batch_timeout_ms=self._settings.batch_wait_ms,
            auto_offset_reset="earliest",
            ack_policy=AckPolicy.MANUAL,
            parser=_any_headers,
            decoder=_raw,
            listener=self,
            session_timeout_ms=10_000,
            heartbeat_interval_ms=2_000,
            max_poll_interval_ms=300_000,
        )
        self._consumer = lambda: subscriber.consumer

        @subscriber
        async def handle(message: KafkaMessage) -> None:
            await self._handle(message)

    async def _handle(self, message: KafkaMessage) -> None:
        raw = message.raw_message
        records = [_record(one) for one in (raw if isinstance(raw, tuple) else (raw,))]
        began_in = self._round
        await self._let_the_other_read_first(records)
        async with self._busy:
            settled = False
            self._under_way = min(record.timestamp for record in records)
            try:
                poison = await self._runner.run(records)
                settled = True
            except TRANSIENT as error:
                log.error("batch-returned", runner=self.name, error=type(error).__name__, records=len(records))
            finally:
                if not settled:
                    # Nothing that passes, and no message's fault: it comes again and again until a person has looked.
                    if isinstance(unforeseen := sys.exception(), Exception):
                        log.error(
                            "batch-refused", runner=self.name, error=type(unforeseen).__name__, records=len(records)
                        )
                    await message.nack()
            self._under_way = None
            if settled:
                self._note(records, began_in)
                await self._acknowledge(message)
                self._watch_poison(records, poison)

    async def _let_the_other_read_first(self, records: Sequence[Record]) -> None:
        first, self.reads_after = self.reads_after, None
        consumer = self._consumer()
        if first is None or consumer is None:
            return
        places = {TopicPartition(record.topic, record.partition) for record in records}
        if any([await consumer.committed(place) for place in places]):
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_FIRST_SECONDS):
                await first.caught_up.wait()

    def _note(self, records: Sequence[Record], began_in: int) -> None:
        self.read += len(records)
        for record in records if began_in == self._round else ():
            place = TopicPartition(record.topic, record.partition)
            self._handled[place] = record.offset + 1
            self._last[place] = record
        self._progressed()

    def _progressed(self) -> None:
        self.last_progress = monotonic()
        metrics.LAST_PROGRESS.labels(self._service, self.name).set_to_current_time()

    def _oldest_seconds(self, lag: int) -> float:
        """How old the oldest record is that has not been handled: of the batch under way, or behind the last one handled."""
        if lag == 0:
            return 0.0
        waiting_since = self._under_way or max((record.timestamp for record in self._last.values()), default=None)
        return max(0.0, (datetime.now(UTC) - waiting_since).total_seconds()) if waiting_since else 0.0

    async def _acknowledge(self, message: KafkaMessage) -> None:
        try:
            await message.ack()
        except KafkaError as error:
            # The batch is committed; if it comes again, the inbox passes it over.
            log.warning("offsets-not-committed", runner=self.name, error=type(error).__name__)

    def _watch_poison(self, records: Sequence[Record], poison: Sequence[Poison]) -> None:
        bad: dict[str, int] = {}
        for one in poison:
            bad[one.record.topic] = bad.get(one.record.topic, 0) + 1
        seen: dict[str, int] = {}
        for record in records:
            seen[record.topic] = seen.get(record.topic, 0) + 1
        for topic, count in seen.items():
            if topic not in self._breakers:
                if topic not in bad:
                    continue
                self._breakers[topic] = Breaker(
                    share=self._settings.breaker_share,
                    records=self._settings.breaker_records,
                    rest_seconds=self._settings.breaker_rest_seconds,
                )
            if self._breakers[topic].saw(bad.get(topic, 0), count - bad.get(topic, 0)):
                log.error("breaker-opened", runner=self.name, topic=topic, seconds=self._settings.breaker_rest_seconds)
                metrics.BREAKER_OPEN.labels(self._service, topic).set(1)
                self._set_paused(topic, paused=True)

    def _set_paused(self, topic: str, *, paused: bool) -> None:
        if consumer := self._consumer():
            places = [place for place in consumer.assignment() if place.topic == topic]
            (consumer.pause if paused else consumer.resume)(*places)

    async def tend(self) -> None:
        """Once a second: close rested breakers, measure the lag. Errors of the broker are left for the next time."""
        try:
            while True:
                self._close_rested()
                with contextlib.suppress(*TRANSIENT):
                    await self.measure()
                await asyncio.sleep(1.0)
        finally:
            await self._ends.close()

    def _close_rested(self) -> None:
        for topic, breaker in self._breakers.items():
            if breaker.rested():
                log.warning("breaker-closed", runner=self.name, topic=topic)
                metrics.BREAKER_OPEN.labels(self._service, topic).set(0)
                self._set_paused(topic, paused=False)

    async def measure(self) -> dict[str, Any]:
        """How far behind this consumer is: the broker's own end offsets against what is committed in the database."""
        consumer = self._consumer()
        places = sorted(consumer.assignment()) if consumer else []
        if not consumer or not places:
            return {"assigned": 0, "lag": None, "end": None, "oldest": 0.0, "resting": self.resting}
        ends = await self._ends.of(places)
        lag = 0
        reached = await self._reached(consumer, places)
        for place, offset in reached.items():
            lag += max(0, ends[place] - offset)
        self.lag = lag
        if lag == 0:
            self._progressed()
        if not self.caught_up.is_set():
            goal = {place: self._there_at_first.setdefault(place, ends[place]) for place in places}
            if all(reached.get(place, 0) >= end for place, end in goal.items()):
                self.caught_up.set()
        metrics.OFFSET_LAG.labels(self._service, self.name).set(lag)
        oldest = self._oldest_seconds(lag)
        metrics.OLDEST_UNPROCESSED.labels(self._service, self.name).set(oldest)
        return {
            "assigned": len(places), "lag": lag, "end": sum(ends.values()), "oldest": round(oldest, 1), "resting": self.resting
        }  # fmt: skip

    async def _reached(
        self, consumer: AIOKafkaConsumer, places: Sequence[TopicPartition]
    ) -> Mapping[TopicPartition, int]:
        began_in = self._round
        unknown = [place for place in places if place not in self._handled]
        committed = {place: await consumer.committed(place) for place in unknown}
        never = [place for place in unknown if committed[place] is None]
        if never:
            committed |= await consumer.beginning_offsets(never)
        for place, offset in committed.items():
            if began_in == self._round:  # a partition may have gone to somebody else while we asked
                self._handled.setdefault(place, offset)  # a batch that was handled meanwhile has noted more
        return {place: self._handled[place] for place in places if place in self._handled}

    @property
    def resting(self) -> list[str]:
        """Topics whose breaker is open."""
        return sorted(topic for topic, breaker in self._breakers.items() if breaker.open)

    @property
    def stuck_seconds(self) -> float:
        """How long offsets have not moved although there is work; 0 when there is none."""
        return monotonic() - self.last_progress if self.lag else 0.0

    def partitions(self, topic: str) -> list[int]:
        """The partitions of `topic` that this instance is assigned."""
        consumer = self._consumer()
        return sorted(place.partition for place in consumer.assignment() if place.topic == topic) if consumer else []

    async def heard_until(self, topic: str, partitions: Collection[int], now: datetime) -> dict[int, datetime]:
        """Until when everything that was said on each partition has been handled; what is not known or not ours is left out.

        `now` is of before the call, in which the broker is asked where the partitions end: who has reached the end has heard
        all until then, and who is behind until the time of the last record handled. Nothing is known while it does not answer.
        """
        consumer = self._consumer()
        ours = consumer.assignment() if consumer else ()
        places = [place for place in (TopicPartition(topic, number) for number in partitions) if place in ours]
        if not consumer or not places:
            return {}
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                ends = await self._ends.of(places)
                reached = await self._reached(consumer, places)
        except TRANSIENT as error:
            log.warning("ends-not-known", runner=self.name, error=type(error).__name__)
            return {}
        heard: dict[int, datetime] = {}
        for place, offset in reached.items():
            if offset >= ends[place]:
                heard[place.partition] = now
            elif last := self._last.get(place):
                heard[place.partition] = time_of(last, self._runner.topics[topic])
        return heard

    async def read_until(self) -> float | None:
        """Until when (`monotonic`) this consumer and its fellows in other instances have read all of their topics; None when
        that is not known. Raises one of `TRANSIENT` when the broker does not answer."""
        consumer = self._consumer()
        numbers = {topic: consumer.partitions_for_topic(topic) for topic in self._runner.topics} if consumer else {}
        # A topic that is not there holds nothing unread.
        places = [TopicPartition(topic, number) for topic, found in numbers.items() for number in sorted(found or ())]
        if not places:
            return None
        async with asyncio.timeout(5 * _ANSWER_SECONDS):
            return await self._abreast.read_until(places)

    async def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:
        """Let the batch that is under way finish before its partitions go to somebody else."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_DRAIN_SECONDS):
                async with self._busy:
                    pass
        self._forget()

    def _forget(self) -> None:
        """A batch may still be under way that began before: what it says it reached is old when the partition comes back."""
        self._round += 1
        self._handled.clear()
        self._last.clear()

    async def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        self._forget()
        log.info("partitions-assigned", runner=self.name, count=len(assigned))
        for topic, breaker in self._breakers.items():
            if breaker.open:
                self._set_paused(topic, paused=True)


def _record(raw: ConsumerRecord[Any, Any]) -> Record:
    return Record(
        topic=raw.topic,
        partition=raw.partition,
        offset=raw.offset,
        timestamp=from_milliseconds(raw.timestamp),
        key=raw.key,
        headers=raw.headers,
        value=raw.value,
    )


async def _any_headers(batch: tuple[Any, ...], original: Callable[[Any], Awaitable[Any]]) -> Any:
    """FastStream's parser fails on a null or non-UTF-8 header: it is shown one record without any, and given the batch."""
    parsed = await original((dataclasses.replace(batch[0], headers=()),))
    parsed.raw_message = batch
    return parsed


async def _raw(message: Any) -> Any:
    return message.raw_message
