"""Contacts as the pages list them: what came (`events.intake`), and where each stands now (`events.screening`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import asyncpg

from icart_common.contracts.at_once import ContactSteppedUp
from icart_common.contracts.base import Message
from icart_common.contracts.intake import ContactOpened
from icart_common.contracts.screening import (
    AnswersRecorded,
    ContactAllocated,
    ContactClosed,
    ContactEvent,
    ContactMoved,
    ContactReceived,
    ContactSentBack,
    ContactStepped,
    ContactSubmitted,
    ContactTriaged,
)
from icart_common.db.pool import named_sql
from icart_common.messaging.message import Received
from icart_gateway.model.changes import Changes
from icart_gateway.model.fold import Row, fold

_SQL = named_sql("icart_gateway.model")


class Arrivals:
    """What came: one row a contact that was opened at the door."""

    hears: frozenset[type[Message]] = frozenset({ContactOpened})

    async def __call__(
        self, batch: Sequence[Received[ContactOpened]], connection: asyncpg.Connection, changes: Changes
    ) -> None:
        changes.contacts |= {one.body.contact for one in batch}
        await connection.execute(
            _SQL["add_arrivals"],
            [one.body.contact for one in batch],
            [one.body.child_known.person for one in batch],
            [one.body.model_dump_json(exclude_none=True) for one in batch],
        )


_MOVES: Final = (
    ContactReceived, ContactStepped, ContactTriaged, ContactSteppedUp, ContactAllocated, ContactMoved, ContactSubmitted,
    ContactSentBack, ContactClosed, AnswersRecorded,
)  # fmt: skip


class Contacts:
    """Where each contact stands: its rows are read once a batch, changed by each event in turn, and written once."""

    hears: frozenset[type[Message]] = frozenset(_MOVES)

    async def __call__(
        self, batch: Sequence[Received[ContactEvent]], connection: asyncpg.Connection, changes: Changes
    ) -> None:
        changes.contacts |= {one.body.contact for one in batch}
        changes.lists |= {one.body.authority for one in batch}
        await fold(
            connection, batch, load=_SQL["load_contacts"], save=_SQL["save_contacts"], key=lambda said: said.contact,
            change=_after,
        )  # fmt: skip


def _after(row: Row | None, body: ContactEvent) -> Row | None:
    if row is None:
        return _begun(body) if isinstance(body, ContactReceived | ContactStepped) else None
    return row | {"version": body.version, **_changed(body)} if body.version >= row["version"] else row


def _begun(body: ContactReceived | ContactStepped) -> Row:
    begun: Row = {
        "id": body.contact,
        "authority": body.authority,
        "version": body.version,
        "reference": body.reference,
        "pack_version": body.pack_version,
        "origin": body.contact,
        "received_at": body.received_at,
        "open": True,
        "desktop": body.desktop,
        "since": body.at,
        "strand": None,
        "urgency": None,
        "level": None,
        "worker": None,
        "submitted_by": None,
        "outcome": None,
        "closed_at": None,
        "successor": None,
        "gaps": 0,
        "re_referral": False,
    }
    if isinstance(body, ContactStepped):
        return begun | {"origin": body.origin, "strand": body.strand, "urgency": body.urgency}
    more = {"gaps": body.gaps, "level": body.proposed.level, "re_referral": body.re_referral is not None}
    return begun | more | {"urgency": body.proposed.urgency}


def _changed(body: ContactEvent) -> Row:
    match body:
        case ContactTriaged():
            return {"strand": body.strand, "urgency": body.urgency, "submitted_by": None, "outcome": None}
        case ContactSteppedUp():
            return {"strand": body.strand, "urgency": "immediate", "submitted_by": None, "outcome": None}
        case ContactAllocated():
            return {"worker": body.worker, "strand": body.strand}
        case ContactMoved():
            return {"desktop": body.to_desktop, "since": body.at}
        case ContactSubmitted():
            return {"submitted_by": body.by.person, "outcome": body.outcome, "level": body.level}
        case ContactSentBack():
            return {"submitted_by": None, "outcome": None}
        case AnswersRecorded():
            return {"gaps": body.gaps}
        case ContactClosed():
            return {
                "open": False, "outcome": body.outcome, "level": body.level, "closed_at": body.at,
                "successor": body.successor, "submitted_by": body.submitted_by.person,
            }  # fmt: skip
    return {}
