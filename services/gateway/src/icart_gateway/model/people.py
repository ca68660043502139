"""People who may be one: offers with what is for and against them, and merges (`events.intake`, IN-17)."""

from __future__ import annotations

from collections.abc import Sequence

import asyncpg

from icart_common.contracts.base import Message
from icart_common.contracts.people import (
    MatchDecided,
    MatchOffered,
    MatchWithdrawn,
    MergeEvent,
    MergeProposed,
    MergeRefused,
    MergeUndone,
    PeopleMerged,
)
from icart_common.db.pool import named_sql
from icart_common.messaging.message import Received
from icart_gateway.model.changes import Changes
from icart_gateway.model.fold import Row, fold

_SQL = named_sql("icart_gateway.model")
_Offer = MatchOffered | MatchDecided | MatchWithdrawn


class Offers:
    """A row for each pair that was ever offered, as it was last offered or decided."""

    hears: frozenset[type[Message]] = frozenset({MatchOffered, MatchDecided, MatchWithdrawn})

    async def __call__(
        self, batch: Sequence[Received[_Offer]], connection: asyncpg.Connection, changes: Changes
    ) -> None:
        for one in batch:
            if isinstance(one.body, MatchOffered):
                changes.contacts |= set(one.body.contacts)
        await fold(
            connection, batch, load=_SQL["load_offers"], save=_SQL["save_offers"], key=lambda said: said.offer,
            change=_offer_after,
        )  # fmt: skip


class Merges:
    """A row for each merge that was ever proposed."""

    hears: frozenset[type[Message]] = frozenset({MergeProposed, MergeRefused, PeopleMerged, MergeUndone})

    async def __call__(
        self, batch: Sequence[Received[MergeEvent]], connection: asyncpg.Connection, changes: Changes
    ) -> None:
        await fold(
            connection, batch, load=_SQL["load_merges"], save=_SQL["save_merges"], key=lambda said: said.merge,
            change=_merge_after,
        )  # fmt: skip


def _offer_after(row: Row | None, body: _Offer) -> Row | None:
    if isinstance(body, MatchOffered):
        return {
            "id": body.offer,
            "authority": body.authority,
            "version": body.version,
            "state": "open",
            "one": body.one,
            "other": body.other,
            "score": body.score,
            "words": [term.words for term in body.terms],
            "bits": [term.bits for term in body.terms],
            "contacts": list(body.contacts),
            "offered_at": body.at,
            "decided_by": None,
            "reason": None,
            "at": body.at,
        }
    if row is None:
        return None
    if isinstance(body, MatchWithdrawn):
        return row | {"state": "withdrawn", "version": body.version, "reason": body.because, "at": body.at}
    state = "same" if body.same else "different"
    decided = {"decided_by": body.by.person, "reason": body.reason, "at": body.at}
    return row | {"state": state, "version": body.version, **decided}


def _merge_after(row: Row | None, body: MergeEvent) -> Row | None:
    same = {"version": body.version, "at": body.at}
    match body:
        case MergeProposed():
            return {
                "id": body.merge,
                "authority": body.authority,
                "state": "proposed",
                "stays": body.stays,
                "goes": body.goes,
                "offer": body.offer,
                "proposed_by": body.by.person,
                "decided_by": None,
                "reason": body.reason,
                **same,
            }
        case MergeRefused() | PeopleMerged() | MergeUndone() if row is not None:
            states = {MergeRefused: "refused", PeopleMerged: "made", MergeUndone: "undone"}
            return row | {"state": states[type(body)], "decided_by": body.by.person, "reason": body.reason, **same}
    return None
