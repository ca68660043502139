"""Reading what the services say, as it is said: for following one submission, and for the story's expectations."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaConnectionError

from icart_cli.sending import no_broker
from icart_common.contracts.base import Message
from icart_common.contracts.catalogue import Topic
from icart_common.contracts.envelope import Envelope, read_body, read_envelope
from icart_common.messaging.ends import Ends
from icart_common.messaging.kafka import consumer
from icart_common.settings import KafkaSettings


@dataclass(frozen=True, slots=True)
class Heard:
    """A message that a service said."""

    topic: str
    offset: int
    envelope: Envelope
    body: Message


class Listener:
    """Reads topics from an instant or from their start; each message once, whatever the relay sends twice."""

    def __init__(self, reader: AIOKafkaConsumer, ends: Ends) -> None:
        self._reader = reader
        self._ends = ends
        self._seen: set[UUID] = set()

    async def next(self, *, milliseconds: int = 200) -> list[Heard]:
        """What has come, in the order of its time; empty when nothing came within `milliseconds`."""
        found = []
        for records in (await self._reader.getmany(timeout_ms=milliseconds)).values():
            for record in records:
                envelope = read_envelope(record.headers)
                if envelope.id not in self._seen:
                    self._seen.add(envelope.id)
                    found.append(Heard(record.topic, record.offset, envelope, read_body(envelope.type, record.value)))
        return sorted(found, key=lambda one: (one.envelope.time, one.envelope.id))

    async def at_end(self) -> bool:
        """True when everything that was said has been read."""
        ends = await self._ends.of(self._reader.assignment())
        for place, end in ends.items():
            if await self._reader.position(place) < end:
                return False
        return True


def said_topics(topics: Sequence[Topic]) -> list[str]:
    """The topics on which services speak: events, what partners are told, and dead letters."""
    return [topic.name for topic in topics if topic.name.startswith(("events.", "outbound.", "dead-letters."))]


@asynccontextmanager
async def listening(
    settings: KafkaSettings, topics: Sequence[str], *, since: datetime | None
) -> AsyncIterator[Listener]:
    """A listener on every partition of `topics`, from `since` (the broker's time) or from the start."""
    reader = consumer(settings, *topics)  # without a group it is given every partition
    ends_of_topics = Ends(settings)
    try:
        await reader.start()
        if since is not None:
            places = sorted(reader.assignment())
            when = int(since.timestamp() * 1000)
            found = await reader.offsets_for_times(dict.fromkeys(places, when))
            ends = await reader.end_offsets(places)
            for place in places:
                reader.seek(place, found[place].offset if found.get(place) else ends[place])
        yield Listener(reader, ends_of_topics)
    except KafkaConnectionError:
        raise no_broker(settings) from None
    finally:
        await ends_of_topics.close()
        await reader.stop()
