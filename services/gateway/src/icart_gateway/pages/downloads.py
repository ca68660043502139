"""What may be taken away of a contact: documents that came with it, once clean, and its record for a reader (IN-14, SC-19).

Who takes what is said in the trail before anything is read. No name of a person or of a file stands in an address or a header.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final, Literal
from uuid import UUID

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response, StreamingResponse

from icart_common.db.pool import named_sql
from icart_common.documents import STORE_AWAY, kept
from icart_gateway.api.calling import api_of
from icart_gateway.ops.asking import Refuses, Unanswered, addresses, ask
from icart_gateway.pages.forms.scene import scene_of
from icart_gateway.pages.forms.step import Place
from icart_gateway.pages.rendering import page
from icart_gateway.reading.record import submissions
from icart_gateway.signing_in.session import Door, SignedIn, Who

_SQL = named_sql("icart_gateway.pages")
RECORDS: Final = {"worker": "contact-record", "area-team": "referral-and-information-record"}
"""For whom a record is made here, and what its file is called. What outsiders are told goes to them by notifications."""
_TYPES: Final = {"html": "text/html; charset=utf-8", "pdf": "application/pdf"}
_SHUT: Final = {"Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'"}
"""What was taken away runs nothing and loads nothing, however a browser opens it."""
router = APIRouter()


@router.get("/contacts/{contact:uuid}/documents/{document:uuid}")
async def take_document(request: Request, door: Door, who: Who, contact: UUID, document: UUID) -> Response:
    """A clean document of the contact. 404 for any other, and for what is not of this contact."""
    scene = await scene_of(door, who, Place(contact=contact), reading="documents")
    async with door.reading(who) as connection:
        row = await connection.fetchrow(
            _SQL["clean_document"], document, who.authority, list(submissions(scene.record))
        )  # fmt: skip
    store = api_of(request).store
    if row is None:
        raise HTTPException(404)
    if store is None:
        return _not_now(request, who)
    place = kept(row["sha256"])
    try:
        size = await store.size(place)
        pieces = store.chunks(place)
        first = await anext(pieces)
    except (FileNotFoundError, *STORE_AWAY):
        return _not_now(request, who)
    name = f"document-{document.hex[-8:]}.{row['kind']}"

    async def whole() -> AsyncIterator[bytes]:
        yield first
        async for piece in pieces:
            yield piece

    return StreamingResponse(
        whole(), media_type="application/octet-stream", headers={**_as_file(name), "Content-Length": str(size)}
    )  # fmt: skip


@router.get("/contacts/{contact:uuid}/record/{reader}.{form}")
async def take_record(
    request: Request, door: Door, who: Who, contact: UUID, reader: Literal["worker", "area-team"], form: Literal["html", "pdf"]
) -> Response:  # fmt: skip
    """The record as a file, made by screening from its own log (decision 0019). 404 where there is none for that reader."""
    scene = await scene_of(door, who, Place(contact=contact), reading="print")
    asked = {
        "contact": str(contact), "authority": who.authority, "reader": reader, "format": form, "person": who.person,
        "reason": f"taken from the pages as {who.role}",
    }  # fmt: skip
    try:
        made = await ask(addresses(door.settings), door.settings.ops_token, "screening", "/record", asked)
    except Refuses as refused:
        if refused.status == 404:
            raise HTTPException(404) from None
        return _not_now(request, who)
    except Unanswered:
        return _not_now(request, who)
    name = f"{RECORDS[reader]}-{scene.record.reference.lower()}.{form}"
    return Response(made.content, media_type=_TYPES[form], headers=_as_file(name))


def _as_file(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', **_SHUT}


def _not_now(request: Request, who: SignedIn) -> Response:
    return page(
        request, "problem.html", who, status=503, heading="This file cannot be had right now",
        what="What keeps it does not answer. Nothing is lost.", do="Wait a minute, then try again.",
    )  # fmt: skip
