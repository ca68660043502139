"""Everything about one contact on one page (SC-3, SC-19)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from icart_common.contracts.screening import ContactClosed, ContactStepped
from icart_common.db.pool import named_sql
from icart_common.policy import PolicyPack
from icart_common.policy.wording import name_in_words
from icart_gateway.doorway import Doorway
from icart_gateway.guarding.records import show_many
from icart_gateway.pages.forms.banner import banner_of
from icart_gateway.pages.forms.offers import around, of_contact
from icart_gateway.pages.forms.presence import others_on
from icart_gateway.pages.forms.scene import scene_of
from icart_gateway.pages.forms.step import Place
from icart_gateway.pages.rendering import page
from icart_gateway.reading.family import family, names
from icart_gateway.reading.record import called, record, submissions
from icart_gateway.reading.restricted import RESTRICTED, children
from icart_gateway.reading.words import age_in_words, left_in_words
from icart_gateway.rights import may_read
from icart_gateway.signing_in.session import Door, SignedIn, Who
from icart_gateway.signing_in.staff import names_of
from icart_gateway.standing import Standing

_SQL = named_sql("icart_gateway.pages")
_STATES = {"running": "Running", "paused": "Stands still", "met": "Met", "cancelled": "Cancelled"}
router = APIRouter()


@router.get("/contacts/{contact:uuid}", response_class=HTMLResponse)
async def contact_page(request: Request, door: Door, who: Who, contact: UUID) -> HTMLResponse:
    """The whole contact. 404 for what is not there, or another authority's."""
    scene = await scene_of(door, who, Place(contact=contact), reading="contact")
    standing, pack, now = scene.record, scene.pack, scene.now
    staff = await names_of(door, who)
    folded = record(standing, pack, staff)
    beside = await _beside(door, who, standing)
    clocks = [_clock(one, pack, now) for one in beside["clocks"]]
    running = [one for one in clocks if one["state"] in ("running", "paused") and one["subject"] == str(contact)]
    hidden = await show_many(door, who, "list", children(beside["linked"]))
    opened = standing.opened
    if opened is None and not standing.said:
        raise HTTPException(404)
    return page(
        request, "contact.html", who, contact=standing, kept=pack, record=folded, opened=opened,
        child=name_in_words(opened.child.given_name, opened.child.family_name) if opened else "Not known yet",
        age=age_in_words(opened.child.born, now) if opened and opened.child.born else None,
        family=family(opened) if opened else None, names=names(opened), called=called, clocks=clocks,
        next_clock=running[0] if running else None, documents=beside["documents"], offers=beside["offers"],
        linked=list(_linked(beside["linked"], pack, hidden)), actions=of_contact(scene), undertakings=around(scene),
        banner=await banner_of(request, door, who), others=await others_on(door, who, contact), staff=staff,
        sees_reads=may_read(pack, who.role, "audit").allowed,
    )  # fmt: skip


async def _beside(door: Doorway, who: SignedIn, standing: Standing) -> dict[str, Any]:
    """Clocks, documents, possible matches and other contacts, in one statement."""
    async with door.reading(who) as connection:
        row = await connection.fetchrow(
            _SQL["around_contact"], standing.id, who.authority, list(submissions(standing)), list(standing.undertakings),
            list(_others(standing)), standing.child,
        )  # fmt: skip
    return {name: json.loads(row[name]) for name in ("clocks", "documents", "offers", "linked")}


def _others(standing: Standing) -> Iterator[UUID]:
    """Contacts of siblings and of the same event, and those before and after a transfer."""
    yield from standing.siblings
    if standing.opened:
        yield from standing.opened.siblings
        yield from (one.contact for one in standing.opened.linked)
    for one in standing.said:
        if isinstance(one.body, ContactStepped):
            yield one.body.first
        if isinstance(one.body, ContactClosed) and one.body.successor:
            yield one.body.successor


def _clock(one: dict[str, Any], pack: PolicyPack, now: datetime) -> dict[str, Any]:
    due = datetime.fromisoformat(one["due_at"])
    going = one["state"] in ("running", "paused")
    return one | {
        "name": called(pack.clock, one["rule"]),
        "due": due,
        "left": left_in_words(due, now) if going else "",
        "over": going and due < now,
        "words": "Met late" if one["state"] == "met" and one["late"] else _STATES[one["state"]],
        "met": datetime.fromisoformat(one["met_at"]) if one["met_at"] else None,
    }


def _linked(found: list[dict[str, Any]], pack: PolicyPack, hidden: frozenset[UUID]) -> Iterator[dict[str, Any]]:
    for one in found:
        place = called(pack.desktop, one["desktop"]) if one["open"] else called(pack.outcome, one["outcome"])
        child = RESTRICTED if UUID(one["id"]) in hidden else name_in_words(one["given_name"], one["family_name"])
        yield one | {"child": child, "place": place}
