"""The web application: pages, API and operations in one, with the answers that all of them have in common."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse

from icart_common.db.pool import TRANSIENT_DATABASE
from icart_gateway.doorway import Doorway
from icart_gateway.pages import desktops
from icart_gateway.pages.rendering import page
from icart_gateway.signing_in.session import ForgedForm, NotSignedIn

log = structlog.get_logger()

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'self'; object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Of every answer that does not say otherwise. A child's page is kept by no cache."""
ROUTERS = (desktops.router,)


def web(door: Doorway) -> FastAPI:
    """The application over a doorway. It has no pages of its own about its API: those are under `/api`."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.state.doorway = door
    app.middleware("http")(_headers)
    for router in ROUTERS:
        app.include_router(router)
    app.add_exception_handler(NotSignedIn, _to_sign_in)
    app.add_exception_handler(ForgedForm, _forged)
    for kind in TRANSIENT_DATABASE:
        app.add_exception_handler(kind, _away)
    return app


async def _headers(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    answer = await call_next(request)
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    return answer


async def _to_sign_in(request: Request, _error: Exception) -> Response:
    if request.method in ("GET", "HEAD"):
        return RedirectResponse(f"/sign-in?to={request.url.path}", 303)
    return page(
        request, "problem.html", status=401, heading="You have been signed out",
        what="You were away for too long, or signed out elsewhere. What you typed is kept on this device.",
        do="Sign in again in another tab, then press the button here once more.",
    )  # fmt: skip


async def _forged(request: Request, _error: Exception) -> Response:
    return page(
        request, "problem.html", status=403, heading="This form is out of date",
        what="It was made for another sign-in, so nothing was done.", do="Go back, load the page again, and send it from there.",
    )  # fmt: skip


async def _away(request: Request, error: Exception) -> Response:
    log.warning("page-without-database", error=type(error).__name__)
    return page(
        request, "problem.html", status=503, heading="Sorry, this does not work right now",
        what="The database does not answer. Nothing is lost, and nothing was done.", do="Wait a minute, then try again.",
    )  # fmt: skip
