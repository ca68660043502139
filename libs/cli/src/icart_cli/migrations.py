"""`icart migrate`: every service's database at its newest revision, each under its own lock."""

from __future__ import annotations

import asyncpg

from icart_cli import exits
from icart_cli.output import Output
from icart_cli.places import PACKAGES, Places
from icart_common.db.migrate import Migrated, migrate
from icart_common.db.revisions import newest, revision_of
from icart_gateway.generations import migrate_all as migrate_all_of_gateway


async def migrate_service(service: str, url: str) -> Migrated:
    """Bring a service's database to its newest revision; the gateway's read models with it."""
    return await (migrate_all_of_gateway(url) if service == "gateway" else migrate(url, PACKAGES[service]))


async def migrate_all(output: Output, places: Places, *, dry_run: bool) -> None:
    """Migrate, or with `dry_run` show what would be done."""
    rows = []
    for service, package in PACKAGES.items():
        url = places.database(service)
        try:
            if dry_run:
                before, after = await _revision(url), newest(package)
            else:
                done = await migrate_service(service, url)
                before, after = done.before, done.after
        except (TimeoutError, OSError, asyncpg.PostgresError) as error:
            raise exits.Stop(
                exits.NOT_REACHED,
                f"The database of {service} does not answer ({type(error).__name__}).",
                "`icart doctor` helps.",
            ) from None
        state = "is current" if before == after else ("would be migrated" if dry_run else "migrated")
        rows.append((service, before or "nothing", after, state))
    output.table("migration", ("service", "was at", "newest", "state"), rows, empty="")


async def _revision(url: str) -> str | None:
    try:
        connection = await asyncpg.connect(url, timeout=5)
    except asyncpg.InvalidCatalogNameError:
        return None
    try:
        return await revision_of(connection)
    finally:
        await connection.close()
