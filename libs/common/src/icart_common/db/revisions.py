"""Which revision a database is at, and which a release needs: asked by every service as it starts, without Alembic."""

from __future__ import annotations

from importlib import resources

import asyncpg


def newest(package: str) -> str:
    """The last revision in a service's `migrations` folder: its files begin with their numbers.

    Raises `RuntimeError` when there is none.
    """
    folder = resources.files(package) / "migrations"
    numbers = [entry.name.split("_")[0] for entry in folder.iterdir() if entry.name[:1].isdigit()]
    if not numbers:
        raise RuntimeError(f"{package} has no migrations")
    return max(numbers)


async def revision_of(connection: asyncpg.Connection) -> str | None:
    """The revision that a database is at; None when it has never been migrated."""
    if not await connection.fetchval("select to_regclass('alembic_version')"):
        return None
    found: str | None = await connection.fetchval("select version_num from alembic_version")
    return found
