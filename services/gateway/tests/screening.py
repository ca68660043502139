"""Screening beside the gateway: it hears what pages send on the real topic, decides by its own rules, and is heard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from aiokafka import AIOKafkaConsumer, TopicPartition

from icart_common.contracts.base import Command, CommandRefused, Message
from icart_common.contracts.catalogue import FAMILY
from icart_common.contracts.envelope import Envelope, read_body, read_envelope
from icart_common.contracts.screening import ContactCommand, ContactEvent
from icart_common.contracts.undertakings import UndertakingEvent
from icart_screening.domain.decide import decide
from icart_screening.domain.refusal import Refusal
from icart_screening.domain.undertakings.check import outstanding
from services.screening.tests.front_door import FrontDoor, contact_opened

COMMANDS = ("commands.screening", "commands.intake", "commands.police-vpa", "commands.notifications")


class Commands:
    """What was published since this was opened."""

    def __init__(self, reader: AIOKafkaConsumer) -> None:
        self._reader = reader

    async def next(self, seconds: float = 10) -> tuple[Envelope, Message]:
        """The next command, with its envelope."""
        record = await asyncio.wait_for(self._reader.getone(), seconds)
        envelope = read_envelope(record.headers)
        return envelope, read_body(envelope.type, record.value)

    async def nothing_more(self) -> bool:
        """Whether nothing has come within a moment."""
        return not await self._reader.getmany(timeout_ms=300)


@asynccontextmanager
async def from_now(stack: Any, topics: Mapping[str, int]) -> AsyncIterator[AIOKafkaConsumer]:
    """A reader of topics, by name with how many partitions each has, from their ends."""
    reader = AIOKafkaConsumer(bootstrap_servers=stack.bootstrap)
    await reader.start()
    try:
        places = [TopicPartition(name, one) for name, partitions in topics.items() for one in range(partitions)]
        reader.assign(places)
        await reader.seek_to_end(*places)
        for place in places:
            await reader.position(place)
        yield reader
    finally:
        await reader.stop()


@asynccontextmanager
async def commands(stack: Any, *topics: str) -> AsyncIterator[Commands]:
    """Reads the topics from their ends; all of `COMMANDS` when none is named."""
    async with from_now(stack, {topic: FAMILY[topic].partitions for topic in topics or COMMANDS}) as reader:
        yield Commands(reader)


@dataclass
class Screening:
    """Contacts as screening holds them, and what it has said of them so far."""

    gateway: Any
    front: FrontDoor
    _log: int = 0
    _told: int = 0
    seen: set[UUID] = field(default_factory=set)

    async def open(self, **changes: Any) -> UUID:
        """A contact that has just arrived, as everybody hears of it."""
        contact = self.front.open(**changes)
        opened = contact_opened(self.front.authority, self.front.opened, self.front.now, **changes)
        await self.gateway.hear(opened, at=self.front.now)
        await self.say()
        return contact

    async def allocated(self, strand: str, **changes: Any) -> UUID:
        """A contact that is triaged and with the worker `w1`, as everybody has heard of it."""
        contact = self.front.allocated(strand, **changes)
        opened = contact_opened(self.front.authority, self.front.opened, self.front.log[0].at, **changes)
        await self.gateway.hear(opened.model_copy(update={"contact": contact}), at=self.front.now)
        await self.say()
        return contact

    async def say(self, correlation: UUID | None = None) -> None:
        """Everything that has happened since the last time."""
        events: list[ContactEvent | UndertakingEvent] = [*self.front.log[self._log :], *self.front.told[self._told :]]
        self._log, self._told = len(self.front.log), len(self.front.told)
        for event in events:
            await self.gateway.hear(event, at=event.at, correlation=correlation)

    async def answer(self, envelope: Envelope, command: Message) -> None:
        """Carry a command out, or refuse it. The same message again does nothing, as with the service's inbox."""
        if envelope.id in self.seen:
            return
        self.seen.add(envelope.id)
        assert isinstance(command, Command)
        self.front.now = max(self.front.now, self.gateway.clock.now())
        refused = self._decide(command, envelope.id)
        if refused:
            said = CommandRefused(
                subject=command.subject_id, command=envelope.id, command_type=command.TYPE, actor=command.actor,
                code=refused.code, why=refused.why, allowed=refused.allowed,
            )  # fmt: skip
            await self.gateway.hear_on("events.screening", said, at=self.front.now)
        else:
            await self.say(envelope.id)

    def _decide(self, command: Command, message: UUID) -> Refusal | None:
        if isinstance(command, ContactCommand):
            held = self.front.contacts[command.contact]
            decided = decide(
                held, command, pack=self.front.pack, at=self.front.now, because=message,
                outstanding=outstanding(self.front.circumstances(held).beside),
            )  # fmt: skip
            if isinstance(decided, Refusal):
                return decided
            for change in decided:
                self.front._keep(change)
            return None
        known = self.front.undertakings.get(getattr(command, "undertaking", UUID(int=0)))
        found = self.front.heard(command, known)
        return found if isinstance(found, Refusal) else None

    @asynccontextmanager
    async def at_work(self, stack: Any) -> AsyncIterator[None]:
        """It answers what is sent, until the block ends."""
        async with commands(stack, "commands.screening") as heard:

            async def answering() -> None:
                while True:
                    await self.answer(*await heard.next(seconds=600))

            working = asyncio.create_task(answering())
            try:
                yield
            finally:
                working.cancel()
                await asyncio.gather(working, return_exceptions=True)
