"""People who may be one: offered to a person with what is for and against it, and never joined by anything else (IN-17)."""

from __future__ import annotations

import json
from typing import Final
from uuid import UUID

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from icart_common.contracts.referral import Person
from icart_common.db.pool import named_sql
from icart_gateway.guarding.records import all_shut_to, open_record, require
from icart_gateway.pages.rendering import page
from icart_gateway.reading.matching import evidence, side_by_side
from icart_gateway.reading.restricted import RESTRICTED, hides
from icart_gateway.signing_in.session import Door, Who

_SQL = named_sql("icart_gateway.pages")
_MOST: Final = 50
router = APIRouter()


@router.get("/matches", response_class=HTMLResponse)
async def matches(request: Request, door: Door, who: Who) -> HTMLResponse:
    """What waits for somebody's decision, the longest first."""
    require(door, who, "search")
    shut = await all_shut_to(door, who)
    async with door.reading(who) as connection:
        offers = await connection.fetch(_SQL["open_offers"], who.authority, _MOST)
        merges = await connection.fetch(_SQL["open_merges"], who.authority, _MOST)
    shown = [{**one, "about": [_named(held, shut) for held in json.loads(one["about"] or "[]")]} for one in offers]
    return page(request, "matches.html", who, offers=shown, merges=merges)


@router.get("/matches/{offer:uuid}", response_class=HTMLResponse)
async def match(request: Request, door: Door, who: Who, offer: UUID) -> HTMLResponse:
    """The two side by side, and each piece of evidence. 404 for what is not there, or another authority's."""
    require(door, who, "search")
    async with door.reading(who) as connection:
        row = await connection.fetchrow(_SQL["offer"], offer, who.authority)
    if row is None:
        raise HTTPException(404)
    one, other = (Person.model_validate_json(row[name]) if row[name] else None for name in ("one_told", "other_told"))
    contacts = json.loads(row["contacts_of_both"])
    for held in {held["person"]: held for held in contacts}.values():
        await open_record(door, who, "contact", UUID(held["contact"]), UUID(held["person"]))
    return page(
        request, "match.html", who, offer=row, rows=side_by_side(one, other), terms=evidence(row["words"], row["bits"]),
        of_one=[held for held in contacts if held["person"] == str(row["one"])],
        of_other=[held for held in contacts if held["person"] == str(row["other"])],
    )  # fmt: skip


def _named(held: dict[str, str], shut: frozenset[UUID]) -> dict[str, str | None]:
    """A contact of an offer, by the child's name unless that is shut to whoever looks."""
    return {**held, "given_name": None, "family_name": RESTRICTED} if hides(shut, held) else {**held}
