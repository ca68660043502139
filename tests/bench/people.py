"""P4, P5, P6 and P9: how fast people are matched, and contacts opened, among ten thousand to twelve million known people.

    python tests/bench/people.py                                small sizes, to see that it works (a minute)
    python tests/bench/people.py --sizes 10000,1000000,3000000,12000000 --sample 20000

One database grows from size to size: the people are generated families, loaded by COPY with one contact each up to three
million contacts. At each size people who are retold (misspelt, swapped, with blanks) are looked up one by one and in batches of
500, and referrals about them go through the door's whole batch path. P4 and P6 are of the size nearest to a million, P5 of the
largest against that, P9 of the size nearest to three million against the smallest. P6 is a sample, extrapolated to a year.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import asyncpg
from rich.console import Console
from rich.progress import Progress

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from icart_common.contracts.ids import derived_id
from icart_common.contracts.referral import Person, ReferralSubmitted
from icart_common.db.pool import Database
from icart_common.deployment import deployment_topics
from icart_common.messaging.message import Record
from icart_common.messaging.runner import BatchRunner
from icart_common.policy import load_packs
from icart_common.testing import fresh_database, record_of
from icart_intake.domain.matching import Facts, blocks_of
from icart_intake.evaluation.families import Someone, facts, people
from icart_intake.evaluation.retold import retold
from icart_intake.handlers.door import Door
from icart_intake.handlers.identifying import Identifying, Named
from icart_intake.weights import load_weights
from icart_localstack.testing import shared_stack
from tests.bench import report
from tests.bench.report import Row

ROOT = Path(__file__).resolve().parents[2]
AUTHORITY, AGENCY = "halton", "larkspur-lane-primary"
SEED = 2026
HOUSEHOLDS_A_PART = 5_000
MOST_CONTACTS = 3_000_000
YEAR_OF_CONTACTS = 3_000_000
BEGIN = datetime(2026, 1, 5, 9, tzinfo=UTC)
WHO = Person(ref="p1", role="child")


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured at one size."""

    people: int
    median_ms: float
    p99_ms: float
    matched: float
    """People a second, in batches."""
    opened: float
    """Contacts a second through the door."""


def _id(number: int) -> object:
    return derived_id(BEGIN + timedelta(milliseconds=number), "person", number)


def load_part(url: str, first: int, households: int) -> int:
    """Load so many households by COPY; returns how many people they are. Runs in a process of its own."""
    return asyncio.run(_load_part(url, first, households))


async def _load_part(url: str, first: int, households: int) -> int:
    persons, blocks = [], []
    for one in people(SEED, households, adults=False, first=first):
        what, who = facts(one), _id(one.number)
        persons.append((who, AUTHORITY, what.model_dump_json(exclude_defaults=True), "{}", "{}"))
        blocks += [(block, who) for block in blocks_of(AUTHORITY, what)]
    connection = await asyncpg.connect(url)
    try:
        await connection.copy_records_to_table(
            "person", records=persons, columns=["id", "authority", "facts", "standing", "described"]
        )
        await connection.copy_records_to_table("person_block", records=blocks, columns=["block", "person"])
    finally:
        await connection.close()
    return len(persons)


async def grow(
    database: Database, url: str, known: int, size: int, households: int, progress: Progress
) -> tuple[int, int]:
    """Load whole parts until `size` people are known; returns how many are, and how many households. Keys come last."""
    bar = progress.add_task(f"{size:,} people", total=size, completed=known)
    async with database.connection() as connection:
        await connection.execute("alter table person_block drop constraint if exists person_block_pkey")
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(os.cpu_count()) as workers:
        while known < size:
            wanted = max(1, min(HOUSEHOLDS_A_PART, int((size - known) / 2.3 / (os.cpu_count() or 1))))
            parts = []
            for _ in range(os.cpu_count() or 1):
                parts.append(loop.run_in_executor(workers, load_part, url, households, wanted))
                households += wanted
            known += sum(await asyncio.gather(*parts))
            progress.update(bar, completed=min(known, size))
    progress.update(bar, description=f"{known:,} people: keys, contacts")
    connection = await asyncpg.connect(url)  # minutes, at the largest size: the pool's limit is shorter
    try:
        await connection.execute("alter table person_block add primary key (block, person)", timeout=7200)
        await _add_contacts(connection)
        await connection.execute("vacuum analyze", timeout=7200)
    finally:
        await connection.close()
    progress.remove_task(bar)
    return known, households


async def _add_contacts(connection: asyncpg.Connection) -> None:
    """A contact for each person who has none, as the door leaves it, up to the most."""
    missing = MOST_CONTACTS - await connection.fetchval("select count(*) from contact", timeout=600)
    await connection.execute(
        f"""
        create temp table whom as select p.id, p.facts, p.described from person p
            where not exists (select from contact c where c.person = p.id) limit {max(0, int(missing))};
        insert into submission (id, agency, authority, message_id, channel, reference, pack_version, received_at, content)
            select id, '{AGENCY}', '{AUTHORITY}', id, 'form', 'AAAAA-AAAAA', '2026.1', '2025-01-05', id from whom;
        insert into mention (id, authority, submission, ref, at, described, facts, person, number)
            select id, '{AUTHORITY}', id, 'p1', '2025-01-05', described, facts, id, 1 from whom;
        insert into put (mention, number, person, at, because) select id, 1, id, '2025-01-05', id from whom;
        insert into contact (id, person, submission, authority, reference, received_at, mention, incident)
            select id, id, id, '{AUTHORITY}', 'AAAAA-AAAAA', '2025-01-05', id, id from whom;
        drop table whom;
        """,
        timeout=7200,
    )


def sample(households: int, count: int, seed: int) -> list[tuple[Someone, Facts]]:
    """People who are known, as somebody else describes them."""
    dice = Random(seed)
    found: list[tuple[Someone, Facts]] = []
    while len(found) < count:
        for one in people(SEED, 1, adults=False, first=dice.randrange(households)):
            found.append((one, retold(one, dice)))
    return found[:count]


async def match(database: Database, asked: Sequence[tuple[Someone, Facts]], batch: int) -> tuple[list[float], float]:
    """Look people up: seconds of each batch, and the share of those who were certainly the right ones."""
    weights, seconds, right = load_weights(), [], 0
    for start in range(0, len(asked), batch):
        part = asked[start : start + batch]
        began = time.perf_counter()
        async with database.transaction() as connection:
            identifying = Identifying(connection, weights)
            await identifying.load((), [(AUTHORITY, [Named(WHO, what) for _, what in part])])
            meant = [identifying.known.ask(AUTHORITY, what) for _, what in part]
        seconds.append(time.perf_counter() - began)
        right += sum(
            one is not None and one.member == _id(who.number) for (who, _), one in zip(part, meant, strict=True)
        )
    return seconds, right / len(asked)


def referral(one: Someone, what: Facts, number: int) -> Record:
    """A referral about somebody, as they are retold."""
    given, family = what.names[0] if what.names else ("", "")
    at = BEGIN + timedelta(days=300, seconds=number)
    person: dict[str, object] = {
        "ref": "p1", "role": "child", "given_name": given or None, "family_name": family or None, "born": what.born,
        "sex": what.sex, "nhs_number": what.nhs_number, "upn": what.upn, "phones": what.phones,
        "school": what.school or None,
        "addresses": [{"lines": place.lines, "postcode": place.postcode or None} for place in what.places],
    }  # fmt: skip
    body = ReferralSubmitted.model_validate(
        {
            "agency": AGENCY, "authority": AUTHORITY, "submission": derived_id(at, "submission", number), "channel": "form",
            "referrer": {"kind": "professional", "name": "Bertrand Thistlewood", "email": "b@example.org"},
            "event": {"what": f"Came to school hungry again, note {number} of household {one.number}."},
            "people": [person],
        }
    )  # fmt: skip
    return record_of(body, f"inbound.referrals.{AGENCY}", at=at, offset=number)


async def through_the_door(database: Database, asked: Sequence[tuple[Someone, Facts]], first: int, batch: int) -> float:
    """Contacts a second: the door's whole batch path, without the broker."""
    book = load_packs()
    topics = {topic.name: topic for topic in deployment_topics(book) if topic.family.owner == "intake"}
    runner = BatchRunner("referrals", "intake", database, topics, Door(book), buckets=16, parks=True)
    records = [referral(one, what, first + number) for number, (one, what) in enumerate(asked)]
    await runner.run(records[:batch])  # prepares the statements
    began = time.perf_counter()
    for start in range(batch, len(records), batch):
        await runner.run(records[start : start + batch])
    return (len(records) - batch) / (time.perf_counter() - began)


async def measure(database: Database, households: int, known: int, count: int, seed: int) -> tuple[Figures, float]:
    """Everything at one size, and the share of people who were found with certainty."""
    singles, _ = await match(database, sample(households, min(count, 2000), seed), 1)
    singles = sorted(singles[100:] or singles)
    asked = sample(households, count, seed + 1)
    await match(database, sample(households, 500, seed + 3), 500)  # others: what was read of them is kept
    seconds, right = await match(database, asked, 500)
    opened = await through_the_door(database, sample(households, count, seed + 2), seed * 10_000_000, 250)
    return (
        Figures(
            known,
            1000 * singles[len(singles) // 2],
            1000 * singles[int(len(singles) * 0.99)],
            count / sum(seconds),
            opened,
        ),
        right,
    )


def rows_of(found: Sequence[Figures], right: float) -> list[Row]:
    """The lines of the table."""
    million = min(found, key=lambda one: abs(one.people - 1_000_000))
    largest, smallest = found[-1], found[0]
    three = min(found, key=lambda one: abs(one.people - MOST_CONTACTS))
    minutes = YEAR_OF_CONTACTS / million.opened / 60
    rows = [Row("P4", f"{one.people:,} known: one person, half within", one.median_ms, "ms") for one in found]
    return [
        *rows,
        Row("P4", f"{million.people:,} known: one person, 99 of 100 within", million.p99_ms, "ms", target="P4-p99"),
        Row("P4", f"{million.people:,} known: in batches of 500", million.matched, "people/s", target="P4-batches"),
        Row("P4", "of those retold, certainly the right one", 100 * right, "%"),
        Row("P5", f"{largest.people:,} known: 99 of 100 within", largest.p99_ms, "ms"),
        Row("P5", f"{largest.people:,} known: in batches of 500", largest.matched, "people/s"),
        Row("P5", f"{largest.people:,} against {million.people:,} known, a person in batches",
            million.matched / largest.matched, "times", target="P5"),
        Row("P6", f"contacts through the door, {million.people:,} known", million.opened, "contacts/s"),
        Row("P6", "a year's three million, extrapolated from that sample", minutes, "minutes", target="P6"),
        Row("P9", f"contacts through the door, {smallest.people:,} people and contacts held", smallest.opened, "contacts/s"),
        Row("P9", f"contacts through the door, {three.people:,} people and contacts held", three.opened, "contacts/s"),
        Row("P9", f"a contact at {three.people:,} against {smallest.people:,}", smallest.opened / three.opened, "times",
            target="P9"),
    ]  # fmt: skip


async def sizes(
    url: str, database: Database, wanted: Sequence[int], count: int
) -> AsyncIterator[tuple[Figures, float]]:
    """Grow the database from size to size, and measure at each."""
    known = households = 0
    with Progress(console=Console(stderr=True), transient=True) as progress:
        for number, size in enumerate(wanted):
            known, households = await grow(database, url, known, size, households, progress)
            yield await measure(database, households, known, count, number + 1)


async def _main(wanted: Sequence[int], count: int) -> None:
    console = Console(width=None if sys.stdout.isatty() else 150)
    machine, right = report.facts(), 0.0
    found: list[Figures] = []
    began = time.perf_counter()
    with shared_stack() as stack:
        async with fresh_database(stack, "icart_intake") as database:
            async with database.connection() as connection:
                url = stack.postgres_url(await connection.fetchval("select current_database()"))
            async for figures, share in sizes(url, database, wanted, count):
                found.append(figures)
                right = share
                console.print(json.dumps({name: round(getattr(figures, name), 2) for name in Figures.__slots__}))
    machine |= {"took_seconds": round(time.perf_counter() - began), "sample": count}
    rows = rows_of(found, right)
    report.show(rows, machine, console)
    report.write(rows, machine, ROOT / "build" / "bench-people.json")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Measure matching and opening among many known people.")
    parser.add_argument("--sizes", default="2000,20000,30000", help="how many people are known, one after the other")
    parser.add_argument(
        "--sample", type=int, default=2000, help="how many people and contacts are measured at each size"
    )
    arguments = parser.parse_args()
    asyncio.run(_main([int(size) for size in arguments.sizes.split(",")], arguments.sample))
