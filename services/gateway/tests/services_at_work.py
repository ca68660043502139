"""Intake, screening, the police's reports and the clocks beside the gateway: their own handlers on databases of their own.

What pages publish is read from the real topics, and what a service says goes without a wait from its outbox to whoever hears
that topic.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from aiokafka import AIOKafkaConsumer, ConsumerRecord
from pydantic import SecretStr

from icart_common.contracts.base import Actor, Command, CommandRefused, Message
from icart_common.contracts.envelope import read_body, read_envelope
from icart_common.contracts.screening import ContactCommand, ContactEvent
from icart_common.db.pool import Database
from icart_common.deployment import deployment_topics
from icart_common.messaging.message import Record, from_milliseconds
from icart_common.messaging.runner import BatchRunner
from icart_common.policy import PolicyBook
from icart_common.service import ServiceParts, end
from icart_common.testing import fresh_database, record_of
from icart_gateway.refer.referral import public_door
from icart_intake.app import parts as intake
from icart_intake.settings import Settings as IntakeSettings
from icart_police_vpa.app import parts as police_vpa
from icart_police_vpa.settings import Settings as PoliceVpaSettings
from icart_screening.app import parts as screening
from icart_screening.settings import Settings as ScreeningSettings
from icart_timers.app import parts as timers
from icart_timers.settings import Settings as TimersSettings
from services.gateway.tests.conftest import Gateway, make_topics
from services.gateway.tests.screening import COMMANDS, from_now

M = TypeVar("M", bound=Message)
_TAKE = "with taken as (delete from outbox returning *) select * from taken order by seq"


@dataclass
class Services:
    """The services, and what they have said so far."""

    gateway: Gateway
    databases: Sequence[Database]
    runners: Sequence[BatchRunner]
    said: list[Message] = field(default_factory=list)
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)
    _places: Any = field(default_factory=itertools.count)

    async def ask(self, contact: UUID, command: type[ContactCommand], actor: Actor, **fields: Any) -> None:
        """Somebody's command on a contact as it is now, carried out as if a page had sent it."""
        seen = max(one.version for one in self.said if isinstance(one, ContactEvent) and one.contact == contact)
        await self.say(command.model_validate({"contact": contact, "seen_version": seen, "actor": actor, **fields}))

    async def say(self, command: Command) -> None:
        """The same of any command, of whichever service's."""
        before, service = len(self.said), command.TYPE.split(".")[1]
        await self.hear(record_of(command, f"commands.{service}", at=self.later()))
        assert [one for one in self.said[before:] if isinstance(one, CommandRefused)] == []

    async def hear(self, record: Record) -> None:
        """A record, and everything that follows from it, until nobody says anything more."""
        async with self._one_at_a_time:
            coming = deque([record])
            while coming:
                one = coming.popleft()
                for runner in self.runners:
                    if one.topic in runner.topics:
                        assert await runner.run([one]) == [], one.topic
                coming += await self._from_outboxes()

    def newest(self, kind: type[M]) -> M:
        """What was said last of a kind."""
        return next(one for one in reversed(self.said) if isinstance(one, kind))

    def later(self, at: datetime | None = None) -> datetime:
        """The time goes on: a second, or to an instant that has not been yet. Returns what it is now."""
        clock = self.gateway.clock
        clock.set(max(clock.now() + timedelta(seconds=1), at or clock.now()))
        return clock.now()

    async def _from_outboxes(self) -> list[Record]:
        found = []
        for database in self.databases:
            async with database.connection() as connection:
                rows = await connection.fetch(_TAKE)
            for row in rows:
                headers = tuple((name, value.encode()) for name, value in json.loads(row["headers"]))
                place, now = next(self._places), self.gateway.clock.now()
                found.append(Record(row["topic"], 0, place, now, row["key"].encode(), headers, row["value"]))
                self.said.append(read_body(read_envelope(headers).type, row["value"]))
        return found


@asynccontextmanager
async def services_at_work(stack: Any, gateway: Gateway) -> AsyncIterator[Services]:
    """They answer what pages publish, and pages hear of it, until the block ends."""
    topics = _written_by_pages(stack, gateway.door.book)
    async with AsyncExitStack() as until_then:
        databases, runners = [], list(gateway.runners.values())
        for parts in _parts(stack):
            database = await until_then.enter_async_context(fresh_database(stack, parts.package))
            databases.append(database)
            runners += [_runner(parts, one, database) for one in parts.subscriptions]
        services = Services(gateway, databases, runners)
        reader = await until_then.enter_async_context(from_now(stack, topics))
        await until_then.enter_async_context(gateway.listening())
        working = asyncio.create_task(_work(services, reader))
        try:
            yield services
        finally:
            if working.done():
                working.result()  # what it met is told, instead of the wait that it caused
            await end({working})


def _parts(stack: Any) -> list[ServiceParts]:
    given: dict[str, Any] = {
        "database_url": SecretStr(stack.postgres_url()), "kafka_bootstrap": stack.bootstrap,
    }  # fmt: skip
    return [
        intake(IntakeSettings(**given)), police_vpa(PoliceVpaSettings(**given)), screening(ScreeningSettings(**given)),
        timers(TimersSettings(**given)),
    ]  # fmt: skip


def _runner(parts: ServiceParts, one: Any, database: Database) -> BatchRunner:
    topics = {topic.name: topic for topic in parts.topics if topic.family.name in one.families}
    return BatchRunner(
        one.name, parts.service, database, topics, one.handler, buckets=4, parks=one.parks, hears=one.hears,
        passes_over=one.passes_over,
    )  # fmt: skip


def _written_by_pages(stack: Any, book: PolicyBook) -> dict[str, int]:
    """The topics that forms publish to, made where they are not there yet, with how many partitions each has."""
    doors = {public_door(pack) for pack in book.newest()}
    wanted = [
        one
        for one in deployment_topics(book)
        if one.name in COMMANDS or (one.family.name == "inbound.referrals.{agency}" and doors & set(one.agencies))
    ]
    make_topics(stack, wanted)
    return {one.name: one.partitions for one in wanted}


async def _work(services: Services, reader: AIOKafkaConsumer) -> None:
    while True:
        one: ConsumerRecord[bytes, bytes] = await reader.getone()
        now = services.later()
        # The broker says when it took them, which is the machine's time; what a page waits for is found by that of an agency's.
        at = from_milliseconds(one.timestamp) if one.topic.startswith("inbound.") else now
        await services.hear(Record(one.topic, one.partition, one.offset, at, one.key, one.headers, one.value))
