"""Row-level security: what stands behind the pages' own filters. A query that forgets its authority sees nothing of another's.

Pages read as a role that owns nothing; authority and person stand in their transaction. The projector reads and writes all rows.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import asyncpg

from icart_common.db.pool import Database

READER: Final = "icart_pages"
"""The role that pages read as: it cannot sign in to the database, and may only read."""
_MAKE_READER: Final = f"""
do $$
begin
    if not exists (select from pg_roles where rolname = '{READER}') then
        create role {READER} nologin;
        grant {READER} to current_user;
    end if;
exception when duplicate_object or unique_violation then null;  -- another database's migration was quicker
end
$$
"""
_TABLES: Final = """
select pg_class.relname as name, exists (
    select from pg_attribute where attrelid = pg_class.oid and attname = 'authority' and not attisdropped
) as has_authority
from pg_class where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p') and not relispartition
order by 1
"""
_BY_CONTACT: Final = {
    "told": "exists (select from contact where contact.id = told.contact) "
    "or exists (select from arrival where arrival.contact = told.contact)"
}
"""Tables without an authority of their own: whoever sees the contact sees what was said of it."""
_SPINE: Final = frozenset(
    {
        "alembic_version",
        "inbox",
        "outbox",
        "outbox_lease",
        "outbox_relay",
        "dead_letter",
        "dead_letter_look",
        "waiting",
        "for_agency",
    }
)
"""What pages never read: the reader is given no right to it. What agencies are told, the API reads, by the agency."""
_ACT_AS: Final = """
select set_config('role', $1, true), set_config('icart.authority', $2, true), set_config('icart.person', $3, true)
"""


class TooMuchPower(Exception):
    """The service's role passes over row-level security; its text says what to do."""


async def shut_rows(connection: asyncpg.Connection) -> None:
    """Let pages see the rows of one authority alone, in every table of the connection's schema. Run after each migration.

    Raises asyncpg.InsufficientPrivilegeError when the role of pages is not there and the migrating one may not make it.
    """
    async with connection.transaction():
        await connection.execute(_MAKE_READER)
        schema = await connection.fetchval("select current_schema()")
        await connection.execute(f'grant usage on schema "{schema}" to {READER}')
        for table in await connection.fetch(_TABLES):
            if table["name"] not in _SPINE:
                await _shut(connection, table["name"], has_authority=table["has_authority"])


async def _shut(connection: asyncpg.Connection, table: str, *, has_authority: bool) -> None:
    own = "authority = current_setting('icart.authority', true)" if has_authority else _BY_CONTACT.get(table)
    await connection.execute(f'grant select on "{table}" to {READER}')
    if own is None:
        return  # it holds nobody's data: ids and states of messages
    await connection.execute(
        f"""
        alter table "{table}" enable row level security, force row level security;
        drop policy if exists own_authority on "{table}";
        create policy own_authority on "{table}" for select to {READER} using ({own});
        drop policy if exists projector on "{table}";
        create policy projector on "{table}" to current_user using (true) with check (true);
        """
    )


@asynccontextmanager
async def reading(models: Database, authority: str, person: str = "") -> AsyncIterator[asyncpg.Connection]:
    """A connection that sees the rows of the authority alone and writes none, as long as the block runs."""
    async with models.connection() as connection, connection.transaction(readonly=True):
        await connection.execute(_ACT_AS, READER, authority, person)
        yield connection


async def check_power(connection: asyncpg.Connection) -> None:
    """Raises `TooMuchPower` when the connection's role passes over row-level security whatever the policies say."""
    power = await connection.fetchval("select rolsuper or rolbypassrls from pg_roles where rolname = current_user")
    if power:
        raise TooMuchPower(
            "the gateway's database role is a superuser or passes over row-level security: give it a role that owns its "
            "database and nothing else (deploy/postgres/databases.sh), or set ICART_LOCAL_SIGN_IN for a try-out"
        )
