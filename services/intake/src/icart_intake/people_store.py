"""Reads and writes of the known people: one statement for a whole batch, with sorted ids wherever rows are locked or added."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
from pydantic import TypeAdapter

from icart_common.contracts.cases import the_other_way
from icart_common.contracts.family import HeldAddress
from icart_common.contracts.people import MatchTerm
from icart_common.db.pool import named_sql
from icart_intake.columns import columns
from icart_intake.domain.homes import MOST_RESIDENTS
from icart_intake.domain.identities import Candidate, Changes
from icart_intake.domain.matching import Facts
from icart_intake.domain.matching.blocks import MOST_ALONE
from icart_intake.domain.pairs import Pair
from icart_intake.domain.people import EARLIER_CONTACTS, NO_STANDING, KnownPerson, Relation, Standing, as_one

_SQL = named_sql("icart_intake")
MOST_IN_A_BLOCK = 400
"""Of a block that holds more, the newest are read; it takes another block to find one of them."""
MOST_RELATIONS = 1000
_HOMES = TypeAdapter(tuple[HeldAddress, ...])
_TERMS = TypeAdapter(tuple[MatchTerm, ...])
_RESPONSIBILITY = "responsibility"


async def lock_keys(connection: asyncpg.Connection, own: Iterable[UUID], asked: Iterable[UUID] = ()) -> None:
    """Lock keys: another instance that names the same person waits for this batch.

    `own` keys are made where they are missing; `asked` are only looked at.
    """
    made = set(own)
    if made:
        await connection.execute(_SQL["add_keys"], list(made))
    every = made.union(asked)
    if every:
        await connection.execute(_SQL["lock_keys"], list(every))


async def candidates(
    connection: asyncpg.Connection, asked: Collection[tuple[int, ...]]
) -> tuple[list[tuple[Candidate, list[int]]], list[int]]:
    """Everybody whom somebody may be, with their blocks; and those of the blocks that find nobody by themselves.

    `asked` are the blocks of each who is described. Run it after `lock_keys`, so that it sees what that waited for.
    """
    each = [(asker, block) for asker, blocks in enumerate(asked) for block in blocks]
    if not each:
        return [], []
    askers, blocks = zip(*each, strict=True)
    rows = await connection.fetch(_SQL["candidates"], sorted(set(blocks)), MOST_IN_A_BLOCK, MOST_ALONE, askers, blocks)
    found = [(_candidate(row), row["blocks"]) for row in rows if row["id"]]
    return found, [block for row in rows if not row["id"] for block in row["blocks"] or ()]


async def facts_of(connection: asyncpg.Connection, people: Collection[UUID]) -> list[Candidate]:
    """What is known of people, without their records."""
    if not people:
        return []
    return [_candidate(row) for row in await connection.fetch(_SQL["facts_of"], sorted(people))]


def _candidate(row: Any) -> Candidate:
    return Candidate(row["id"], row["authority"], row["stands_for"], _known_facts(row["facts"]), row["held"])


@lru_cache(maxsize=4096)  # a candidate is read again when it is locked, and what was compared stays compared
def _known_facts(text: str) -> Facts:
    return Facts.model_validate_json(text)


@lru_cache(maxsize=256)  # of most people nothing is said
def _known_standing(text: str) -> Standing:
    return Standing.model_validate_json(text)


async def facts_of_mentions(connection: asyncpg.Connection, people: Collection[UUID]) -> dict[UUID, list[Facts]]:
    """What the mentions of people say, in the order in which they were put there."""
    found: dict[UUID, list[Facts]] = {}
    for row in await connection.fetch(_SQL["facts_of_mentions"], sorted(people)) if people else ():
        found.setdefault(row["person"], []).append(Facts.model_validate_json(row["facts"]))
    return found


async def people(connection: asyncpg.Connection, ids: Collection[UUID], roots: Collection[UUID]) -> list[KnownPerson]:
    """These people and everybody merged with them, whole, and locked until the transaction ends."""
    if not ids:
        return []
    wanted = sorted({*ids, *roots})
    rows = await connection.fetch(_SQL["people"], wanted, sorted(roots), EARLIER_CONTACTS, MOST_RELATIONS)
    return [person_of(row) for row in rows]


async def wholes(connection: asyncpg.Connection, ids: Collection[UUID]) -> dict[UUID, KnownPerson]:
    """By the id that was asked for: the person, merged people as the one who stays."""
    roots = {one.id: one.stands_for for one in await facts_of(connection, ids)}
    found: dict[UUID, list[KnownPerson]] = {}
    for person in await people(connection, list(roots), list(roots.values())):
        found.setdefault(person.stands_for, []).append(person)
    return {asked: as_one(found[root], root) for asked, root in roots.items()}


def person_of(row: Any) -> KnownPerson:
    """A row of `people`."""
    return KnownPerson(
        id=row["id"],
        authority=row["authority"],
        facts=_known_facts(row["facts"]),
        held=_known_facts(row["held"]) if row["held"] else None,
        number=row["number"],
        as_of=row["as_of"],
        standing=_known_standing(row["standing"]),
        contacts=tuple(reversed(row["contacts"])),
        homes=_HOMES.validate_json(row["homes"]),
        relations=_relations(row["relations"]),
        merged_into=row["merged_into"],
        root=row["root"],
        named=(row["named_at"], row["named_by"]) if row["named_by"] else None,
    )


def _relations(text: str | None) -> tuple[Relation, ...]:
    found = []
    for other, kind, since, until, responsibility, flipped in json.loads(text) if text else ():
        said = None if kind == _RESPONSIBILITY else the_other_way(kind) if flipped else kind
        found.append(Relation(UUID(other), said, _day(since), _day(until), responsibility))
    return tuple(sorted(found, key=lambda one: (one.kind or "", one.other, str(one.since), str(one.until))))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


async def pairs(connection: asyncpg.Connection, people: Collection[UUID]) -> list[Pair]:
    """Every pair of these people that was ever offered, locked."""
    if not people:
        return []
    return [pair_of(row) for row in await connection.fetch(_SQL["pairs"], sorted(people))]


def pair_of(row: Any) -> Pair:
    """A row of `match_pair`."""
    return Pair(
        id=row["id"],
        authority=row["authority"],
        one=row["one"],
        other=row["other"],
        state=row["state"],
        version=row["version"],
        score=row["score"],
        terms=_TERMS.validate_json(row["terms"]),
        weights=row["weights"],
        at=row["at"],
        mention=row["mention"],
        known=row["known"],
    )


class Resident(NamedTuple):
    """Somebody who was ever said to live at an address, with all their addresses."""

    person: UUID
    authority: str
    stands_for: UUID
    homes: tuple[HeldAddress, ...]


async def residents(connection: asyncpg.Connection, homes: Collection[int]) -> list[Resident]:
    """Who was ever said to live at these addresses."""
    if not homes:
        return []
    rows = await connection.fetch(_SQL["residents"], sorted(homes), MOST_RESIDENTS + 1)
    return [
        Resident(row["id"], row["authority"], row["stands_for"], _HOMES.validate_json(row["homes"])) for row in rows
    ]


async def keep_people(connection: asyncpg.Connection, changes: Changes) -> None:
    """Write what a batch leaves behind of people. One statement; none when nothing changed."""
    new = [changes.new[person] for person in sorted(changes.new)]
    changed = [changes.changed[person] for person in sorted(changes.changed)]
    if not (new or changed or changes.mentions or changes.pairs or changes.blocks):
        return
    mentions, puts = changes.mentions, changes.puts
    first = changes.described | {one.person: one.described for one in reversed(mentions)}
    pairs = sorted(changes.pairs.values(), key=lambda pair: (pair.one, pair.other))
    await connection.execute(
        _SQL["keep_people"],
        [one.id for one in new],
        [one.authority for one in new],
        [one.facts.kept for one in new],
        [_standing_json(one.standing) for one in new],
        [homes_json(one) for one in new],
        [first[one.id] for one in new],
        [one.id for one in changed],
        [one.facts.kept for one in changed],
        [homes_json(one) for one in changed],
        [",".join(map(str, found)) for found in changes.blocks.values()],
        list(changes.blocks),
        *columns(sorted(changes.residents), 2),
        [one.id for one in mentions],
        [one.authority for one in mentions],
        [one.submission for one in mentions],
        [one.ref for one in mentions],
        [one.at for one in mentions],
        [one.described for one in mentions],
        [one.facts.kept for one in mentions],
        [one.person for one in mentions],
        [one.number for one in mentions],
        [one.mention for one in puts],
        [one.number for one in puts],
        [one.person for one in puts],
        [one.at for one in puts],
        [one.because for one in puts],
        [one.by.model_dump_json() if one.by else None for one in puts],
        [one.reason for one in puts],
        [one.weights for one in puts],
        [one.score for one in puts],
        [_TERMS.dump_json(one.terms).decode() if one.terms else None for one in puts],
        *columns([_relation(*one) for one in changes.relations], 6),
        *_pair_columns(pairs),
    )


async def hold(connection: asyncpg.Connection, holding: Sequence[tuple[KnownPerson, Facts, str]]) -> None:
    """Write what the case system holds: each person with what it says of them, compared and as described (JSON)."""
    ordered = sorted(holding, key=lambda one: one[0].id)
    people = [person for person, _, _ in ordered]
    await connection.execute(
        _SQL["hold"],
        [person.id for person in people],
        [person.authority for person in people],
        [person.number for person in people],
        [person.as_of for person in people],
        [person.facts.kept for person in people],
        [_standing_json(person.standing) for person in people],
        [described for _, _, described in ordered],
        [held.kept for _, held, _ in ordered],
        [homes_json(person) for person in people],
    )


def _standing_json(standing: Standing) -> str:
    return "{}" if standing is NO_STANDING else standing.model_dump_json(exclude_defaults=True)


def homes_json(person: KnownPerson) -> str:
    """A person's addresses as they are kept."""
    return _HOMES.dump_json(person.homes, exclude_defaults=True).decode() if person.homes else "[]"


def _relation(mention: UUID, of: UUID, relation: Relation) -> tuple[Any, ...]:
    kind = relation.kind or _RESPONSIBILITY
    return mention, of, kind, relation.since, relation.until, relation.responsibility


def _pair_columns(pairs: Sequence[Pair]) -> list[list[Any]]:
    return columns(
        [
            (pair.id, pair.authority, pair.one, pair.other, pair.state, pair.version, pair.score,
             _TERMS.dump_json(pair.terms).decode(), pair.weights, pair.at, pair.mention, pair.known)
            for pair in pairs
        ],
        12,
    )  # fmt: skip
