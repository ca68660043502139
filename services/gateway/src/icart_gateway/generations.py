"""Generations of the read models: each is a schema of the gateway's database, and one is in force (decision 0015, 2)."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

import asyncpg
import structlog

from icart_common.db.pool import TRANSIENT_DATABASE, named_sql
from icart_common.db.revisions import newest, revision_of
from icart_common.messaging.backoff import delays
from icart_common.running import Running
from icart_common.service import Leave
from icart_gateway.rows import shut_rows

if TYPE_CHECKING:
    from icart_common.db.migrate import Migrated

log = structlog.get_logger()

DOORWAY = "icart_gateway"
"""The package with the migrations of what no topic holds."""
MODELS = "icart_gateway.model"
"""The package with the migrations of the read models."""
CHANNEL: Final = "icart_generation"
"""Notified when another generation is in force."""
_LOOK_SECONDS = 5.0
_SQL = named_sql("icart_gateway")


class CannotServe(Exception):
    """The generation is not there, is being filled, or is older than this release: it cannot be put in force."""


class InForce(Exception):
    """The generation is the one that serves: it cannot be dropped."""


@dataclass(frozen=True, slots=True)
class Generation:
    """A generation of the read models, whether it serves or not."""

    number: int
    in_force: bool
    begun_at: datetime
    filled_at: datetime | None
    """When it had read everything that was there; None while it is being filled, or when that was broken off."""
    dropped_at: datetime | None

    @property
    def state(self) -> str:
        """In words."""
        if self.dropped_at:
            return "dropped"
        if self.in_force:
            return "in force"
        return "kept, can be gone back to" if self.filled_at else "not filled to the end"


def model_url(url: str, generation: int) -> str:
    """The address of a generation's schema in the database at `url`."""
    parts = urlsplit(url)
    query = {**dict(parse_qsl(parts.query)), "search_path": f"model_{generation}"}
    return parts._replace(query=urlencode(query)).geturl()


async def migrate_all(url: str) -> Migrated:
    """Bring the doorway and the generation in force to the newest revision; the first time, generation 1 is made."""
    # Imported here and below: Alembic takes a second to load, and whoever only serves pages migrates nothing.
    from icart_common.db.migrate import migrate

    done = await migrate(url, DOORWAY)
    async with _connected(url) as connection:
        generation = await generation_of(connection)
    await make(url, generation)
    return done


async def in_force(url: str) -> int:
    """The generation that serves. Waits, visibly, until the database is there and the doorway is migrated."""
    for delay in delays(0.1, 5.0):
        try:
            async with _connected(url) as connection:
                return await generation_of(connection)
        except asyncpg.UndefinedTableError:
            log.error("schema-behind", state="the doorway's schema is not there: run `icart migrate`")
        except TRANSIENT_DATABASE as error:
            log.warning("database-away", error=type(error).__name__)
        await asyncio.sleep(delay)
    raise AssertionError("delays never end")  # pragma: no cover


async def generation_of(connection: asyncpg.Connection) -> int:
    """The generation that serves."""
    found: int = await connection.fetchval("select number from generation where in_force")
    return found


async def generations(url: str) -> list[Generation]:
    """All that ever were, in the order of their numbers."""
    async with _connected(url) as connection:
        return [Generation(**dict(row)) for row in await connection.fetch(_SQL["list_generations"])]


async def begin(url: str) -> int:
    """Make the schema of a new generation, whose number no other ever had. Returns the number."""
    async with _connected(url) as connection:
        number: int = await connection.fetchval(_SQL["begin_generation"])
    await make(url, number)
    return number


async def make(url: str, number: int) -> None:
    """Make the schema of a generation where it is not there, bring it to this release, and shut its rows to other authorities."""
    from icart_common.db.migrate import migrate

    async with _connected(url) as connection:
        await connection.execute(f'create schema if not exists "model_{number}"')
    await migrate(model_url(url, number), MODELS)
    async with _connected(model_url(url, number)) as connection:
        await shut_rows(connection)


async def filled(url: str, number: int) -> None:
    """Note that a generation has read everything."""
    async with _connected(url) as connection:
        await connection.execute(_SQL["fill_generation"], number)


async def put_in_force(url: str, number: int) -> None:
    """From now on `number` serves: running gateways go over to it. Raises `CannotServe`."""
    known = {one.number: one for one in await generations(url)}
    if number not in known or known[number].dropped_at or not known[number].filled_at:
        there = ", ".join(str(one.number) for one in known.values() if one.filled_at and not one.dropped_at)
        raise CannotServe(f"generation {number} cannot serve; those that can: {there or 'none'}")
    async with _connected(model_url(url, number)) as connection:
        found = await revision_of(connection)
    if found != newest(MODELS):
        raise CannotServe(
            f"generation {number} is of another release: its schema is at {found}, this one needs {newest(MODELS)}"
        )
    async with _connected(url) as connection, connection.transaction():
        await connection.execute("select from generation where in_force for update")
        await connection.execute("update generation set in_force = false where in_force")
        await connection.execute("update generation set in_force = true where number = $1", number)
        await connection.execute("select pg_notify($1, $2)", CHANNEL, str(number))


async def drop(url: str, number: int) -> None:
    """Drop a generation's tables for good. Its number stays taken. Raises `InForce` and `CannotServe` (there is none)."""
    async with _connected(url) as connection, connection.transaction():
        row = await connection.fetchrow("select in_force from generation where number = $1 for update", number)
        if row is None:
            raise CannotServe(f"there is no generation {number}")
        if row["in_force"]:
            raise InForce(f"generation {number} serves")
        await connection.execute(f'drop schema if exists "model_{number}" cascade')
        await connection.execute(_SQL["drop_generation"], number)


def going_over(url: str, generation: int) -> Callable[[Running], Coroutine[Any, Any, None]]:
    """Background work that ends the process, in good order, when another generation than `generation` is in force."""

    async def superseded(_running: Running) -> None:
        woken = asyncio.Event()
        while True:
            with contextlib.suppress(*TRANSIENT_DATABASE):
                async with _connected(url) as connection:
                    await connection.add_listener(CHANNEL, lambda *_: woken.set())
                    while True:
                        woken.clear()
                        found = await generation_of(connection)
                        if found != generation:
                            raise Leave(f"generation {found} of the read models is in force now, and not {generation}")
                        with contextlib.suppress(TimeoutError):
                            await asyncio.wait_for(woken.wait(), _LOOK_SECONDS)
            await asyncio.sleep(_LOOK_SECONDS)

    return superseded


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(url, timeout=5)
    try:
        yield connection
    finally:
        await connection.close()
