"""The relay: sends the outbox on, each key in its order, with any number of relays running.

Keys are dealt into buckets, and each bucket is one relay's at a time (`leases`). A relay reads its buckets in order, sends
one producer batch a partition at a time, and removes only the unbroken run that the broker has acknowledged; a delete under
an older token removes nothing and is counted. What is sent twice has the same id, and readers' inboxes pass it over.

A row that the broker will not have, however often it is sent, is set aside with whatever follows under its key, and all other
keys go on: order is promised by key, and what follows may make no sense without it. It is kept, tried again now and then (an
operator may raise the topic's limit), and stands in the log, a metric and `/progress` until it has gone.

A later row of a key is never written before an earlier one is committed, because handlers lock a thing's row before they
say anything about it; so a plain read in the order of `seq` keeps the order of every key.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from uuid import uuid4

import asyncpg
import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaTimeoutError, TopicAuthorizationFailedError, UnknownTopicOrPartitionError
from aiokafka.partitioner import DefaultPartitioner

from icart_common.clock import monotonic
from icart_common.contracts.catalogue import FAMILIES, ServiceId
from icart_common.db.pool import Database
from icart_common.messaging import leases
from icart_common.messaging.backoff import delays
from icart_common.messaging.errors import TOO_LARGE, TRANSIENT
from icart_common.observability import metrics

log = structlog.get_logger()

PLAN: Final = "set enable_bitmapscan = off; set enable_seqscan = off"
"""The outbox is read along its key, which passes over what it once found gone and ends at the limit. A bitmap, or the table
itself, shows every row that went since the last vacuum: thousands of pages for the two dozen rows that wait."""
READ: Final = """
select seq, bucket, topic, key, headers, value from outbox
where bucket = any($1::smallint[]) and topic <> all($3::text[]) and topic || ' ' || key <> all($4::text[])
order by seq limit $2
"""
_REMOVE = """
delete from outbox
using unnest($1::bigint[], $2::smallint[], $3::bigint[]) as sent (seq, bucket, token)
join outbox_lease as lease on lease.bucket = sent.bucket and lease.token = sent.token and lease.owner = $4
where outbox.seq = sent.seq
"""
_LOOK_SECONDS = 1.0
"""How often to look when no notification comes."""
_TOPIC_SECONDS = 1.0
"""How long to ask for a topic that the broker does not name."""
_ASIDE_SECONDS = 15.0
"""For how long the rows of a topic that is not there are set aside, so that the others go on."""
_TOO_LARGE_SECONDS = 60.0
"""For how long a row that is too large for its topic is set aside, with what follows it under its key."""

_partitioner = DefaultPartitioner()


class Relay:
    """Sends one service's outbox. `run` never ends by itself; cancel it to stop."""

    def __init__(
        self,
        service: ServiceId,
        database: Database,
        new_producer: Callable[[], AIOKafkaProducer],
        *,
        buckets: int,
        lease_seconds: float,
        batch_rows: int,
    ) -> None:
        self._service = service
        self._database = database
        self._new_producer = new_producer
        self._buckets = buckets
        self._lease_seconds = lease_seconds
        self._batch_rows = batch_rows
        self._owner = uuid4()
        self._wake = asyncio.Event()
        self._stopping = False
        self._aside: dict[str, float] = {}
        """Topics that are not there, and when to look for each again."""
        self._too_large: dict[tuple[str, str], float] = {}
        """Topic and key of rows that the broker will not have, and when to try each again."""
        self._one_by_one: set[str] = set()
        """Topics that take less than one of our batches: their rows go one by one."""

    async def run(self) -> None:
        """Relay until `stop`. Errors of the database or the broker are tried again with back-off, for ever."""
        waits = delays()
        while not self._stopping:
            try:
                await self._session()
            except TRANSIENT as error:
                metrics.RETRIES.labels(self._service, "relay", type(error).__name__).inc()
                log.warning("relay-retried", error=type(error).__name__)
                await asyncio.sleep(next(waits))
            else:
                waits = delays()

    def stop(self) -> None:
        """Finish what is on its way and give the leases back."""
        self._stopping = True
        self._wake.set()

    async def standing(self) -> dict[str, Any]:
        """What does not go, for `/progress`: topics that are not there, and of each topic the keys of what is too large."""
        keys: dict[str, int] = {}
        for topic, _key in self._too_large:
            keys[topic] = keys.get(topic, 0) + 1
        return {"topics_not_there": sorted(self._aside), "keys_too_large": keys}

    async def _session(self) -> None:
        # A fresh producer for each session: after a failed send nothing of the old one may still be on its way.
        producer = self._new_producer()
        async with contextlib.AsyncExitStack() as stack:
            stack.push_async_callback(producer.stop)
            await producer.start()
            connection = await stack.enter_async_context(self._database.connection())
            await connection.execute(PLAN)
            await connection.add_listener("outbox", self._notified)
            stack.push_async_callback(_quietly_unlisten, connection, self._notified)
            try:
                await self._relay(connection, producer)
            finally:
                if not connection.is_closed():
                    with contextlib.suppress(*TRANSIENT):
                        await leases.leave(connection, self._owner)

    def _notified(self, *_: object) -> None:
        self._wake.set()

    async def _relay(self, connection: asyncpg.Connection, producer: AIOKafkaProducer) -> None:
        renew_at = 0.0
        tokens: dict[int, int] = {}
        while not self._stopping:
            if monotonic() >= renew_at:
                tokens = await leases.renew(connection, self._owner, self._buckets, self._lease_seconds)
                metrics.LEASES.labels(self._service).set(len(tokens))
                renew_at = monotonic() + self._lease_seconds / 3
            self._wake.clear()
            rows = await self._read(connection, list(tokens)) if tokens else []
            if rows:
                await self._send_and_remove(connection, producer, rows, tokens)
            if len(rows) < self._batch_rows:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), min(_LOOK_SECONDS, max(0.01, renew_at - monotonic())))

    async def _read(self, connection: asyncpg.Connection, buckets: list[int]) -> Sequence[Any]:
        now = monotonic()
        aside = [topic for topic, until in self._aside.items() if now < until]
        too_large = [f"{topic} {key}" for (topic, key), until in self._too_large.items() if now < until]
        rows: Sequence[Any] = await connection.fetch(READ, buckets, self._batch_rows, aside, too_large)
        return rows

    async def _send_and_remove(
        self, connection: asyncpg.Connection, producer: AIOKafkaProducer, rows: Sequence[Any], tokens: dict[int, int]
    ) -> None:
        try:
            async with asyncio.timeout(self._lease_seconds * 0.6):
                unsent = await self._send(producer, rows)
                aside = {row["seq"] for row in rows if row["topic"] in self._aside}
        except TimeoutError:
            # Slower than the lease: what was sent will be sent again, by us or by the next owner.
            raise KafkaTimeoutError from None
        done = _unbroken([row for row in rows if row["seq"] not in aside], unsent)
        if done:
            removed: str = await connection.execute(
                _REMOVE,
                [row["seq"] for row in done],
                [row["bucket"] for row in done],
                [tokens[row["bucket"]] for row in done],
                self._owner,
            )
            count = int(removed.split()[-1])
            metrics.RELAYED.labels(self._service).inc(count)
            if count < len(done):
                metrics.FENCED.labels(self._service).inc(len(done) - count)
        if unsent:
            raise KafkaTimeoutError

    async def _send(self, producer: AIOKafkaProducer, rows: Sequence[Any]) -> set[int]:
        """Send rows, each partition's in their order. Returns the `seq` of those that were not acknowledged."""
        everyone = await self._partitions(producer, {row["topic"] for row in rows})
        partitions: dict[tuple[str, int], list[Any]] = {}
        for row in rows:
            topic = row["topic"]
            if topic in everyone:
                partitions.setdefault((topic, _partition_of(row["key"], everyone[topic])), []).append(row)
        results = await asyncio.gather(
            *(self._send_partition(producer, topic, number, part) for (topic, number), part in partitions.items())
        )
        return set().union(*results)

    async def _partitions(self, producer: AIOKafkaProducer, topics: set[str]) -> dict[str, tuple[int, ...]]:
        """The partitions of each topic. One that is not there, or not ours to write, is set aside: its rows wait, no others."""
        found: dict[str, tuple[int, ...]] = {}
        for topic in sorted(topics):
            try:
                async with asyncio.timeout(_TOPIC_SECONDS):
                    found[topic] = tuple(sorted(await producer.partitions_for(topic)))
            except (TimeoutError, UnknownTopicOrPartitionError, TopicAuthorizationFailedError):
                self._aside[topic] = monotonic() + _ASIDE_SECONDS
                log.error("topic-set-aside", topic=topic, seconds=_ASIDE_SECONDS, fix="icart topics apply")
            else:
                self._aside.pop(topic, None)
        metrics.TOPICS_ASIDE.labels(self._service).set(len(self._aside))
        return found

    async def _send_partition(
        self, producer: AIOKafkaProducer, topic: str, partition: int, rows: Sequence[Any]
    ) -> set[int]:
        start = 0
        while start < len(rows):
            batch = producer.create_batch()
            end = start
            while end < len(rows) and not (end > start and topic in self._one_by_one):
                row = rows[end]
                headers = [(name, value.encode()) for name, value in json.loads(row["headers"])]
                stamp = _stamp(topic, headers)
                if batch.append(key=row["key"].encode(), value=row["value"], timestamp=stamp, headers=headers) is None:
                    break
                end += 1
            try:  # the first row is always in it, however large
                await (await producer.send_batch(batch, topic, partition=partition))
            except TOO_LARGE:
                self._is_too_large(topic, rows[start:end])
                return {row["seq"] for row in rows[start:]}  # what follows needs another producer
            except TRANSIENT as error:
                log.warning("send-failed", topic=topic, error=type(error).__name__)
                return {row["seq"] for row in rows[start:]}
            self._went(topic, rows[start:end])
            start = end
        return set()

    def _is_too_large(self, topic: str, rows: Sequence[Any]) -> None:
        if len(rows) > 1:
            self._one_by_one.add(topic)
            return
        (row,) = rows
        self._too_large[topic, row["key"]] = monotonic() + _TOO_LARGE_SECONDS
        metrics.KEYS_TOO_LARGE.labels(self._service).set(len(self._too_large))
        log.error(
            "row-set-aside",
            topic=topic,
            state=f"row {row['seq']} of the outbox, {len(row['value'])} bytes",
            seconds=_TOO_LARGE_SECONDS,
            fix="raise the topic's max.message.bytes (icart topics apply)",
        )

    def _went(self, topic: str, rows: Sequence[Any]) -> None:
        if not self._too_large:
            return
        for row in rows:
            self._too_large.pop((topic, row["key"]), None)
        metrics.KEYS_TOO_LARGE.labels(self._service).set(len(self._too_large))


_OTHERS_WRITE_TOO: Final = frozenset(family.name for family in FAMILIES if not (family.ours or family.inbound))


def _stamp(topic: str, headers: Sequence[tuple[str, bytes]]) -> int | None:
    """The message's own time in milliseconds where people write too and the broker's time counts; None elsewhere.

    The broker stamps such a topic itself. Under a story's simulated clock the writers do, and we are one of them.
    """
    if topic not in _OTHERS_WRITE_TOO:
        return None
    times = (value.decode() for name, value in headers if name == "ce_time")
    return next((int(datetime.fromisoformat(time).timestamp() * 1000) for time in times), None)


@lru_cache(maxsize=50_000)
def _partition_of(key: str, partitions: tuple[int, ...]) -> int:
    # Things are spoken of several times, and the hash of the broker's own clients is slow in Python.
    chosen: int = _partitioner(key.encode(), partitions, partitions)
    return chosen


def _unbroken(rows: Sequence[Any], unsent: set[int]) -> list[Any]:
    """Of each bucket the rows before its first that was not acknowledged."""
    broken: set[int] = set()
    done = []
    for row in rows:
        if row["seq"] in unsent:
            broken.add(row["bucket"])
        elif row["bucket"] not in broken:
            done.append(row)
    return done


async def _quietly_unlisten(connection: asyncpg.Connection, callback: Callable[..., None]) -> None:
    if not connection.is_closed():
        with contextlib.suppress(*TRANSIENT):
            await connection.remove_listener("outbox", callback)
