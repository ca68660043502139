"""Statutory notices: what waits for an answer, and each notice with what was found of its people (ST-1)."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from icart_common.db.pool import named_sql
from icart_gateway.guarding.records import require
from icart_gateway.pages.forms.banner import banner_of
from icart_gateway.pages.forms.catalogue import BY_SLUG
from icart_gateway.pages.forms.offers import of_matter
from icart_gateway.pages.forms.scene import scene_of
from icart_gateway.pages.forms.step import Place
from icart_gateway.pages.rendering import page
from icart_gateway.reading.notice import people_of
from icart_gateway.reading.record import called
from icart_gateway.signing_in.session import Door, Who, pack_of
from icart_gateway.signing_in.staff import names_of

_SQL = named_sql("icart_gateway.pages")
_MOST: Final = 100
_STATES: Final = {
    "recorded": "Its people are being looked up",
    "checked": "Waits for an answer",
    "answered": "Answered",
}
router = APIRouter()


@router.get("/notices", response_class=HTMLResponse)
async def notices(request: Request, door: Door, who: Who) -> HTMLResponse:
    """What waits, the longest first."""
    require(door, who, "desktops")
    async with door.reading(who) as connection:
        found = await connection.fetch(_SQL["open_notices"], who.authority, _MOST)
    taken = bool(pack_of(door, who).notices)
    return page(request, "notices.html", who, notices=found, states=_STATES, called=called, taken=taken)


@router.get("/notices/{notice:uuid}", response_class=HTMLResponse)
async def notice(request: Request, door: Door, who: Who, notice: UUID) -> HTMLResponse:
    """One notice, and what was found of each person. 404 for what is not there, or another authority's."""
    require(door, who, "desktops")
    scene = await scene_of(door, who, Place(matter=notice), BY_SLUG["answer-notice"])
    told = scene.decided.told
    async with door.reading(who) as connection:
        due = await connection.fetchval(_SQL["due_next"], notice, who.authority)
    return page(
        request, "notice.html", who, notice=told, people=people_of(told), states=_STATES, called=called, due=due,
        kept=scene.pack, actions=of_matter(scene, "notice"), banner=await banner_of(request, door, who),
        staff=await names_of(door, who),
    )  # fmt: skip
