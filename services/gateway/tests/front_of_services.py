"""A service's health port, as the operations pages find it: a real database, real endpoints, a probe for a handler."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from faststream.asgi import AsgiFastStream
from faststream.kafka import KafkaBroker
from pydantic import SecretStr

from icart_common.clock import Clock, SimulatedClock
from icart_common.contracts.deadletters import DeadLettered
from icart_common.contracts.intake import ContactOpened
from icart_common.db.pool import Database
from icart_common.messaging.message import Record
from icart_common.messaging.runner import BatchRunner
from icart_common.messaging.subscriber import Subscriber
from icart_common.observability.health import Health, health_routes
from icart_common.running import Running
from icart_common.service import end, serve_quietly
from icart_common.settings import ServiceSettings
from icart_common.testing import fresh_database, said
from icart_screening.app import parts
from icart_screening.settings import Settings
from services.screening.tests.front_door import contact_opened
from services.screening.tests.test_topics_to_tables import opened

TOKEN = "a-token-that-only-tests-know"


@dataclass
class Intake:
    """Intake's health port without its consumers."""

    database: Database
    runner: BatchRunner
    urls: Path

    async def puts_aside(self, record: Record) -> DeadLettered:
        """Let it meet a record that it cannot handle; returns what it says of it."""
        before = len(await said(self.database, DeadLettered))
        await self.runner.run([record])
        return (await said(self.database, DeadLettered))[before]


@dataclass
class Screening:
    """Screening's health port with one contact in its log."""

    database: Database
    opened: ContactOpened
    url: str

    async def reads(self) -> list[tuple[str, str]]:
        """Who read a record, and as whose copy, the first one first."""
        async with self.database.connection() as connection:
            rows = await connection.fetch("select person, reader from record_read order by at")
        return [(row["person"], row["reader"]) for row in rows]


@asynccontextmanager
async def intake(stack: Any, topics: Any, handler: Any, folder: Path, clock: Clock) -> AsyncIterator[Intake]:
    """Serve it on loopback while the block runs."""
    async with fresh_database(stack, "icart_intake") as database:
        settings = _settings(stack)
        runner = BatchRunner("probe", "intake", database, {one.name: one for one in topics}, handler, buckets=4)
        subscriber = Subscriber("intake", runner, settings)
        async with _health_port(Running("intake", settings, database, clock, {"probe": subscriber})) as url:
            urls = folder / "run.json"
            urls.write_text(json.dumps({"services": {"intake": {"pid": 1, "url": url}}}))
            yield Intake(database, runner, urls)


@asynccontextmanager
async def screening(stack: Any, authority: str, clock: SimulatedClock) -> AsyncIterator[Screening]:
    """Screening, which has heard of a contact of the authority, as the pages ask it for records."""
    async with fresh_database(stack, "icart_screening") as database:
        built = parts(Settings(database_url=SecretStr(stack.postgres_url()), kafka_bootstrap=stack.bootstrap))
        heard = built.subscriptions[0]
        topics = {one.name: one for one in built.topics if one.family.name in heard.families}
        runner = BatchRunner(heard.name, "screening", database, topics, heard.handler, buckets=4, hears=heard.hears)
        assert await runner.run([opened(authority)]) == []
        async with _health_port(Running("screening", _settings(stack), database, clock, {}), built.asked) as url:
            yield Screening(database, contact_opened(authority), url)


def _settings(stack: Any) -> ServiceSettings:
    return ServiceSettings(
        database_url=SecretStr(stack.postgres_url()), kafka_bootstrap=stack.bootstrap, ops_token=SecretStr(TOKEN)
    )


@asynccontextmanager
async def _health_port(running: Running, asked: Mapping[str, Any] | None = None) -> AsyncIterator[str]:
    """The address of a service's health port, while the block runs."""
    health = Health(running)
    health.waits_for = None
    broker = KafkaBroker(running.settings.kafka_bootstrap)
    app = AsgiFastStream(broker, asgi_routes=health_routes(health, asked or {}), logger=None)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        serving = asyncio.create_task(serve_quietly(app, [listening], grace_seconds=1))
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            await end({serving})
