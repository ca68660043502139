"""A service's tables as text, to be compared byte for byte before and after its topics were read again (R4).

Left out: what is on its way (the outbox and its leases), and columns that hold the database's own clock, which are for the
people who look after the machines and enter no decision.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import asyncpg

_LEFT_OUT = ("outbox", "outbox_lease", "outbox_relay", "alembic_version")
_COLUMNS = """
select c.table_name, array_agg(quote_ident(c.column_name) order by c.ordinal_position) as columns
from information_schema.columns as c
join pg_class on pg_class.relname = c.table_name and pg_class.relnamespace = current_schema()::regnamespace
where c.table_schema = current_schema() and pg_class.relkind in ('r', 'p') and not pg_class.relispartition
  and c.table_name <> all($1::text[]) and coalesce(c.column_default, '') not like '%clock_timestamp%'
group by c.table_name order by c.table_name
"""

Tables = Mapping[str, Sequence[str]]


async def dump(database_url: str) -> Tables:
    """The rows of every table as text, sorted. Of the schema that the URL's `search_path` names, or else of `public`."""
    connection = await asyncpg.connect(database_url)
    try:
        tables = await connection.fetch(_COLUMNS, list(_LEFT_OUT))
        return {
            table["table_name"]: sorted(
                row[0]
                for row in await connection.fetch(
                    f'select row({", ".join(table["columns"])})::text from "{table["table_name"]}"'
                )
            )
            for table in tables
        }
    finally:
        await connection.close()


def differences(before: Tables, after: Tables) -> dict[str, tuple[int, int]]:
    """By table: how many rows only the first dump has, and how many only the second. Empty when both are the same."""
    found = {}
    for table in sorted({*before, *after}):
        ones, others = set(before.get(table, ())), set(after.get(table, ()))
        if ones != others or len(before.get(table, ())) != len(after.get(table, ())):
            found[table] = (len(ones - others), len(others - ones))
    return found


def digest(tables: Tables) -> str:
    """One hash of all rows."""
    found = hashlib.sha256()
    for name in sorted(tables):
        found.update(name.encode())
        for row in tables[name]:
            found.update(row.encode())
    return found.hexdigest()
