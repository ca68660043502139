"""A service's own database, for a command that looks into it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from icart_cli import exits
from icart_cli.places import PACKAGES, Places
from icart_common.contracts.catalogue import SERVICES
from icart_gateway.generations import generation_of


@asynccontextmanager
async def connect(places: Places, service: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection while the block runs. Raises `Stop` when there is no such service, or its database does not answer."""
    if service not in PACKAGES:
        raise exits.Stop(exits.WRONG_USE, f"There is no service {service}.", f"There are: {', '.join(SERVICES)}.")
    try:
        connection = await asyncpg.connect(places.database(service), timeout=5)
    except (OSError, asyncpg.PostgresError):
        raise exits.Stop(
            exits.NOT_REACHED, f"The database of {service} does not answer.", "`icart doctor` helps."
        ) from None
    try:
        await beside_its_messages(connection, service)
        yield connection
    finally:
        await connection.close()


async def beside_its_messages(connection: asyncpg.Connection, service: str) -> None:
    """Look where a service keeps its inbox and dead letters: the gateway beside the read models that are in force."""
    if service == "gateway":
        await connection.execute(f'set search_path to "model_{await generation_of(connection)}", public')
