"""Members of staff by name: what the identity provider called them when they signed in last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import asyncpg

from icart_common.db.pool import named_sql
from icart_gateway.doorway import Doorway, Somebody
from icart_gateway.signing_in.posts import Post

_SQL = named_sql("icart_gateway.signing_in")


class StaffNames(dict[str, str]):
    """Names by staff id. Whoever never signed in is called by their id."""

    def __missing__(self, person: str) -> str:
        return person


async def remember(
    connection: asyncpg.Connection, person: str, name: str, posts: Sequence[Post], now: datetime
) -> None:
    """Keep the name and the roles with which somebody signs in, in each of their authorities."""
    await connection.execute(
        _SQL["remember_staff"], person, name, [one.authority for one in posts], [one.role for one in posts], now
    )


async def names_of(door: Doorway, who: Somebody) -> StaffNames:
    """Everybody of somebody's authority. Those who have a name in common are told apart by their ids."""
    async with door.held.connection() as connection:
        rows = await connection.fetch(_SQL["staff_names"], who.authority)
    times = Counter(row["name"] for row in rows)
    return StaffNames(
        (row["person"], row["name"] if times[row["name"]] == 1 else f"{row['name']} ({row['person']})") for row in rows
    )
