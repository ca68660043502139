"""The API as an application of its own under `/api/v1`: whatever is wrong is answered as a problem, never as a page."""

from __future__ import annotations

import json

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from icart_common.db.pool import TRANSIENT_DATABASE
from icart_common.documents import Store
from icart_gateway.api import messages, standing, submissions, tokens, uploads, webhooks
from icart_gateway.api.calling import Api
from icart_gateway.api.keys import Keys
from icart_gateway.api.openapi import document
from icart_gateway.api.problems import Refused, answer, answer_refused, away, not_found
from icart_gateway.api.rates import Rates
from icart_gateway.bounds import Unfit
from icart_gateway.doorway import Doorway
from icart_gateway.unforeseen import said_in_log

log = structlog.get_logger()
ROUTERS = (tokens.router, submissions.router, uploads.router, standing.router, messages.router, webhooks.router)


def partners_api(door: Doorway) -> FastAPI:
    """The application over a doorway, to be mounted at `/api/v1`."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    settings = door.settings
    store = Store(settings.documents_url) if settings.documents_url else None
    app.state.api = Api(door, Keys(door.held, settings.api_key_file, door.address), Rates(), store)
    for router in ROUTERS:
        app.include_router(router)
    described = json.dumps(document()).encode()

    @app.get("/openapi.json")
    async def openapi() -> JSONResponse:
        return _Ready(described)

    app.add_exception_handler(Refused, answer_refused)
    app.add_exception_handler(tokens.NoToken, tokens.answer_no_token)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(Unfit, _unfit)
    app.add_exception_handler(HTTPException, _http)
    for kind in TRANSIENT_DATABASE:
        app.add_exception_handler(kind, _database_away)
    app.add_exception_handler(Exception, _unforeseen)
    return app


class _Ready(JSONResponse):
    """JSON that was written before."""

    def render(self, content: bytes) -> bytes:
        return content


async def _malformed(_request: Request, _error: Exception) -> JSONResponse:
    """FastAPI's own finding repeats what was sent. Only ids in addresses are left to it."""
    return answer(not_found("There is nothing at this address"))


async def _unfit(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Unfit)
    return answer(error.refused)


async def _http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if error.status_code == 405:
        return answer(Refused(
            405, "method", "This address is not called so", "See /api/v1/openapi.json.", headers=error.headers
        ))  # fmt: skip
    return answer(not_found("There is nothing at this address"))


async def _database_away(_request: Request, error: Exception) -> JSONResponse:
    log.warning("api-without-database", error=type(error).__name__)
    return answer(away("The database"))


async def _unforeseen(request: Request, error: Exception) -> JSONResponse:
    return answer(Refused(
        500, "unforeseen", "Something went wrong that nobody foresaw",
        "Whether it was taken is not known. Send the same again, with the same Idempotency-Key: it is taken once. "
        f"If it fails again, tell us this reference: {said_in_log(request, error)}.",
    ))  # fmt: skip
