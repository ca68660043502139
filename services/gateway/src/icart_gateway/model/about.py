"""Whom each contact is about now: as it was opened, until intake says otherwise (`events.intake`, IN-17; decision 0010, 7)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from icart_common.contracts.base import Message
from icart_common.contracts.intake import ContactOpened
from icart_common.contracts.people import ContactPersonChanged
from icart_common.db.pool import named_sql
from icart_common.messaging.message import Received
from icart_gateway.model.changes import Changes

_SQL = named_sql("icart_gateway.model")
_Said = ContactOpened | ContactPersonChanged


class About:
    """A row for each contact that was opened at the door; what follows from it after a transfer is about the same child.

    A restriction follows the child through this: two records that become one, are parted again, a mention that was put to
    somebody else. Of what was said of a contact the latest counts, in whichever order it is read.
    """

    hears: frozenset[type[Message]] = frozenset({ContactOpened, ContactPersonChanged})

    async def __call__(
        self, batch: Sequence[Received[_Said]], connection: asyncpg.Connection, changes: Changes
    ) -> None:
        changes.lists |= {one.body.authority for one in batch if isinstance(one.body, ContactPersonChanged)}
        last: dict[UUID, Received[_Said]] = {}
        for one in batch:
            held = last.get(one.body.contact)
            if held is None or _when(held) < _when(one):
                last[one.body.contact] = one
        rows = [
            {"contact": contact, "authority": one.body.authority, "person": _person(one.body), **_row(one)}
            for contact, one in last.items()
        ]
        await connection.execute(_SQL["save_about"], json.dumps(rows, default=str))


def _person(body: _Said) -> UUID:
    return body.person if isinstance(body, ContactPersonChanged) else body.child_known.person


def _when(one: Received[_Said]) -> tuple[bool, datetime, int]:
    """Every change comes after the opening, whatever the clocks of two machines say."""
    record = one.record
    assert record is not None, "what is projected was read from a topic"
    changed = isinstance(one.body, ContactPersonChanged)
    return changed, one.body.at if isinstance(one.body, ContactPersonChanged) else one.at, record.offset


def _row(one: Received[_Said]) -> dict[str, object]:
    changed, at, place = _when(one)
    return {"at": at if changed else "-infinity", "place": place}
