"""The try-out's own identity provider: real OpenID Connect, one person for each role, and no passwords.

It is there only with the setting `local_sign_in`, which is refused unless everything is on loopback.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from joserfc import jwt
from joserfc.jwk import ECKey

from icart_gateway.doorway import Doorway
from icart_gateway.pages.rendering import page
from icart_gateway.signing_in.local_people import LocalPerson, local_people
from icart_gateway.signing_in.provider import challenge_of
from icart_gateway.signing_in.routes import BACK

_CODE_LASTS: Final = timedelta(minutes=1)
_TOKEN_LASTS: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class _Code:
    person: LocalPerson
    challenge: str
    nonce: str
    until: datetime


@dataclass(slots=True)
class LocalProvider:
    """Its people, its key and the codes that are out: all of it in memory, made anew with the process."""

    door: Doorway
    people: dict[str, LocalPerson]
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", auto_kid=True), repr=False)
    codes: dict[str, _Code] = field(default_factory=dict, repr=False)

    @property
    def issuer(self) -> str:
        return f"{self.door.address}/local-sign-in"

    def wrong(self, asked: dict[str, str]) -> str | None:
        """What is wrong with a request for a code; None when nothing is."""
        wanted = {
            "response_type": "code",
            "client_id": self.door.settings.oidc_client,
            "redirect_uri": f"{self.door.address}{BACK}",
            "code_challenge_method": "S256",
        }
        wrong = [name for name, value in wanted.items() if asked.get(name) != value]
        missing = [name for name in ("state", "nonce", "code_challenge") if not asked.get(name)]
        if "openid" not in asked.get("scope", "").split():
            missing.append("scope")
        return ", ".join([*wrong, *missing]) or None

    def code_for(self, person: LocalPerson, asked: dict[str, str]) -> str:
        """A code for one redemption within a minute."""
        now = self.door.wall.now()
        self.codes = {code: one for code, one in self.codes.items() if one.until > now}
        code = secrets.token_urlsafe(24)
        self.codes[code] = _Code(person, asked["code_challenge"], asked["nonce"], now + _CODE_LASTS)
        return code

    def token_for(self, code: str, verifier: str, redirect: str, client: str) -> str | None:
        """The token of whoever the code was made for; None when it was redeemed, is too old, or the verifier is another's."""
        found, now = self.codes.pop(code, None), self.door.wall.now()
        if found is None or found.until <= now or client != self.door.settings.oidc_client:
            return None
        if redirect != f"{self.door.address}{BACK}" or not secrets.compare_digest(
            challenge_of(verifier), found.challenge
        ):
            return None
        claims = {
            "iss": self.issuer, "aud": client, "sub": found.person.id, "nonce": found.nonce,
            "iat": int(now.timestamp()), "exp": int((now + _TOKEN_LASTS).timestamp()), "name": found.person.name,
            "roles": [f"{post.authority}.{post.role}" for post in found.person.posts],
        }  # fmt: skip
        return jwt.encode({"alg": "ES256", "kid": self.key.kid}, claims, self.key)


def local_provider(door: Doorway) -> APIRouter:
    """The provider's pages and endpoints. Mounted by `web` when, and only when, the settings ask for the try-out."""
    provider = LocalProvider(door, {one.id: one for one in local_people(door.book)})
    router = APIRouter(prefix="/local-sign-in", include_in_schema=False)

    @router.get("/.well-known/openid-configuration")
    async def settings() -> dict[str, Any]:
        return {
            "issuer": provider.issuer,
            "authorization_endpoint": f"{provider.issuer}/authorize",
            "token_endpoint": f"{provider.issuer}/token",
            "jwks_uri": f"{provider.issuer}/keys",
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none"],
            "scopes_supported": ["openid", "profile"],
        }

    @router.get("/keys")
    async def keys() -> dict[str, Any]:
        return {"keys": [provider.key.as_dict(private=False, use="sig", alg="ES256")]}

    @router.get("/authorize")
    async def choose(request: Request) -> Response:
        asked = dict(request.query_params)
        if wrong := provider.wrong(asked):
            return _wrong(request, wrong)
        packs = [(pack.authority.name, _people_of(provider, pack.authority.id)) for pack in door.book.newest()]
        return page(request, "local_sign_in.html", authorities=packs, asked=asked)

    @router.post("/authorize")
    async def chosen(request: Request) -> Response:
        form = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
        person = provider.people.get(form.get("person", ""))
        if person is None:
            return _wrong(request, "person")
        if wrong := provider.wrong(form):
            return _wrong(request, wrong)
        back = urlencode({"code": provider.code_for(person, form), "state": form["state"]})
        return RedirectResponse(f"{form['redirect_uri']}?{back}", 303)

    @router.post("/token")
    async def token(
        code: Annotated[str, Form()] = "",
        code_verifier: Annotated[str, Form()] = "",
        redirect_uri: Annotated[str, Form()] = "",
        client_id: Annotated[str, Form()] = "",
        grant_type: Annotated[str, Form()] = "",
    ) -> JSONResponse:
        if grant_type != "authorization_code":
            return JSONResponse({"error": "unsupported_grant_type"}, 400)
        made = provider.token_for(code, code_verifier, redirect_uri, client_id)
        if made is None:
            return JSONResponse({"error": "invalid_grant"}, 400)
        return JSONResponse({"id_token": made, "access_token": secrets.token_urlsafe(24), "token_type": "Bearer"})

    return router


def _people_of(provider: LocalProvider, authority: str) -> list[LocalPerson]:
    return [one for one in provider.people.values() if one.posts[0].authority == authority]


def _wrong(request: Request, what: str) -> Response:
    return page(
        request, "problem.html", status=400, heading="This sign-in cannot go on",
        what=f"What was asked for is not what the try-out's sign-in knows: {what}.", do="Begin again from the first page.",
    )  # fmt: skip
