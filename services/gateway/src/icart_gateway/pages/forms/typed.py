"""Saving what is being typed, and the list of one's own drafts (IN-22)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from icart_gateway import recall
from icart_gateway.doorway import Doorway
from icart_gateway.pages.forms import drafts, sending
from icart_gateway.pages.forms.banner import banner
from icart_gateway.pages.forms.place import of_key, written_at
from icart_gateway.pages.forms.scene import identifier, scene_of
from icart_gateway.pages.forms.step import Step
from icart_gateway.pages.rendering import page
from icart_gateway.signing_in.session import Acting, Door, SignedIn, Who

router = APIRouter()
FormName = Annotated[str, Form(alias="form", max_length=200)]


@router.post("/typed")
async def typed(request: Request, door: Door, who: Acting, form: FormName) -> Response:
    """Keep what stands in a form now. 204 when it is kept; the page says when it was saved last."""
    found = of_key(form)
    if found is None:
        raise HTTPException(404)
    step, place = found
    given = await request.form()
    message = identifier(str(given.get(drafts.MESSAGE, "")))
    if message and await sending.own(door, who, message):
        state = (await sending.answer_of(door, message)).state
        if state == "done":
            return Response(status_code=204)
    scene = await scene_of(door, who, place, step, shown=False)
    values = {one.name: one.read(given) for one in step.fields(scene) if one.kind != "fixed"}
    kept = {name: str(given.get(name, "")) for name in (drafts.SEEN, drafts.MESSAGE)}
    await drafts.save(door, who, form, {**values, **kept})
    return Response(status_code=204)


@dataclass(frozen=True, slots=True)
class OwnDraft:
    """One form with words of theirs, as the list shows it."""

    form: str
    step: Step
    about: str
    address: str
    saved_at: datetime


@router.get("/drafts", response_class=HTMLResponse)
async def own_drafts(request: Request, door: Door, who: Who, discarded: str = "") -> HTMLResponse:
    """What somebody has typed and not sent, and what they sent that has not been answered yet."""
    for sent in await sending.unsettled(door, who):
        await banner(door, who, sent.message)
    waiting = [(found[0], sent.sent_at) for sent in await sending.unsettled(door, who) if (found := of_key(sent.form))]
    found_drafts = [
        one for form, saved_at in await drafts.own(door, who) if (one := await _own(door, who, form, saved_at))
    ]
    return page(
        request,
        "forms/drafts.html",
        who,
        drafts=found_drafts,
        waiting=waiting,
        discarded=discarded if of_key(discarded) else "",
    )


@router.post("/drafts/discard")
async def discard(door: Door, who: Acting, form: FormName) -> Response:
    """Throw what was typed away; the list offers to have it back."""
    await drafts.discard(door, who, form)
    return RedirectResponse(f"/drafts?discarded={form}" if of_key(form) else "/drafts", 303)


@router.post("/drafts/take-back")
async def take_back(door: Door, who: Acting, form: FormName) -> Response:
    """Undo that it was thrown away, and go on where one was."""
    found = of_key(form)
    if found is None or not await drafts.take_back(door, who, form):
        return RedirectResponse("/drafts", 303)
    return RedirectResponse(written_at(*found), 303)


async def _own(door: Doorway, who: SignedIn, form: str, saved_at: datetime) -> OwnDraft | None:
    found = of_key(form)
    if found is None:
        return None
    step, place = found
    about = ""
    if place.contact:
        standing = await recall.contact(door.models, place.contact, who.authority)
        if standing is None:
            return None
        about = standing.reference
    return OwnDraft(form, step, about, written_at(step, place), saved_at)
