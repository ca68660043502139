"""Every clock as it stands, with its sum (`events.timers`)."""

from __future__ import annotations

from collections.abc import Sequence

import asyncpg

from icart_common.contracts.base import Message
from icart_common.contracts.timers import (
    ClockBreached,
    ClockCancelled,
    ClockEvent,
    ClockMet,
    ClockMoved,
    ClockPaused,
    ClockResumed,
    ClockStarted,
    ClockWarned,
)
from icart_common.db.pool import named_sql
from icart_common.messaging.message import Received
from icart_gateway.model.changes import Changes
from icart_gateway.model.fold import Row, fold

_SQL = named_sql("icart_gateway.model")


class Clocks:
    """A row for each clock that was ever started."""

    hears: frozenset[type[Message]] = frozenset(
        {ClockStarted, ClockWarned, ClockBreached, ClockMet, ClockCancelled, ClockPaused, ClockResumed, ClockMoved}
    )

    async def __call__(
        self, batch: Sequence[Received[ClockEvent]], connection: asyncpg.Connection, changes: Changes
    ) -> None:
        changes.contacts |= {one.body.subject for one in batch}
        changes.lists |= {one.body.authority for one in batch}
        await fold(
            connection, batch, load=_SQL["load_clocks"], save=_SQL["save_clocks"], key=lambda said: said.clock,
            change=_after,
        )  # fmt: skip


def _after(row: Row | None, body: ClockEvent) -> Row | None:
    if row is None:
        return _begun(body) if isinstance(body, ClockStarted) else None
    return row | _changed(body)


def _begun(body: ClockStarted) -> Row:
    return {
        "id": body.clock,
        "authority": body.authority,
        "rule": body.rule,
        "owner": body.owner,
        "subject": body.subject,
        "state": "running",
        "counted_from": body.counted_from,
        "due_at": body.due_at,
        "sum": body.sum,
        "warned": None,
        "breached_at": None,
        "met_at": None,
        "late": False,
        "reason": None,
    }


def _changed(body: ClockEvent) -> Row:
    match body:
        case ClockWarned():
            return {"warned": body.fraction}
        case ClockBreached():
            return {"breached_at": body.due_at}
        case ClockMet():
            return {"state": "met", "met_at": body.met_at, "late": body.late}
        case ClockCancelled():
            return {"state": "cancelled", "reason": body.reason}
        case ClockPaused():
            return {"state": "paused", "reason": body.reason}
        case ClockResumed():
            return {"state": "running", "due_at": body.due_at, "sum": body.sum, "reason": None}
        case ClockMoved():
            return {"due_at": body.due_at, "sum": body.sum}
    return {}
