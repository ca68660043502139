"""Who is who: offers with what is for and against them, merges, and what was put to whom (`events.intake`, IN-17)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from uuid import UUID

import asyncpg

from icart_common.contracts.base import Message
from icart_common.contracts.intake import ContactOpened
from icart_common.contracts.people import (
    MatchDecided,
    MatchOffered,
    MatchWithdrawn,
    MentionMoved,
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
_Mention = ContactOpened | MentionMoved


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


class Mentions:
    """A row for each mention that a contact was opened about: how often it was put to somebody, and to whom it is put.

    A contact and a moved mention are told in different partitions: the row is the same whichever comes first.
    """

    hears: frozenset[type[Message]] = frozenset({ContactOpened, MentionMoved})

    async def __call__(
        self, batch: Sequence[Received[_Mention]], connection: asyncpg.Connection, changes: Changes
    ) -> None:
        await fold(
            connection, [one for one in batch if _known(one.body)], load=_SQL["load_mentions"],
            save=_SQL["save_mentions"], key=_mention, change=_mention_after,
        )  # fmt: skip


class Meanwhiles:
    """A row for each thing that was decided on the wrong record, until a merge or a link was undone."""

    hears: frozenset[type[Message]] = frozenset({MergeUndone, MentionMoved})

    async def __call__(
        self, batch: Sequence[Received[MergeUndone | MentionMoved]], connection: asyncpg.Connection, changes: Changes
    ) -> None:
        rows = [
            {
                **found.model_dump(mode="json"),
                "because": one.body.subject_id,
                "version": one.body.version,
                "authority": one.body.authority,
            }
            for one in batch
            for found in one.body.meanwhile
        ]
        if rows:
            await connection.execute(_SQL["add_meanwhile"], json.dumps(rows, default=str))


def _known(body: _Mention) -> UUID | None:
    return body.mention if isinstance(body, MentionMoved) else body.child_known.mention


def _mention(body: _Mention) -> UUID:
    known = _known(body)
    assert known is not None, "only what names a mention is folded"
    return known


def _mention_after(row: Row | None, body: _Mention) -> Row:
    if isinstance(body, MentionMoved):
        contacts = body.contacts
        put: Row = {
            "version": body.version, "person": body.to_person, "moved_from": body.from_person, "moved_by": body.by.person,
            "reason": body.reason, "at": body.at,
        }  # fmt: skip
    else:
        contacts = (body.contact,)
        put = {
            "version": 1, "person": body.child_known.person, "moved_from": None, "moved_by": None, "reason": None,
            "at": body.received_at,
        }  # fmt: skip
    known = row or {"id": _mention(body), "authority": body.authority, "submission": body.submission, "version": 0}
    if known["version"] >= put["version"]:
        put = {}
    return known | put | {"contacts": sorted({*known.get("contacts", ()), *contacts}, key=str)}


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
            "mention": None,
            "merge": None,
            "at": body.at,
        }
    if row is None:
        return None
    if isinstance(body, MatchWithdrawn):
        return row | {"state": "withdrawn", "version": body.version, "reason": body.because, "at": body.at}
    state = "same" if body.same else "different"
    decided = {"decided_by": body.by.person, "reason": body.reason, "at": body.at}
    return row | {
        "state": state, "version": body.version, "mention": body.mention, "merge": body.merge, **decided
    }  # fmt: skip


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
                "note": None,
                **same,
            }
        case MergeRefused() | PeopleMerged() | MergeUndone() if row is not None:
            states = {MergeRefused: "refused", PeopleMerged: "made", MergeUndone: "undone"}
            said = {"reason": body.reason, "note": body.note if isinstance(body, PeopleMerged) else None}
            return row | {"state": states[type(body)], "decided_by": body.by.person, **said, **same}
    return None
