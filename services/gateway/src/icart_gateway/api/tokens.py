"""Access tokens for clients: OAuth 2.0, client credentials (RFC 6749, sections 2.3.1 and 4.4)."""

from __future__ import annotations

import base64
import binascii
from urllib.parse import unquote_plus

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from icart_gateway.api.bodies import form_body
from icart_gateway.api.calling import Gateway, scopes_of
from icart_gateway.api.clients import known_client
from icart_gateway.api.keys import LASTS
from icart_gateway.api.rates import address_of
from icart_gateway.api.shapes import AccessToken, TokenRefused

router = APIRouter()


@router.post("/token")
async def token(request: Request, response: Response, api: Gateway) -> AccessToken:
    """A token for a client that shows its secret: in the header (Basic) or in the form."""
    door = api.door
    form = await form_body(request)
    client_id, secret = _shown(request, form)
    await api.rates.count("token", address_of(request), door.settings.api_token_calls_a_minute)
    if form.get("grant_type") != "client_credentials":
        raise NoToken("unsupported_grant_type" if "grant_type" in form else "invalid_request")
    if not client_id or not secret:
        raise NoToken("invalid_client")
    async with door.held.connection() as connection:
        client = await known_client(connection, client_id if client_id in door.book.agencies() else "", secret)
    scopes = scopes_of(door.book, client.agency) if client else frozenset[str]()
    if client is None or not scopes:
        raise NoToken("invalid_client")
    # With its secret alone: whoever guesses at an agency's secret takes none of its tokens away.
    await api.rates.count("client", client.agency, door.settings.api_tokens_a_minute)
    wanted = frozenset(form.get("scope", "").split()) or scopes
    if not wanted <= scopes:
        raise NoToken("invalid_scope")
    response.headers["Cache-Control"] = "no-store"
    signed = await api.keys.token(client, wanted, door.wall.now())
    lasts = int(LASTS.total_seconds())
    given = {"access_token": signed, "token_type": "Bearer", "expires_in": lasts, "scope": " ".join(sorted(wanted))}
    return AccessToken.model_validate(given)


class NoToken(Exception):
    """No token is given, by one of RFC 6749's errors."""


_WHY = {
    "invalid_request": "Send grant_type=client_credentials, as a form.",
    "unsupported_grant_type": "Send grant_type=client_credentials; there is no other way.",
    "invalid_client": "The client is not known, or the secret is not its own. The authority makes clients, and new secrets.",
    "invalid_scope": "Ask for scopes that your agency has, or for none: then you get all of them.",
}


async def answer_no_token(_request: Request, error: Exception) -> JSONResponse:
    """For FastAPI: a `NoToken` that was raised."""
    code = str(error)
    refused = TokenRefused.model_validate({"error": code, "error_description": _WHY[code]})
    headers = {"Cache-Control": "no-store"}
    if code == "invalid_client":
        headers["WWW-Authenticate"] = 'Basic realm="icart"'
    return JSONResponse(refused.model_dump(), 401 if code == "invalid_client" else 400, headers)


def _shown(request: Request, form: dict[str, str]) -> tuple[str, str]:
    """The client's id and secret, as far as they were shown."""
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return form.get("client_id", ""), form.get("client_secret", "")
    try:
        client_id, _, secret = base64.b64decode(given, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return unquote_plus(client_id), unquote_plus(secret)
