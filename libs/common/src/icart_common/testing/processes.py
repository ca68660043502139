"""A service as its own process, with a database of its own, for one test."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol
from uuid import uuid4

import asyncpg

from icart_common.db.migrate import migrate
from icart_common.testing.databases import HasPostgres

_LEAVE_SECONDS = 20.0


class HasBoth(HasPostgres, Protocol):
    @property
    def bootstrap(self) -> str: ...


@asynccontextmanager
async def service_process(stack: HasBoth, package: str, **environment: str) -> AsyncIterator[str]:
    """`python -m package` until the block ends; then it has to leave with 0 when it is asked to. Gives its database's URL."""
    name = f"{package}_{uuid4().hex[:12]}"
    url = stack.postgres_url(name)
    await migrate(url, package)
    settings = {"ICART_KAFKA_BOOTSTRAP": stack.bootstrap, "ICART_DATABASE_URL": url, "ICART_LOG_LEVEL": "WARNING"}
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", package, env=os.environ | settings | environment
    )
    try:
        yield url
        running.terminate()
        assert await asyncio.wait_for(running.wait(), _LEAVE_SECONDS) == 0
    finally:
        if running.returncode is None:
            running.kill()
            await running.wait()
        admin = await asyncpg.connect(stack.postgres_url())
        await admin.execute(f'drop database "{name}" with (force)')
        await admin.close()
