"""Reading how contacts and undertakings stand from the read models: never another authority's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import asyncpg

from icart_common.contracts.catalogue import MESSAGES
from icart_common.contracts.intake import ContactOpened
from icart_common.contracts.screening import ContactEvent, ContactStepped
from icart_common.contracts.undertakings import UndertakingEvent
from icart_common.db.pool import Database, named_sql
from icart_gateway.rows import reading
from icart_gateway.standing import Standing, Told, Undertaking, stand, undertakings

_SQL = named_sql("icart_gateway")


async def contact(models: Database, wanted: UUID, authority: str, *, at_version: int | None = None) -> Standing | None:
    """The contact as it stands, or as it stood at a version. None: there is none, or it is another authority's."""
    async with reading(models, authority) as connection:
        return await _contact(connection, wanted, authority, _until(at_version))


async def undertaking(
    models: Database, wanted: UUID, authority: str, *, at_version: int | None = None
) -> Undertaking | None:
    """An undertaking that belongs to no contact, by the same rules."""
    async with reading(models, authority) as connection:
        rows = await connection.fetch(_SQL["told_of_authority"], wanted, authority)
    said = [one.body for one in map(_told, rows)]
    events = [one for one in said if isinstance(one, UndertakingEvent) and _until(at_version)(one)]
    return undertakings(events).get(wanted)


async def _contact(
    connection: asyncpg.Connection, wanted: UUID, authority: str, counts: Callable[[Any], bool]
) -> Standing | None:
    told = [_told(row) for row in await connection.fetch(_SQL["told_of_contact"], wanted, authority)]
    if not told:
        return None
    opened = await connection.fetchrow(_SQL["opened"], wanted, authority)
    stepped = next((one.body for one in told if isinstance(one.body, ContactStepped)), None)
    follows = await _contact(connection, stepped.first, authority, lambda _: True) if stepped else None
    return stand(
        wanted,
        authority,
        (one for one in told if not isinstance(one.body, ContactEvent) or counts(one.body)),
        ContactOpened.model_validate_json(opened["body"]) if opened else None,
        opened["child"] if opened else None,
        follows,
    )


def _until(version: int | None) -> Callable[[Any], bool]:
    return lambda said: version is None or said.version <= version


def _told(row: asyncpg.Record) -> Told:
    return Told(row["at"], MESSAGES[row["type"]].model_validate_json(row["body"]))
