"""`/performance`: tables and charts of how a front door does (QA-1), each to be had as a file."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from icart_gateway.doorway import Doorway
from icart_gateway.ops.rights import SeesPerformance
from icart_gateway.pages.rendering import page
from icart_gateway.performance.charts import chart
from icart_gateway.performance.figures import Asked, figures
from icart_gateway.performance.markup import rows_of
from icart_gateway.performance.tables import Table, as_csv
from icart_gateway.performance.trends import PERIODS, Period
from icart_gateway.signing_in.session import Door, SignedIn, pack_of

_CHOICES = (4, 12, 26, 52)
_USUAL = 12
router = APIRouter(prefix="/performance")


@router.get("", response_class=HTMLResponse)
async def performance(
    request: Request, door: Door, who: SeesPerformance, weeks: str = "", by: str = ""
) -> HTMLResponse:
    """Every table of the last weeks, and of the last months, quarters or years."""
    asked = _asked(door, who, weeks, by)
    tables = await _tables(door, who, asked)
    return page(
        request, "performance.html", who, tables=[(one, chart(one)) for one in tables], rows_of=rows_of, weeks=asked.weeks,
        choices=_CHOICES, period=asked.period, periods=PERIODS,
    )  # fmt: skip


@router.get("/{name}.csv")
async def table(
    request: Request, door: Door, who: SeesPerformance, name: str, weeks: str = "", by: str = ""
) -> Response:
    """One table as a file for a spreadsheet."""
    for one in await _tables(door, who, _asked(door, who, weeks, by)):
        if one.id == name:
            called = f"{who.authority}-{one.id}-{door.clock.now():%Y-%m-%d}.csv"
            headers = {"Content-Disposition": f'attachment; filename="{called}"'}
            return Response(as_csv(one), media_type="text/csv; charset=utf-8", headers=headers)
    return page(
        request, "problem.html", who, status=404, heading="There is no such table",
        what="The address may have been typed by hand.", do="The tables are at /performance.",
    )  # fmt: skip


def _asked(door: Doorway, who: SignedIn, weeks: str, by: str) -> Asked:
    chosen = int(weeks) if weeks in {str(one) for one in _CHOICES} else _USUAL
    period: Period = next((one for one in PERIODS if one == by), "month")
    return Asked(pack_of(door, who), door.clock.now(), chosen, period)


async def _tables(door: Doorway, who: SignedIn, asked: Asked) -> list[Table]:
    async with door.reading(who) as connection:
        return await figures(connection, asked)
