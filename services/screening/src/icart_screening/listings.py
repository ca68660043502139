"""What can be asked of the checks: what was shared about a child, and which answers a worker waits for (CO-8, SC-5, TM-11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg

from icart_common.contracts.catalogue import MESSAGES
from icart_common.contracts.checks import CheckCancelled, CheckRequested, SharingAuthorised, SharingDeclined
from icart_common.contracts.undertakings import UndertakingEvent
from icart_common.db.pool import named_sql

_SQL = named_sql("icart_screening")
SHARES: Final = (CheckRequested, CheckCancelled, SharingAuthorised, SharingDeclined)
"""A share with its ground and who decided, that the agency was told to look no further, and decisions to share or not to."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A check that nobody has answered, on its worker's queue."""

    check: UUID
    contact: UUID
    name: str
    agency: str | None
    """None: the worker looks in our own records."""
    version: int
    asked_at: datetime
    due_at: datetime | None
    late: bool
    """As the timers say: its clock has run out."""


async def shares_of(connection: asyncpg.Connection, authority: str, person: UUID) -> list[UndertakingEvent]:
    """Every share about a child and every decision about one, over all of the child's contacts, the oldest first."""
    rows = await connection.fetch(_SQL["shares_of"], authority, person, [event.TYPE for event in SHARES])
    found = [MESSAGES[row["type"]].model_validate_json(row["body"]) for row in rows]
    return [event for event in found if isinstance(event, UndertakingEvent)]


async def checks_waiting(connection: asyncpg.Connection, authority: str, worker: str) -> list[Waiting]:
    """The checks of the worker's open contacts that wait for an answer: what is late first, then what is due next."""
    rows = await connection.fetch(_SQL["checks_waiting"], authority, worker)
    return [
        Waiting(
            check=row["id"],
            contact=row["contact"],
            name=row["name"],
            agency=row["agency"],
            version=row["version"],
            asked_at=row["begun_at"],
            due_at=row["due_at"],
            late=row["late"],
        )
        for row in rows
    ]
