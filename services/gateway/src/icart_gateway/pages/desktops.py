"""The desktops of an authority: what lies where, the most pressing first (SC-2)."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from icart_common.db.pool import named_sql
from icart_gateway.pages.rendering import page
from icart_gateway.signing_in.session import Door, Who, pack_of

_SQL = named_sql("icart_gateway.pages")
router = APIRouter()


@router.get("/desktops", response_class=HTMLResponse)
async def desktops(request: Request, door: Door, who: Who) -> HTMLResponse:
    """All desktops with how much lies on each."""
    async with door.models.connection() as connection:
        rows = await connection.fetch(_SQL["count_desktops"], who.authority)
    counts = {row["desktop"]: row["contacts"] for row in rows}
    shown = [(desktop, counts.get(desktop.id, 0)) for desktop in pack_of(door, who).desktops]
    return page(request, "desktops.html", who, desktops=shown)
