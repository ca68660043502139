"""A service's database of its own for one test: a copy of one that was migrated once, and dropped again."""

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


_migrated: dict[tuple[str, str], str] = {}
"""The database to copy, by the server's address and the package: migrations run once a server, not once a test."""


async def _to_copy(stack: HasPostgres, package: str) -> str:
    server = stack.postgres_url()
    found = _migrated.get((server, package))
    if found is None:
        found = f"{package}_{uuid4().hex[:12]}_model"
        await migrate(stack.postgres_url(found), package)
        _migrated[server, package] = found
    return found


async def drop_models(stack: HasPostgres) -> None:
    """Drop the databases that were copied on a server. For the end of a run, whose server may stay."""
    server = stack.postgres_url()
    for name in [name for (where, _), name in _migrated.items() if where == server]:
        await _on(server, f'drop database "{name}" with (force)')
    for key in [key for key in _migrated if key[0] == server]:
        del _migrated[key]


async def _on(server: str, statement: str) -> None:
    admin = await asyncpg.connect(server)
    try:
        await admin.execute(statement)
    finally:
        await admin.close()


@asynccontextmanager
async def migrated_database(stack: HasPostgres, package: str) -> AsyncIterator[str]:
    """The URL of a migrated database of `package` (for example `icart_intake`), gone when the block ends."""
    name = f"{package}_{uuid4().hex[:12]}"
    model = await _to_copy(stack, package)
    await _on(stack.postgres_url(), f'create database "{name}" template "{model}"')
    try:
        yield stack.postgres_url(name)
    finally:
        await _on(stack.postgres_url(), f'drop database "{name}" with (force)')


@asynccontextmanager
async def fresh_database(stack: HasPostgres, package: str, *, connections: int = 4) -> AsyncIterator[Database]:
    """A migrated database of `package` with an open pool; gone when the block ends."""
    async with migrated_database(stack, package) as url:
        database = Database(url, connections=connections, wait_seconds=5, application=f"test-{package}")
        await database.open()
        try:
            yield database
        finally:
            await database.close()
