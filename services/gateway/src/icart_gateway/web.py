"""The web application: pages, API and operations in one, with the answers that all of them have in common."""

from __future__ import annotations

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import RedirectResponse

from icart_common.db.pool import TRANSIENT_DATABASE
from icart_gateway.doorway import Doorway
from icart_gateway.headers import CommonHeaders
from icart_gateway.pages import desktops, static_files
from icart_gateway.pages.rendering import page
from icart_gateway.signing_in.session import ForgedForm, NotSignedIn

log = structlog.get_logger()

ROUTERS = (static_files.router, desktops.router)


def web(door: Doorway) -> FastAPI:
    """The application over a doorway. It has no pages of its own about its API: those are under `/api`."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.state.doorway = door
    app.add_middleware(GZipMiddleware, minimum_size=1500, compresslevel=5)
    app.add_middleware(CommonHeaders)
    for router in ROUTERS:
        app.include_router(router)
    app.add_exception_handler(NotSignedIn, _to_sign_in)
    app.add_exception_handler(ForgedForm, _forged)
    for kind in TRANSIENT_DATABASE:
        app.add_exception_handler(kind, _away)
    return app


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
