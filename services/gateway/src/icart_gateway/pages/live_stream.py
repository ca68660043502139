"""What changes, as one stream to each browser: ids alone, of one's own authority; the page asks for what it shows."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Annotated, Final

from fastapi import APIRouter, Header, Query
from fastapi.responses import JSONResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from icart_common.db.pool import named_sql
from icart_gateway.doorway import Doorway
from icart_gateway.live import Change, changes
from icart_gateway.signing_in.session import Door, SignedIn, Watching

_SQL = named_sql("icart_gateway.pages")
_TOGETHER_SECONDS: Final = 0.2
_RECONNECT_MS: Final = 2_000
_LASTS_SECONDS: Final = 600
"""Then the browser asks anew, and is refused when whoever was signed in is no longer. Nothing is missed by it."""
router = APIRouter()


@router.get("/live", response_class=EventSourceResponse)
async def live(
    door: Door,
    who: Watching,
    seen: Annotated[str, Query(alias="from")] = "",
    last_event_id: Annotated[str, Header()] = "",
) -> AsyncIterator[ServerSentEvent]:
    """Tells contact and list changes, answers to one's own commands, and who is there; first what was missed since `from`."""
    with door.live.opened() as queue:
        missed = door.live.since(last_event_id or seen)
        yield ServerSentEvent(event="open", raw_data=door.live.place, retry=_RECONNECT_MS)
        if missed:
            yield await _told(door, who, missed)
        async for change in changes(queue, _TOGETHER_SECONDS, _LASTS_SECONDS):
            yield await _told(door, who, change)


@router.get("/live/since")
async def since(door: Door, who: Watching, seen: Annotated[str, Query(alias="from")] = "") -> JSONResponse:
    """What a page missed that shares another page's stream."""
    missed = door.live.since(seen)
    return JSONResponse(await _for(door, who, missed) if missed else {})


async def _told(door: Doorway, who: SignedIn, change: Change) -> ServerSentEvent:
    return ServerSentEvent(event="change", id=change.place, raw_data=json.dumps(await _for(door, who, change)))


async def _for(door: Doorway, who: SignedIn, change: Change) -> dict[str, object]:
    """The change as far as it is theirs: another authority's contacts and other people's commands are left out."""
    contacts, answers = list(change.contacts), list(change.answers)
    if contacts:
        async with door.reading(who) as connection:
            contacts = [row["id"] for row in await connection.fetch(_SQL["own_contacts"], contacts, who.authority)]
    if answers:
        async with door.held.connection() as connection:
            answers = [row["message"] for row in await connection.fetch(_SQL["own_messages"], answers, who.person)]
    return {
        "contacts": sorted(map(str, contacts)),
        "lists": who.authority in change.lists or change.many,
        "answers": sorted(map(str, answers)),
        "present": sorted(map(str, change.present)),
        "many": change.many,
    }
