"""Who has which record open: two people on one see each other before they write over each other."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Final
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from icart_common.db.pool import named_sql
from icart_gateway.doorway import Doorway
from icart_gateway.pages.forms.catalogue import BY_SLUG
from icart_gateway.pages.rendering import page
from icart_gateway.signing_in.session import Door, SignedIn, Watching, WatchingForm

_SQL = named_sql("icart_gateway.pages.forms")
PRESENT: Final = "icart_present"
"""The channel on which pages hear that somebody came, left or began to write."""
_GONE_AFTER: Final = timedelta(seconds=60)
"""A page says every 20 seconds that it is open; one that says nothing is open no more."""
router = APIRouter()


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody else who has the record open, and the form that they are filling in."""

    name: str
    writing: str


async def others_on(door: Doorway, who: SignedIn, subject: UUID) -> tuple[Other, ...]:
    """Everybody else who has a record open now."""
    since = door.wall.now() - _GONE_AFTER
    async with door.held.connection() as connection:
        rows = await connection.fetch(_SQL["present_on"], who.authority, subject, who.person, since)
    return tuple(Other(row["name"], BY_SLUG[row["typing"]].title if row["typing"] in BY_SLUG else "") for row in rows)


@router.post("/present")
async def be_present(
    door: Door,
    who: WatchingForm,
    open_page: Annotated[UUID, Form(alias="page")],
    subject: Annotated[UUID, Form()],
    typing: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """This page is open, and somebody types in it or not."""
    now = door.wall.now()
    writing = typing if typing in BY_SLUG else ""
    async with door.held.connection() as connection, connection.transaction():
        await connection.execute(_SQL["clear_present"], who.authority, subject, now - _GONE_AFTER)
        news: bool = await connection.fetchval(
            _SQL["be_present"], open_page, who.authority, subject, who.person, who.name, writing, now
        )
        if news:
            await _tell(connection, subject)
    return Response(status_code=204)


@router.post("/present/leave")
async def leave(door: Door, who: WatchingForm, open_page: Annotated[UUID, Form(alias="page")]) -> Response:
    """The page was closed."""
    async with door.held.connection() as connection, connection.transaction():
        subject = await connection.fetchval(_SQL["leave"], open_page, who.person)
        if subject:
            await _tell(connection, subject)
    return Response(status_code=204)


async def _tell(connection: asyncpg.Connection, subject: UUID) -> None:
    """Open pages hear, when the transaction is committed, that others are there now."""
    await connection.execute("select pg_notify($1, $2)", PRESENT, json.dumps({"present": [str(subject)]}))


@router.get("/present/{subject:uuid}", response_class=HTMLResponse)
async def others(request: Request, door: Door, who: Watching, subject: UUID) -> HTMLResponse:
    """Who else is here, for a page that hears that this has changed."""
    return page(request, "forms/present.html", who, others=await others_on(door, who, subject))
