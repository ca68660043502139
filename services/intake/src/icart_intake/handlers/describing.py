"""Whom the case system describes: put to the people whom we know, and kept with what they are compared by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import asyncpg

from icart_common.contracts.cases import PersonHeld
from icart_common.contracts.ids import derived_id
from icart_intake import store
from icart_intake.domain.matching import facts_of, keys_of
from icart_intake.domain.people import KnownPerson, People
from icart_intake.feed_store import Held, Place

_NO_TIME: Final = datetime.fromtimestamp(0, UTC)
_DESCRIBED: Final = {
    "given_name", "family_name", "other_names", "born", "born_estimated", "expected", "died", "sex", "nhs_number", "upn",
    "addresses", "phones", "school", "related", "notes",
}  # fmt: skip


async def put_to_people(connection: asyncpg.Connection, held: Mapping[Place, Held]) -> None:
    """Give everybody who was described a person, and everybody their standing.

    A person named at the door before the case system held them, and who is certainly the same, gets the number; nobody
    else is ever merged.
    """
    described: dict[Place, PersonHeld] = {place: one.described for place, one in held.items() if one.described}
    facts = {place: facts_of(body) for place, body in described.items()}
    keys = {place: keys_of(place[0], facts[place]) for place in described}
    behind = await store.lock_keys(connection, (key for found in keys.values() for key in found))
    known = {one.person.id for one in held.values() if one.person}
    found = await store.people_to_adopt(connection, {one for people in behind.values() for one in people} - known)
    at_the_door = People(person for person in found if not person.number)
    adopted: set[UUID] = set()
    holding: list[tuple[KnownPerson, str]] = []
    missing: set[tuple[UUID, UUID]] = set()
    for place, one in sorted(held.items()):
        body = described.get(place)
        if body:
            before = one.person
            if before is None:
                same = at_the_door.find(place[0], facts[place])
                before = same if same and same.id not in adopted else None
            one.person = KnownPerson(
                id=before.id if before else derived_id(_NO_TIME, "person", *place),
                authority=place[0],
                facts=facts[place],
                number=place[1],
                as_of=body.as_of,
                standing=one.said.standing(),
            )
            adopted.add(one.person.id)
            holding.append((one.person, body.model_dump_json(include=_DESCRIBED, exclude_defaults=True)))
            missing |= {(key, one.person.id) for key in keys[place] if one.person.id not in behind[key]}
        elif one.person:
            one.person = one.person.model_copy(update={"standing": one.said.standing()})
    if holding:
        await store.hold(connection, holding, missing)
