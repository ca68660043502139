"""The desktops of an authority: what lies where, what is due first, and the queues within them (SC-2, SC-4, SC-10)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Final
from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from icart_common.contracts.ids import new_id
from icart_common.db.pool import named_sql
from icart_common.policy import PolicyPack
from icart_common.policy.errors import UnknownPolicy
from icart_common.policy.wording import name_in_words
from icart_gateway.doorway import Doorway
from icart_gateway.guarding.records import require, show_many
from icart_gateway.pages.desktop_filter import SORTS, STAGES, URGENCIES, DesktopFilter
from icart_gateway.pages.rendering import page
from icart_gateway.reading.restricted import RESTRICTED, children
from icart_gateway.reading.words import age_in_words, left_in_words
from icart_gateway.signing_in.session import Acting, Door, SignedIn, Who, pack_of
from icart_gateway.signing_in.staff import StaffNames, names_of

_SQL = named_sql("icart_gateway.pages")
_ROWS: Final = 25
_MOST_VIEWS: Final = 20
router = APIRouter()


@dataclass(frozen=True, slots=True)
class Listed:
    """What lies on the desktops, as the filter leaves it."""

    counts: dict[str, dict[str, int]]
    workers: dict[str, dict[str, int]]
    total: int
    notices: int
    """Statutory notices that wait for an answer, whatever the filter leaves."""
    rows: list[dict[str, Any]]
    more: str
    """The key of the last row when there are more after it."""


@router.get("/desktops", response_class=HTMLResponse)
async def desktops(request: Request, door: Door, who: Who) -> HTMLResponse:
    """All desktops with how much lies on each, and the contacts that the filter leaves, the most pressing first."""
    require(door, who, "desktops")
    pack = pack_of(door, who)
    wanted = DesktopFilter.read(request.query_params, pack)
    now = door.clock.now()
    listed = await listed_on(door, who, wanted, now)
    hidden = await show_many(door, who, "list", children(listed.rows))
    staff = await names_of(door, who)
    async with door.held.connection() as connection:
        views = await connection.fetch(_SQL["saved_views"], who.person, who.authority)
    return page(
        request, "desktops.html", who, wanted=wanted, listed=listed, views=views, sorts=SORTS, stages=STAGES,
        strands=[(one.id, one.name) for one in pack.strands], urgencies=URGENCIES,
        workers=sorted(((one, staff[one]) for one in listed.workers), key=lambda one: one[1]),
        rows=[_row(one, pack, now, hidden, staff) for one in listed.rows],
        everything=sum(one["all"] for one in listed.counts.values()),
        all_late=sum(one["late"] for one in listed.counts.values()),
    )  # fmt: skip


@router.get("/allocation", response_class=HTMLResponse)
async def allocation(request: Request, door: Door, who: Who) -> HTMLResponse:
    """What waits for a worker, beside how much each worker has (SC-4)."""
    require(door, who, "desktops")
    pack = pack_of(door, who)
    wanted = DesktopFilter.read({**request.query_params, "stage": "allocation"}, pack)
    now = door.clock.now()
    listed = await listed_on(door, who, wanted, now)
    hidden = await show_many(door, who, "list", children(listed.rows))
    staff = await names_of(door, who)
    workers = sorted(listed.workers.items(), key=lambda one: (one[1]["all"] - one[1]["submitted"], one[0]))
    return page(
        request, "allocation.html", who, wanted=wanted, listed=listed, workers=workers, staff=staff,
        rows=[_row(one, pack, now, hidden, staff) for one in listed.rows],
    )  # fmt: skip


@router.post("/desktops/views")
async def save_view(
    door: Door, who: Acting, name: Annotated[str, Form()] = "", query: Annotated[str, Form()] = ""
) -> RedirectResponse:
    """Keep the filter under a name of one's own, instead of what had that name before."""
    wanted = DesktopFilter.read(dict(parse_qsl(query[:2000])), pack_of(door, who))
    called = " ".join(name.split())[:60]
    if called:
        async with door.held.connection() as connection:
            await connection.execute(
                _SQL["save_view"], new_id(), who.person, who.authority, called, wanted.query(), door.clock.now(),
                _MOST_VIEWS,
            )  # fmt: skip
    return RedirectResponse(wanted.address(), 303)


@router.post("/desktops/views/{view}/forget")
async def forget_view(door: Door, who: Acting, view: UUID) -> RedirectResponse:
    """Forget a view of one's own."""
    async with door.held.connection() as connection:
        await connection.execute(_SQL["forget_view"], view, who.person, who.authority)
    return RedirectResponse("/desktops", 303)


async def listed_on(door: Doorway, who: SignedIn, wanted: DesktopFilter, now: datetime) -> Listed:
    """What lies on the desktops of somebody's authority, in one statement."""
    async with door.reading(who) as connection:
        found = await connection.fetchrow(
            _SQL["list_desktops"], who.authority, now, wanted.desktop or None, wanted.strand or None,
            wanted.urgency or None, who.person if wanted.mine else wanted.worker or None, wanted.late,
            wanted.stage or None, wanted.sort, wanted.back, *wanted.begins, _ROWS + 1,
        )  # fmt: skip
    rows = json.loads(found["rows"])
    more = f"{rows[_ROWS - 1]['key']}_{rows[_ROWS - 1]['id']}" if len(rows) > _ROWS else ""
    return Listed(
        json.loads(found["counts"]), json.loads(found["workers"]), found["total"], found["notices"], rows[:_ROWS], more
    )


def _row(
    one: dict[str, Any], pack: PolicyPack, now: datetime, hidden: frozenset[UUID], staff: StaffNames
) -> dict[str, Any]:
    """A row as it is read: names for codes, and how long is left."""
    due = datetime.fromisoformat(one["due_at"]) if one["due_at"] else None
    is_hidden = UUID(one["id"]) in hidden
    born = date.fromisoformat(one["born"]) if one["born"] else None
    return one | {
        "child": RESTRICTED if is_hidden else name_in_words(one["given_name"], one["family_name"]),
        "age": age_in_words(born, now) if born and not is_hidden else None,
        "desktop": _named(pack.desktop, one["desktop"]),
        "strand": _named(pack.strand, one["strand"]),
        "worker": staff[one["worker"]] if one["worker"] else None,
        "submitted_by": staff[one["submitted_by"]] if one["submitted_by"] else None,
        "outcome": _named(pack.outcome, one["outcome"]),
        "clock": _named(pack.clock, one["rule"]),
        "agency": _named(pack.agency, one["agency"]),
        "due": due,
        "left": left_in_words(due, now) if due else None,
        "received": datetime.fromisoformat(one["received_at"]),
    }


def _named(find: Any, code: str | None) -> str | None:
    """The name behind a code of the pack; the code itself when this version of the pack has it no more."""
    if code is None:
        return None
    try:
        found: str = find(code).name
    except UnknownPolicy:
        return code
    return found
