"""What lies on the desktops (SC-2), and how everything that came in a period has ended (SC-26). Ids and references, no names."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal, get_args
from uuid import UUID

import asyncpg
from pydantic import TypeAdapter

from icart_common.contracts.base import Part
from icart_common.contracts.decisions import chain_id
from icart_common.contracts.handover import handover_id
from icart_common.contracts.meetings import GivenTask, in_order
from icart_common.db.pool import named_sql
from icart_screening.domain.undertakings.daily_meeting import DailyMeeting
from icart_screening.domain.undertakings.handover import Handover

_SQL = named_sql("icart_screening")


class Waiting(Part):
    """An open undertaking of a contact, and the clock of it that is due first."""

    undertaking: UUID
    kind: str
    state: str
    rule: str | None = None
    due_at: datetime | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class Queued:
    """An open contact where it lies."""

    contact: UUID
    reference: str
    desktop: str
    strand: str | None
    urgency: str | None
    worker: str | None
    received_at: datetime
    rule: str | None
    """Its own clock that is due first, and when."""
    due_at: datetime | None
    late: bool
    overdue: int
    """How many of its own clocks have run out."""
    undertakings: tuple[Waiting, ...]
    nobody_there: bool
    """It waits for a decision, and everybody who could decide is away (SC-16)."""


_WAITING: Final = TypeAdapter(tuple[Waiting, ...])

Finding = Literal[
    "ended", "open", "no-outcome", "several-outcomes", "open-again", "another-outcome", "goes-nowhere", "not-here"
]
"""`open`: nobody has decided yet. `open-again`: it has an outcome, and is open. `another-outcome`: the record says another one
than its log. `goes-nowhere`: transferred, and what was to follow is not there. `not-here`: intake opened it, and that is all."""
WRONG: Final[frozenset[str]] = frozenset(get_args(Finding)) - {"ended", "open"}


@dataclass(frozen=True, slots=True)
class Reconciled:
    """How one contact has ended. `reference`, `received_at` are None of one that is not here."""

    contact: UUID
    reference: str | None
    received_at: datetime | None
    desktop: str | None
    outcomes: tuple[str, ...]
    finding: Finding


async def on_desktops(
    connection: asyncpg.Connection, authority: str, desktops: Collection[str], *, now: datetime, limit: int
) -> list[Queued]:
    """What lies on these desktops: first that for which nobody is there to decide (SC-16), then by the clock that is due first;
    what has no clock comes last, the oldest first."""
    rows = await connection.fetch(_SQL["desktop"], authority, sorted(desktops), now, limit, chain_id(authority))
    return [_queued(row) for row in rows]


def _queued(row: Any) -> Queued:
    return Queued(
        contact=row["id"],
        reference=row["reference"],
        desktop=row["desktop"],
        strand=row["strand"],
        urgency=row["urgency"],
        worker=row["worker"],
        received_at=row["received_at"],
        rule=row["rule"],
        due_at=row["due_at"],
        late=row["late"],
        overdue=row["overdue"],
        undertakings=_WAITING.validate_python(json.loads(row["undertakings"])),
        nobody_there=row["nobody_there"],
    )


async def handover_of(connection: asyncpg.Connection, authority: str, night: date) -> Handover | None:
    """The handover of the night that begins on that day (ED-7); None when nothing was handed over."""
    body = await connection.fetchval(_SQL["undertaking_body"], handover_id(authority, night))
    return Handover.model_validate_json(body) if body else None


async def tasks_of(connection: asyncpg.Connection, authority: str) -> tuple[GivenTask, ...]:
    """What the authority's daily meetings gave out and nobody has ticked off: meetings to come hold it (SC-15)."""
    rows = await connection.fetch(_SQL["open_undertakings"], authority, DailyMeeting.LIFE.kind)
    meetings = (DailyMeeting.model_validate_json(row["body"]) for row in rows)
    return in_order(task for meeting in meetings for task in meeting.open_tasks)


async def reconcile(
    connection: asyncpg.Connection, authority: str, since: datetime, before: datetime, opened: Collection[UUID]
) -> list[Reconciled]:
    """Every contact of the authority that was received in that time, those of intake's `opened` too, and how it has ended."""
    rows = await connection.fetch(_SQL["reconcile"], authority, since, before, sorted(opened))
    return [
        Reconciled(
            contact=row["id"],
            reference=row["reference"],
            received_at=row["received_at"],
            desktop=row["desktop"],
            outcomes=tuple(row["outcomes"] or ()),
            finding=row["finding"],
        )
        for row in rows
    ]


def tally(found: Sequence[Reconciled]) -> dict[str, int]:
    """How many of each finding."""
    return dict(sorted(Counter(one.finding for one in found).items()))
