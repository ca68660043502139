"""Opening a child's record: allowed or not, shut or not, and said in the trail before anybody sees anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import asyncpg

from icart_common.db.pool import named_sql
from icart_gateway.doorway import Doorway
from icart_gateway.guarding.trail import Read, What, add_read
from icart_gateway.rights import Reading, Shut, may_read
from icart_gateway.signing_in.session import SignedIn, pack_of

_SQL = named_sql("icart_gateway.guarding")
_READING: Final[dict[What, Reading]] = {"documents": "documents", "search": "search"}
"""Which right each way of reading asks for, when it is not that to open the record."""


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


async def open_record(door: Doorway, who: SignedIn, what: What, contact: UUID, child: UUID | None) -> None:
    """Say in the trail that somebody reads a record. Pages call it first; what raises here is never answered.

    Raises `NotAllowed` or `RecordShut`.
    """
    require(door, who, _READING.get(what, "contact"))
    now = door.wall.now()
    async with door.held.transaction() as connection:
        shut = await shut_to(connection, who, contact, child)
        glass = None
        if shut:
            glass = await connection.fetchval(_SQL["open_glass"], contact, who.person, who.authority, now)
            if glass is None:
                raise RecordShut(contact, shut)
        await add_read(connection, Read(who.authority, now, who.person, who.role, what, contact, child, glass))


async def shut_to(connection: asyncpg.Connection, who: SignedIn, contact: UUID, child: UUID | None) -> Shut | None:
    """Why a record is shut to somebody, whether or not they broke the glass; None: it is not."""
    own_family = await connection.fetchval(_SQL["shut_to"], who.authority, contact, child, who.person)
    return None if own_family is None else "own-family" if own_family else "restricted"


async def all_shut_to(door: Doorway, who: SignedIn) -> frozenset[UUID]:
    """Ids of contacts and of children that are shut to somebody: lists and results leave their names out."""
    async with door.held.connection() as connection:
        rows = await connection.fetch(_SQL["all_shut"], who.authority, who.person)
    return frozenset(one for row in rows for one in row if one is not None)


async def contact_of(
    door: Doorway, who: SignedIn, *, contact: UUID | None = None, reference: str | None = None
) -> Named | None:
    """A contact of the person's authority, by its id or its reference."""
    async with door.reading(who) as connection:
        row = await connection.fetchrow(_SQL["contact_of"], who.authority, contact, reference)
    return Named(row["id"], row["reference"], row["child"]) if row else None
