"""A service's database of its own for one test, migrated and dropped again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol
from uuid import uuid4

import asyncpg

from icart_common.db.migrate import migrate
from icart_common.db.pool import Database


class HasPostgres(Protocol):
    def postgres_url(self, database: str = "postgres") -> str: ...


@asynccontextmanager
async def fresh_database(stack: HasPostgres, package: str, *, connections: int = 4) -> AsyncIterator[Database]:
    """A migrated database of `package` (for example `icart_intake`) with an open pool; gone when the block ends."""
    name = f"{package}_{uuid4().hex[:12]}"
    url = stack.postgres_url(name)
    await migrate(url, package)
    database = Database(url, connections=connections, wait_seconds=5, application=f"test-{package}")
    await database.open()
    try:
        yield database
    finally:
        await database.close()
        admin = await asyncpg.connect(stack.postgres_url())
        await admin.execute(f'drop database "{name}" with (force)')
        await admin.close()
