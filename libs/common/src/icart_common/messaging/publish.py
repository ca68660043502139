"""Publishing for somebody who waits for the receipt: an operator's command, a partner's submission. `acks=all`, or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError

from icart_common.clock import Clock, SimulatedClock
from icart_common.contracts.base import Inbound, Message
from icart_common.contracts.catalogue import Topic
from icart_common.contracts.envelope import Envelope, Headers, read_envelope, write_headers
from icart_common.contracts.ids import new_id
from icart_common.messaging.kafka import producer
from icart_common.messaging.message import Record, from_milliseconds
from icart_common.messaging.screen import place_id
from icart_common.settings import KafkaSettings


class NotTaken(Exception):
    """The broker did not take the message: it is away, or slow. It may still arrive; with the same id it happens once."""


class TooLarge(Exception):
    """The message is larger than a topic takes (1 MiB). Attachments travel apart from messages."""


class NobodyMay(Exception):
    """The agency is not registered for this contract and authority, or the message is said by services alone."""


@dataclass(frozen=True, slots=True)
class Published:
    """Where an acknowledged message is, and what its consequences can be found by."""

    topic: str
    partition: int
    offset: int
    message_id: UUID
    correlation: UUID
    """What every message that follows from it carries: the message's id, or of a partner's the id of its place."""
    subject: str
    """What it is about; empty where the headers do not say."""
    at: datetime


def topic_of(body: Message, topics: Sequence[Topic]) -> Topic:
    """The topic that a partner's message or an operator's command goes to. Raises `NobodyMay`."""
    for topic in topics:
        if type(body) not in topic.family.messages or topic.name.startswith("events."):
            continue
        if not isinstance(body, Inbound) or (body.agency in topic.agencies and body.authority in topic.authorities):
            return topic
    raise NobodyMay(body.TYPE)


async def acknowledged(
    client: AIOKafkaProducer, clock: Clock, topic: str, envelope: Envelope, key: bytes, value: bytes, headers: Headers
) -> Published:
    """Send one message and wait until every in-sync replica has it. Raises `TooLarge`, and `KafkaError` for all else."""
    try:
        sent = await client.send(topic, value=value, key=key, headers=headers, timestamp_ms=stamp(clock))
        written = await asyncio.shield(sent)
    except MessageSizeTooLargeError:
        raise TooLarge(topic) from None
    at = from_milliseconds(written.timestamp)
    place = place_id(Record(topic, written.partition, written.offset, at, None, (), None))
    correlation = place if topic.startswith("inbound.") else envelope.id
    return Published(topic, written.partition, written.offset, envelope.id, correlation, envelope.subject or "", at)


def stamp(clock: Clock) -> int | None:
    """A record's time, in ms, where time is simulated; None leaves it to the producer."""
    return int(clock.now().timestamp() * 1000) if isinstance(clock, SimulatedClock) else None


class Publisher:
    """One producer for a process. Starts although the broker is away: then each message is refused until it is back."""

    def __init__(self, settings: KafkaSettings, topics: Sequence[Topic], clock: Clock, *, source: str) -> None:
        self._settings = settings
        self._topics = topics
        self._clock = clock
        self._source = source
        self._client: AIOKafkaProducer | None = None
        self._starting = asyncio.Lock()

    async def start(self) -> None:
        """Reach for the broker; that it is away is said when something is published."""
        try:
            await self._started()
        except KafkaError:
            return

    async def stop(self) -> None:
        if self._client:
            await self._client.stop()
            self._client = None

    async def publish(
        self, body: Message, *, message_id: UUID | None = None, authority: str | None = None, seconds: float = 5.0
    ) -> Published:
        """Publish one message and return where it is.

        Raises `NotTaken` when no acknowledgement came within `seconds`, `TooLarge`, and `NobodyMay`.
        """
        topic = topic_of(body, self._topics)
        subject = str(body.subject_id)
        envelope = Envelope(
            message_id or new_id(), body.TYPE, self._source, self._clock.now(), subject=subject, authority=authority
        )
        value = body.model_dump_json(exclude_none=True).encode()
        return await self._send(topic, envelope, subject.encode(), value, write_headers(envelope), seconds)

    async def send_again(self, topic: Topic, record: Record, *, seconds: float = 5.0) -> Published:
        """Publish a record on `topic` with its own headers, as whoever sent it would. Raises `NotTaken` and `TooLarge`."""
        return await self._send(
            topic, read_envelope(record.headers), record.key or b"", record.value or b"", record.headers, seconds
        )

    async def _send(
        self, topic: Topic, envelope: Envelope, key: bytes, value: bytes, headers: Headers, seconds: float
    ) -> Published:
        try:
            async with asyncio.timeout(seconds):
                client = await self._started()
                return await acknowledged(client, self._clock, topic.name, envelope, key, value, headers)
        except (KafkaError, TimeoutError) as error:
            raise NotTaken(type(error).__name__) from None

    async def _started(self) -> AIOKafkaProducer:
        async with self._starting:
            if self._client is None:
                client = producer(self._settings, linger_ms=0)
                try:
                    await client.start()
                except BaseException:
                    await client.stop()
                    raise
                self._client = client
            return self._client
