"""`/performance`: tables and charts of how a front door does (QA-1), each to be had as a file."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from icart_gateway.doorway import Doorway
from icart_gateway.ops.rights import SeesPerformance
from icart_gateway.pages.rendering import page
from icart_gateway.performance.charts import chart
from icart_gateway.performance.figures import Asked, figures
from icart_gateway.performance.tables import Table, as_csv, shown
from icart_gateway.signing_in.session import Door, SignedIn, pack_of

_CHOICES = (4, 12, 26, 52)
_USUAL = 12
router = APIRouter(prefix="/performance")


@router.get("", response_class=HTMLResponse)
async def performance(request: Request, door: Door, who: SeesPerformance, weeks: str = "") -> HTMLResponse:
    """Every table of the last weeks."""
    chosen = _chosen(weeks)
    tables = await _tables(door, who, chosen)
    return page(
        request, "performance.html", who, tables=[(one, chart(one)) for one in tables], shown=shown, weeks=chosen,
        choices=_CHOICES,
    )  # fmt: skip


@router.get("/{name}.csv")
async def table(request: Request, door: Door, who: SeesPerformance, name: str, weeks: str = "") -> Response:
    """One table as a file for a spreadsheet."""
    chosen = _chosen(weeks)
    for one in await _tables(door, who, chosen):
        if one.id == name:
            called = f"{who.authority}-{one.id}-{door.clock.now():%Y-%m-%d}.csv"
            headers = {"Content-Disposition": f'attachment; filename="{called}"'}
            return Response(as_csv(one), media_type="text/csv; charset=utf-8", headers=headers)
    return page(
        request, "problem.html", who, status=404, heading="There is no such table",
        what="The address may have been typed by hand.", do="The tables are at /performance.",
    )  # fmt: skip


def _chosen(weeks: str) -> int:
    return int(weeks) if weeks in {str(one) for one in _CHOICES} else _USUAL


async def _tables(door: Doorway, who: SignedIn, weeks: int) -> list[Table]:
    async with door.reading(who) as connection:
        return await figures(connection, Asked(pack_of(door, who), door.clock.now(), weeks))
