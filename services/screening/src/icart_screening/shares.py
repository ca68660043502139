"""What was shared about a child, and every decision to share or not to: for the record, and for whoever asks (CO-8)."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import asyncpg

from icart_common.contracts.catalogue import MESSAGES
from icart_common.contracts.checks import (
    CheckCancelled,
    CheckRequested,
    SharingAuthorised,
    SharingDeclined,
    SharingEnded,
)
from icart_common.contracts.undertakings import UndertakingEvent
from icart_common.db.pool import named_sql

_SQL = named_sql("icart_screening")
SHARES: Final = (CheckRequested, CheckCancelled, SharingAuthorised, SharingEnded, SharingDeclined)
"""A share with its ground and who decided, that the agency was told to look no further, and decisions to share, to
share no longer, or not to share."""


async def shares_of(connection: asyncpg.Connection, authority: str, person: UUID) -> list[UndertakingEvent]:
    """Every share about a child and every decision about one, over all of the child's contacts, the oldest first."""
    rows = await connection.fetch(_SQL["shares_of"], authority, person, [event.TYPE for event in SHARES])
    found = [MESSAGES[row["type"]].model_validate_json(row["body"]) for row in rows]
    return [event for event in found if isinstance(event, UndertakingEvent)]
