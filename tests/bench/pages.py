"""P10: server time of the gateway's pages when many contacts are in its read models.

The rows are made in the database by set-based statements (page_rows.py). Each page is then asked for again and again in this
process, from the application's own edge to its last byte, by somebody who is signed in, with row-level security on and each
read of a record said in the trail: without a browser and without a network. `/ops` is told where no service is, so that it
waits for none.
"""

from __future__ import annotations

import random
import re
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from statistics import quantiles
from typing import Final

import asyncpg
import httpx2

from icart_common.clock import SimulatedClock
from icart_common.db.pool import Database
from icart_common.deployment import deployment_topics
from icart_common.messaging.publish import Publisher
from icart_common.policy import PolicyBook, load_packs
from icart_common.running import Running
from icart_common.testing import fresh_database, migrated_database
from icart_gateway.doorway import Doorway
from icart_gateway.live import Live
from icart_gateway.rows import shut_rows
from icart_gateway.settings import Settings
from icart_gateway.signing_in.cookies import SESSION
from icart_gateway.signing_in.posts import Post
from icart_gateway.signing_in.session import begin
from icart_gateway.web import web
from icart_localstack.testing import Stack
from tests.bench.page_rows import fill
from tests.bench.report import Row

NOW: Final = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
_ROUNDS: Final = 60
_FIRST: Final = 5
"""Requests that are not counted: they prepare statements and templates."""
_FAR_PAGES: Final = 10
_MOST: Final = ": 95 of 100 within"
_MANAGER, _OPERATOR = "social-work-manager", "operations"
Say = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class _Visit:
    """A page by what it is called, with the addresses that are asked for in turn."""

    name: str
    addresses: tuple[str, ...]
    role: str = _MANAGER


@dataclass(frozen=True, slots=True)
class _Known:
    """Things that are there, spread over all three years."""

    contacts: Sequence[asyncpg.Record]
    offers: Sequence[asyncpg.Record]


async def measure(stack: Stack, contacts: int, say: Say) -> list[Row]:
    """The lines of P10 with so many contacts."""
    book = load_packs()
    began = time.perf_counter()
    async with _doorway(stack, book, contacts, say) as door:
        found = [
            Row("P10", f"rows of {contacts:,} contacts made", contacts / (time.perf_counter() - began), "contacts/s")
        ]
        size = await door.models.pool.fetchval("select pg_database_size(current_database())")
        found.append(Row("P10", "read models on disk", size / 2**30, "GiB"))
        visits = await _visits(door, book)
        for number, visit in enumerate(visits):
            say(visit.name, number, len(visits))
            found.append(await _measured(door, visit))
    slowest = max((row for row in found if _MOST in row.what), key=lambda row: row.value)
    return [*found, Row("P10", f"the slowest of them, {contacts:,} contacts", slowest.value, "ms", target="P10-p95")]


@asynccontextmanager
async def _doorway(stack: Stack, book: PolicyBook, contacts: int, say: Say) -> AsyncIterator[Doorway]:
    """The pages' doorway over read models with so many contacts."""
    with tempfile.TemporaryDirectory(prefix="icart-bench-") as folder:
        clock = SimulatedClock(Path(folder) / "clock")
        clock.set(NOW)
        async with (
            fresh_database(stack, "icart_gateway") as held,
            migrated_database(stack, "icart_gateway.model", shut_rows) as url,
        ):
            connection = await asyncpg.connect(url)
            try:
                await fill(connection, book, contacts, NOW, lambda what: say(f"{contacts:,} contacts: {what}", 0, 0))
            finally:
                await connection.close()
            models = Database(url, connections=4, wait_seconds=5, application="bench")
            await models.open()
            settings = Settings(
                database_url=stack.postgres_url(), kafka_bootstrap=stack.bootstrap, cookies_over_http=True
            )
            publisher = Publisher(settings, deployment_topics(book), clock, source="bench")
            running = Running("gateway", settings, models, clock, {})
            try:
                yield Doorway(
                    settings, book, held, models, publisher, Live(), clock, running, "http://gateway.test", wall=clock
                )
            finally:
                await models.close()


async def _visits(door: Doorway, book: PolicyBook) -> list[_Visit]:
    known = await _known(door.models)
    desktop = book.pack("halton").desktops[1].id
    strand = book.pack("halton").strands[1].id
    day = NOW.date().isoformat()
    visits = [_Visit(f"desktops, {name}", (f"/desktops?{query}",)) for name, query in _lists(desktop, strand)]
    for sort in ("due", "received", "urgency"):
        far = await _far(door, f"/desktops?sort={sort}")
        visits.append(_Visit(f"desktops by {sort}, {_FAR_PAGES} pages on", (far,)))
    return [
        *visits,
        _Visit("allocation", ("/allocation",)),
        _Visit("a contact that is open", tuple(f"/contacts/{one['id']}" for one in known.contacts if one["open"])),
        _Visit("a contact that was closed", tuple(f"/contacts/{one['id']}" for one in known.contacts if not one["open"])),
        *[_Visit(f"search: {name}", await _searched(door, asked)) for name, asked in _searches(known).items()],
        _Visit("possible matches", ("/matches",)),
        _Visit("a possible match", tuple(f"/matches/{one['id']}" for one in known.offers)),
        _Visit("nights", ("/nights", "/nights/2025-03-01")),
        _Visit("meetings", ("/meetings", "/meetings/2025-03-03", f"/meetings/{day}")),
        _Visit("how it runs", ("/ops",), _OPERATOR),
        _Visit("what could not be handled", ("/ops/dead-letters",), _OPERATOR),
        _Visit("deliveries that failed", ("/ops/deliveries",), _OPERATOR),
        _Visit("performance, 12 weeks", ("/performance",)),
        _Visit("performance, 52 weeks", ("/performance?weeks=52",)),
        _Visit("performance, years", ("/performance?by=year",)),
        _Visit("performance, trends as a file", ("/performance/trends.csv?by=quarter",)),
    ]  # fmt: skip


def _lists(desktop: str, strand: str) -> list[tuple[str, str]]:
    found = [(f"by {sort}{', back' if back else ''}", f"sort={sort}&back={int(back)}")
             for sort in ("due", "received", "urgency") for back in (False, True)]  # fmt: skip
    narrowed = [
        ("one desktop", f"desktop={desktop}"), ("one strand", f"strand={strand}"), ("immediate", "urgency=immediate"),
        ("one worker", "worker=halton-w7"), ("mine", "mine=1"), ("late", "late=1"),
        *[(f"waiting for {stage}", f"stage={stage}") for stage in ("triage", "allocation", "authorisation")],
        ("one desktop, urgent, late, by received, back", f"desktop={desktop}&urgency=urgent&late=1&sort=received&back=1"),
    ]  # fmt: skip
    return found + narrowed


async def _known(models: Database) -> _Known:
    async with models.connection() as connection:
        newest = await connection.fetchval("select id from contact order by id desc limit 1")
        last = int(newest.hex[:12], 16)
        dice = random.Random(7)
        drawn = [dice.randint(1, last) for _ in range(400)] + list(range(last - 200, last + 1))
        ids = [f"{number:012x}7000800000000000beef" for number in drawn]
        contacts = await connection.fetch(
            "select contact.id, contact.reference, open, given_name, family_name, born, postcode from contact "
            "join arrival on arrival.contact = contact.id where contact.id = any($1::uuid[]) and contact.authority = 'halton' "
            "order by contact.id",
            ids,
        )
        offers = await connection.fetch("select id from offer where authority = 'halton' order by id desc limit 60")
    return _Known(contacts, offers)


def _searches(known: _Known) -> dict[str, list[dict[str, str]]]:
    """Forms of each kind of search, filled in for people who are there."""

    def each(fill_in: Callable[[asyncpg.Record], dict[str, str]]) -> list[dict[str, str]]:
        return [fill_in(one) for one in islice(known.contacts, 40)]

    def born(one: asyncpg.Record) -> dict[str, str]:
        return {"day": str(one["born"].day), "day-month": str(one["born"].month), "day-year": str(one["born"].year)}

    return {
        "a reference": each(lambda one: {"reference": one["reference"]}),
        "a name and a date of birth": each(lambda one: {"family_name": one["family_name"], **born(one)}),
        "a family name and a given name": each(
            lambda one: {"family_name": one["family_name"], "given_name": one["given_name"]}
        ),
        "a name that many have and a given name that nobody has": [{"family_name": "Oller", "given_name": "Xanthe"}],
        "a name that many have and a date of birth that nobody has": [
            {"family_name": "Oller", "day": "1", "day-month": "1", "day-year": "1931"}
        ],
        "the beginning of a name": [{"family_name": name} for name in ("Oll", "Wicken", "Stellrigg0", "Garrowfold9")],
        "a postcode and a name": each(lambda one: {"postcode": one["postcode"], "family_name": one["family_name"]}),
        "a postcode": each(lambda one: {"postcode": one["postcode"]}),
        "a name that nobody has": [{"family_name": "Zzyx"}],
    }


async def _searched(door: Doorway, forms: list[dict[str, str]]) -> tuple[str, ...]:
    """The addresses of the pages of results."""
    found = []
    async with _signed_in(door, _MANAGER) as (client, csrf):
        for form in forms:
            answer = await client.post("/search", data={"csrf": csrf, **form})
            if answer.status_code != 303:
                raise RuntimeError(f"/search answers {answer.status_code}")
            found.append(answer.headers["location"])
    return tuple(found)


async def _far(door: Doorway, address: str) -> str:
    """The address of a page far on, found by following "next"."""
    async with _signed_in(door, _MANAGER) as (client, _):
        for _ in range(_FAR_PAGES):
            page = (await client.get(address)).text
            after = re.search(r"after=(-?\d+_[0-9a-f-]{36})", page)
            if after is None:
                break
            address = f"{address.partition('&after')[0]}&after={after[1]}"
    return address


@asynccontextmanager
async def _signed_in(door: Doorway, role: str) -> AsyncIterator[tuple[httpx2.AsyncClient, str]]:
    """A browser of somebody in the role, and the mark that their forms carry."""
    async with door.held.connection() as connection:
        posts = [Post("halton", role)]
        token = await begin(
            connection, person="bench-1", name="Robin Example", posts=posts, now=NOW, settings=door.settings
        )
        csrf = await connection.fetchval("select csrf from session order by id desc limit 1")
    transport = httpx2.ASGITransport(app=web(door))
    async with httpx2.AsyncClient(
        transport=transport,
        base_url="http://gateway.test",
        cookies={SESSION: token},
        headers={"accept-encoding": "gzip"},
    ) as client:
        yield client, csrf


async def _measured(door: Doorway, visit: _Visit) -> Row:
    waits, size = [], 0
    async with _signed_in(door, visit.role) as (client, _):
        for turn, address in enumerate(islice(cycle(visit.addresses), _ROUNDS + _FIRST)):
            if turn == _FIRST:
                before_any = door.models.count.statements + door.held.count.statements
            before = time.perf_counter()
            answer = await client.get(address)
            if turn >= _FIRST:
                waits.append((time.perf_counter() - before) * 1000)
            if answer.status_code != 200:
                raise RuntimeError(f"{address} answers {answer.status_code}")
            size = int(answer.headers.get("content-length", len(answer.content)))
    statements = (door.models.count.statements + door.held.count.statements - before_any) / _ROUNDS
    cuts = quantiles(waits, n=100)
    beside = f"half {cuts[49]:.1f} ms, slowest {max(waits):.0f} ms, {statements:.0f} statements, {size / 1024:.0f} KiB"
    return Row("P10", f"{visit.name} ({beside}){_MOST}", cuts[94], "ms")
