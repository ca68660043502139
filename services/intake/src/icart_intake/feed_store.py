"""The reads and writes of the case system's feed: one statement each for a whole batch."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg
from pydantic import TypeAdapter

from icart_common.contracts.base import Problem
from icart_common.contracts.cases import Episode, PersonHeld
from icart_common.db.pool import named_sql
from icart_intake.columns import columns
from icart_intake.domain.feed import EpisodeSaid, Said
from icart_intake.domain.loads import FEWER, FEWER_AT_LEAST, Load
from icart_intake.domain.matching import Facts
from icart_intake.domain.people import KnownPerson, Standing

_SQL = named_sql("icart_intake")
_EPISODES: Final = TypeAdapter(dict[str, EpisodeSaid])
_REMARKS: Final = TypeAdapter(tuple[Problem, ...])
Place = tuple[str, str]
"""Authority and number."""


@dataclass(slots=True)
class Held:
    """A person of the case system as a batch changes what was said of them."""

    said: Said
    person: KnownPerson | None = None
    remarks: tuple[Problem, ...] = ()
    described: PersonHeld | None = None
    """The newest description of the batch, when it is newer than what was known."""
    changed: set[str] = field(default_factory=set)
    """The episodes that this batch changed."""


async def lock_feeds(connection: asyncpg.Connection, authorities: Iterable[str]) -> dict[str, datetime | None]:
    """The feeds of a batch, locked, each with the `as_of` of its newest complete load."""
    rows = await connection.fetch(_SQL["lock_feeds"], sorted(set(authorities)))
    return {row["authority"]: row["complete_as_of"] for row in rows}


async def loads(
    connection: asyncpg.Connection, feeds: Collection[str], named: Collection[tuple[str, UUID]], ended: Collection[UUID]
) -> dict[tuple[str, UUID], Load]:
    """The loads that a batch speaks of, and the running ones of its feeds."""
    rows = await connection.fetch(_SQL["loads"], sorted(feeds), *columns(sorted(named), 2), sorted(ended))
    return {(row["authority"], row["load"]): Load(**dict(row)) for row in rows}


async def name_in_loads(
    connection: asyncpg.Connection, names: Collection[tuple[str, UUID, str]]
) -> set[tuple[str, UUID, str]]:
    """Remember whom loads name. Returns those who were not named before."""
    if not names:
        return set()
    rows = await connection.fetch(_SQL["name_in_loads"], *columns(sorted(names), 3))
    return {(row["authority"], row["load"], row["number"]) for row in rows}


async def keep_loads(connection: asyncpg.Connection, changed: Sequence[Load]) -> None:
    """Write loads back."""
    if not changed:
        return
    rows = columns(
        [
            (one.authority, one.load, one.agency, one.heard_at, one.as_of, one.said, one.state, one.accepts_fewer)
            for one in changed
        ],
        8,
    )
    await connection.execute(_SQL["keep_loads"], *rows)


async def complete_load(connection: asyncpg.Connection, load: Load) -> tuple[int, bool]:
    """Mark as not held whom a complete load left out, unless they are too many. Returns how many were held until then, and
    whether they were marked."""
    row = await connection.fetchrow(
        _SQL["complete_load"],
        load.authority,
        load.load,
        load.as_of,
        load.accepts_fewer,
        FEWER,
        FEWER_AT_LEAST,
    )
    return row["left_out"], row["done"]


async def said(connection: asyncpg.Connection, places: Collection[Place]) -> dict[Place, Held]:
    """What was said of these people before. Nothing is there for whom nothing was said."""
    if not places:
        return {}
    rows = await connection.fetch(_SQL["said"], *columns(sorted(places), 2))
    return {(row["authority"], row["number"]): _held(row) for row in rows}


def _held(row: Any) -> Held:
    known = Said(
        as_of=row["as_of"],
        listed_as_of=row["listed_as_of"],
        gone_as_of=row["gone_as_of"],
        base=Standing.model_validate_json(row["base"]),
        episodes=_EPISODES.validate_json(row["episodes"]),
    )
    person = None
    if row["id"]:
        person = KnownPerson(
            id=row["id"],
            authority=row["authority"],
            facts=Facts.model_validate_json(row["facts"]),
            number=row["number"],
            as_of=row["as_of"],
            standing=Standing.model_validate_json(row["standing"]),
        )
    return Held(known, person, _REMARKS.validate_json(row["remarks"]))


async def keep_said(connection: asyncpg.Connection, held: Mapping[Place, Held]) -> None:
    """Write what was said of people, and where they stand now. One statement."""
    if not held:
        return
    places = sorted(held)
    stand = sorted((one.person.id, _json(one.person.standing)) for one in held.values() if one.person)
    bodies = [(place, body) for place in places if (body := held[place].described)]
    await connection.execute(
        _SQL["keep_said"],
        *columns([_row(place, held[place]) for place in places], 9),
        *columns([row for place in places for row in _episode_rows(place, held[place])], 5),
        *columns(stand, 2),
        *columns([row for place, body in bodies for row in _relation_rows(place, body)], 8),
        *columns([(*place, len(body.related)) for place, body in bodies], 3),
    )


def _row(place: Place, one: Held) -> tuple[Any, ...]:
    known = one.said
    remarks = json.dumps([problem.model_dump(mode="json") for problem in one.remarks])
    times = (known.as_of, known.listed_as_of, known.gone_as_of, known.heard_as_of)
    return *place, one.person.id if one.person else None, *times, _json(known.base), remarks


def _episode_rows(place: Place, one: Held) -> Iterable[tuple[Any, ...]]:
    for episode in sorted(one.changed):
        newest = one.said.episodes[episode]
        yield *place, episode, newest.as_of, _json(newest.episode)


def _relation_rows(place: Place, body: PersonHeld) -> Iterable[tuple[Any, ...]]:
    for ordinal, one in enumerate(body.related):
        yield *place, ordinal, one.number, one.kind, one.parental_responsibility, one.since, one.until


def _json(part: Standing | Episode) -> str:
    return part.model_dump_json(exclude_defaults=True)
