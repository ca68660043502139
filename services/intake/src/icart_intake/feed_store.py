"""The reads and writes of the case system's feed: one statement each for a whole batch."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import asyncpg
from pydantic import TypeAdapter

from icart_common.contracts.base import Problem
from icart_common.contracts.cases import Episode, PersonHeld, the_other_way
from icart_common.db.pool import named_sql
from icart_intake.domain.feed import EpisodeSaid, Said
from icart_intake.domain.households import Relative, household_of
from icart_intake.domain.loads import Load
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
    rows = await connection.fetch(_SQL["loads"], sorted(feeds), *_columns(sorted(named), 2), sorted(ended))
    return {(row["authority"], row["load"]): Load(**dict(row)) for row in rows}


async def name_in_loads(
    connection: asyncpg.Connection, names: Collection[tuple[str, UUID, str]]
) -> set[tuple[str, UUID, str]]:
    """Remember whom loads name. Returns those who were not named before."""
    if not names:
        return set()
    rows = await connection.fetch(_SQL["name_in_loads"], *_columns(sorted(names), 3))
    return {(row["authority"], row["load"], row["number"]) for row in rows}


async def keep_loads(connection: asyncpg.Connection, changed: Sequence[Load]) -> None:
    """Write loads back."""
    if not changed:
        return
    columns = _columns(
        [(one.authority, one.load, one.agency, one.heard_at, one.as_of, one.said, one.state) for one in changed], 7
    )
    await connection.execute(_SQL["keep_loads"], *columns)


async def complete_load(connection: asyncpg.Connection, load: Load) -> int:
    """Mark as not held whom a complete load left out. Returns how many were held until then."""
    count: int = await connection.fetchval(_SQL["complete_load"], load.authority, load.load, load.as_of)
    return count


async def said(connection: asyncpg.Connection, places: Collection[Place]) -> dict[Place, Held]:
    """What was said of these people before. Nothing is there for whom nothing was said."""
    if not places:
        return {}
    rows = await connection.fetch(_SQL["said"], *_columns(sorted(places), 2))
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
        *_columns([_row(place, held[place]) for place in places], 9),
        *_columns([row for place in places for row in _episode_rows(place, held[place])], 5),
        *_columns(stand, 2),
        *_columns([row for place, body in bodies for row in _relation_rows(place, body)], 8),
        *_columns([row for place, body in bodies for row in _address_rows(place, body)], 9),
        *_columns([(*place, len(body.related), len(body.addresses)) for place, body in bodies], 4),
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


def _address_rows(place: Place, body: PersonHeld) -> Iterable[tuple[Any, ...]]:
    for ordinal, one in enumerate(body.addresses):
        household = household_of(body.authority, one)
        yield *place, ordinal, household, one.lines, one.postcode, one.temporary, one.since, one.until


async def relatives(connection: asyncpg.Connection, people: Iterable[UUID]) -> list[Relative]:
    """Everybody who is related to these people, whichever of the two records says so, each as the kind of the one asked for."""
    rows = await connection.fetch(_SQL["relatives"], sorted(set(people)))
    found = {
        Relative(
            person=row["relative"],
            kind=the_other_way(row["kind"]) if row["other_way"] else row["kind"],
            of=row["person"],
            parental_responsibility=row["parental_responsibility"],
            since=row["since"],
            until=row["until"],
        ): None
        for row in rows
    }
    return list(found)


async def households(connection: asyncpg.Connection, people: Iterable[UUID], day: date) -> dict[UUID, tuple[UUID, ...]]:
    """By person: everybody else who lives, on that day, at an address where the person lives. People alone are left out."""
    found: dict[UUID, dict[UUID, None]] = {}
    for row in await connection.fetch(_SQL["households"], sorted(set(people)), day):
        found.setdefault(row["person"], {})[row["with_person"]] = None
    return {person: tuple(sorted(others)) for person, others in found.items()}


def _columns(rows: Collection[tuple[Any, ...]], width: int) -> list[list[Any]]:
    return [[row[place] for row in rows] for place in range(width)]


def _json(part: Standing | Episode) -> str:
    return part.model_dump_json(exclude_defaults=True)
