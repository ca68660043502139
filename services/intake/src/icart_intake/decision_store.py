"""Reads and writes of what people decide of people: one statement each for a whole batch."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any
from uuid import UUID

import asyncpg
from pydantic import TypeAdapter

from icart_common.contracts.base import Actor
from icart_common.contracts.referral import Person
from icart_common.db.pool import named_sql
from icart_intake import people_store
from icart_intake.domain.matching import Facts
from icart_intake.domain.mentions import Mention
from icart_intake.domain.registry import Belonging, Merge, PutMention, Registry

_SQL = named_sql("icart_intake")
_PERSON = TypeAdapter(Person)


async def fill(
    connection: asyncpg.Connection,
    registry: Registry,
    *,
    offers: Collection[UUID],
    merges: Collection[UUID],
    mentions: Collection[UUID],
    people: Collection[UUID],
) -> None:
    """Read everything that decisions on these may touch: the people with all that is one with them, and what is theirs."""
    named = set(people)
    for row in await connection.fetch(_SQL["mentioned"], sorted(mentions)) if mentions else ():
        named |= {row["person"], row["before"]} - {None}
    for pair in [people_store.pair_of(row) for row in await connection.fetch(_SQL["offers"], sorted(offers))]:
        registry.pairs[pair.id] = pair
        named |= {pair.one, pair.other}
    for row in await connection.fetch(_SQL["merges"], sorted(merges), sorted(named)):
        registry.merges[row["id"]] = _merge(row)
        named |= {row["stays"], row["goes"]}
    roots = {row["stands_for"] for row in await connection.fetch(_SQL["roots"], sorted(named))}
    for person in await people_store.people(connection, named, roots):
        registry.people[person.id] = person
    everybody = sorted(registry.people)
    for row in await connection.fetch(_SQL["mentions"], everybody):
        registry.mentions[row["id"]] = _mention(row)
    for row in await connection.fetch(_SQL["belongings"], everybody):
        registry.belongings[row["id"]] = Belonging(**dict(row))
    for pair in await people_store.pairs(connection, everybody):
        registry.pairs.setdefault(pair.id, pair)


def _merge(row: Any) -> Merge:
    proposed = json.loads(row["proposed"])
    return Merge(
        row["id"], row["authority"], row["stays"], row["goes"], row["state"], row["version"],
        Actor.model_validate(proposed["by"]), proposed["reason"], row["merged_at"],
    )  # fmt: skip


def _mention(row: Any) -> PutMention:
    described = json.loads(row["described"])
    mention = Mention(
        row["id"], row["authority"], row["submission"], row["ref"], row["at"], row["described"],
        Facts.model_validate_json(row["facts"]), row["person"], row["number"],
    )  # fmt: skip
    person = _PERSON.validate_python({**described, "ref": row["ref"]}, strict=False)
    return PutMention(
        mention, row["put_at"], row["before"], row["agency"], row["received_at"], row["counts"], person.addresses
    )


async def keep(connection: asyncpg.Connection, registry: Registry) -> None:
    """Write what was decided. Nothing when everything was refused."""
    await people_store.keep_people(connection, registry.changes)
    pointed = [registry.people[person] for person in sorted(registry.pointed)]
    moved = [registry.mentions[mention].mention for mention in sorted(registry.moved)]
    merges = [registry.merges[merge] for merge in sorted(registry.merged)]
    if not (pointed or moved or merges):
        return
    await connection.execute(
        _SQL["keep_decisions"],
        [person.id for person in pointed],
        [person.merged_into for person in pointed],
        [person.root for person in pointed],
        [mention.id for mention in moved],
        [mention.person for mention in moved],
        [mention.number for mention in moved],
        [merge.id for merge in merges],
        [merge.authority for merge in merges],
        [merge.stays for merge in merges],
        [merge.goes for merge in merges],
        [merge.state for merge in merges],
        [merge.version for merge in merges],
        [json.dumps({"by": merge.proposed_by.model_dump(), "reason": merge.reason}) for merge in merges],
        [merge.merged_at for merge in merges],
    )
