"""P9 in screening: what a contact costs when many contacts are held against few.

What intake says of some referrals is opened through screening's own handler, without the broker, in two databases by turns, batch
by batch: so both meet the same machine. The contacts that are held already were opened the same way, and multiplied by the
database with their events; one in fifty is open still, as at a front door that closes what it opens.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack

from icart_common.db.pool import Database
from icart_common.messaging.message import Record
from icart_common.messaging.runner import BatchRunner
from icart_common.service import ServiceParts
from icart_common.settings import ServiceSettings
from icart_common.testing import fresh_database
from icart_intake.app import parts as intake_parts
from icart_intake.settings import Settings as IntakeSettings
from icart_localstack.testing import Stack
from icart_screening.app import parts as screening_parts
from icart_screening.settings import Settings as ScreeningSettings
from tests.bench.report import Row
from tests.load import SINCE, referrals

Say = Callable[[str, int, int], None]
_MODELS = 200
"""Referrals whose contacts are multiplied."""
_BATCH = 250

# A number instead of the time that an id begins with: every copy has ids of its own, in their order.
_MULTIPLY = """
create temp table copied as
    select m.id as model, n, (lpad(to_hex(n), 12, '0') || right(replace(m.id::text, '-', ''), 20))::uuid as id
    from contact m cross join generate_series(1, $HELD / (select count(*) from contact)) n;
insert into contact (id, authority, pack_version, version, status, desktop, strand, worker, received_at, state)
    select c.id, m.authority, m.pack_version, m.version, case when n % 50 = 0 then m.status else 'closed' end,
           case when n % 50 = 0 then m.desktop end, m.strand, m.worker, m.received_at - n * interval '1 minute',
           jsonb_set(jsonb_set(m.state, '{reference}', to_jsonb(c.id::text)),
                     '{arrival,child,person}', to_jsonb(md5(c.id::text)::uuid))
    from copied c join contact m on m.id = c.model;
insert into contact_event (contact, version, ordinal, type, at, body)
    select c.id, e.version, e.ordinal, e.type, e.at, e.body
    from copied c join contact_event e on e.contact = c.model;
drop table copied;
"""


async def measure(stack: Stack, few: int, many: int, count: int, say: Say) -> list[Row]:
    """The lines of the table: contacts a second with `few` and with `many` held, over `count` referrals each."""
    say("what intake says", 0, 0)
    models, heard = await _said(stack, count)
    async with AsyncExitStack() as undo:
        runners = []
        for held in (few, many):
            say(f"{held:,} contacts", 0, 0)
            database = await undo.enter_async_context(fresh_database(stack, "icart_screening"))
            runner = _runner(screening_parts(ScreeningSettings(database_url="postgresql://unused")), database)
            await _run(runner, models)
            await _hold(database, held)
            runners.append(runner)
        seconds = [0.0, 0.0]
        for start in range(0, len(heard), _BATCH):
            say(f"{few:,} and {many:,} contacts held", start, len(heard))
            # The one that comes second finds the machine warm: they change places.
            for place in (0, 1) if start // _BATCH % 2 else (1, 0):
                took = await _run(runners[place], heard[start : start + _BATCH])
                seconds[place] += took if start else 0.0  # the first prepares the statements
    rates = [(len(heard) - _BATCH) / took for took in seconds]
    return [
        Row("P9", f"events of intake through screening, {few:,} contacts held", rates[0], "messages/s"),
        Row("P9", f"events of intake through screening, {many:,} contacts held", rates[1], "messages/s"),
        Row("P9", f"a contact through screening at {many:,} against {few:,}", rates[0] / rates[1], "times", target="P9"),
    ]  # fmt: skip


async def _said(stack: Stack, count: int) -> tuple[list[Record], list[Record]]:
    """What intake says of the referrals whose contacts are multiplied, and of `count` others."""
    parts = intake_parts(IntakeSettings(database_url="postgresql://unused"))
    async with fresh_database(stack, "icart_intake") as database:
        runner = _runner(parts, database)
        said = []
        for seed, number in ((1, _MODELS), (2, count)):
            sent = [load.record() for load in referrals(seed, number)]
            await _run(runner, [
                Record(topic, 0, offset, SINCE, key, headers, value)
                for offset, (topic, key, value, headers) in enumerate(sent, start=seed * 10_000_000)
            ])  # fmt: skip
            async with database.connection() as connection:
                rows = await connection.fetch(
                    "with gone as (delete from outbox returning seq, topic, key, headers, value)"
                    " select * from gone where topic = 'events.intake' order by seq"
                )
            said.append([
                Record(row["topic"], 0, row["seq"], SINCE, row["key"].encode(),
                       [(name, value.encode()) for name, value in json.loads(row["headers"])], row["value"])
                for row in rows
            ])  # fmt: skip
    return said[0], said[1]


def _runner(parts: ServiceParts, database: Database) -> BatchRunner:
    """A runner of the first subscription, as `icart_common.service` makes it."""
    first, settings = parts.subscriptions[0], parts.settings
    assert isinstance(settings, ServiceSettings)
    topics = {topic.name: topic for topic in parts.topics if topic.family.name in first.families}
    return BatchRunner(
        first.name, parts.service, database, topics, first.handler, buckets=settings.outbox_buckets, parks=first.parks,
        hears=first.hears, passes_over=first.passes_over,
    )  # fmt: skip


async def _run(runner: BatchRunner, records: Sequence[Record]) -> float:
    """Seconds that the records took, in batches."""
    began = time.perf_counter()
    for start in range(0, len(records), _BATCH):
        assert not await runner.run(records[start : start + _BATCH])
    return time.perf_counter() - began


async def _hold(database: Database, held: int) -> None:
    """Multiply the contacts that are there until `held` are."""
    async with database.connection() as connection:
        await connection.execute(_MULTIPLY.replace("$HELD", str(int(held))), timeout=7200)
        await connection.execute("vacuum analyze", timeout=7200)
