"""Who calls: the bearer's token, the agency's rights by its policy packs, and the count of its calls."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Annotated, Any, Final, cast

from fastapi import Depends, Request, Response

from icart_common.documents import Store
from icart_common.policy import PolicyBook
from icart_gateway.api.clients import holds
from icart_gateway.api.keys import BadToken, Keys
from icart_gateway.api.problems import Refused
from icart_gateway.api.rates import Rates
from icart_gateway.doorway import Doorway

MESSAGES: Final = "messages"
"""The scope of whoever reads: status, messages, webhooks. Every agency has it."""
CONTRACTS: Final = ("referrals", "vpa", "notices", "replies")
"""The contracts that this API takes; each is a scope of the agencies that may write it."""


@dataclass(frozen=True, slots=True)
class Api:
    """What every call may use."""

    door: Doorway
    keys: Keys
    rates: Rates
    store: Store | None


@dataclass(frozen=True, slots=True)
class Caller:
    """An agency's system, with the scopes that it asked for."""

    agency: str
    scopes: frozenset[str]


def api_of(request: Request) -> Api:
    """For `Depends`."""
    return cast(Api, request.app.state.api)


def scopes_of(book: PolicyBook, agency: str) -> frozenset[str]:
    """What an agency may do, by what the packs let it send; nothing for one that no pack knows any more."""
    found = book.agencies().get(agency)
    return frozenset({MESSAGES, *(one for one in found.may_write if one in CONTRACTS)}) if found else frozenset()


def calling(scope: str) -> Callable[[Request, Response], Coroutine[Any, Any, Caller]]:
    """For `Depends`: the caller, who has to have `scope`. Raises `Refused` (401, 403, 429)."""

    async def caller(request: Request, response: Response) -> Caller:
        api = api_of(request)
        kind, _, bearer = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not bearer:
            raise _not_known("There is no bearer token", "invalid_request")
        door = api.door
        try:
            token = await api.keys.read(bearer.strip(), door.wall.now())
        except BadToken:
            raise _not_known("The token is not valid, or not any more", "invalid_token") from None
        async with door.held.connection() as connection:
            if not await holds(connection, token.client, token.agency):
                raise _not_known("The client was revoked", "invalid_token")
        left = await api.rates.count("call", token.agency, door.settings.api_calls_a_minute)
        response.headers.update(left.headers)
        scopes = token.scopes & scopes_of(door.book, token.agency)
        if scope not in scopes:
            raise Refused(
                403, "not-yours", "Your client may not do this",
                f"It needs the scope {scope}: ask for a token with it, or ask the authority to add it to your agency.",
                headers={"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{scope}"', **left.headers},
            )  # fmt: skip
        return Caller(token.agency, scopes)

    return caller


def _not_known(title: str, error: str) -> Refused:
    return Refused(
        401, "sign-in", title, "Get an access token at /api/v1/token and send it as `Authorization: Bearer`.",
        headers={"WWW-Authenticate": f'Bearer error="{error}"'},
    )  # fmt: skip


Reading = Annotated[Caller, Depends(calling(MESSAGES))]
"""An agency that reads what is its own."""
Referring = Annotated[Caller, Depends(calling("referrals"))]
Gateway = Annotated[Api, Depends(api_of)]
