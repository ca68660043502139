"""`/`: where somebody's work begins, which is the first line of their menu."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import RedirectResponse

from icart_gateway.pages.navigation import menu
from icart_gateway.signing_in.session import Door, Who, pack_of

router = APIRouter()


@router.get("/")
async def home(door: Door, who: Who) -> RedirectResponse:
    """The desktops; for whoever keeps the services running, how they run; for a role without pages, that page of the roles."""
    entries = menu(pack_of(door, who), who.role)
    return RedirectResponse(entries[0][1] if entries else "/role", 303)
