"""Clients of the API: one for each agency, with a secret that is shown once and kept as a strong hash."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg

from icart_common.contracts.ids import new_id
from icart_common.db.pool import named_sql

_SQL = named_sql("icart_gateway.api")
_NO_SALT: Final = bytes(16)


class HasOne(Exception):
    """The agency has a client already: revoke it first."""


@dataclass(frozen=True, slots=True)
class Client:
    """A client that may act for an agency, as long as it is not revoked."""

    id: UUID
    agency: str
    made_at: datetime
    revoked_at: datetime | None


async def add_client(connection: asyncpg.Connection, agency: str, now: datetime) -> str:
    """Make the agency's client; returns its secret, which is kept nowhere. Raises `HasOne`."""
    secret, salt = secrets.token_urlsafe(32), secrets.token_bytes(16)
    try:
        await connection.execute(_SQL["add_client"], new_id(), agency, salt, _hash(secret, salt), now)
    except asyncpg.UniqueViolationError:
        raise HasOne(agency) from None
    return secret


async def list_clients(connection: asyncpg.Connection) -> list[Client]:
    """All clients that ever were, by agency, the newest first."""
    return [Client(**row) for row in await connection.fetch(_SQL["list_clients"])]


async def revoke_client(connection: asyncpg.Connection, agency: str, now: datetime) -> bool:
    """End the agency's client: its tokens are refused from now on. False when it had none."""
    return str(await connection.execute(_SQL["revoke_client"], agency, now)) != "UPDATE 0"


async def known_client(connection: asyncpg.Connection, agency: str, secret: str) -> Client | None:
    """The client whose secret this is. It takes as long for an agency that has none."""
    row = await connection.fetchrow(_SQL["load_client"], agency)
    given = await asyncio.to_thread(_hash, secret, row["salt"] if row else _NO_SALT)
    if row is None or not secrets.compare_digest(given, row["secret_hash"]):
        return None
    return Client(row["id"], row["agency"], row["made_at"], None)


async def holds(connection: asyncpg.Connection, client: UUID, agency: str) -> bool:
    """Whether the client is still the agency's."""
    return bool(await connection.fetchval(_SQL["client_holds"], client, agency))


def _hash(secret: str, salt: bytes) -> bytes:
    return hashlib.scrypt(secret.encode(), salt=salt, n=2**14, r=8, p=1, maxmem=64 * 2**20)
