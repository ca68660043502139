"""Intake's reads and writes: one statement for a whole batch, which sorts ids and keys wherever it inserts or locks rows."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import asyncpg

from icart_common.contracts.intake import ContactOpened
from icart_common.db.pool import named_sql
from icart_common.policy.running_clocks import RunningClocks
from icart_intake.domain.incident import Notice
from icart_intake.domain.repeats import SAME_CONTENT, First
from icart_intake.domain.submission import Submission

_SQL = named_sql("icart_intake")

NO_CLOCKS: Final = RunningClocks()


class Arrival(NamedTuple):
    """A submission that may be taken: under which pack, and with which content."""

    submission: Submission
    pack_version: str
    content: UUID

    def as_first(self) -> First:
        """What a repeat of it is told."""
        submission = self.submission
        return First(submission.id, submission.reference, self.pack_version, submission.received_at)


@dataclass(frozen=True, slots=True)
class Before:
    """A submission that was taken before."""

    id: UUID
    agency: str
    authority: str
    message: UUID
    content: UUID
    first: First

    def is_message_of(self, submission: Submission) -> bool:
        """Whether it came from the same source under the same message id."""
        mine = (self.agency, self.authority, self.message)
        return mine == (submission.agency, submission.authority, submission.message)


class Settled(NamedTuple):
    """What became of a submission that was taken."""

    submission: UUID
    reference: str
    first: UUID | None = None
    """The submission that it repeats."""
    outcome: str = "{}"
    """JSON: the contacts opened, the people whose worker was told."""
    clocks: RunningClocks = NO_CLOCKS
    record_due: bool = False
    """The night team still owes the rest of its record."""


class NewContact(NamedTuple):
    """A contact that is opened, and what of its notice says whether another one tells of the same event (IN-20)."""

    opened: ContactOpened
    notice: Notice

    @property
    def told(self) -> str | None:
        """What is kept of it while a sibling may still get a contact from it (IN-19); JSON."""
        return self.opened.model_dump_json(exclude_none=True) if self.opened.left_out else None


@dataclass(frozen=True, slots=True)
class NewRedirection:
    """What is passed to the worker of an open case."""

    id: UUID
    mention: UUID
    submission: UUID
    reference: str
    at: datetime


@dataclass(slots=True)
class Kept:
    """What a batch of submissions leaves behind; filled by the handler, written in one statement."""

    contacts: list[NewContact] = field(default_factory=list)
    redirections: list[NewRedirection] = field(default_factory=list)
    outcomes: list[Settled] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class NightRecord:
    """A submission whose record the night team may still owe."""

    id: UUID
    agency: str
    authority: str
    pack_version: str
    received_at: datetime
    clocks: RunningClocks
    due: bool
    """The night team still owes the rest of it."""
    completed_by: UUID | None
    """The sender's message that completed it last."""


@dataclass(frozen=True, slots=True)
class OwedRecord:
    """A record whose rest the night team owes (ED-4)."""

    submission: UUID
    reference: str
    pack_version: str
    received_at: datetime
    clocks: RunningClocks


async def take(connection: asyncpg.Connection, arrivals: Sequence[Arrival]) -> dict[UUID, First]:
    """Take what is here for the first time: by its id, the submission that holds its content now."""
    came = [arrival.submission for arrival in arrivals]
    rows = await connection.fetch(
        _SQL["take"],
        [one.id for one in came],
        [one.agency for one in came],
        [one.authority for one in came],
        [one.message for one in came],
        [one.channel for one in came],
        [one.reference for one in came],
        [arrival.pack_version for arrival in arrivals],
        [one.received_at for one in came],
        [arrival.content for arrival in arrivals],
        SAME_CONTENT,
    )
    return {row["id"]: _first(row) for row in rows}


async def taken_before(connection: asyncpg.Connection, submissions: Collection[Submission]) -> list[Before]:
    """The submissions that were taken before with the same id, or the same message id of the same source."""
    if not submissions:
        return []
    rows = await connection.fetch(
        _SQL["earlier"],
        [one.id for one in submissions],
        [one.agency for one in submissions],
        [one.authority for one in submissions],
        [one.message for one in submissions],
    )
    return [
        Before(row["id"], row["agency"], row["authority"], row["message_id"], row["content"], _first(row))
        for row in rows
    ]


def _first(row: Any) -> First:
    return First(row["first"], row["reference"], row["pack_version"], row["received_at"])


async def hold_content(connection: asyncpg.Connection, arrivals: Sequence[Arrival]) -> None:
    """Let these submissions hold their contents from now on."""
    if not arrivals:
        return
    firsts = [arrival.as_first() for arrival in arrivals]
    await connection.execute(
        _SQL["hold_content"],
        [arrival.content for arrival in arrivals],
        [first.submission for first in firsts],
        [first.reference for first in firsts],
        [first.pack_version for first in firsts],
        [first.received_at for first in firsts],
    )


async def keep(connection: asyncpg.Connection, kept: Kept) -> None:
    """Write everything that follows from a batch of submissions. One statement."""
    opened = [contact.opened for contact in kept.contacts]
    await connection.execute(
        _SQL["keep"],
        [one.contact for one in opened],
        [one.child_known.person for one in opened],
        [one.submission for one in opened],
        [one.authority for one in opened],
        [one.reference for one in opened],
        [one.received_at for one in opened],
        [one.child_known.mention for one in opened],
        [one.id for one in kept.redirections],
        [one.mention for one in kept.redirections],
        [one.submission for one in kept.redirections],
        [one.reference for one in kept.redirections],
        [one.at for one in kept.redirections],
        [settled.submission for settled in kept.outcomes],
        [settled.first for settled in kept.outcomes],
        [settled.outcome for settled in kept.outcomes],
        [_json(settled.clocks) for settled in kept.outcomes],
        [settled.record_due for settled in kept.outcomes],
        [settled.reference for settled in kept.outcomes],
        [one.incident or one.contact for one in opened],
        [contact.notice.sender for contact in kept.contacts],
        [contact.notice.happened for contact in kept.contacts],
        [json.dumps(contact.notice.concerns) for contact in kept.contacts],
        [contact.told for contact in kept.contacts],
    )


async def night_records(connection: asyncpg.Connection, submissions: Iterable[UUID]) -> dict[UUID, NightRecord]:
    """By the id that the night team gave: the submission that it means, locked."""
    rows = await connection.fetch(_SQL["record_due"], sorted(set(submissions)))
    return {
        row["asked"]: NightRecord(
            row["id"],
            row["agency"],
            row["authority"],
            row["pack_version"],
            row["received_at"],
            RunningClocks.model_validate_json(row["clocks"]),
            row["record_due"],
            row["completed_by"],
        )
        for row in rows
    }


async def owed_records(connection: asyncpg.Connection, authority: str) -> list[OwedRecord]:
    """What the night team of the authority still owes, the oldest first."""
    return [
        OwedRecord(
            row["id"],
            row["reference"],
            row["pack_version"],
            row["received_at"],
            RunningClocks.model_validate_json(row["clocks"]),
        )
        for row in await connection.fetch(_SQL["owed_records"], authority)
    ]


async def complete_records(connection: asyncpg.Connection, records: Mapping[UUID, NightRecord]) -> None:
    """Write back records that were completed."""
    if not records:
        return
    await connection.execute(
        _SQL["complete_record"],
        list(records),
        [_json(record.clocks) for record in records.values()],
        [record.completed_by for record in records.values()],
    )


def _json(part: RunningClocks) -> str:
    return "{}" if part is NO_CLOCKS else part.model_dump_json(exclude_defaults=True)
