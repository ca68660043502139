"""Signing in by the try-out's own identity provider, over HTTP, as a browser does it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from icart_common.policy import PolicyBook
from icart_gateway.doorway import Doorway
from icart_gateway.settings import Settings
from icart_gateway.signing_in.attempt import HOME, own_path
from icart_gateway.signing_in.local_people import LocalPerson, local_people
from icart_gateway.signing_in.session import digest

_FIELD = re.compile(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"')


def fields(text: str) -> dict[str, str]:
    """The hidden fields of the page's form."""
    return {name: unescape(value) for name, value in _FIELD.findall(text)}


@dataclass
class Browser:
    """A browser on the try-out."""

    door: Doorway
    client: httpx2.AsyncClient

    async def begin(self, to: str = "/desktops") -> dict[str, str]:
        """From a page to the provider's list of people; returns what its form holds."""
        answer = await self.client.get("/sign-in", params={"to": to})
        assert answer.status_code == 303, answer.text
        chosen = await self.client.get(answer.headers["location"])
        assert chosen.status_code == 200, chosen.text
        return fields(chosen.text)

    async def choose(self, form: dict[str, str], person: str) -> str:
        """Choose somebody; returns the address that the provider sends the browser to."""
        answer = await self.client.post("/local-sign-in/authorize", data={**form, "person": person})
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    async def sign_in(self, person: str, to: str = "/desktops") -> httpx2.Response:
        """All of it; returns the gateway's last answer."""
        return await self.client.get(await self.choose(await self.begin(to), person))


@asynccontextmanager
async def browsing(door: Doorway) -> AsyncIterator[Browser]:
    async with httpx2.AsyncClient(base_url=door.address, trust_env=False) as client:
        yield Browser(door, client)


@pytest.fixture
async def browser(gateway) -> AsyncIterator[Browser]:
    async with gateway.served(local_sign_in=True) as door, browsing(door) as found:
        yield found


def _reads(book: PolicyBook, person: LocalPerson) -> bool:
    """Whether desktops are for them: who keeps the system running has pages of their own."""
    return book.pack(person.posts[0].authority).role(person.posts[0].role).may("read")


async def test_each_person_of_the_try_out_signs_in_and_comes_to_the_page_where_they_were(browser, book):
    people = local_people(book)
    everything = {(pack.authority.id, role.id) for pack in book.newest() for role in pack.roles}
    assert {(post.authority, post.role) for one in people for post in one.posts} == everything
    readers = [one for one in people if len(one.posts) == 1 and _reads(book, one)]
    for one in (readers[0], readers[-1]):
        answer = await browser.sign_in(one.id, to="/desktops?sort=oldest")
        assert (answer.status_code, answer.headers["location"]) == (303, "/desktops?sort=oldest")
        shown = await browser.client.get("/desktops")
        assert shown.status_code == 200
        assert one.name in shown.text
        assert "Try-out" in shown.text
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


async def test_signing_in_again_makes_the_old_cookie_worthless(browser, gateway):
    await browser.sign_in("halton.social-worker")
    old = browser.client.cookies["icart_session"]
    await browser.sign_in("halton.contact-officer")
    assert browser.client.cookies["icart_session"] != old
    browser.client.cookies.set("icart_session", old, domain="127.0.0.1")
    async with gateway.door.held.connection() as connection:
        assert await connection.fetchval("select count(*) from session") == 1
        assert not await connection.fetchval("select count(*) from session where token_hash = $1", digest(old))


async def test_a_code_is_redeemed_once_and_only_by_the_browser_that_began(browser, gateway):
    where = await browser.choose(await browser.begin(), "halton.social-worker")
    async with browsing(browser.door) as thief:
        assert (await thief.client.get(where)).status_code == 403
        stolen = await thief.begin()
        mine = {**parse_qs(urlsplit(where).query), "state": [stolen["state"]]}
        assert (await thief.client.get("/sign-in/back", params=mine)).status_code == 403, "the verifier is another's"
    assert (await browser.client.get(where)).status_code == 403, "the code was tried with a wrong verifier: it is spent"
    where = await browser.choose(await browser.begin(), "halton.social-worker")
    assert (await browser.client.get(where)).status_code == 303
    assert (await browser.client.get(where)).status_code == 403, "the attempt is over"


async def test_a_forged_answer_signs_nobody_in(browser):
    for change in ({"state": "another"}, {"code": "invented"}, {"code": ""}, {"error": "access_denied"}):
        where = urlsplit(await browser.choose(await browser.begin(), "halton.social-worker"))
        asked = {name: values[0] for name, values in parse_qs(where.query).items()} | change
        answer = await browser.client.get("/sign-in/back", params=asked)
        assert answer.status_code == 403, change
        assert "icart_session" not in browser.client.cookies


async def test_an_attempt_ends_after_ten_minutes(browser, gateway):
    where = await browser.choose(await browser.begin(), "halton.social-worker")
    gateway.clock.set(gateway.clock.now() + timedelta(minutes=10, seconds=1))
    assert (await browser.client.get(where)).status_code == 403


async def test_the_provider_gives_no_code_for_a_request_that_is_not_ours(browser):
    begun = await browser.begin()
    for wrong in (
        {"redirect_uri": "https://elsewhere.example.org/"},
        {"code_challenge_method": "plain"},
        {"code_challenge": ""},
        {"client_id": "another"},
        {"response_type": "token"},
        {"scope": "profile"},
    ):
        form = begun | wrong
        answer = await browser.client.post("/local-sign-in/authorize", data={**form, "person": "halton.social-worker"})
        assert answer.status_code == 400, wrong
        assert (await browser.client.get("/local-sign-in/authorize", params=form)).status_code == 400, wrong
    answer = await browser.client.post("/local-sign-in/authorize", data={**begun, "person": "halton.mayor"})
    assert answer.status_code == 400, "nobody is that person"


async def test_whoever_holds_two_roles_chooses_and_old_forms_are_refused(browser):
    answer = await browser.sign_in("halton.social-worker-and-social-work-manager", to="/desktops")
    assert answer.headers["location"] == "/role?to=/desktops"
    asked = await browser.client.get(answer.headers["location"])
    old, token = fields(asked.text), browser.client.cookies["icart_session"]
    nothing = await browser.client.post("/role", data=old)
    assert nothing.status_code == 422
    assert "Choose one of your roles" in nothing.text
    assert (await browser.client.post("/role", data={**old, "post": "york/team-manager"})).status_code == 422
    chosen = await browser.client.post("/role", data={**old, "post": "halton/social-work-manager"})
    assert (chosen.status_code, chosen.headers["location"]) == (303, "/desktops")
    assert browser.client.cookies["icart_session"] != token
    assert "Principal manager" in (await browser.client.get("/desktops")).text
    again = await browser.client.post("/role", data={**old, "post": "halton/social-worker"})
    assert again.status_code == 403, "the form was made for the other role"


async def test_signing_out_here_and_everywhere(browser, gateway):
    async with browsing(browser.door) as other:
        for one in (browser, other):
            await one.sign_in("halton.social-worker")
        mark = fields((await other.client.get("/desktops")).text)["csrf"]
        assert (await other.client.post("/sign-out", data={"csrf": "forged"})).status_code == 403
        out = await other.client.post("/sign-out", data={"csrf": mark})
        assert (out.status_code, out.headers["location"]) == (303, "/signed-out")
        assert "You have signed out" in (await other.client.get("/signed-out")).text
        assert (await other.client.get("/desktops")).status_code == 303
        assert (await browser.client.get("/desktops")).status_code == 200
        await other.sign_in("halton.social-worker")
        mark = fields((await other.client.get("/desktops")).text)["csrf"]
        await other.client.post("/sign-out", data={"csrf": mark, "everywhere": "true"})
        assert (await browser.client.get("/desktops")).status_code == 303
    async with gateway.door.held.connection() as connection:
        assert await connection.fetchval("select count(*) from session") == 0


async def test_a_session_ends_idle_and_ends_old_and_is_cleared_away(gateway):
    await gateway.sign_in("w-101", "social-worker")
    gateway.clock.set(gateway.clock.now() + timedelta(minutes=29))
    assert (await gateway.client.get("/desktops")).status_code == 200
    gateway.clock.set(gateway.clock.now() + timedelta(minutes=31))
    assert (await gateway.client.get("/desktops")).status_code == 303
    await gateway.sign_in("w-101", "social-worker")
    for _ in range(26):
        gateway.clock.set(gateway.clock.now() + timedelta(minutes=29))
        last = await gateway.client.get("/desktops")
    assert last.status_code == 303, "however busy, it ends after twelve hours"
    await gateway.sign_in("w-102", "social-worker")
    async with gateway.door.held.connection() as connection:
        assert await connection.fetchval("select count(*) from session") == 1


async def test_a_forged_cookie_is_nobody(gateway):
    for cookie in ("", "x", "A" * 5000, "'; drop table session; --"):
        gateway.client.cookies.clear()
        gateway.client.cookies.set("icart_session", cookie)
        answer = await gateway.client.get("/desktops?after=3")
        assert answer.headers["location"] == "/sign-in?to=/desktops%3Fafter%3D3"


async def test_a_role_that_the_pack_does_not_have_any_more_is_signed_out(gateway):
    await gateway.sign_in("w-101", "mayor")
    assert (await gateway.client.get("/desktops")).status_code == 303


async def test_without_a_provider_the_page_says_that_nobody_can_sign_in(gateway):
    answer = await gateway.client.get("/sign-in")
    assert answer.status_code == 503
    assert "nobody can sign in" in answer.text


async def test_the_try_outs_provider_is_not_there_unless_asked_for(gateway):
    for path in ("/.well-known/openid-configuration", "/keys", "/authorize", "/token"):
        assert (await gateway.client.get(f"/local-sign-in{path}")).status_code == 404
    await gateway.sign_in("w-101", "social-worker")
    assert "Try-out" not in (await gateway.client.get("/desktops")).text


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
    async with gateway.served(cookies_over_http=False, local_sign_in=True) as door, browsing(door) as browser:
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
