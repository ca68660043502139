"""Opening a child's record: allowed or not, shut or not, and said in the trail before anybody sees anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from icart_common.db.pool import named_sql
from icart_gateway.doorway import Doorway
from icart_gateway.guarding.trail import Read, What, add_reads
from icart_gateway.rights import Reading, Shut, may_read
from icart_gateway.signing_in.session import SignedIn, pack_of

_SQL = named_sql("icart_gateway.guarding")
_READING: Final[dict[What, Reading]] = {"documents": "documents"}
"""Which right each way of reading asks for, when it is not that to open the record."""
_SAID_ANEW: Final = timedelta(hours=1)


class NotAllowed(Exception):
    """This person may not look at this in their role; the text says who may."""


class RecordShut(Exception):
    """The record is shut to this person until they break the glass."""

    def __init__(self, contact: UUID, shut: Shut) -> None:
        super().__init__(f"record {contact} is shut: {shut}")
        self.contact = contact
        self.shut = shut


@dataclass(frozen=True, slots=True)
class Named:
    """A contact of the authority."""

    id: UUID
    reference: str
    child: UUID | None


def require(door: Doorway, who: SignedIn, reading: Reading) -> None:
    """Raise `NotAllowed` unless the person may look."""
    right = may_read(pack_of(door, who), who.role, reading)
    if right.why_not:
        raise NotAllowed(right.why_not)


@dataclass(frozen=True, slots=True)
class ShutTo:
    """Ids of contacts and of children that are shut to somebody, whether or not they broke the glass."""

    own_family: frozenset[UUID]
    restricted: frozenset[UUID]

    def why(self, contact: UUID, child: UUID | None) -> Shut | None:
        """Why a record is shut to them, own family before restricted; None: it is not."""
        if {contact, child} & self.own_family:
            return "own-family"
        return "restricted" if {contact, child} & self.restricted else None


async def open_record(door: Doorway, who: SignedIn, what: What, contact: UUID, child: UUID | None) -> None:
    """Say in the trail that somebody reads a record. Pages call it first; what raises here is never answered.

    Raises `NotAllowed` or `RecordShut`.
    """
    require(door, who, _READING.get(what, "contact"))
    now = door.wall.now()
    shut = (await shut_to(door, who)).why(contact, child)
    async with door.held.transaction() as connection:
        glass = None
        if shut:
            glass = await connection.fetchval(_SQL["open_glass"], contact, who.person, who.authority, now)
            if glass is None:
                raise RecordShut(contact, shut)
        await add_reads(connection, [Read(who.authority, now, who.person, who.role, what, contact, child, glass)])


async def shut_to(door: Doorway, who: SignedIn) -> ShutTo:
    """What is shut to somebody as it stands now: a restriction of all of a child's records follows the child."""
    async with door.held.connection() as connection:
        rows = await connection.fetch(_SQL["all_shut"], who.authority, who.person)
    also: dict[UUID, set[UUID]] = {}
    if rows:
        whole = [row["contact"] for row in rows if row["child"]]
        async with door.reading(who) as connection:
            found = await connection.fetch(
                _SQL["shut_now"], who.authority, [row["contact"] for row in rows], [one for one in whole if one]
            )
        for one in found:
            also.setdefault(one["contact"], set()).add(one["id"])
    shut: dict[bool, set[UUID]] = {True: set(), False: set()}
    for row in rows:
        shut[row["own_family"]] |= {row["contact"], row["child"], *also.get(row["contact"], ())} - {None}
    return ShutTo(frozenset(shut[True]), frozenset(shut[False]))


async def hidden_from(door: Doorway, who: SignedIn, children: Mapping[UUID, UUID | None]) -> frozenset[UUID]:
    """Of contacts, each with its child, those that are shut to somebody: pages of many leave their names out."""
    shut = await shut_to(door, who)
    return frozenset(contact for contact, child in children.items() if shut.why(contact, child))


async def show_many(door: Doorway, who: SignedIn, what: What, children: Mapping[UUID, UUID | None]) -> frozenset[UUID]:
    """Say in the trail that somebody sees these contacts, each with its child, beside each other; returns those that are shut to
    them, which are not to be shown and of which nothing is said. A constant number of statements.

    A name on a list is said once in an hour: lists follow what others do by themselves, many times a minute.
    """
    hidden = await hidden_from(door, who, children)
    seen = [contact for contact in children if contact not in hidden]
    now = door.wall.now()
    if what == "list" and seen:
        async with door.held.connection() as connection:
            rows = await connection.fetch(_SQL["said_lately"], who.authority, who.person, seen, now - _SAID_ANEW)
        said = {row["contact"] for row in rows}
        seen = [contact for contact in seen if contact not in said]
    if seen:
        reads = [Read(who.authority, now, who.person, who.role, what, one, children[one]) for one in seen]
        async with door.held.transaction() as connection:
            await add_reads(connection, reads)
    return hidden


async def children_of(door: Doorway, who: SignedIn, contacts: Iterable[UUID]) -> dict[UUID, UUID | None]:
    """The child whom each of these contacts is about now; None where nothing is known of one."""
    wanted = dict.fromkeys(contacts)
    return wanted | {one.id: one.child for one in await contacts_of(door, who, contacts=wanted)}


async def contact_of(
    door: Doorway, who: SignedIn, *, contact: UUID | None = None, reference: str | None = None
) -> Named | None:
    """A contact of the person's authority, by its id or its reference."""
    found = await contacts_of(
        door, who, contacts=[contact] if contact else (), references=[reference] if reference else ()
    )
    return found[0] if found else None


async def contacts_of(
    door: Doorway, who: SignedIn, *, contacts: Iterable[UUID] = (), references: Iterable[str] = ()
) -> list[Named]:
    """Contacts of the person's authority, by their ids or their references, in one statement."""
    async with door.reading(who) as connection:
        rows = await connection.fetch(_SQL["contacts_of"], who.authority, list(contacts), list(references))
    return [Named(row["id"], row["reference"], row["child"]) for row in rows]
