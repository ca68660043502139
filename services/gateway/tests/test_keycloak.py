"""What a real Keycloak alone can show: the client's secret, signing out of it, a role that is taken away (`make keycloak`)."""

from __future__ import annotations

import re
from html import unescape

import pytest

from services.gateway.tests.providers import browsing, fields

pytestmark = pytest.mark.keycloak
WORKER = "halton.social-worker"


@pytest.fixture(autouse=True)
def on_time(gateway):
    """Keycloak's clock is the machine's."""
    gateway.runs_on_time()


@pytest.mark.parametrize("secret", [None, "guessed"])
async def test_without_the_clients_secret_nobody_is_signed_in(gateway, keycloak, secret):
    async with (
        gateway.served(**keycloak.settings | {"oidc_secret": secret}) as door,
        browsing(door, keycloak) as browser,
    ):
        assert (await browser.sign_in(WORKER)).status_code == 403
        assert "icart_session" not in browser.client.cookies


async def test_keycloak_knows_the_browser_until_one_signs_out_there_too(gateway, keycloak):
    async with gateway.served(**keycloak.settings) as door, browsing(door, keycloak) as browser:
        await browser.sign_in(WORKER)
        mark = fields((await browser.client.get("/desktops")).text)["csrf"]
        await browser.client.post("/sign-out", data={"csrf": mark})
        known = await browser.client.get(await browser.begin())
        assert known.headers["location"].startswith(f"{door.address}/sign-in/back?"), "no password was asked for"
        left = (await browser.client.get("/signed-out")).text
        there = re.search(r'href="([^"]+)">sign out there too', left)
        assert there
        assert await keycloak.sign_out(browser.client, unescape(there[1])) == f"{door.address}/signed-out"
        assert "kc-form-login" in (await browser.client.get(await browser.begin())).text


async def test_a_role_that_is_taken_away_ends_with_the_session_and_at_the_next_sign_in(gateway, keycloak):
    async with gateway.served(**keycloak.settings) as door, browsing(door, keycloak) as browser:
        await browser.sign_in(WORKER)
        async with keycloak.without_role(WORKER, WORKER):
            assert (await browser.client.get("/desktops")).status_code == 200, "its session goes on"
            refused = await browser.sign_in(WORKER)
            assert refused.status_code == 403
            assert "none of the roles" in refused.text
            assert (await browser.client.get("/desktops")).status_code == 303, (
                "and is over with the provider's newer word"
            )
        assert (await browser.sign_in(WORKER)).status_code == 303
