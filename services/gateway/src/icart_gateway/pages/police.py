"""The police's reports of vulnerable people: what waits for an assessment, and each report (PV-2 to PV-7)."""

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
from icart_gateway.pages.forms.police import ROUTES
from icart_gateway.pages.forms.scene import scene_of
from icart_gateway.pages.forms.step import Place
from icart_gateway.pages.rendering import page
from icart_gateway.reading.record import called
from icart_gateway.signing_in.session import Door, Who
from icart_gateway.signing_in.staff import names_of

_SQL = named_sql("icart_gateway.pages")
_MOST: Final = 100
_STATES: Final = {
    "recorded": "Its people are being looked up",
    "proposed": "Waits for the primary assessment",
    "secondary": "Waits for the secondary assessment",
    "closed": "Closed",
    "referred": "Referred",
}
router = APIRouter()


@router.get("/assessments", response_class=HTMLResponse)
async def reports(request: Request, door: Door, who: Who) -> HTMLResponse:
    """What waits, the longest first."""
    require(door, who, "desktops")
    async with door.reading(who) as connection:
        found = await connection.fetch(_SQL["open_assessments"], who.authority, _MOST)
    return page(request, "assessments.html", who, reports=found, states=_STATES, called=called)


@router.get("/assessments/{vpa:uuid}", response_class=HTMLResponse)
async def report(request: Request, door: Door, who: Who, vpa: UUID) -> HTMLResponse:
    """One report with what the rules propose for each child. 404 for what is not there, or another authority's."""
    require(door, who, "desktops")
    scene = await scene_of(door, who, Place(matter=vpa), BY_SLUG["primary-assess"])
    told = scene.decided.told
    routes = {one.value: one.label for one in ROUTES}
    decisions = {one.id: one.name for one in scene.pack.vpa.decisions} if scene.pack.vpa else {}
    proposed = [
        (child, routes[route], decisions.get(recorded, recorded), because)
        for child, route, recorded, because in zip(
            told["proposed_for"], told["proposed_routes"], told["proposed_as"], told["because"], strict=True
        )
    ]
    return page(
        request, "assessment.html", who, report=told, proposed=proposed, states=_STATES, called=called,
        actions=of_matter(scene, "vpa"), banner=await banner_of(request, door, who), staff=await names_of(door, who),
    )  # fmt: skip
