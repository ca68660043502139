"""A service's health port, as the operations pages find it: a real database, real endpoints, a probe for a handler."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from faststream.asgi import AsgiFastStream
from faststream.kafka import KafkaBroker
from pydantic import SecretStr

from icart_common.clock import Clock
from icart_common.contracts.deadletters import DeadLettered
from icart_common.db.pool import Database
from icart_common.messaging.message import Record
from icart_common.messaging.runner import BatchRunner
from icart_common.messaging.subscriber import Subscriber
from icart_common.observability.health import Health, health_routes
from icart_common.running import Running
from icart_common.service import end, serve_quietly
from icart_common.settings import ServiceSettings
from icart_common.testing import fresh_database, said

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


@asynccontextmanager
async def intake(stack: Any, topics: Any, handler: Any, folder: Path, clock: Clock) -> AsyncIterator[Intake]:
    """Serve it on loopback while the block runs."""
    async with fresh_database(stack, "icart_intake") as database:
        settings = ServiceSettings(
            database_url=SecretStr(stack.postgres_url()), kafka_bootstrap=stack.bootstrap, ops_token=SecretStr(TOKEN)
        )
        runner = BatchRunner("probe", "intake", database, {one.name: one for one in topics}, handler, buckets=4)
        subscriber = Subscriber("intake", runner, settings)
        health = Health(Running("intake", settings, database, clock, {"probe": subscriber}))
        health.waits_for = None
        app = AsgiFastStream(KafkaBroker(stack.bootstrap), asgi_routes=health_routes(health), logger=None)
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            listening.listen()
            serving = asyncio.create_task(serve_quietly(app, [listening], grace_seconds=1))
            urls = folder / "run.json"
            url = f"http://127.0.0.1:{listening.getsockname()[1]}"
            urls.write_text(json.dumps({"services": {"intake": {"pid": 1, "url": url}}}))
            try:
                yield Intake(database, runner, urls)
            finally:
                await end({serving})
