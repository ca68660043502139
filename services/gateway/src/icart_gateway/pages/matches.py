"""Who is who: two people who may be one, merges and links that are undone, each decided by a person (IN-17)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from icart_common.db.pool import named_sql
from icart_gateway.guarding.records import contact_of, require, show_many
from icart_gateway.pages.forms.banner import banner_of
from icart_gateway.pages.forms.catalogue import BY_SLUG
from icart_gateway.pages.forms.offers import of_matter
from icart_gateway.pages.forms.scene import scene_of
from icart_gateway.pages.forms.step import Matter, Place, Scene
from icart_gateway.pages.rendering import page
from icart_gateway.pages.search import Asked
from icart_gateway.reading.matching import STATES, evidence, side_by_side
from icart_gateway.reading.restricted import RESTRICTED, children
from icart_gateway.signing_in.session import Acting, Door, SignedIn, Who
from icart_gateway.signing_in.staff import names_of

_SQL = named_sql("icart_gateway.pages")
_MOST: Final = 50
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
router = APIRouter()
Reference = Annotated[str, Form(max_length=100)]


@router.get("/matches", response_class=HTMLResponse)
async def matches(request: Request, door: Door, who: Who) -> HTMLResponse:
    """What waits for somebody's decision, the longest first, and the merges that were decided last."""
    return await _list(request, door, who)


@router.post("/matches", response_class=HTMLResponse)
async def compare(request: Request, door: Door, who: Acting, one: Reference = "", other: Reference = "") -> Response:
    """Put the children of two contacts side by side, by the contacts' references."""
    require(door, who, "search")
    typed = {"one": one, "other": other}
    found, errors = [], {}
    for name, reference in typed.items():
        contact = await contact_of(door, who, reference=Asked(reference=reference).own_reference)
        if contact is None or contact.child is None:
            errors[name] = "Enter the reference of a contact, like QK7WM-3HXPA"
        found.append(contact.child if contact else None)
    if not errors and found[0] == found[1]:
        errors["other"] = "Both contacts are about the same person already"
    if errors:
        return await _list(request, door, who, typed, errors)
    return RedirectResponse(f"/people/{found[0]}/and/{found[1]}", 303)


@router.get("/matches/{offer:uuid}", response_class=HTMLResponse)
async def match(request: Request, door: Door, who: Who, offer: UUID) -> HTMLResponse:
    """The two of a possible match, and each piece of evidence. 404 for what is not there, or another authority's."""
    scene = await _scene(door, who, "decide-match", Place(matter=offer))
    told = scene.decided.told
    return await _two(
        request, door, scene, "offer", "match.html", offer=told, terms=evidence(told["words"], told["bits"])
    )


@router.get("/merges/{merge:uuid}", response_class=HTMLResponse)
async def merge(request: Request, door: Door, who: Who, merge: UUID) -> HTMLResponse:
    """A merge of two, what may be done with it, and, when it was undone, what was decided on the merged record."""
    scene = await _scene(door, who, "undo-merge", Place(matter=merge))
    return await _two(
        request, door, scene, "merge", "merge.html", merge=scene.decided.told, meanwhile=await _meanwhile(door, who, merge)
    )  # fmt: skip


@router.get("/people/{one:uuid}/and/{other:uuid}", response_class=HTMLResponse)
async def people(request: Request, door: Door, who: Who, one: UUID, other: UUID) -> HTMLResponse:
    """Two people whom nothing has offered, side by side. 404 unless the authority has a contact about each."""
    scene = await _scene(door, who, "propose-merge", Place(matter=one, part=str(other)))
    return await _two(request, door, scene, "person", "people.html")


@router.get("/mentions/{mention:uuid}", response_class=HTMLResponse)
async def mention(request: Request, door: Door, who: Who, mention: UUID) -> HTMLResponse:
    """What was told of somebody, to whom it is put, and what was decided on the wrong record before it was moved."""
    scene = await _scene(door, who, "undo-link", Place(matter=mention))
    return page(
        request, "mention.html", who, mention=scene.decided.told, held=scene.decided.contacts,
        actions=of_matter(scene, "mention"), meanwhile=await _meanwhile(door, who, mention),
        banner=await banner_of(request, door, who), staff=await names_of(door, who),
    )  # fmt: skip


async def _list(
    request: Request,
    door: Door,
    who: SignedIn,
    typed: Mapping[str, str] = _NOTHING,
    errors: Mapping[str, str] = _NOTHING,
) -> HTMLResponse:
    require(door, who, "search")
    async with door.reading(who) as connection:
        offers = await connection.fetch(_SQL["open_offers"], who.authority, _MOST)
        merges = await connection.fetch(_SQL["open_merges"], who.authority, _MOST)
        decided = await connection.fetch(_SQL["decided_merges"], who.authority, _MOST)
    about = [json.loads(one["about"] or "[]") for one in offers]
    hidden = await show_many(door, who, "list", children(held for of_one in about for held in of_one))
    shown = [
        {**one, "about": [_named(held, hidden) for held in of_one]} for one, of_one in zip(offers, about, strict=True)
    ]
    return page(
        request, "matches.html", who, status=422 if errors else 200, offers=shown, merges=merges, decided=decided,
        states=STATES, typed=typed, errors=errors, staff=await names_of(door, who),
    )  # fmt: skip


async def _scene(door: Door, who: SignedIn, slug: str, place: Place) -> Scene:
    require(door, who, "search")
    return await scene_of(door, who, place, BY_SLUG[slug], reading="contact")


async def _two(request: Request, door: Door, scene: Scene, kind: str, template: str, **context: Any) -> HTMLResponse:
    """Two people as they were last told at the door, with what may be done."""
    matter = scene.decided
    one, other = matter.people
    return page(
        request, template, scene.who, matter=matter, rows=side_by_side(_last(matter, one), _last(matter, other)),
        of_one=matter.of(one), of_other=matter.of(other), actions=of_matter(scene, kind), states=STATES,
        banner=await banner_of(request, door, scene.who), staff=await names_of(door, scene.who), **context,
    )  # fmt: skip


def _last(matter: Matter, person: UUID) -> Any:
    return next((one.child for one in matter.of(person)), None)


async def _meanwhile(door: Door, who: SignedIn, because: UUID) -> list[Any]:
    async with door.reading(who) as connection:
        found: list[Any] = await connection.fetch(_SQL["meanwhile"], because, who.authority)
    return found


def _named(held: dict[str, str], hidden: frozenset[UUID]) -> dict[str, str | None]:
    """A contact of an offer, by the child's name unless that is shut to whoever looks."""
    return {**held, "given_name": None, "family_name": RESTRICTED} if UUID(held["id"]) in hidden else {**held}
