"""A service's database of its own for one test: a copy of one that was migrated once, emptied for the next test."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, Protocol
from uuid import uuid4

import asyncpg

from icart_common.db.migrate import migrate
from icart_common.db.pool import Database, named_sql

_SQL = named_sql("icart_common.testing")
_MOST_GROWN: Final = 8 * 1024 * 1024
"""Bytes that a test may have added to a database that is used again: a new copy is quicker than emptying more."""


Prepare = Callable[[asyncpg.Connection], Awaitable[None]]
"""What is done to a database after its migrations, once for all that are copied from it."""


class HasPostgres(Protocol):
    def postgres_url(self, database: str = "postgres") -> str: ...


@dataclass(frozen=True, slots=True)
class _Model:
    """A migrated database that others are copied from, and how one looks that nobody has used."""

    name: str
    looks: str
    size: int
    given: list[str]
    """Tables that have rows from the start: those are not emptied."""


_Kind = tuple[str, str, Prepare | None]
"""The server's address, the package, and what is done after its migrations."""
_models: dict[_Kind, _Model] = {}
"""Migrations run once a server, not once a test."""
_empty: defaultdict[_Kind, list[str]] = defaultdict(list)
"""Databases that the next test takes."""


async def _model(stack: HasPostgres, place: _Kind) -> _Model:
    _, package, prepare = place
    if place not in _models:
        name = f"{package}_{uuid4().hex[:12]}_model"
        await migrate(stack.postgres_url(name), package)
        connection = await asyncpg.connect(stack.postgres_url(name))
        try:
            if prepare:
                await prepare(connection)
            given = await connection.fetchval(_SQL["filled_tables"])
            size = await connection.fetchval("select pg_database_size(current_database())")
            _models[place] = _Model(name, await _looks(connection, given), size, given)
        finally:
            await connection.close()
    return _models[place]


async def _looks(connection: asyncpg.Connection, given: list[str]) -> str:
    """A digest of everything that is made in a database and of the rows it has from the start."""
    looks = [await connection.fetchval(_SQL["catalogue_digest"])]
    for table in given:
        looks.append(await connection.fetchval(f"select md5(string_agg(t::text, ',' order by t::text)) from {table} t"))  # noqa: S608  # the catalogue quotes it
    return " ".join(map(str, looks))


async def _emptied(url: str, model: _Model) -> bool:
    """Empty a database for the next test. False when it cannot be as new: a test made something in it, or much."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(_SQL["end_other_sessions"])
        size = await connection.fetchval("select pg_database_size(current_database())")
        if size > model.size + _MOST_GROWN:
            return False
        async with connection.transaction():
            await connection.execute("set local session_replication_role = replica")
            for table in await connection.fetchval(_SQL["filled_tables"]):
                if table not in model.given:
                    await connection.execute(f"delete from {table}")  # noqa: S608  # the catalogue quotes it
            await connection.execute(_SQL["sequences_from_start"])
        return await _looks(connection, model.given) == model.looks
    finally:
        await connection.close()


async def drop_models(stack: HasPostgres) -> None:
    """Drop what was copied from and what waits for a test on a server. For the end of a run, whose server may stay."""
    server = stack.postgres_url()
    for place in [place for place in _models if place[0] == server]:
        for name in (_models.pop(place).name, *_empty.pop(place, ())):
            await _drop(stack, name)


async def _drop(stack: HasPostgres, name: str) -> None:
    await _on(stack.postgres_url(), f'drop database "{name}" with (force)')


async def _on(server: str, statement: str) -> None:
    admin = await asyncpg.connect(server)
    try:
        await admin.execute(statement)
    finally:
        await admin.close()


@asynccontextmanager
async def migrated_database(stack: HasPostgres, package: str, prepare: Prepare | None = None) -> AsyncIterator[str]:
    """The URL of a migrated database of `package` (for example `icart_intake`) that is this block's alone, as if new."""
    place = stack.postgres_url(), package, prepare
    model, waiting = await _model(stack, place), _empty[place]
    if waiting:
        name = waiting.pop()
    else:
        name = f"{package}_{uuid4().hex[:12]}"
        await _on(stack.postgres_url(), f'create database "{name}" template "{model.name}"')
    try:
        yield stack.postgres_url(name)
    finally:
        if await _emptied(stack.postgres_url(name), model):
            waiting.append(name)
        else:
            await _drop(stack, name)


@asynccontextmanager
async def fresh_database(
    stack: HasPostgres, package: str, *, connections: int = 4, prepare: Prepare | None = None
) -> AsyncIterator[Database]:
    """A migrated database of `package` with an open pool, this block's alone."""
    async with migrated_database(stack, package, prepare) as url:
        database = Database(url, connections=connections, wait_seconds=5, application=f"test-{package}")
        await database.open()
        try:
            yield database
        finally:
            await database.close()
