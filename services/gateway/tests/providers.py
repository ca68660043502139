"""Identity providers to sign in with, as a browser meets them: the try-out's own, and a real Keycloak."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape
from http.cookiejar import DefaultCookiePolicy
from secrets import token_urlsafe
from typing import Any, Final, Protocol
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx2

from icart_common.clock import SimulatedClock, SystemClock
from icart_gateway.doorway import Doorway
from icart_gateway.signing_in.attempt import Attempt
from icart_gateway.signing_in.provider import Provider
from icart_localstack.keycloak import ADMIN, LocalKeycloak

_FIELD: Final = re.compile(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"')
_FORM: Final = re.compile(r'<form id="kc-form-login"[^>]*action="([^"]+)"')
_SIGN_OUT: Final = re.compile(r'<form[^>]*action="([^"]*/logout-confirm[^"]*)"')
_SURE: Final = re.compile(r'name="session_code" value="([^"]+)"')
_THEIR_COOKIES: Final = "/realms/"
_PATIENT: Final = 60.0
"""Seconds that Keycloak may take for an answer on a busy machine."""


def fields(text: str) -> dict[str, str]:
    """The hidden fields of a page's form."""
    return {name: unescape(value) for name, value in _FIELD.findall(text)}


def asked_of(address: str) -> dict[str, str]:
    """What an address asks, each once."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


class RunningClock(SimulatedClock):
    """The machine's time, moved, and in no file. It goes on by itself, as Keycloak's does."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def now(self) -> datetime:
        return SystemClock().now() + self.ahead

    def set(self, instant: datetime) -> None:
        self.ahead = instant - SystemClock().now()


class Signing(Protocol):
    """An identity provider, and how somebody gets through its pages."""

    pages_port: int
    """Where the gateway has to answer, for it to send anybody there."""

    @property
    def settings(self) -> dict[str, Any]:
        """What makes the gateway sign in with it."""

    async def choose(self, client: httpx2.AsyncClient, asked: str, person: str) -> str:
        """Be somebody, from the address that the gateway gave; returns where the provider sends the browser then."""

    async def change_key(self) -> None:
        """Sign with another key from now on; the try-out's does so whenever it is started."""


@dataclass
class TryOut:
    """The gateway's own, in its own process."""

    pages_port: int

    @property
    def settings(self) -> dict[str, Any]:
        return {"local_sign_in": True, "pages_port": self.pages_port}

    async def choose(self, client: httpx2.AsyncClient, asked: str, person: str) -> str:
        shown = await client.get(asked)
        assert shown.status_code == 200, shown.text
        answer = await client.post("/local-sign-in/authorize", data={**fields(shown.text), "person": person})
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    async def change_key(self) -> None:
        pass


@dataclass
class Keycloak:
    """A Keycloak that runs, with one password for everybody of its realm."""

    server: LocalKeycloak
    pages_port: int
    secret: str
    password: str

    @property
    def settings(self) -> dict[str, Any]:
        return {"oidc_issuer": self.server.issuer, "oidc_secret": self.secret, "pages_port": self.pages_port}

    async def choose(self, client: httpx2.AsyncClient, asked: str, person: str) -> str:
        self.forget(client)
        shown = await client.get(asked)
        form = _FORM.search(shown.text)
        assert form, f"{shown.status_code}: {shown.text[:2000]}"
        typed = {"username": person, "password": self.password}
        answer = await client.post(unescape(form[1]), data=typed)
        assert answer.status_code == 302, answer.text[:2000]
        return str(answer.headers["location"])

    def forget(self, client: httpx2.AsyncClient) -> None:
        """The browser as Keycloak never saw it."""
        jar = client.cookies.jar
        for one in [one for one in jar if one.path.startswith(_THEIR_COOKIES)]:
            jar.clear(one.domain, one.path, one.name)

    async def sign_out(self, client: httpx2.AsyncClient, address: str) -> str:
        """Sign out of Keycloak by its own page; returns where it sends the browser then."""
        asked = await client.get(address)
        form, sure = _SIGN_OUT.search(asked.text), _SURE.search(asked.text)
        assert form, f"{asked.status_code}: {asked.text[:2000]}"
        assert sure
        typed = {"session_code": sure[1], "confirmLogout": "Logout"}
        answer = await client.post(urljoin(address, unescape(form[1])), data=typed)
        assert answer.status_code == 302, answer.text[:2000]
        return str(answer.headers["location"])

    async def change_key(self) -> None:
        """A key of higher priority, as its administrators add one."""
        config = {
            "priority": ["200"],
            "enabled": ["true"],
            "active": ["true"],
            "algorithm": ["RS256"],
            "keySize": ["2048"],
        }
        made = {"name": f"rsa-{token_urlsafe(4)}", "providerId": "rsa-generated", "config": config}
        async with self._administered() as admin:
            answer = await admin.post("/components", json=made | {"providerType": "org.keycloak.keys.KeyProvider"})
            assert answer.status_code == 201, answer.text

    @asynccontextmanager
    async def without_role(self, person: str, role: str) -> AsyncIterator[None]:
        """Somebody has lost a role, until the block ends."""
        async with self._administered() as admin:
            (user,) = (await admin.get("/users", params={"username": person, "exact": "true"})).json()
            roles = [(await admin.get(f"/roles/{role}")).json()]
            held = f"/users/{user['id']}/role-mappings/realm"
            assert (await admin.request("DELETE", held, json=roles)).status_code == 204
            try:
                yield
            finally:
                assert (await admin.post(held, json=roles)).status_code == 204

    @asynccontextmanager
    async def _administered(self) -> AsyncIterator[httpx2.AsyncClient]:
        """Keycloak's interface for administrators, at the realm."""
        form = {
            "grant_type": "password",
            "client_id": "admin-cli",
            "username": ADMIN,
            "password": self.server.admin_password,
        }
        async with httpx2.AsyncClient(base_url=self.server.url, trust_env=False, timeout=_PATIENT) as client:
            answer = await client.post("/realms/master/protocol/openid-connect/token", data=form)
            assert answer.status_code == 200, answer.text
            token = answer.json()["access_token"]
        async with httpx2.AsyncClient(
            base_url=f"{self.server.url}/admin/realms/{self.server.realm['realm']}", trust_env=False, timeout=_PATIENT,
            headers={"Authorization": f"Bearer {token}"},
        ) as admin:  # fmt: skip
            yield admin


@dataclass
class Browser:
    """A browser at the gateway."""

    door: Doorway
    client: httpx2.AsyncClient
    provider: Signing

    async def begin(self, to: str | None = None) -> str:
        """From a page to the provider; returns the provider's address with what is asked of it."""
        answer = await self.client.get("/sign-in", params={"to": to} if to else {})
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    async def choose(self, asked: str, person: str) -> str:
        """Be somebody there; returns the address that the provider sends the browser to."""
        return await self.provider.choose(self.client, asked, person)

    async def sign_in(self, person: str, to: str | None = None) -> httpx2.Response:
        """All of it; returns the gateway's last answer."""
        return await self.client.get(await self.choose(await self.begin(to), person))

    async def token(self, ours: Provider, person: str) -> tuple[str, Attempt]:
        """What the provider gives us for somebody's code, not yet looked at, and the attempt that it is for."""
        attempt = Attempt(token_urlsafe(24), token_urlsafe(24), token_urlsafe(48), "/")
        where = await self.choose(await ours.address(attempt), person)
        return await ours.redeemed(asked_of(where)["code"], attempt), attempt


@asynccontextmanager
async def browsing(door: Doorway, provider: Signing) -> AsyncIterator[Browser]:
    """A browser without cookies. Loopback is as good as TLS to it, as to any browser."""
    async with httpx2.AsyncClient(base_url=door.address, trust_env=False, timeout=_PATIENT) as client:
        client.cookies.jar.set_policy(DefaultCookiePolicy(secure_protocols=("http", "https")))
        yield Browser(door, client, provider)


def realm_to_try(realm: Mapping[str, Any], secret: str, password: str) -> dict[str, Any]:
    """A realm whose client has this secret, and everybody in it this password."""
    typed = {"type": "password", "value": password, "temporary": False}
    return {
        **realm,
        "clients": [{**one, "secret": secret} for one in realm["clients"]],
        "users": [{**one, "credentials": [typed]} for one in realm["users"]],
    }
