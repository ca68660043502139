"""The web application: pages, API and operations in one, with the answers that all of them have in common."""

from __future__ import annotations

from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from icart_common.db.pool import TRANSIENT_DATABASE
from icart_gateway.api.app import partners_api
from icart_gateway.api.problems import Refused
from icart_gateway.bounds import Bounds, Unfit, largest_document
from icart_gateway.doorway import Doorway
from icart_gateway.guarding.records import NotAllowed, RecordShut
from icart_gateway.headers import CommonHeaders
from icart_gateway.ops import front, letters
from icart_gateway.pages import (
    api_document,
    contact,
    desktops,
    downloads,
    guarding,
    home,
    matches,
    mornings,
    notices,
    police,
    search,
    static_files,
    taking,
)
from icart_gateway.pages.forms import routes as forms
from icart_gateway.pages.rendering import page
from icart_gateway.performance import pages as performance
from icart_gateway.refer import routes as refer
from icart_gateway.signing_in import routes as signing_in
from icart_gateway.signing_in.local import local_provider
from icart_gateway.signing_in.provider import ProviderAway, SignInRefused
from icart_gateway.signing_in.session import ForgedForm, NotSignedIn, by_itself
from icart_gateway.unforeseen import answer_unforeseen

log = structlog.get_logger()

ROUTERS = (
    home.router,
    static_files.router,
    signing_in.router,
    guarding.router,
    desktops.router,
    contact.router,
    downloads.router,
    search.router,
    matches.router,
    police.router,
    notices.router,
    taking.router,
    mornings.router,
    forms.router,
    refer.router,
    api_document.router,
    front.router,
    letters.router,
    performance.router,
)


def web(door: Doorway) -> FastAPI:
    """The application over a doorway. It has no pages of its own about its API: those are under `/api`."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.state.doorway = door
    app.state.provider = signing_in.provider_of(door)
    app.add_middleware(Bounds, documents=largest_document(door.book))
    app.add_middleware(GZipMiddleware, minimum_size=1500, compresslevel=5)
    app.add_middleware(CommonHeaders)
    app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=[str(one) for one in door.settings.trusted_proxies])
    for router in ROUTERS:
        app.include_router(router)
    partners = partners_api(door)
    app.mount("/api/v1", partners)
    app.state.api = partners.state.api
    app.add_exception_handler(Refused, refer.refused)
    if door.settings.local_sign_in:
        app.include_router(local_provider(door))
    app.add_exception_handler(NotSignedIn, _to_sign_in)
    app.add_exception_handler(ForgedForm, _forged)
    app.add_exception_handler(SignInRefused, signing_in.refused)
    app.add_exception_handler(ProviderAway, signing_in.away)
    app.add_exception_handler(RecordShut, guarding.record_shut)
    app.add_exception_handler(NotAllowed, guarding.not_allowed)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(Unfit, _unfit)
    app.add_exception_handler(HTTPException, _not_here)
    for kind in TRANSIENT_DATABASE:
        app.add_exception_handler(kind, _away)
    app.add_exception_handler(Exception, answer_unforeseen)
    return app


async def _to_sign_in(request: Request, _error: Exception) -> Response:
    if request.method in ("GET", "HEAD") and not by_itself(request):
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/sign-in?to={quote(request.url.path + query, safe='/')}", 303)
    answer = page(
        request, "problem.html", status=401, heading="You have been signed out",
        what="You were away for too long, or signed out elsewhere. What you typed is kept.",
        do="Sign in again, then open the form once more: your words are in it.",
    )  # fmt: skip
    # An open page that asks by itself is not sent off: it would begin a sign-in over the one that somebody is in the middle of.
    # Those that htmx renews are loaded again instead, as somebody's own.
    answer.headers["HX-Refresh"] = "true"
    return answer


async def _forged(request: Request, _error: Exception) -> Response:
    return page(
        request, "problem.html", status=403, heading="This form is out of date",
        what="It was made for another sign-in, so nothing was done.", do="Go back, load the page again, and send it from there.",
    )  # fmt: skip


async def _unfit(request: Request, error: Exception) -> Response:
    assert isinstance(error, Unfit)
    details = error.refused.details
    return page(
        request, "problem.html", status=details.status, heading=details.title, what="Nothing was done with it.",
        do=f"Go back: what you typed may still be there. {details.detail}",
    )  # fmt: skip


async def _unreadable(request: Request, _error: Exception) -> Response:
    """The framework's own answer would repeat what was sent."""
    return page(
        request, "problem.html", status=422, heading="That cannot be read",
        what="What your browser sent is not what our forms send, so nothing was done.",
        do="Go back, load the page again, and send it from there.",
    )  # fmt: skip


async def _not_here(request: Request, error: Exception) -> Response:
    """What is not there, what is another authority's, and an address that is asked in a way that it does not know."""
    assert isinstance(error, HTTPException)
    answered = page(
        request, "problem.html", status=error.status_code, heading="There is no such page",
        what="Nothing stands at this address that you could see. It may have been typed wrongly, or not be your front door's.",
        do="Go back, or begin again from the first page.",
    )  # fmt: skip
    answered.headers.update(error.headers or {})
    return answered


async def _away(request: Request, error: Exception) -> Response:
    log.warning("page-without-database", error=type(error).__name__)
    return page(
        request, "problem.html", status=503, heading="Sorry, this does not work right now",
        what="The database does not answer. Nothing is lost, and nothing was done.", do="Wait a minute, then try again.",
    )  # fmt: skip
