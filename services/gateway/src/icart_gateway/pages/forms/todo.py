"""What may be done next: with a contact and its undertakings, and for the authority as a whole."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from icart_gateway.pages.forms import offers
from icart_gateway.pages.forms.banner import banner, banner_of
from icart_gateway.pages.forms.presence import others_on
from icart_gateway.pages.forms.scene import scene_of
from icart_gateway.pages.forms.step import Place
from icart_gateway.pages.rendering import page
from icart_gateway.signing_in.session import Door, Who

router = APIRouter()


@router.get("/contacts/{contact:uuid}/do", response_class=HTMLResponse)
async def of_contact(request: Request, door: Door, who: Who, contact: UUID) -> HTMLResponse:
    """Each step of a contact as a button, or the reason why not."""
    scene = await scene_of(door, who, Place(contact=contact))
    return page(
        request,
        "forms/contact.html",
        who,
        scene=scene,
        offers=offers.of_contact(scene),
        around=offers.around(scene),
        banner=await banner_of(request, door, who),
        others=await others_on(door, who, contact),
    )


@router.get("/do", response_class=HTMLResponse)
async def of_authority(request: Request, door: Door, who: Who) -> HTMLResponse:
    """What may be done that belongs to no contact."""
    scene = await scene_of(door, who, Place())
    return page(
        request,
        "forms/authority.html",
        who,
        offers=offers.of_authority(scene),
        banner=await banner_of(request, door, who),
    )


@router.get("/answers/{message:uuid}", response_class=HTMLResponse)
async def answer(request: Request, door: Door, who: Who, message: UUID) -> HTMLResponse:
    """The banner alone, for an open page that hears that there is an answer."""
    found = await banner(door, who, message)
    if found is None:
        raise HTTPException(404)
    return page(request, "forms/banner.html", who, banner=found)
