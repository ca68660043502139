"""Finding a contact by little: its reference or its referrer's, a family name with a date of birth, or a postcode with a name.

What was asked for stays on this side: the page of results is addressed by an opaque id, so that no name is in a URL.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from icart_common.contracts.drafts import SaveDraft
from icart_common.contracts.ids import new_id
from icart_common.db.pool import named_sql
from icart_common.policy import PolicyPack
from icart_common.policy.wording import name_in_words
from icart_gateway.guarding.records import require, show_many
from icart_gateway.pages.rendering import page
from icart_gateway.reading.came_under import came_under
from icart_gateway.reading.record import called
from icart_gateway.reading.restricted import RESTRICTED, children
from icart_gateway.refer.draft import code_of
from icart_gateway.rights import may_ask
from icart_gateway.signing_in.session import Acting, Door, Who, pack_of
from icart_gateway.signing_in.staff import StaffNames, names_of

_SQL = named_sql("icart_gateway.pages")
_MOST: Final = 50
_REFERENCE: Final = re.compile(r"^[A-Z0-9]{5}-?[A-Z0-9]{5}$")
_NO_REFERENCE: Final = "A reference looks like QK7WM-3HXPA: check what you typed"
_NOT_SENT: Final = (
    "This is the code of a referral form that has not been sent yet: nobody here can open it. Ask them to go on with it on the "
    "referral form and to send it, or take the referral down now"
)
router = APIRouter()


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for, as they typed it."""

    reference: str = ""
    family_name: str = ""
    given_name: str = ""
    day: str = ""
    month: str = ""
    year: str = ""
    postcode: str = ""

    @property
    def born(self) -> date | None:
        """The date of birth; None when none was typed. Raises ValueError."""
        typed = (self.day, self.month, self.year)
        return date(*map(int, reversed(typed))) if any(typed) else None

    def problems(self) -> dict[str, str]:
        """What has to be mended before anything can be looked for, by the field."""
        try:
            born = self.born
        except (ValueError, OverflowError):
            return {"day": "Enter a real date of birth, for example 27 3 2017, or leave it out"}
        if self.reference:
            return {} if self.own_reference else {"reference": _NOT_SENT if self.is_code else _NO_REFERENCE}
        if self.postcode or (self.family_name and (born or self.given_name)) or len(self.family_name) >= 3:
            return {}
        if self.family_name or self.given_name or born:
            return {"family_name": "Enter at least three letters of the family name, or a postcode with what you know"}
        return {"reference": "Enter a reference, a family name, or a postcode"}

    @property
    def is_code(self) -> bool:
        """Whether it is what somebody goes on with the referral form by: it opens what they wrote, and is kept nowhere here."""
        return code_of(self.reference) is not None

    @property
    def own_reference(self) -> str | None:
        """The reference as it is written; None when it cannot be one."""
        bare = "".join(self.reference.upper().split())
        if not _REFERENCE.match(bare):
            return None
        return bare if "-" in bare else f"{bare[:5]}-{bare[5:]}"


@router.get("/search", response_class=HTMLResponse)
async def search(request: Request, door: Door, who: Who) -> HTMLResponse:
    """The form."""
    require(door, who, "search")
    return page(request, "search.html", who, asked=Asked(), errors={}, found=None)


@router.post("/search", response_class=HTMLResponse)
async def look(
    request: Request,
    door: Door,
    who: Acting,
    reference: Annotated[str, Form()] = "",
    family_name: Annotated[str, Form()] = "",
    given_name: Annotated[str, Form()] = "",
    day: Annotated[str, Form()] = "",
    month: Annotated[str, Form(alias="day-month")] = "",
    year: Annotated[str, Form(alias="day-year")] = "",
    postcode: Annotated[str, Form()] = "",
) -> Response:
    """Look: the results have a page of their own, to which one can come back."""
    require(door, who, "search")
    typed = (reference, family_name, given_name, day, month, year, postcode)
    asked = Asked(*(" ".join(one.split())[:100] for one in typed))
    if errors := asked.problems():
        asked = replace(asked, reference="" if asked.is_code else asked.reference)
        return page(request, "search.html", who, status=422, asked=asked, errors=errors, found=None)
    wanted = new_id()
    async with door.held.connection() as connection:
        await connection.execute(
            _SQL["begin_search"], wanted, who.person, who.authority, json.dumps(asdict(asked)), door.clock.now()
        )
    return RedirectResponse(f"/search/{wanted}", 303)


@router.get("/search/{wanted:uuid}", response_class=HTMLResponse)
async def results(request: Request, door: Door, who: Who, wanted: UUID) -> HTMLResponse:
    """What was found: at most 50, what is open first. 404 after a day, and for what somebody else looked for."""
    require(door, who, "search")
    async with door.held.connection() as connection:
        held = await connection.fetchval(_SQL["asked_search"], wanted, who.person, who.authority, door.clock.now())
    if held is None:
        raise HTTPException(404)
    asked = Asked(**json.loads(held))
    async with door.reading(who) as connection:
        rows = await connection.fetch(
            _SQL["search"], who.authority, asked.own_reference, asked.family_name.lower() or None,
            asked.given_name.lower() or None, asked.born, "".join(asked.postcode.upper().split()) or None, _MOST,
        )  # fmt: skip
        reference = asked.own_reference
        sent = await connection.fetch(_SQL["came_under"], who.authority, reference) if reference else ()
    pack, staff = pack_of(door, who), await names_of(door, who)
    # Who has a worker already has no contact to be said in the trail: what was passed on stands in its place.
    passed_on = {row["redirection"]: row["person"] for row in sent if row["redirection"]}
    hidden = await show_many(door, who, "search", children(rows) | passed_on)
    return page(
        request, "search.html", who, asked=asked, errors={}, found=[_shown(row, pack, hidden, staff) for row in rows], most=_MOST,
        came=came_under(sent, pack, hidden), takes=may_ask(pack, who.role, SaveDraft).allowed,
    )  # fmt: skip


def _shown(row: Mapping[str, Any], pack: PolicyPack, hidden: frozenset[UUID], staff: StaffNames) -> dict[str, Any]:
    """A contact that was found, as its line says it."""
    place = called(pack.desktop, row["desktop"]) if row["open"] else called(pack.outcome, row["outcome"])
    line = {**row, "place": place, "worker": staff[row["worker"]] if row["worker"] else None}
    if row["id"] in hidden:
        return line | {"child": RESTRICTED, "born": None, "postcode": None}
    return line | {"child": name_in_words(row["given_name"], row["family_name"])}
