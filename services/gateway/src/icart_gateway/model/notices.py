"""Statutory notices, as far as they are checked and answered (`events.notifications`, ST-1)."""

from __future__ import annotations

from collections.abc import Sequence

import asyncpg

from icart_common.contracts.base import Message
from icart_common.contracts.notifications import KnownToServices, NoticeAnswered, NoticeChecked, NoticeRecorded
from icart_common.db.pool import named_sql
from icart_common.messaging.message import Received
from icart_common.policy.notices import SERVICES
from icart_gateway.model.changes import Changes
from icart_gateway.model.fold import Row, fold

_SQL = named_sql("icart_gateway.model")
_Said = NoticeRecorded | NoticeChecked | NoticeAnswered


class StatutoryNotices:
    """A row for each notice that was taken in."""

    hears: frozenset[type[Message]] = frozenset({NoticeRecorded, NoticeChecked, NoticeAnswered})

    async def __call__(
        self, batch: Sequence[Received[_Said]], connection: asyncpg.Connection, changes: Changes
    ) -> None:
        changes.lists |= {one.body.authority for one in batch}
        await fold(
            connection, batch, load=_SQL["load_notices"], save=_SQL["save_notices"], key=lambda said: said.notice,
            change=_after,
        )  # fmt: skip


def _after(row: Row | None, body: _Said) -> Row | None:
    match body:
        case NoticeRecorded():
            return _recorded(body)
        case NoticeChecked() if row is not None:
            return row | {
                "version": body.version,
                "state": "checked",
                "refs": [one.ref for one in body.proposed],
                "services": [" ".join(_services(one)) for one in body.proposed],
                "open_cases": [one.open_case for one in body.proposed],
                "leads": [one.lead for one in body.proposed],
            }
        case NoticeAnswered() if row is not None:
            said = {"answered_by": body.by.person, "answered_at": body.answered_at}
            return row | {"version": body.version, "state": "answered", **said}
    return None


def _recorded(body: NoticeRecorded) -> Row:
    return {
        "id": body.notice,
        "authority": body.authority,
        "agency": body.agency,
        "pack_version": body.pack_version,
        "kind": body.kind,
        "reference": body.reference,
        "received_at": body.received_at,
        "about": body.about,
        "on_day": body.on,
        "people": [one.ref for one in body.people],
        "given_names": [one.given_name for one in body.people],
        "family_names": [one.family_name for one in body.people],
        "born": [one.born for one in body.people],
        "addresses": ["; ".join(one.addresses) for one in body.people],
        "version": 1,
        "state": "recorded",
        "refs": [],
        "services": [],
        "open_cases": [],
        "leads": [],
        "answered_by": None,
        "answered_at": None,
    }


def _services(one: KnownToServices) -> list[str]:
    return [name for name in SERVICES if getattr(one.services, name)]
