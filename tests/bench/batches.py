"""P1 and P2: a service's whole batch path against the bare path, and against one message per transaction.

Three services read the same bytes as the bare path beside them: the probe (all that every service has, and next to no domain),
intake (its referrals) and screening (what intake said of them). Paths take turns, round by round.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from statistics import median
from typing import Any
from uuid import uuid4

import asyncpg

from icart_common.contracts.catalogue import Topic
from icart_common.db.migrate import migrate
from icart_common.db.pool import Database
from icart_common.messaging import inbox
from icart_common.messaging.kafka import producer
from icart_common.messaging.relay import Relay
from icart_common.service import ServiceParts
from icart_common.settings import KafkaSettings
from icart_common.testing.probe import HEARD_ON, meet
from icart_common.testing.probe.app import Settings as ProbeSettings
from icart_common.testing.probe.app import parts as probe_parts
from icart_intake.app import parts as intake_parts
from icart_intake.settings import Settings as IntakeSettings
from icart_localstack.testing import Stack
from icart_screening.app import parts as screening_parts
from icart_screening.settings import Settings as ScreeningSettings
from tests.bench.bare import bare
from tests.bench.report import Row
from tests.bench.service_path import through_service
from tests.load import referrals

_KEYS = 200
Say = Callable[[str, int, int], None]
"""Told what is measured, how much of it is done, and how much there is."""
Sent = tuple[str, bytes | None, bytes, list[tuple[str, bytes]]]


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    referrals: int
    alone: int
    """Messages that are measured one per transaction."""
    probes: int
    rounds: int
    batch: int = 500


@dataclass(slots=True)
class _Said:
    """What intake's outbox held after a round."""

    events: int = 0
    for_each: float = 0.0
    """Messages of the outbox for each referral."""
    bytes_each: int = 0

    async def note(self, database: Database, topic: str, heard: int) -> None:
        async with database.connection() as connection:
            row = await connection.fetchrow(
                "select count(*) as all, count(*) filter (where topic = $1) as events, avg(length(value)) as size from outbox",
                topic,
            )
        self.events, self.for_each, self.bytes_each = row["events"], row["all"] / heard, round(row["size"])


@dataclass(frozen=True, slots=True)
class _Path:
    """One service under measurement."""

    name: str
    parts: ServiceParts
    stack: Stack
    template: str
    """A migrated database that every turn gets a copy of."""
    own: str
    """The turn's own database."""
    bare_url: str

    @property
    def topics(self) -> list[Topic]:
        return [topic for topic in self.parts.topics if topic.family.name in self.parts.subscriptions[0].families]

    @asynccontextmanager
    async def database(self) -> AsyncIterator[Database]:
        """A new database with an open pool."""
        admin = await asyncpg.connect(self.stack.postgres_url())
        await admin.execute(f'create database "{self.own}" template "{self.template}"')
        database = Database(self.stack.postgres_url(self.own), connections=4, wait_seconds=5, application="bench")
        await database.open()
        try:
            yield database
        finally:
            await database.close()
            await admin.execute(f'drop database "{self.own}" with (force)')
            await admin.close()


async def measure(stack: Stack, size: Size, say: Say) -> list[Row]:
    """The lines of P1 and P2. Publishes the load first; the topics have to be there."""
    kafka = KafkaSettings(kafka_bootstrap=stack.bootstrap)
    sent = await publish(kafka, (one.record() for one in referrals(1, size.referrals)), partial(say, "publishing"))
    probes = await publish(kafka, _probe_messages(size.probes), partial(say, "publishing"))
    rates: dict[str, list[float]] = defaultdict(list)
    said = _Said()
    async with AsyncExitStack() as undo:
        intake, probe, screening = [await undo.enter_async_context(one) for one in _paths(stack, kafka)]
        for number in range(size.rounds):
            turn = f"round {number + 1} of {size.rounds}: "
            await _turn(probe, kafka, probes, size.batch, rates, partial(say, f"{turn}probe"))
            await _turn(intake, kafka, size.alone, 1, rates, partial(say, f"{turn}intake, one by one"))
            # What intake says in the first round is what screening hears in every round.
            await _turn(intake, kafka, sent, size.batch, rates, partial(say, f"{turn}intake"), None if number else said)
            rates["intake bare as much"].append(await _bare(intake, kafka, sent, size.batch, said))
            await _turn(screening, kafka, min(said.events, sent), size.batch, rates, partial(say, f"{turn}screening"))
    return _rows({name: median(found) for name, found in rates.items()}, said)


async def _turn(
    path: _Path,
    kafka: KafkaSettings,
    count: int,
    batch: int,
    rates: dict[str, list[float]],
    say: Callable[[int, int], None],
    said: _Said | None = None,
) -> None:
    """The service's path between two of the bare one. With `said` the outbox is sent on, and noted there."""
    name = path.name if batch > 1 else f"{path.name} alone"
    before = await _bare(path, kafka, count, batch)
    async with path.database() as database:
        rate, statements = await through_service(
            path.parts, path.parts.subscriptions[0], database, count, batch=batch, said=lambda done: say(done, count)
        )
        rates[name].append(rate)
        rates[f"{name} statements"].append(statements)
        if said:
            await said.note(database, f"events.{path.parts.service}", count)
            await _relay(path.parts, database, kafka)
    rates[f"{name} bare"].append((before + await _bare(path, kafka, count, batch)) / 2)


async def _bare(path: _Path, kafka: KafkaSettings, count: int, batch: int, said: _Said | None = None) -> float:
    heard = [topic.name for topic in path.topics]
    says = (said.for_each, said.bytes_each) if said else None
    return await bare(kafka, path.bare_url, heard, count, batch=batch, says=says)


def _rows(rate: dict[str, float], said: _Said) -> list[Row]:
    a_second = "messages/s"
    rows = []
    for name, what in (
        ("probe", "the machinery alone: FastStream, validation, inbox, outbox, one row (probe)"),
        ("screening", "screening: events of intake to contacts, proposals, clocks"),
        ("intake", "intake: referrals to people, contacts, acknowledgements"),
    ):
        plain = rate[f"{name} bare"]
        rows += [
            Row("P1", f"bare path, what {name} hears", plain, a_second),
            Row("P1", what, rate[name], a_second, rate[name] / plain, "bare"),
            Row("P1", f"{name}: statements a batch", rate[f"{name} statements"], "statements"),
        ]
    share, times = rate["intake"] / rate["intake bare"], rate["intake"] / rate["intake alone"]
    plain, alone = rate["intake alone bare"], rate["intake alone"]
    as_much = rate["intake bare as much"]
    return [
        *rows,
        Row(
            "P1",
            f"bare path that says as much as intake: {said.for_each:.1f} messages of {said.bytes_each:,} bytes each",
            as_much,
            a_second,
            as_much / rate["intake bare"],
            "bare",
        ),
        Row("P1", "intake against that", rate["intake"], a_second, rate["intake"] / as_much, "bare saying as much"),
        Row("P1", "intake against the bare path", share, "of the bare path", target="P1"),
        Row("P2", "bare path, one message per transaction", plain, a_second),
        Row("P2", "bare path in batches", rate["intake bare"], a_second, rate["intake bare"] / plain, "one by one"),
        Row("P2", "intake, one message per transaction", alone, a_second, alone / plain, "bare, one by one"),
        Row("P2", "intake in batches against one by one", times, "times", target="P2"),
    ]


def _paths(stack: Stack, kafka: KafkaSettings) -> Iterable[Any]:
    yield _path(stack, kafka, "intake", "icart_intake", lambda url: intake_parts(IntakeSettings(**url)))
    yield _path(stack, kafka, "probe", "icart_common.testing.probe", lambda url: probe_parts(ProbeSettings(**url)))
    yield _path(stack, kafka, "screening", "icart_screening", lambda url: screening_parts(ScreeningSettings(**url)))


@asynccontextmanager
async def _path(
    stack: Stack, kafka: KafkaSettings, name: str, package: str, parts: Callable[[dict[str, Any]], ServiceParts]
) -> AsyncIterator[_Path]:
    tag = f"bench_{name}_{uuid4().hex[:8]}"
    template, plain = f"{tag}_template", f"{tag}_bare"
    await migrate(stack.postgres_url(template), package)
    connection = await asyncpg.connect(stack.postgres_url(template))
    await inbox.keep_days(connection, await connection.fetchval("select current_date"))
    await connection.close()
    admin = await asyncpg.connect(stack.postgres_url())
    await admin.execute(f'create database "{plain}"')
    built = parts({"database_url": stack.postgres_url(tag), "kafka_bootstrap": kafka.kafka_bootstrap})
    try:
        yield _Path(name, built, stack, template, tag, stack.postgres_url(plain))
    finally:
        for database in (template, plain):
            await admin.execute(f'drop database "{database}" with (force)')
        await admin.close()


def _probe_messages(count: int) -> Iterable[Sent]:
    for number in range(count):
        record = meet(number % _KEYS, f"{number:06}", seconds=number / 1000)
        yield HEARD_ON, record.key, record.value or b"", [(name, value or b"") for name, value in record.headers]


async def publish(kafka: KafkaSettings, messages: Iterable[Sent], said: Callable[[int, int], None]) -> int:
    """Publish all of it, as a partner does. Returns how many there were."""
    client = producer(kafka, linger_ms=10)
    await client.start()
    waiting: list[Awaitable[Any]] = []
    count = 0
    try:
        stream = iter(messages)
        while some := list(islice(stream, 500)):
            for topic, key, value, headers in some:
                waiting.append(await client.send(topic, key=key, value=value, headers=headers))
            count += len(some)
            said(count, 0)
        await asyncio.gather(*waiting)
    finally:
        await client.stop()
    return count


async def _relay(parts: ServiceParts, database: Database, kafka: KafkaSettings) -> None:
    """Send a service's outbox on, as its relay does."""
    relay = Relay(
        parts.service,
        database,
        partial(producer, kafka),
        buckets=parts.settings.outbox_buckets,
        lease_seconds=parts.settings.relay_lease_seconds,
        batch_rows=parts.settings.relay_batch_rows,
    )
    async with database.connection() as connection:
        running = asyncio.create_task(relay.run())
        while await connection.fetchval("select exists (select from outbox)"):
            await asyncio.sleep(0.05)
        relay.stop()
        await running
