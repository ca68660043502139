"""The police's reports of vulnerable people, as far as they are assessed (`events.police-vpa`, PV-2 to PV-7)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import asyncpg

from icart_common.contracts.base import Message
from icart_common.contracts.police_vpa import VpaAssessed, VpaProposed, VpaRecorded
from icart_common.db.pool import named_sql
from icart_common.messaging.message import Received
from icart_gateway.model.changes import Changes
from icart_gateway.model.fold import Row, fold

_SQL = named_sql("icart_gateway.model")
_Said = VpaRecorded | VpaProposed | VpaAssessed
_STATES: Final = {"close": "closed", "refer": "referred", "secondary": "secondary"}


class Assessments:
    """A row for each report that was taken in."""

    hears: frozenset[type[Message]] = frozenset({VpaRecorded, VpaProposed, VpaAssessed})

    async def __call__(
        self, batch: Sequence[Received[_Said]], connection: asyncpg.Connection, changes: Changes
    ) -> None:
        changes.lists |= {one.body.authority for one in batch}
        await fold(
            connection, batch, load=_SQL["load_assessments"], save=_SQL["save_assessments"], key=lambda said: said.vpa,
            change=_after,
        )  # fmt: skip


def _after(row: Row | None, body: _Said) -> Row | None:
    match body:
        case VpaRecorded():
            return _recorded(body)
        case VpaProposed() if row is not None:
            return row | {
                "version": body.version,
                "state": "proposed",
                "secondary_needed": body.secondary_needed,
                "proposed_for": [one.child for one in body.proposals],
                "proposed_routes": [one.route for one in body.proposals],
                "proposed_as": [one.recorded_as for one in body.proposals],
                "because": [f"{one.because} ({one.rule})" for one in body.proposals],
            }
        case VpaAssessed() if row is not None:
            return row | {
                "version": body.version,
                "state": _STATES[body.decision],
                "marac": body.marac,
                "assessed_by": body.by.person,
                "reason": body.reason,
                "at": body.assessed_at,
            }
    return None


def _recorded(body: VpaRecorded) -> Row:
    return {
        "id": body.vpa,
        "authority": body.authority,
        "agency": body.agency,
        "pack_version": body.pack_version,
        "grade": body.grade,
        "received_at": body.received_at,
        "children": list(body.children),
        "missing": list(body.missing),
        "version": 1,
        "state": "recorded",
        "secondary_needed": False,
        "proposed_for": [],
        "proposed_routes": [],
        "proposed_as": [],
        "because": [],
        "marac": False,
        "assessed_by": None,
        "reason": None,
        "at": body.received_at,
    }
