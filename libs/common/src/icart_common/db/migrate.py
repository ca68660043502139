"""Migrations by Alembic, one runner at a time (Alembic itself takes no lock).

A service keeps numbered revisions in its `migrations` folder: `0001_spine.py`, which calls `apply_sql`, beside
`0001_spine.sql`. Revisions only go forward, and each has to be safe beside the release before it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import asyncpg
from alembic import command, op
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from icart_common.db.revisions import newest

_LOCK = 0x1CA27
_one_at_a_time = asyncio.Lock()
"""Alembic keeps the migration that runs in module globals: two at once in one process would take each other's."""


@dataclass(frozen=True, slots=True)
class Migrated:
    """Where a database stood and where it stands."""

    before: str | None
    after: str


def apply_sql(revision_file: str) -> None:
    """Run the SQL script that lies beside a revision's Python file, as part of its upgrade."""
    _run_script(Path(revision_file).with_suffix(".sql").read_text())


def apply_messaging() -> None:
    """Make the tables that every service has: inbox, outbox, leases, dead letters, waiting commands."""
    _run_script((resources.files("icart_common.messaging") / "tables_0001.sql").read_text())


def _run_script(script: str) -> None:
    # The driver's own connection runs a whole script at once; the transaction is already open on it.
    connection = op.get_bind().connection.dbapi_connection
    assert connection is not None
    connection.run_async(lambda driver: driver.execute(script))


def _config(package: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(resources.files("icart_common.db") / "alembic"))
    config.set_main_option("version_locations", str(resources.files(package) / "migrations"))
    config.set_main_option("path_separator", "newline")
    return config


def _upgrade(connection: Connection, config: Config) -> str | None:
    before = MigrationContext.configure(connection).get_current_revision()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    return before


async def migrate(url: str, package: str) -> Migrated:
    """Bring the database at `url` to the newest revision of `package` (for example `icart_intake`).

    Makes the database when it is not there. A second runner waits for the first and finds nothing to do.
    """
    await _create_database(url)
    parts = urlsplit(url)  # settings of the session, `search_path` above all, are the driver's own affair
    address = parts._replace(scheme="postgresql+asyncpg", query="").geturl()
    engine = create_async_engine(address, connect_args={"server_settings": dict(parse_qsl(parts.query))})
    try:
        async with _one_at_a_time, engine.begin() as connection:
            await connection.exec_driver_sql(f"select pg_advisory_xact_lock({_LOCK})")
            before = await connection.run_sync(_upgrade, _config(package))
    finally:
        await engine.dispose()
    head = ScriptDirectory.from_config(_config(package)).get_current_head()
    if head != newest(package):
        raise RuntimeError(
            f"{package}'s migrations end with {head}, and their files with {newest(package)}: name them alike"
        )
    return Migrated(before, newest(package))


async def _create_database(url: str) -> None:
    name = urlsplit(url).path.lstrip("/")
    connection = await asyncpg.connect(urlsplit(url)._replace(path="/postgres", query="").geturl())
    try:
        if not await connection.fetchval("select 1 from pg_database where datname = $1", name):
            await connection.execute(f'create database "{name}"')
    except asyncpg.DuplicateDatabaseError:
        pass  # another runner was quicker
    finally:
        await connection.close()
