"""Style and script, as `make frontend` built them: read once, sent compressed, kept by browsers for ever."""

from __future__ import annotations

import gzip
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Final

from fastapi import APIRouter, Request, Response

router = APIRouter()

_FOREVER: Final = "public, max-age=31536000, immutable"
"""A file that changes has another name: the digest of what is in it is part of that."""


@dataclass(frozen=True, slots=True)
class _File:
    media_type: str
    plain: bytes
    zipped: bytes


@lru_cache
def _files() -> dict[str, _File]:
    found = {}
    for one in resources.files("icart_gateway.pages").joinpath("static").iterdir():
        plain = one.read_bytes()
        media_type = mimetypes.guess_type(one.name)[0] or "application/octet-stream"
        found[one.name] = _File(media_type, plain, gzip.compress(plain, 9, mtime=0))
    return found


@lru_cache
def static(name: str) -> str:
    """The address of a built file by the name without its digest: `static("app.css")`. LookupError: not built."""
    stem, _, ending = name.rpartition(".")
    for held in _files():
        parts = held.split(".")
        if len(parts) == 3 and (parts[0], parts[2]) == (stem, ending):
            return f"/static/{held}"
    raise LookupError(f"{name} is not among the built files: run `make frontend`")


@router.api_route("/static/{name}", methods=["GET", "HEAD"])
async def send(request: Request, name: str) -> Response:
    """One of the built files; whoever asks needs not be signed in."""
    found = _files().get(name)
    if found is None:
        return Response(status_code=404, media_type="text/plain", content="There is no such file.\n")
    headers = {"Cache-Control": _FOREVER, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(found.zipped, media_type=found.media_type, headers={**headers, "Content-Encoding": "gzip"})
    return Response(found.plain, media_type=found.media_type, headers=headers)
