"""Signing in and out, and choosing in which of several roles to act."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote

import structlog
from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from icart_gateway.doorway import Doorway
from icart_gateway.pages.rendering import page
from icart_gateway.signing_in.attempt import HOME, LASTS, begin_attempt, own_path, take_attempt
from icart_gateway.signing_in.cookies import ATTEMPT, SESSION, drop_cookie, read_cookie, set_cookie
from icart_gateway.signing_in.posts import Post, claimed, posts_of
from icart_gateway.signing_in.provider import Provider, ProviderAway, SignInRefused
from icart_gateway.signing_in.session import (
    Acting,
    Door,
    Who,
    begin,
    change_post,
    end_everywhere,
    end_session,
)

log = structlog.get_logger()
router = APIRouter(include_in_schema=False)
BACK = "/sign-in/back"
_PERSON = re.compile(r"[A-Za-z0-9._-]{1,64}")


def provider_of(door: Doorway) -> Provider | None:
    """The identity provider of the settings; None when they name none."""
    issuer = f"{door.address}/local-sign-in" if door.settings.local_sign_in else door.settings.oidc_issuer
    return Provider(issuer, door.settings, f"{door.address}{BACK}", door.wall) if issuer else None


def _asked(request: Request) -> Provider:
    provider: Provider | None = request.app.state.provider
    if provider is None:
        raise ProviderAway("the settings name none: set ICART_OIDC_ISSUER")
    return provider


@router.get("/sign-in")
async def sign_in(request: Request, door: Door, to: str = HOME) -> Response:
    """Go to the identity provider, and come back to the page where one was."""
    provider = _asked(request)
    async with door.held.transaction() as connection:
        token, attempt = await begin_attempt(connection, to, door.wall.now())
    answer = RedirectResponse(await provider.address(attempt), 303)
    set_cookie(answer, ATTEMPT, token, door.settings, seconds=int(LASTS.total_seconds()))
    return answer


@router.get(BACK)
async def back(request: Request, door: Door, code: str = "", state: str = "", error: str = "") -> Response:
    """Where the identity provider sends the browser: check what it says, and begin a session."""
    provider, now = _asked(request), door.wall.now()
    token = read_cookie(request, ATTEMPT, door.settings)
    async with door.held.connection() as connection:
        attempt = await take_attempt(connection, token, state, now) if token else None
    if attempt is None:
        raise SignInRefused("nobody began this attempt in this browser, or it was too long ago")
    if error or not code:
        raise SignInRefused("the provider did not sign the person in")
    claims = await provider.claims(code, attempt)
    values = claimed(claims, door.settings.oidc_role_claims)
    posts = posts_of(values, door.settings.oidc_posts, door.book)
    person = str(claims.get(door.settings.oidc_person_claim, ""))
    if old := read_cookie(
        request, SESSION, door.settings
    ):  # also when nobody is signed in instead: the newest word counts
        async with door.held.connection() as connection:
            await end_session(connection, old)
    if not posts or not _PERSON.fullmatch(person):
        log.warning("sign-in-without-role", count=len(values))
        return _no_role(request, claims, values, person_known=bool(_PERSON.fullmatch(person)))
    async with door.held.transaction() as connection:
        token = await begin(
            connection, person=person, name=_name(claims, person), posts=posts, now=now, settings=door.settings
        )
    several = f"/role?to={quote(attempt.back_to, safe='/')}"
    return _with_session(RedirectResponse(several if len(posts) > 1 else attempt.back_to, 303), token, door)


@router.get("/role", response_class=HTMLResponse)
async def roles(request: Request, door: Door, who: Who, to: str = HOME) -> HTMLResponse:
    """The roles that somebody holds, to choose the one in which they act."""
    return page(request, "role.html", who, choices=_choices(door, who.posts), to=own_path(to), missing=False)


@router.post("/role")
async def choose_role(
    request: Request, door: Door, who: Acting, post: Annotated[str, Form()] = "", to: Annotated[str, Form()] = HOME
) -> Response:
    """Act in another role from now on."""
    chosen = next((one for one in who.posts if str(one) == post), None)
    if chosen is None:
        choices = _choices(door, who.posts)
        return page(request, "role.html", who, status=422, choices=choices, to=own_path(to), missing=True)
    async with door.held.connection() as connection:
        token = await change_post(connection, who, chosen)
    return _with_session(RedirectResponse(own_path(to), 303), token, door)


@router.post("/sign-out")
async def sign_out(
    request: Request, door: Door, who: Acting, everywhere: Annotated[bool, Form()] = False
) -> RedirectResponse:
    """Sign out here, or in every browser."""
    token = read_cookie(request, SESSION, door.settings)
    async with door.held.connection() as connection:
        if everywhere:
            await end_everywhere(connection, who.person)
        elif token:
            await end_session(connection, token)
    answer = RedirectResponse("/signed-out", 303)
    drop_cookie(answer, SESSION, door.settings)
    return answer


@router.get("/signed-out", response_class=HTMLResponse)
async def signed_out(request: Request, door: Door) -> HTMLResponse:
    """What is left to do after signing out: the identity provider may still know the browser."""
    provider: Provider | None = request.app.state.provider
    elsewhere = await provider.sign_out_address(f"{door.address}/signed-out") if provider else None
    return page(request, "signed_out.html", elsewhere=elsewhere)


async def refused(request: Request, error: Exception) -> Response:
    """The answer to `SignInRefused`."""
    log.warning("sign-in-refused", reason_code=str(error))
    return page(
        request, "problem.html", status=403, heading="You are not signed in",
        what="The sign-in was not finished, took longer than ten minutes, or was begun in another browser.",
        do="Begin again from the first page. If it happens again, tell whoever looks after iCART when you tried.",
    )  # fmt: skip


async def away(request: Request, error: Exception) -> Response:
    """The answer to `ProviderAway`."""
    log.error("identity-provider-away", reason_code=str(error))
    return page(
        request, "problem.html", status=503, heading="Sorry, nobody can sign in right now",
        what="The service that your organisation signs in with does not answer. Whoever is signed in already can work on.",
        do="Wait a minute, then try again. If children wait, use the telephone numbers of your front door.",
    )  # fmt: skip


def _no_role(
    request: Request, claims: Mapping[str, Any], values: tuple[str, ...], *, person_known: bool
) -> HTMLResponse:
    door = request.app.state.doorway
    known = [
        (pack.authority.name, [(f"{pack.authority.id}.{role.id}", role.name) for role in pack.roles])
        for pack in door.book.newest()
    ]
    return page(
        request, "no_role.html", status=403, name=_name(claims, ""), values=values[:20], known=known,
        person_known=person_known,
    )  # fmt: skip


def _with_session(answer: RedirectResponse, token: str, door: Doorway) -> RedirectResponse:
    set_cookie(answer, SESSION, token, door.settings, seconds=door.settings.session_hours * 3600)
    drop_cookie(answer, ATTEMPT, door.settings)
    return answer


def _choices(door: Doorway, posts: tuple[Post, ...]) -> list[tuple[str, str, str]]:
    found = ((post, door.book.pack(post.authority)) for post in posts)
    return [(str(post), pack.role(post.role).name, pack.authority.name) for post, pack in found]


def _name(claims: Mapping[str, Any], otherwise: str) -> str:
    found = claims.get("name") or claims.get("preferred_username")
    return found[:200] if isinstance(found, str) else otherwise
