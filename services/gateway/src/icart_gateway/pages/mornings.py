"""What a morning begins with: the night's handover with its report, and the pack of the daily meeting (ED-5, ED-7, SC-15)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from icart_common.contracts.handover import handover_id
from icart_common.contracts.meetings import meeting_id
from icart_common.policy.wording import london_day
from icart_gateway import recall
from icart_gateway.doorway import Doorway
from icart_gateway.guarding.records import children_of, contacts_of, hidden_from, require, show_many
from icart_gateway.pages.forms.offers import Offer, of_undertaking
from icart_gateway.pages.forms.step import Place, Scene
from icart_gateway.pages.rendering import page
from icart_gateway.reading.meeting import meeting
from icart_gateway.reading.night import Night, night
from icart_gateway.reading.record import called
from icart_gateway.signing_in.session import Door, SignedIn, Who, pack_of
from icart_gateway.signing_in.staff import names_of
from icart_gateway.standing import Undertaking

_DAYS: Final = range(date(2000, 1, 1).toordinal(), date(2100, 1, 1).toordinal())
"""Days that have a page: each has one before it and one after."""
router = APIRouter()


@router.get("/nights", response_class=HTMLResponse)
@router.get("/nights/{day}", response_class=HTMLResponse)
async def nights(request: Request, door: Door, who: Who, day: date | None = None) -> HTMLResponse:
    """The handover of the night that began on a day; without one, of the night that is over or goes on now."""
    require(door, who, "desktops")
    shown = _there(day) or london_day(door.clock.now() - timedelta(hours=16))
    found, offers = await _of(door, who, handover_id(who.authority, shown))
    stands = night(found.said if found else (), door.clock.now())
    await show_many(door, who, "list", await children_of(door, who, stands.contacts))
    return page(
        request, "night.html", who, day=shown, before=shown - timedelta(days=1), after=shown + timedelta(days=1),
        night=stands, silent=await _silent(door, who, stands), offers=offers, called=called, staff=await names_of(door, who),
    )  # fmt: skip


@router.get("/meetings", response_class=HTMLResponse)
@router.get("/meetings/{day}", response_class=HTMLResponse)
async def meetings(request: Request, door: Door, who: Who, day: date | None = None) -> HTMLResponse:
    """The pack of a day's meeting and its decisions; without one, today's."""
    require(door, who, "desktops")
    shown = _there(day) or london_day(door.clock.now())
    found, offers = await _of(door, who, meeting_id(who.authority, shown))
    stands = meeting(found.said if found else ())
    hidden = await show_many(door, who, "meeting", await children_of(door, who, stands.contacts))
    return page(
        request, "meeting.html", who, day=shown, before=shown - timedelta(days=1), after=shown + timedelta(days=1),
        meeting=stands, offers=offers, called=called, hidden=hidden, staff=await names_of(door, who),
    )  # fmt: skip


def _there(day: date | None) -> date | None:
    if day and day.toordinal() not in _DAYS:
        raise HTTPException(404)
    return day


async def _silent(door: Doorway, who: SignedIn, night: Night) -> frozenset[str]:
    """What alerts are about, as it was typed, where that is the reference of a record that is shut to whoever looks."""
    about = {one.reference: one.reference.strip().upper() for one in night.items if one.words}
    named = await contacts_of(door, who, references=about.values())
    hidden = await hidden_from(door, who, {one.id: one.child for one in named})
    shut = {one.reference for one in named if one.id in hidden}
    return frozenset(typed for typed, reference in about.items() if reference in shut)


async def _of(door: Doorway, who: SignedIn, wanted: UUID) -> tuple[Undertaking | None, tuple[Offer, ...]]:
    """The undertaking, and what may be done with it."""
    found = await recall.undertaking(door.models, wanted, who.authority)
    if found is None:
        return None, ()
    scene = Scene(who, pack_of(door, who), Place(undertaking=wanted), door.clock.now(), None, found)
    return found, of_undertaking(scene, found)
