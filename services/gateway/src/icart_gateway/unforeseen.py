"""What nobody foresaw: a reference in the answer and in the log, and nothing in either that somebody typed."""

from __future__ import annotations

import secrets
from typing import Final

import structlog
from fastapi import Request
from fastapi.responses import Response

from icart_gateway.headers import HEADERS
from icart_gateway.pages.rendering import page

log = structlog.get_logger()
_ANSWERED: Final = "unforeseen"
_KEPT_AT: Final = "kept_at"


def kept_at(request: Request, address: str) -> None:
    """What came with this request is kept as a draft, which goes on at this address of ours."""
    setattr(request.state, _KEPT_AT, address)


def said_in_log(request: Request, error: Exception) -> str:
    """Say it in the log, by its class and place; returns the reference under which it stands there, like `3f9a-01c2`.

    Of the address the route alone is said: whoever typed one may have typed anything.
    """
    reference = f"{secrets.token_hex(2)}-{secrets.token_hex(2)}"
    path = request.scope.get("root_path", "") + getattr(request.scope.get("route"), "path", "")
    log.error("unforeseen", request=reference, path=path, exc_info=error)
    setattr(request.state, _ANSWERED, reference)
    return reference


async def answer_unforeseen(request: Request, error: Exception) -> Response:
    """For FastAPI: the page for an error that has no answer of its own. It goes out past everything that adds headers."""
    if hasattr(request.state, _ANSWERED):  # by the API, before the error came on to us
        return Response(status_code=500)
    answered = page(
        request, "unforeseen.html", status=500, reference=said_in_log(request, error),
        kept_at=getattr(request.state, _KEPT_AT, ""),
    )  # fmt: skip
    answered.headers.update(HEADERS)
    return answered
