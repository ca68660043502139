"""Publishing in bulk, and reading whole topics back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from aiokafka import AIOKafkaProducer, TopicPartition

from icart_common.contracts.base import Message
from icart_common.contracts.envelope import Envelope, read_body, read_envelope
from icart_common.deployment import deployment_topics
from icart_common.messaging.kafka import client_settings, consumer
from icart_common.messaging.message import Record, from_milliseconds
from icart_common.messaging.screen import place_id
from icart_common.policy import load_packs
from icart_common.settings import KafkaSettings

Wire = tuple[str, bytes | None, bytes | None, Sequence[tuple[str, bytes | None]]]
"""Topic, key, value, headers."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the broker put a record."""

    topic: str
    partition: int
    offset: int
    id: UUID
    """The id that whoever reads it derives from its place."""


class Publisher:
    """Sends many records without waiting for each."""

    def __init__(self, client: AIOKafkaProducer) -> None:
        self._client = client

    async def publish(self, records: Iterable[Wire]) -> list[Place]:
        """Publish and return each record's place, in their order."""
        futures = [
            await self._client.send(topic, key=key, value=value, headers=list(headers))
            for topic, key, value, headers in records
        ]
        return [_place(await future) for future in futures]


def _place(written: Any) -> Place:
    at = from_milliseconds(written.timestamp)
    record = Record(written.topic, written.partition, written.offset, at, None, (), None)
    return Place(written.topic, written.partition, written.offset, place_id(record))


@asynccontextmanager
async def publishing(settings: KafkaSettings) -> AsyncIterator[Publisher]:
    client = AIOKafkaProducer(
        **client_settings(settings),
        acks="all",
        enable_idempotence=True,
        linger_ms=5,
        max_batch_size=262_144,
        max_request_size=32_000_000,
        compression_type="gzip",
        request_timeout_ms=120_000,
    )
    await client.start()
    try:
        yield Publisher(client)
    finally:
        await client.stop()


@dataclass(frozen=True, slots=True)
class Said:
    """A message that a service said, once, wherever the relay may have sent it twice."""

    key: str
    envelope: Envelope
    body: Any
    """The message; what kind it is, `Spoken.of` has asked."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """All that was said on some topics: the first occurrence of each message, each partition's in order."""

    said: list[Said]
    sent_again: int
    """Records that repeat the id of an earlier one: allowed on the wire, and passed over by every inbox."""

    def of(self, *kinds: type[Message]) -> list[Said]:
        return [one for one in self.said if isinstance(one.body, kinds)]


async def everything_on(settings: KafkaSettings, topics: Sequence[str]) -> Spoken:
    """Read topics from their start to where they end now."""
    reader = consumer(settings)
    await reader.start()
    said: list[Said] = []
    seen: set[UUID] = set()
    again = 0
    try:
        known = {topic.name: topic.partitions for topic in deployment_topics(load_packs())}
        places = [TopicPartition(topic, n) for topic in topics for n in range(known[topic])]
        ends = await reader.end_offsets(places)
        left = {place for place in places if ends[place] > 0}
        reader.assign(list(left))
        if left:
            await reader.seek_to_beginning(*left)
        while left:
            for place, records in (await reader.getmany(timeout_ms=500, max_records=5000)).items():
                for record in records:
                    envelope = read_envelope(record.headers)
                    if envelope.id in seen:
                        again += 1
                        continue
                    seen.add(envelope.id)
                    said.append(Said(record.key.decode(), envelope, read_body(envelope.type, record.value)))
                if records[-1].offset + 1 >= ends[place]:
                    left.discard(place)
            await asyncio.sleep(0)
    finally:
        await reader.stop()
    return Spoken(said, again)
