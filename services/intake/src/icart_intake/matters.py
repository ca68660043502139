"""Intake's reads and writes about contacts and the notices that are worked in them; one statement each for a whole batch."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

from icart_common.contracts.intake import ContactOpened
from icart_common.contracts.joint_work import NoticeJoined
from icart_common.contracts.screening import ContactClosed
from icart_common.db.pool import named_sql
from icart_intake.domain.incident import Ending, Matter, Notice
from icart_intake.domain.left_out import KnownSibling
from icart_intake.domain.matching import Facts
from icart_intake.domain.people import EARLIER_CONTACTS

_SQL = named_sql("icart_intake")


@dataclass(frozen=True, slots=True)
class Joined:
    """A notice that is, or was, worked in another's contact."""

    id: UUID
    contact: UUID
    person: UUID
    notice: Notice
    told: ContactOpened
    opened: str | None
    """Why it has a contact of its own after all; None while it is joined."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A contact from which siblings may still get one: what was said of it, and of its event."""

    told: ContactOpened
    notice: Notice


async def take_turns(connection: asyncpg.Connection, people: Collection[UUID]) -> None:
    """Wait until nobody else decides about these children, and let everybody else wait for this batch."""
    if people:
        await connection.execute(_SQL["take_turns"], list(people))


async def matters(connection: asyncpg.Connection, people: Collection[UUID]) -> dict[UUID, list[Matter]]:
    """The newest contacts of each person, the oldest first. Run it after `take_turns`, so that it sees what that waited for."""
    if not people:
        return {}
    found: defaultdict[UUID, list[Matter]] = defaultdict(list)
    for row in await connection.fetch(_SQL["matters"], sorted(people), EARLIER_CONTACTS):
        own = Notice(row["sender"] or row["contact"], row["received_at"], row["happened"], tuple(row["concerns"]))
        found[row["person"]].append(
            Matter(
                contact=row["contact"],
                live=row["live"],
                incident=row["incident"],
                reference=row["reference"],
                received_at=row["received_at"],
                notices=(own, *(_notice(one) for one in json.loads(row["joined"]))),
                ending=Ending(row["at"], row["outcome"], row["level"], row["referral"]) if row["at"] else None,
            )
        )
    return dict(found)


def _notice(one: Mapping[str, Any]) -> Notice:
    happened = datetime.fromisoformat(one["happened"]) if one["happened"] else None
    return Notice(UUID(one["sender"]), datetime.fromisoformat(one["received_at"]), happened, tuple(one["concerns"]))


async def siblings(connection: asyncpg.Connection, people: Collection[UUID]) -> dict[UUID, list[KnownSibling]]:
    """The known siblings of each person."""
    if not people:
        return {}
    found: defaultdict[UUID, list[KnownSibling]] = defaultdict(list)
    for row in await connection.fetch(_SQL["siblings"], sorted(people)):
        facts, described = Facts.model_validate_json(row["facts"]), json.loads(row["described"])
        found[row["child"]].append(
            KnownSibling(
                person=row["sibling"],
                kind=row["kind"],
                given_name=described.get("given_name"),
                family_name=described.get("family_name"),
                born=_day(described.get("born")) or facts.born,
                postcodes=frozenset(facts.postcodes),
            )
        )
    return dict(found)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


async def join(connection: asyncpg.Connection, joined: Sequence[tuple[NoticeJoined, UUID, Notice]]) -> None:
    """Keep notices with the contact that they joined: each with the contact that was opened first, and what it tells."""
    if not joined:
        return
    await connection.execute(
        _SQL["join_notices"],
        [said.notice.contact for said, _, _ in joined],
        [contact for _, contact, _ in joined],
        [said.notice.child_known.person for said, _, _ in joined],
        [said.notice.submission for said, _, _ in joined],
        [said.authority for said, _, _ in joined],
        [notice.received_at for _, _, notice in joined],
        [notice.sender for _, _, notice in joined],
        [notice.happened for _, _, notice in joined],
        [json.dumps(notice.concerns) for _, _, notice in joined],
        [json.dumps(said.because) for said, _, _ in joined],
        [told_as_json(said.notice) for said, _, _ in joined],
    )


def told_as_json(contact: ContactOpened) -> str:
    """What is kept of a contact that may have to be opened, or opened from, later."""
    return contact.model_dump_json(exclude_none=True)


async def joined(connection: asyncpg.Connection, notices: Iterable[UUID]) -> dict[UUID, Joined]:
    """Notices that were joined, locked."""
    return _joined(await connection.fetch(_SQL["notices"], sorted(set(notices))))


async def joined_of(connection: asyncpg.Connection, people: Collection[UUID]) -> dict[UUID, Joined]:
    """Notices that are joined and about these people, or in contacts about them; locked."""
    return _joined(await connection.fetch(_SQL["notices_of_people"], sorted(people)))


def _joined(rows: Iterable[Any]) -> dict[UUID, Joined]:
    return {
        row["id"]: Joined(
            row["id"],
            row["contact"],
            row["person"],
            Notice(row["sender"], row["received_at"], row["happened"], tuple(row["concerns"])),
            ContactOpened.model_validate_json(row["told"]),
            row["opened"],
        )
        for row in rows
    }


async def take_out(connection: asyncpg.Connection, taken: Sequence[Joined]) -> None:
    """Write why notices have a contact of their own after all, or in which other one they are, and about whom."""
    if taken:
        await connection.execute(
            _SQL["take_out"],
            [one.id for one in taken],
            [one.opened for one in taken],
            [one.contact for one in taken],
            [one.person for one in taken],
            [told_as_json(one.told) for one in taken],
        )


async def offered(connection: asyncpg.Connection, contacts: Iterable[UUID]) -> dict[UUID, Offered]:
    """What was said of contacts from which siblings may still get one."""
    rows = await connection.fetch(_SQL["told"], sorted(set(contacts)))
    return {
        row["id"]: Offered(
            ContactOpened.model_validate_json(row["told"]),
            Notice(row["sender"], _received(row["told"]), row["happened"], tuple(row["concerns"])),
        )
        for row in rows
        if row["told"]
    }


def _received(told: str) -> datetime:
    return ContactOpened.model_validate_json(told).received_at


async def end(connection: asyncpg.Connection, closed: Sequence[tuple[ContactClosed, str]]) -> None:
    """Remember how contacts ended, each with its outcome in words."""
    if closed:
        await connection.execute(
            _SQL["end_contacts"],
            [one.contact for one, _ in closed],
            [one.at for one, _ in closed],
            [words for _, words in closed],
            [one.level for one, _ in closed],
            [one.referral for one, _ in closed],
            [one.successor for one, _ in closed],
        )
