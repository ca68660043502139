"""P10: server time and weight of the gateway's pages when many contacts are in its read models.

The rows are made in the database by set-based statements; each page is then asked for again and again in this process, from the
application's own edge to its last byte, without a browser and without a network.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from typing import Final

import httpx2

from icart_common.clock import SimulatedClock
from icart_common.db.pool import Database
from icart_common.deployment import deployment_topics
from icart_common.messaging.publish import Publisher
from icart_common.policy import load_packs
from icart_common.running import Running
from icart_common.testing import fresh_database
from icart_gateway.doorway import Doorway
from icart_gateway.live import Live
from icart_gateway.rows import shut_rows
from icart_gateway.settings import Settings
from icart_gateway.signing_in.cookies import SESSION
from icart_gateway.signing_in.posts import Post
from icart_gateway.signing_in.session import begin
from icart_gateway.web import web
from icart_localstack.testing import Stack
from tests.bench.report import Row

NOW: Final = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
_OPEN: Final = 2_000
"""Contacts that are open at once: more than any of the three front doors has."""
_ROUNDS: Final = 60
_MOST: Final = ": 95 of 100 within"
_MANAGER, _OPERATOR = "social-work-manager", "operations"
_PAGES: Final = (
    ("desktops", "/desktops", _MANAGER),
    ("a desktop, filtered and sorted", "/desktops?desktop={desktop}&urgency=urgent&sort=received&back=1", _MANAGER),
    ("allocation", "/allocation", _MANAGER),
    ("performance, 12 weeks", "/performance", _MANAGER),
    ("performance, a year", "/performance?weeks=52", _MANAGER),
    ("operations", "/ops", _OPERATOR),
)
Say = Callable[[str, int, int], None]


async def measure(stack: Stack, contacts: int, say: Say) -> list[Row]:
    """The lines of P10 with so many contacts."""
    book = load_packs()
    desktops = [one.id for one in book.pack("halton").desktops]
    with tempfile.TemporaryDirectory(prefix="icart-bench-") as folder:
        clock = SimulatedClock(Path(folder) / "clock")
        clock.set(NOW)
        async with (
            fresh_database(stack, "icart_gateway") as held,
            fresh_database(stack, "icart_gateway.model") as models,
        ):
            say(f"{contacts:,} contacts", 0, 0)
            began = time.perf_counter()
            async with models.connection() as connection:
                await shut_rows(connection)
            await _fill(models, contacts, desktops)
            seconds = time.perf_counter() - began
            settings = Settings(
                database_url=stack.postgres_url(), kafka_bootstrap=stack.bootstrap, cookies_over_http=True
            )
            topics = deployment_topics(book)
            running = Running("gateway", settings, models, clock, {})
            door = Doorway(
                settings, book, held, models, Publisher(settings, topics, clock, source="bench"), Live(), clock, running,
                "http://gateway.test", wall=clock,
            )  # fmt: skip
            found = [Row("P10", f"rows of {contacts:,} contacts made", contacts / seconds, "contacts/s")]
            for number, (name, path, role) in enumerate(_PAGES):
                say(name, number, len(_PAGES))
                found += await _page(door, name, path.format(desktop=desktops[0]), role)
    slowest = max((row for row in found if row.what.endswith(_MOST)), key=lambda row: row.value)
    return [*found, Row("P10", f"the slowest of them, {contacts:,} contacts", slowest.value, "ms", target="P10-p95")]


async def _fill(models: Database, contacts: int, desktops: list[str]) -> None:
    script = (Path(__file__).parent / "page_rows.sql").read_text()
    named = {
        "$CONTACTS": str(contacts), "$OPEN": str(min(_OPEN, contacts)), "$NOW": NOW.isoformat(),
        "$DESKTOPS": ", ".join(f"'{one}'" for one in desktops),
    }  # fmt: skip
    for name, value in named.items():
        script = script.replace(name, value)
    async with models.connection() as connection:
        for statement in script.split(";\n"):
            if statement.strip():
                await connection.execute(statement, timeout=3600)


async def _page(door: Doorway, name: str, path: str, role: str) -> list[Row]:
    async with door.held.connection() as connection:
        token = await begin(
            connection,
            person="bench-1",
            name="Robin Example",
            posts=[Post("halton", role)],
            now=NOW,
            settings=door.settings,
        )
    waits, size = [], 0
    transport = httpx2.ASGITransport(app=web(door))
    async with httpx2.AsyncClient(
        transport=transport,
        base_url="http://gateway.test",
        cookies={SESSION: token},
        headers={"accept-encoding": "gzip"},
    ) as client:
        for turn in range(_ROUNDS + 5):
            before = time.perf_counter()
            answer = await client.get(path)
            if turn >= 5:  # the first prepare statements and templates
                waits.append((time.perf_counter() - before) * 1000)
            if answer.status_code != 200:
                raise RuntimeError(f"{path} answers {answer.status_code}")
            size = int(answer.headers.get("content-length", len(answer.content)))
    cuts = quantiles(waits, n=100)
    return [
        Row("P10", f"{name}: half within", cuts[49], "ms"),
        Row("P10", f"{name}{_MOST}", cuts[94], "ms"),
        Row("P10", f"{name}: weight of a visit after the first", size / 1024, "KiB"),
    ]
