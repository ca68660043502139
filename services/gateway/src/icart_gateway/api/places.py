"""How far an agency has read: the offset in each partition of the topics that tell it something.

Within a partition nothing is ever put before what was read already, so whoever goes on from here misses nothing, whatever
order the topics are read in by us.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import asyncpg

from icart_common.contracts.catalogue import FAMILIES
from icart_common.db.pool import named_sql
from icart_gateway.model.for_agencies import TOLD

_SQL = named_sql("icart_gateway.api")
_CURSOR: Final = re.compile(r"[0-9]{1,9}:[0-9]{1,18}(,[0-9]{1,9}:[0-9]{1,18}){0,9}")
_FAMILIES: Final = tuple(one for one in FAMILIES if set(one.messages) & TOLD)

Place = tuple[str, int]
"""A topic and a partition."""
Places = dict[Place, int]
"""The last offset that was read; -1 before the first."""


class BadCursor(ValueError):
    """Not a cursor that this API gave."""


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Any]
    places: Places
    more: bool


def all_places(agency: str) -> Places:
    """Everything that tells an agency something, from the beginning."""
    return {
        (family.name.format(agency=agency), partition): -1
        for family in _FAMILIES
        for partition in range(family.partitions)
    }


def message_places(agency: str, cursor: str) -> Places:
    """The agency's own topic, after a cursor. Raises `BadCursor`."""
    topic = f"outbound.{agency}"
    places = {place: offset for place, offset in all_places(agency).items() if place[0] == topic}
    if not cursor:
        return places
    if not _CURSOR.fullmatch(cursor):
        raise BadCursor(cursor)
    for step in cursor.split(","):
        partition, offset = map(int, step.split(":"))
        if (topic, partition) not in places:
            raise BadCursor(cursor)
        places[topic, partition] = offset
    return places


def cursor_of(places: Mapping[Place, int]) -> str:
    """Where to go on, for `message_places`."""
    return ",".join(f"{partition}:{offset}" for (_, partition), offset in sorted(places.items()) if offset >= 0)


async def read_on(connection: asyncpg.Connection, agency: str, places: Places, limit: int) -> Page:
    """The next rows after `places`, at most `limit`, each partition in its order."""
    named = sorted(places)
    rows = await connection.fetch(
        _SQL["read_on"], agency, [topic for topic, _ in named], [partition for _, partition in named],
        [places[place] for place in named], limit + 1,
    )  # fmt: skip
    shown = rows[:limit]
    further = places | {(row["topic"], row["partition"]): row["offset"] for row in shown}
    return Page(shown, further, len(rows) > limit)


async def newest(connection: asyncpg.Connection, agency: str) -> Places:
    """Everything that tells an agency something, from now on."""
    rows = await connection.fetch(_SQL["newest_places"], agency)
    return all_places(agency) | {(row["topic"], row["partition"]): row["offset"] for row in rows}
