"""The inbox: the ids of what has had its effect. Only what it has not seen goes on to the handler."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import asyncpg

KEEP_DAYS = 430
"""More than any topic keeps (`catalogue.RETENTION_DAYS`), so that what can be read again is still known."""

_REMEMBER = """
insert into inbox (id)
select id from unnest($1::uuid[]) as t (id) order by id
on conflict do nothing
returning id
"""

_FORGET = "delete from inbox where id = any($1::uuid[])"


async def remember(connection: asyncpg.Connection, ids: Iterable[UUID]) -> set[UUID]:
    """Record `ids` and return those that were not there before. One statement, in the order of the ids."""
    return {row["id"] for row in await connection.fetch(_REMEMBER, list(set(ids)))}


async def forget(connection: asyncpg.Connection, ids: Iterable[UUID]) -> None:
    """Let ids be new again: what waited and then could not be handled has had no effect. One statement."""
    await connection.execute(_FORGET, list(ids))


def _first_id(day: date) -> UUID:
    instant = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return UUID(int=int(instant.timestamp() * 1000) << 80)


def _name(day: date) -> str:
    return f"inbox_{day:%Y%m%d}"


async def keep_days(connection: asyncpg.Connection, today: date, *, ahead: int = 3) -> None:
    """Make the inbox's partitions of the next days and drop those past `KEEP_DAYS`. Safe beside other instances."""
    async with connection.transaction():
        if not await connection.fetchval("select pg_try_advisory_xact_lock(hashtext('inbox'))"):
            return
        rows = await connection.fetch(
            "select relname from pg_class where relname ~ '^inbox_[0-9]{8}$' and relkind = 'r' "
            "and relnamespace = current_schema()::regnamespace"
        )
        there = {row["relname"] for row in rows}
        for day in (today + timedelta(days=n) for n in range(ahead + 1)):
            if _name(day) not in there:
                await _add(connection, day)
        oldest = _name(today - timedelta(days=KEEP_DAYS))
        for name in sorted(there):
            if name < oldest:
                await connection.execute(f'drop table "{name}"')


async def _add(connection: asyncpg.Connection, day: date) -> None:
    first, after = _first_id(day), _first_id(day + timedelta(days=1))
    taken = await connection.fetchval(
        "select exists (select from inbox_other where id >= $1 and id < $2)", first, after
    )
    if not taken:  # a day whose ids already lie in the default partition stays there
        partition = f"create table \"{_name(day)}\" partition of inbox for values from ('{first}') to ('{after}')"
        # Ids of that day may be committed between the look and the change: then it stays there as well.
        with contextlib.suppress(asyncpg.CheckViolationError):
            async with connection.transaction():
                await connection.execute(partition)
