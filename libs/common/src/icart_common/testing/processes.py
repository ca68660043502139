"""A service as its own process, with a database of its own, for one test."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

from icart_common.testing.databases import HasPostgres, migrated_database

_LEAVE_SECONDS = 20.0


class HasBoth(HasPostgres, Protocol):
    @property
    def bootstrap(self) -> str: ...


@asynccontextmanager
async def service_process(stack: HasBoth, package: str, **environment: str) -> AsyncIterator[str]:
    """`python -m package` until the block ends; then it has to leave with 0 when it is asked to. Gives its database's URL."""
    async with migrated_database(stack, package) as url:
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
