"""The process itself, on real Kafka and a simulated clock: started, warned, breached as the clock's file moves on."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from icart_common.clock import SimulatedClock
from icart_common.contracts.base import Message
from icart_common.contracts.catalogue import topics
from icart_common.contracts.envelope import read_body, read_envelope
from icart_common.contracts.timers import ClockBreached, ClockMet, ClockStarted, ClockWarned, MeetClock
from icart_common.messaging.kafka import consumer, producer
from icart_common.messaging.provision import Administration
from icart_common.settings import KafkaSettings
from icart_common.testing import record_of, service_process

pytestmark = pytest.mark.broker


class Events:
    """What is said on events.timers about some clocks."""

    def __init__(self, reader, clocks: set[UUID]) -> None:
        self._reader = reader
        self._clocks = clocks
        self.heard: list[Message] = []

    async def until(self, count: int) -> list[type[Message]]:
        """Types of the first `count` events, when there are so many."""
        async with asyncio.timeout(90):
            while len(self.heard) < count:
                record = await self._reader.getone()
                message = read_body(read_envelope(record.headers).type, record.value)
                if message.subject_id in self._clocks:
                    self.heard.append(message)
        return [type(message) for message in self.heard]


@pytest.mark.req("TM-2", authority="halton")
async def test_started_warned_breached_and_met_late(stack, tmp_path, london, starting) -> None:
    clock = SimulatedClock(tmp_path / "clock")
    received = london("2026-11-20 16:45")
    clock.set(received)
    settings = KafkaSettings(kafka_bootstrap=stack.bootstrap)
    administration = Administration(settings, simulated_time=True)
    changes = administration.plan([topic for topic in topics([]) if topic.name.endswith(".timers")], with_acls=False)
    administration.apply(changes)
    start = starting("TM-2", received)

    async with (
        producer(settings) as sender,
        consumer(settings, "events.timers") as reader,
        service_process(stack, "icart_timers", ICART_CLOCK_FILE=str(tmp_path / "clock")),
    ):

        async def send(message: Message, at) -> None:
            record = record_of(message, "commands.timers", at=at)
            await sender.send_and_wait(record.topic, record.value, record.key, headers=list(record.headers))

        events = Events(reader, {start.clock})
        await send(start, received)
        assert await events.until(1) == [ClockStarted]
        clock.set(london("2026-11-23 17:30"))
        assert await events.until(2) == [ClockStarted, ClockWarned]
        clock.set(london("2026-11-24 17:30"))
        assert await events.until(4) == [ClockStarted, ClockWarned, ClockWarned, ClockBreached]
        met_at = london("2026-11-24 17:30") + timedelta(minutes=5)
        clock.set(met_at)
        await send(MeetClock(clock=start.clock, at=met_at, by_event="authorised"), met_at)
        assert (await events.until(5))[-1] is ClockMet

    breached, met = events.heard[-2:]
    assert isinstance(breached, ClockBreached)
    assert breached.sum == "received Fri 16:45, counted from Mon 09:00, one working day, due Tue 17:30"
    assert isinstance(met, ClockMet)
    assert met.late
