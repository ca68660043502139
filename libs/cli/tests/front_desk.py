"""Screening's runner on a real database, intake's and timers' beside it, and `icart` as a script uses it."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from icart_cli import exits
from icart_common.db.pool import Database
from icart_common.deployment import deployment_topics
from icart_common.messaging.message import Record
from icart_common.messaging.runner import BatchRunner
from icart_common.testing.databases import migrated_database
from icart_screening.app import parts
from icart_screening.settings import Settings
from services.screening.tests.front_door import BOOK


@dataclass(frozen=True)
class FrontDesk:
    """Screening's and intake's databases, and `icart` as a script uses it."""

    screening: Database
    runner: BatchRunner
    environment: dict[str, str]
    folder: Path

    @asynccontextmanager
    async def database_of(self, service: str) -> AsyncIterator[asyncpg.Connection]:
        """A connection to another service's database."""
        connection = await asyncpg.connect(self.environment[f"ICART_{service.upper()}_DATABASE_URL"])
        try:
            yield connection
        finally:
            await connection.close()

    async def heard(self, records: list[Record]) -> None:
        assert await self.runner.run(records) == []

    async def __call__(self, *words: str, code: int = exits.OK) -> list[dict[str, Any]]:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", "from icart_cli.main import main; main()", *words,
            cwd=self.folder, env=os.environ | self.environment,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, error = await asyncio.wait_for(process.communicate(), 120)
        assert process.returncode == code, (words, out.decode(), error.decode())
        return [json.loads(line) for line in (out or error).splitlines()]


@pytest.fixture
async def icart(stack: Any, tmp_path: Path) -> AsyncIterator[FrontDesk]:
    async with (
        migrated_database(stack, "icart_screening") as url,
        migrated_database(stack, "icart_intake") as intake,
        migrated_database(stack, "icart_timers") as timers,
    ):
        database = Database(url, connections=2, wait_seconds=5, application="test-records")
        await database.open()
        built = parts(Settings(database_url=url))
        contacts = next(one for one in built.subscriptions if one.name == "contacts")
        topics = {topic.name: topic for topic in deployment_topics(BOOK) if topic.family.name in contacts.families}
        runner = BatchRunner(
            contacts.name, "screening", database, topics, contacts.handler,
            buckets=4, parks=contacts.parks, hears=contacts.hears,
        )  # fmt: skip
        environment = {
            "ICART_SCREENING_DATABASE_URL": url,
            "ICART_INTAKE_DATABASE_URL": intake,
            "ICART_TIMERS_DATABASE_URL": timers,
        }
        try:
            yield FrontDesk(database, runner, environment, tmp_path)
        finally:
            await database.close()
