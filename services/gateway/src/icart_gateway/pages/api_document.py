"""`/api/v1/docs`: the partners' API as a page, from the very document that their programs read. Public, as that is."""

from __future__ import annotations

from functools import lru_cache

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from icart_gateway.api.openapi import document
from icart_gateway.ops.runbook import blocks
from icart_gateway.pages.rendering import page
from icart_gateway.reading.api_document import ApiDocument, pieces, read

router = APIRouter(include_in_schema=False)


@router.get("/api/v1/docs", response_class=HTMLResponse)
async def api_document(request: Request) -> HTMLResponse:
    """Every call with its example, and every shape with its fields."""
    found = _read()
    return page(request, "api_document.html", api=found, about=blocks(found.description), pieces=pieces)


@lru_cache
def _read() -> ApiDocument:
    """The document is the same while the process runs."""
    return read(document())
