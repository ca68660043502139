"""Reading what is decided beside the lives: possible matches, merges, mentions, two people, the police's reports,
statutory notices."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from fastapi import HTTPException

from icart_common.contracts.referral import Person
from icart_common.db.pool import named_sql
from icart_gateway.doorway import Doorway
from icart_gateway.guarding.records import open_record
from icart_gateway.guarding.trail import What
from icart_gateway.pages.forms import drafts
from icart_gateway.pages.forms.place import key
from icart_gateway.pages.forms.referrals import SUBMIT
from icart_gateway.pages.forms.step import Held, Matter, Place
from icart_gateway.refer.telling import Told
from icart_gateway.signing_in.session import SignedIn

_SQL = named_sql("icart_gateway.pages.forms")
_PEOPLE: Final = {"offer": ("one", "other"), "merge": ("stays", "goes")}
"""Which columns name the two."""
_ONE_NOW: Final = ("same", "made")
"""States in which the two are one, or are to be."""


async def matter_of(door: Doorway, who: SignedIn, kind: str, wanted: UUID | None, other: str = "") -> Matter:
    """How it stands. Raises 404 for what is not there or another authority's. `other`: of two people, the second."""
    if kind == "person":
        return await _two(door, who, wanted, other)
    if kind == "draft":
        return await _taken_down(door, who, wanted)
    async with door.reading(who) as connection:
        row = await connection.fetchrow(_SQL[kind], wanted, who.authority)
        if row is None:
            raise HTTPException(404)
        told = dict(row)
        people = tuple(told[name] for name in _PEOPLE.get(kind, ()))
        contacts = told["contacts"] if kind == "mention" else ()
        held = await connection.fetch(_SQL["told_of_people"], people, contacts, who.authority)
    state = told.get("state", "put")
    found = _held(held, people, one_now=state in _ONE_NOW)
    return Matter(told["version"], state, told, people, found, told.get("proposed_by") == who.person)


async def open_records(door: Doorway, who: SignedIn, matter: Matter, reading: What) -> None:
    """Say in the trail that the records of everybody in it are read. Raises as `open_record` does."""
    for one in {held.side: held for held in reversed(matter.contacts)}.values():  # whose words are shown
        await open_record(door, who, reading, one.contact, one.person)


async def _two(door: Doorway, who: SignedIn, one: UUID | None, other: str) -> Matter:
    """Two people, each with a contact of the authority, whatever was offered of them before."""
    try:
        people = (one, UUID(other))
    except ValueError:
        raise HTTPException(404) from None
    async with door.reading(who) as connection:
        rows = await connection.fetch(_SQL["told_of_people"], people, (), who.authority)
        before = await connection.fetch(_SQL["merges_between"], *people, who.authority)
    held = _held(rows, people, one_now=False)
    if one is None or {contact.person for contact in held} != {one, people[1]}:
        raise HTTPException(404)
    merges = [dict(row) for row in before]
    state = next((row["state"] for row in merges if row["state"] in ("proposed", "made")), "apart")
    told = {"merges": merges, "at": max(contact.received_at for contact in held)}
    return Matter(len(merges), state, told, (one, people[1]), held)


async def _taken_down(door: Doorway, who: SignedIn, draft: UUID | None) -> Matter:
    """A referral that this person takes down. One that was sent is kept no longer."""
    kept = await drafts.load(door, who, key(SUBMIT, Place(matter=draft)))
    if kept is None:
        return Matter(0, "sent", {})
    return Matter(Told.of(kept.values).version, "taken down", {})


def _held(rows: Iterable[Mapping[str, Any]], people: Collection[UUID | None], *, one_now: bool) -> tuple[Held, ...]:
    """The contacts of the people, or all of them when there are no two; `one_now`: the two became one, so that what came about
    either stands under whom it came."""
    found = []
    for row in rows:
        came = row["came_about"]
        side = came if one_now and came in people else row["person"]
        if not people or side in people:
            child = Person.model_validate_json(row["child"])
            found.append(Held(row["contact"], row["reference"], row["person"], side, child, row["received_at"]))
    return tuple(found)
