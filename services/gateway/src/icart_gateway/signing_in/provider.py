"""The identity provider: OpenID Connect's code flow with PKCE, the same for Entra ID, Keycloak and the try-out's own.

What it says is believed only with its signature, for us, for this attempt and in time.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import quote_plus, urlencode

import httpx2
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from icart_common.clock import Clock
from icart_gateway.settings import Settings
from icart_gateway.signing_in.attempt import Attempt

_ALGORITHMS: Final = ("RS256", "PS256", "ES256")
"""Of asymmetric keys alone: a token that is signed with our own secret, or not at all, is nobody's word."""
_LEEWAY_SECONDS: Final = 60
_READ_AGAIN: Final = timedelta(hours=1)
_SOONEST: Final = timedelta(minutes=1)
"""How often at most keys are read again because a token names one that is not known."""


class ProviderAway(Exception):
    """The identity provider does not answer, or not as OpenID Connect says it has to."""


class SignInRefused(Exception):
    """What came back is not the provider's word for this attempt. Its text is for the log and names nobody."""


@dataclass(frozen=True, slots=True)
class Endpoints:
    """What a provider says of itself."""

    authorization: str
    token: str
    end_session: str | None
    keys: KeySet
    read_at: datetime


@dataclass(slots=True)
class Provider:
    """One identity provider, asked for its endpoints and keys when they are first needed and once an hour."""

    issuer: str
    settings: Settings
    redirect: str
    """Where it sends the browser back to, whole."""
    clock: Clock
    known: Endpoints | None = field(default=None, repr=False)

    async def address(self, attempt: Attempt) -> str:
        """Where the browser goes to sign in. Raises `ProviderAway`."""
        known = await self._known()
        asked = {
            "response_type": "code",
            "client_id": self.settings.oidc_client,
            "redirect_uri": self.redirect,
            "scope": self.settings.oidc_scope,
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": challenge_of(attempt.verifier),
            "code_challenge_method": "S256",
        }
        return _asking(known.authorization, asked)

    async def claims(self, code: str, attempt: Attempt) -> Mapping[str, Any]:
        """What the provider says of whoever came back with the code. Raises `ProviderAway` or `SignInRefused`."""
        return await self.verified(await self.redeemed(code, attempt), attempt)

    async def redeemed(self, code: str, attempt: Attempt) -> str:
        """The token that the provider gives for a code, not yet looked at. Raises `ProviderAway` or `SignInRefused`."""
        known = await self._known()
        secret = self.settings.oidc_secret
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect,
            "client_id": self.settings.oidc_client,
            "code_verifier": attempt.verifier,
        }
        # RFC 6749, 2.3.1: both are encoded as a form is, before they are joined.
        basic = (
            httpx2.BasicAuth(quote_plus(self.settings.oidc_client), quote_plus(secret.get_secret_value()))
            if secret
            else httpx2.USE_CLIENT_DEFAULT
        )
        async with _client() as client:
            try:
                answer = await client.post(known.token, data=form, auth=basic)
                said: Any = answer.json()
            except (httpx2.HTTPError, ValueError) as error:
                raise ProviderAway(f"its token endpoint: {type(error).__name__}") from None
        if answer.status_code >= 500:
            raise ProviderAway(f"its token endpoint answered {answer.status_code}")
        token = said.get("id_token") if isinstance(said, dict) else None
        if answer.status_code != 200 or not isinstance(token, str):
            raise SignInRefused(f"the provider gave no token for the code ({answer.status_code})")
        return token

    async def sign_out_address(self, back_to: str) -> str | None:
        """Where a browser goes to sign out of the provider too; None when it has no such place or does not answer."""
        try:
            known = await self._known()
        except ProviderAway:
            return None
        asked = {"client_id": self.settings.oidc_client, "post_logout_redirect_uri": back_to}
        return _asking(known.end_session, asked) if known.end_session else None

    async def verified(self, token: str, attempt: Attempt) -> Mapping[str, Any]:
        """What a token says. Raises `SignInRefused` unless the provider signed it, for us, for this attempt, and in time."""
        known = await self._known()
        try:
            read = jwt.decode(token, known.keys, algorithms=_ALGORITHMS)
        except (JoseError, ValueError):
            known = await self._known(again=True)  # keys are changed while we run
            try:
                read = jwt.decode(token, known.keys, algorithms=_ALGORITHMS)
            except (JoseError, ValueError) as error:
                raise SignInRefused(f"the token's signature: {type(error).__name__}") from None
        client = self.settings.oidc_client
        wanted = JWTClaimsRegistry(
            now=int(self.clock.now().timestamp()),
            leeway=_LEEWAY_SECONDS,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": client},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": attempt.nonce},
        )
        try:
            wanted.validate(read.claims)
        except JoseError as error:
            raise SignInRefused(f"the token's claims: {type(error).__name__}") from None
        several = isinstance(read.claims["aud"], list) and len(read.claims["aud"]) > 1
        if read.claims.get("azp", None if several else client) != client:
            raise SignInRefused("the token was made for another client")
        return read.claims

    async def _known(self, *, again: bool = False) -> Endpoints:
        now = self.clock.now()
        if self.known and now - self.known.read_at < (_SOONEST if again else _READ_AGAIN):
            return self.known
        async with _client() as client:
            try:
                found: Any = (await client.get(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")).json()
                if found["issuer"] != self.issuer:
                    raise ProviderAway("it says that it is another issuer than the settings name")
                keys = KeySet.import_key_set((await client.get(found["jwks_uri"])).json())
                self.known = Endpoints(
                    found["authorization_endpoint"], found["token_endpoint"], found.get("end_session_endpoint"), keys, now,
                )  # fmt: skip
            except (httpx2.HTTPError, JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
                raise ProviderAway(f"its settings cannot be read: {type(error).__name__}") from None
        return self.known


def challenge_of(verifier: str) -> str:
    """PKCE's S256 (RFC 7636, 4.2)."""
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _asking(address: str, asked: Mapping[str, str]) -> str:
    """An address of the provider with what is asked of it; some have a query of their own."""
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"


def _client() -> httpx2.AsyncClient:
    return httpx2.AsyncClient(timeout=10.0, follow_redirects=False)
