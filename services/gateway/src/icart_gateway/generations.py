"""Generations of the read models: each is a schema of the gateway's database, and one is in force (decision 0015, 2)."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qsl, urlencode, urlsplit

import asyncpg
import structlog

from icart_common.db.migrate import Migrated, migrate
from icart_common.db.pool import TRANSIENT_DATABASE
from icart_common.messaging.backoff import delays
from icart_gateway.rows import shut_rows

log = structlog.get_logger()

DOORWAY = "icart_gateway"
"""The package with the migrations of what no topic holds."""
MODELS = "icart_gateway.model"
"""The package with the migrations of the read models."""


def model_url(url: str, generation: int) -> str:
    """The address of a generation's schema in the database at `url`."""
    parts = urlsplit(url)
    query = {**dict(parse_qsl(parts.query)), "search_path": f"model_{generation}"}
    return parts._replace(query=urlencode(query)).geturl()


async def migrate_all(url: str) -> Migrated:
    """Bring the doorway and the generation in force to the newest revision; the first time, generation 1 is made."""
    done = await migrate(url, DOORWAY)
    connection = await asyncpg.connect(url)
    try:
        generation = await generation_of(connection)
        await connection.execute(f'create schema if not exists "model_{generation}"')
    finally:
        await connection.close()
    await migrate_models(url, generation)
    return done


async def migrate_models(url: str, generation: int) -> None:
    """Bring a generation to the newest revision, and shut its rows to pages of other authorities."""
    await migrate(model_url(url, generation), MODELS)
    connection = await asyncpg.connect(model_url(url, generation))
    try:
        await shut_rows(connection)
    finally:
        await connection.close()


async def in_force(url: str) -> int:
    """The generation that serves. Waits, visibly, until the database is there and the doorway is migrated."""
    for delay in delays(0.1, 5.0):
        try:
            connection = await asyncpg.connect(url, timeout=5)
            try:
                return await generation_of(connection)
            finally:
                await connection.close()
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
