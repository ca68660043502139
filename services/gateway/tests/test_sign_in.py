"""Signing in over HTTP, as a browser does it: by the try-out's own identity provider and by a real Keycloak."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

import httpx2
import pytest

from icart_gateway.pages.navigation import menu
from icart_gateway.signing_in.attempt import Attempt
from icart_gateway.signing_in.local_people import local_people
from icart_gateway.signing_in.posts import Post
from icart_gateway.signing_in.provider import Provider, ProviderAway, SignInRefused
from icart_gateway.signing_in.routes import provider_of
from icart_gateway.signing_in.session import digest
from services.gateway.tests.forging import forged
from services.gateway.tests.providers import Browser, TryOut, asked_of, browsing, fields

WORKER, OFFICER = "halton.social-worker", "halton.contact-officer"
TWO_ROLES = "halton.social-worker-and-social-work-manager"


async def arrived(browser: Browser, answer: httpx2.Response, post: Post) -> httpx2.Response:
    """The page that somebody comes to in the end, in this role if they hold several."""
    while answer.status_code == 303:
        answer = await browser.client.get(answer.headers["location"])
        if answer.url.path == "/role":
            answer = await browser.client.post("/role", data={**fields(answer.text), "post": str(post)})
    return answer


async def test_everybody_signs_in_comes_to_their_own_first_page_and_may_open_each_line_of_their_menu(browser, book):
    people = local_people(book)
    everything = {(pack.authority.id, role.id) for pack in book.newest() for role in pack.roles}
    assert {(post.authority, post.role) for one in people for post in one.posts} == everything
    seen: set[tuple[tuple[str, str], ...]] = set()
    for one in people:
        pack, role = book.pack(one.posts[0].authority), one.posts[0].role
        lines = menu(pack, role)
        shown = await arrived(browser, await browser.sign_in(one.id), one.posts[0])
        assert (shown.status_code, shown.url.path) == (200, lines[0][1]), one.id
        assert f"{one.name}, {pack.role(role).name}" in shown.text
        assert 'aria-current="page"' in shown.text, "it is one of the menu's"
        assert ("Try-out" in shown.text) is isinstance(browser.provider, TryOut)
        for _, address in lines if lines not in seen else ():
            assert (await browser.client.get(address)).status_code == 200, (one.id, address)
        seen.add(lines)
    begin = {role: menu(book.pack("halton"), role)[0][1] for role in ("operations", "contact-officer")}
    assert begin == {"operations": "/ops", "contact-officer": "/desktops"}


async def test_somebody_comes_back_to_the_page_where_they_were_and_to_no_other_site(browser):
    answer = await browser.sign_in(WORKER, to="/desktops?sort=oldest")
    assert (answer.status_code, answer.headers["location"]) == (303, "/desktops?sort=oldest")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    for elsewhere in ("https://elsewhere.example.org/", "//elsewhere.example.org", "/\\elsewhere.example.org"):
        assert (await browser.sign_in(WORKER, to=elsewhere)).headers["location"] == "/"


async def test_signing_in_makes_a_cookie_of_its_own_and_the_one_before_worthless(browser, gateway):
    browser.client.cookies.set("icart_session", "planted-by-somebody", domain="127.0.0.1")
    await browser.sign_in(WORKER)
    old = browser.client.cookies["icart_session"]
    assert old != "planted-by-somebody"
    await browser.sign_in(OFFICER)
    assert browser.client.cookies["icart_session"] != old
    async with gateway.door.held.connection() as connection:
        assert await connection.fetchval("select count(*) from session") == 1
        assert not await connection.fetchval("select count(*) from session where token_hash = $1", digest(old))


async def test_a_code_is_redeemed_once_and_only_by_the_browser_that_began(browser):
    where = await browser.choose(await browser.begin(), WORKER)
    async with browsing(browser.door, browser.provider) as thief:
        assert (await thief.client.get(where)).status_code == 403
        stolen = asked_of(await thief.begin())
        mine = asked_of(where) | {"state": stolen["state"]}
        assert (await thief.client.get("/sign-in/back", params=mine)).status_code == 403, "the verifier is another's"
    assert (await browser.client.get(where)).status_code == 403, "the code was tried with a wrong verifier: it is spent"
    where = await browser.choose(await browser.begin(), WORKER)
    assert (await browser.client.get(where)).status_code == 303
    assert (await browser.client.get(where)).status_code == 403, "the attempt is over"


async def test_a_forged_answer_signs_nobody_in(browser):
    changes = (
        {"state": "another"}, {"state": "a\x00b"}, {"state": ""}, {"code": "invented"}, {"code": ""}, {"error": "access_denied"}
    )  # fmt: skip
    for change in changes:
        asked = asked_of(await browser.choose(await browser.begin(), WORKER)) | change
        answer = await browser.client.get("/sign-in/back", params=asked)
        assert answer.status_code == 403, change
        assert "icart_session" not in browser.client.cookies


async def test_of_two_windows_the_second_goes_on_whatever_the_first_one_answers(browser):
    first, second = await browser.begin(), await browser.begin()
    assert (await browser.client.get(await browser.choose(first, WORKER))).status_code == 403
    assert (await browser.client.get(await browser.choose(second, WORKER))).status_code == 303


async def test_an_attempt_ends_after_ten_minutes(browser, gateway):
    where = await browser.choose(await browser.begin(), WORKER)
    gateway.clock.set(gateway.clock.now() + timedelta(minutes=10, seconds=1))
    assert (await browser.client.get(where)).status_code == 403


async def test_the_provider_gives_no_code_for_a_request_that_is_not_ours(browser):
    begun = await browser.begin()
    for wrong in (
        {"redirect_uri": "https://elsewhere.example.org/"}, {"code_challenge_method": "plain"}, {"code_challenge": ""},
        {"client_id": "another"}, {"response_type": "token"},
    ):  # fmt: skip
        asked = f"{begun.partition('?')[0]}?{urlencode(asked_of(begun) | wrong)}"
        answer = await browser.client.get(asked)
        refused = answer.status_code in (302, 303) and "error=" in answer.headers["location"]
        assert refused or answer.status_code == 400, wrong


async def test_whoever_holds_two_roles_chooses_and_old_forms_are_refused(browser):
    answer = await browser.sign_in(TWO_ROLES, to="/desktops")
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
    async with browsing(browser.door, browser.provider) as other:
        for one in (browser, other):
            await one.sign_in(WORKER)
        mark = fields((await other.client.get("/desktops")).text)["csrf"]
        out = await other.client.post("/sign-out", data={"csrf": mark})
        assert (out.status_code, out.headers["location"]) == (303, "/signed-out")
        left = (await other.client.get("/signed-out")).text
        assert "You have signed out" in left
        assert ("sign out there too" in left) is not isinstance(browser.provider, TryOut)
        assert (await other.client.get("/desktops")).status_code == 303
        assert (await browser.client.get("/desktops")).status_code == 200
        await other.sign_in(WORKER)
        mark = fields((await other.client.get("/desktops")).text)["csrf"]
        await other.client.post("/sign-out", data={"csrf": mark, "everywhere": "true"})
        assert (await browser.client.get("/desktops")).status_code == 303
    async with gateway.door.held.connection() as connection:
        assert await connection.fetchval("select count(*) from session") == 0


async def test_a_session_ends_idle_and_ends_old(browser, gateway):
    began = gateway.clock.now()
    await browser.sign_in(WORKER)
    gateway.clock.set(began + timedelta(minutes=29))
    assert (await browser.client.get("/desktops")).status_code == 200
    gateway.clock.set(began + timedelta(minutes=60))
    assert (await browser.client.get("/desktops")).status_code == 303
    gateway.clock.set(began)
    await browser.sign_in(WORKER)
    for number in range(1, 25):
        gateway.clock.set(began + number * timedelta(minutes=29))
        assert (await browser.client.get("/desktops")).status_code == 200, number
    gateway.clock.set(began + timedelta(hours=12, minutes=5))
    assert (await browser.client.get("/desktops")).status_code == 303, "however busy, it ends after twelve hours"


async def believed(ours: Provider, token: str, attempt: Attempt) -> bool:
    try:
        await ours.verified(token, attempt)
    except SignInRefused:
        return False
    return True


async def test_a_token_is_believed_as_the_provider_signed_it_for_us_for_this_attempt_and_in_time(browser, gateway):
    ours = provider_of(browser.door)
    assert ours
    token, attempt = await browser.token(ours, WORKER)
    began = gateway.clock.now()
    assert WORKER in (await ours.verified(token, attempt))["roles"]
    for what, one in forged(token, sub="somebody-else").items():
        assert not await believed(ours, one, attempt), what
    another = ours.settings.model_copy(update={"oidc_client": "another"})
    assert not await believed(replace(ours, settings=another), token, attempt), "for us"
    assert not await believed(replace(ours, issuer="https://elsewhere.example.org"), token, attempt), "by our provider"
    assert not await believed(ours, token, replace(attempt, nonce="of another attempt")), "for this attempt"
    for minutes, in_time in ((-2, False), (0, True), (4, True), (7, False)):
        gateway.clock.set(began + timedelta(minutes=minutes))
        assert await believed(ours, token, attempt) is in_time, minutes


async def test_a_key_that_was_changed_is_looked_for_once_a_minute(gateway, provider):
    async with gateway.served(**provider.settings) as door, browsing(door, provider) as browser:
        ours = provider_of(door)
        assert ours
        assert await believed(ours, *await browser.token(ours, WORKER))
    await provider.change_key()
    async with gateway.served(**provider.settings) as door, browsing(door, provider) as browser:
        token, attempt = await browser.token(ours, WORKER)
        assert not await believed(ours, token, attempt), "nobody makes us ask the provider without end"
        gateway.clock.set(gateway.clock.now() + timedelta(seconds=61))
        assert await believed(ours, token, attempt)


async def test_claims_are_read_as_the_settings_say_and_whoever_has_no_role_is_told_whom_to_ask(gateway, provider):
    named = {"oidc_posts": {WORKER: "york/advice-worker"}}
    async with gateway.served(**provider.settings | named) as door, browsing(door, provider) as browser:
        assert (await browser.sign_in(WORKER)).status_code == 303
        assert ", Advice worker" in (await browser.client.get("/desktops")).text
        session = browser.client.cookies["icart_session"]
    for settings, words in (
        (
            {"oidc_posts": {WORKER: "halton/mayor"}},
            ("none of the roles", WORKER, "halton.contact-officer", "Ask your manager"),
        ),
        ({"oidc_role_claims": ("department",)}, ("none of the roles", "No role and no group at all")),
        ({"oidc_person_claim": "staff_number"}, ("gives no id",)),
        ({"oidc_person_claim": "name"}, ("gives no id",)),
    ):
        async with gateway.served(**provider.settings | settings) as door, browsing(door, provider) as browser:
            browser.client.cookies.set("icart_session", session, domain="127.0.0.1")
            refused = await browser.sign_in(WORKER)
            assert refused.status_code == 403, settings
            for one in words:
                assert one in refused.text
            assert (await browser.client.get("/desktops")).status_code == 303, "nor who they were before"


async def test_the_try_outs_provider_knows_its_people_and_its_forms_alone(gateway):
    provider = TryOut(0)
    async with gateway.served(local_sign_in=True) as door, browsing(door, provider) as browser:
        form = fields((await browser.client.get(await browser.begin())).text)
        assert urlsplit(form["redirect_uri"]).path == "/sign-in/back"
        for wrong in (
            {"person": "halton.mayor"},
            {"scope": "profile"},
            {"nonce": ""},
            {"redirect_uri": "https://x.example.org/"},
        ):
            answer = await browser.client.post("/local-sign-in/authorize", data={**form, "person": WORKER, **wrong})
            assert answer.status_code == 400, wrong
        assert (await browser.client.post("/local-sign-in/token", data={"grant_type": "password"})).status_code == 400
    ours = provider_of(door)
    assert ours
    with pytest.raises(ProviderAway):
        await ours.address(Attempt("state", "nonce", "verifier", "/"))


async def test_without_a_provider_the_page_says_that_nobody_can_sign_in(gateway):
    answer = await gateway.client.get("/sign-in")
    assert answer.status_code == 503
    assert "nobody can sign in" in answer.text


async def test_the_try_outs_provider_is_not_there_unless_asked_for(gateway):
    for path in ("/.well-known/openid-configuration", "/keys", "/authorize", "/token"):
        assert (await gateway.client.get(f"/local-sign-in{path}")).status_code == 404
    await gateway.sign_in("w-101", "social-worker")
    assert "Try-out" not in (await gateway.client.get("/desktops")).text
