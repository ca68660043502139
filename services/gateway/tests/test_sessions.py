"""What a session is worth: its cookie, the mark of its forms, its end; and where a browser is sent after signing in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from fastapi.routing import APIRoute
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from icart_gateway.settings import Settings
from icart_gateway.signing_in.attempt import HOME, own_path
from icart_gateway.web import ROUTERS
from services.gateway.tests.partners import Partner
from services.gateway.tests.providers import TryOut, browsing

_BY_ITSELF = {"Sec-Fetch-Mode": "cors"}
"""What a browser says of a request that a page's script makes."""


def routes_of(router: Any) -> Iterator[APIRoute]:
    """The routes of a router and of those that it includes."""
    for one in router.routes:
        if isinstance(one, APIRoute):
            yield one
        elif within := getattr(one, "original_router", None):
            yield from routes_of(within)


def paths_of_forms() -> list[str]:
    """Where every form of the pages goes. Those of the referral form are for whoever has not signed in."""
    routes = [one for router in ROUTERS for one in routes_of(router)]
    found = {one.path for one in routes if "POST" in (one.methods or ()) and not one.path.startswith("/refer/")}
    return sorted(re.sub(r"\{\w+(:\w+)?\}", lambda part: str(uuid4()) if part[1] else "triage", path) for path in found)


async def test_no_form_is_taken_without_the_mark_of_this_session_nor_from_nobody(gateway):
    foreign = await gateway.sign_in("w-102", "social-work-manager")
    await gateway.sign_in("w-101", "social-work-manager")
    paths = paths_of_forms()
    assert {"/sign-out", "/role", "/search", "/typed"} < set(paths)
    for path in paths:
        for form in ({}, {"csrf": ""}, {"csrf": foreign}, {"csrf": "\x00é"}):
            answer = await gateway.client.post(path, data=form)
            assert answer.status_code == 403, (path, form)
            assert "This form is out of date" in answer.text
    gateway.client.cookies.clear()
    for path in paths:
        assert (await gateway.client.post(path, data={"csrf": foreign})).status_code == 401, path


async def test_a_forged_cookie_is_nobody(gateway):
    for cookie in ("", "x", "A" * 5000, "'; drop table session; --"):
        gateway.client.cookies.clear()
        gateway.client.cookies.set("icart_session", cookie)
        answer = await gateway.client.get("/desktops?after=3")
        assert answer.headers["location"] == "/sign-in?to=/desktops%3Fafter%3D3"


async def test_a_token_of_the_api_opens_no_page(gateway):
    partner = await Partner.of(gateway)
    gateway.client.cookies.set("icart_session", partner.token)
    answer = await gateway.client.get("/desktops", headers={"Authorization": f"Bearer {partner.token}"})
    assert answer.status_code == 303


async def test_a_page_that_renews_itself_keeps_nobody_signed_in_and_begins_no_sign_in(gateway):
    await gateway.sign_in("w-101", "social-worker")
    began = gateway.clock.now()
    gateway.clock.set(began + timedelta(minutes=29))
    assert (await gateway.client.get("/desktops", headers=_BY_ITSELF)).status_code == 200
    gateway.clock.set(began + timedelta(minutes=31))
    for path in ("/desktops", "/live", "/live/since"):
        answer = await gateway.client.get(path, headers=_BY_ITSELF)
        assert answer.status_code == 401, path
        assert "location" not in answer.headers


async def test_sessions_that_nobody_can_take_up_are_cleared_away(gateway):
    await gateway.sign_in("w-101", "social-worker")
    gateway.clock.set(gateway.clock.now() + timedelta(minutes=31))
    await gateway.sign_in("w-102", "social-worker")
    async with gateway.door.held.connection() as connection:
        assert [row["person"] for row in await connection.fetch("select person from session")] == ["w-102"]


async def test_a_role_that_the_pack_does_not_have_any_more_is_signed_out(gateway):
    await gateway.sign_in("w-101", "mayor")
    assert (await gateway.client.get("/desktops")).status_code == 303


@pytest.mark.parametrize(
    "settings",
    [
        {"pages_host": "0.0.0.0"},
        {"pages_host": "front-door.example.org"},
        {"public_url": "https://front-door.example.org"},
        {"oidc_issuer": "https://sign-in.example.org"},
    ],
)
def test_the_try_outs_sign_in_is_refused_at_start_unless_all_is_on_loopback(settings):
    with pytest.raises(ValidationError, match="local_sign_in"):
        Settings(database_url="postgresql://x/y", local_sign_in=True, **settings)


def test_cookies_over_http_are_refused_at_start_unless_all_is_on_loopback():
    with pytest.raises(ValidationError, match="cookies_over_http"):
        Settings(database_url="postgresql://x/y", cookies_over_http=True, pages_host="0.0.0.0")
    assert not Settings(database_url="postgresql://x/y", pages_host="0.0.0.0").local_sign_in


async def test_over_tls_the_cookie_is_bound_to_the_host(gateway):
    async with (
        gateway.served(cookies_over_http=False, local_sign_in=True) as door,
        browsing(door, TryOut(0)) as browser,
    ):
        cookie = (await browser.client.get("/sign-in")).headers["set-cookie"]
        assert cookie.startswith("__Host-icart_sign_in=")
        for flag in ("Secure", "HttpOnly", "SameSite=lax", "Path=/"):
            assert flag in cookie
        assert "Domain" not in cookie


@pytest.mark.parametrize(
    "to",
    [
        "https://elsewhere.example.org", "//elsewhere.example.org", "/\\elsewhere.example.org", "\\\\elsewhere",
        "javascript:alert(1)",
        "desktops", "", "/\t/elsewhere.example.org", "/\n//elsewhere", "/sign-in?to=/sign-in", "/sign-out", "///elsewhere",
        "http:elsewhere", "/ /elsewhere", "//[bad",
    ],
)  # fmt: skip
def test_nobody_is_sent_elsewhere(to):
    assert own_path(to) == HOME


@given(st.text())
def test_wherever_somebody_is_sent_it_is_here(to):
    found = urlsplit("https://here.example.org" + own_path(to))
    assert found.netloc == "here.example.org"
    assert not own_path(to).startswith(("//", "/\\"))
    assert own_path(to).startswith("/")


def test_a_path_of_ours_with_its_filter_is_kept():
    assert own_path("/desktops/advice?sort=oldest&after=a1") == "/desktops/advice?sort=oldest&after=a1"
