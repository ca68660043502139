"""People at the pages of the started system, over HTTP and without script: the public's form, and staff from sign-in on."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any, Final
from uuid import UUID

import httpx2

from services.gateway.tests.filled_in import hidden
from services.gateway.tests.test_refer import CHILD, Visitor

_HEARD_WITHIN: Final = 30.0
"""Seconds for what was sent to go through the services and come back to the pages."""


def browser(pages: str) -> httpx2.AsyncClient:
    """A browser of somebody's own: its cookies, and nothing followed by itself."""
    return httpx2.AsyncClient(base_url=pages, timeout=30.0, trust_env=False)


async def until(look: Callable[[], Awaitable[httpx2.Response]], words: str) -> str:
    """A page once it says this; fails with what it said instead."""
    answer = await look()
    async with asyncio.timeout(_HEARD_WITHIN):
        while not re.search(words, answer.text):
            await asyncio.sleep(0.1)
            answer = await look()
    return answer.text


class Public:
    """Somebody who fills in the form for the public."""

    def __init__(self, client: httpx2.AsyncClient, authority: str) -> None:
        self.client = client
        self._form = Visitor(self, authority)

    async def tells_of(self, given_name: str, family_name: str) -> str:
        """The whole form about a child, sent. Returns the page with the reference."""
        child = CHILD | {"child-1.given_name": given_name, "child-1.family_name": family_name}
        await self._form.fill(**{"child-1": child})
        assert (await self._form.press("check")).headers["location"].endswith("/done")
        return await until(lambda: self._form.look("done"), r"[A-Z0-9]{5}-[A-Z0-9]{5}")


class Staff:
    """Somebody of the try-out's people, signed in at a browser of their own."""

    def __init__(self, client: httpx2.AsyncClient, person: str) -> None:
        self._client, self._person = client, person

    async def sign_in(self) -> None:
        """By the try-out's own identity provider, as a browser goes there and back."""
        asked = await self._client.get("/sign-in", follow_redirects=True)
        form = dict(re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', asked.text))
        back = await self._client.post(
            "/local-sign-in/authorize", data={**form, "person": self._person}, follow_redirects=True
        )
        assert back.status_code == 200, back.text
        assert "Sign out" in back.text

    async def finds(self, given_name: str, family_name: str) -> UUID:
        """The contact about a child, by its name."""
        csrf = hidden((await self._client.get("/search")).text, "csrf")
        typed = {"csrf": csrf, "given_name": given_name, "family_name": family_name}

        async def look() -> httpx2.Response:
            return await self._client.post("/search", data=typed, follow_redirects=True)

        found = re.search(r"/contacts/([0-9a-f-]{36})", await until(look, r"/contacts/[0-9a-f-]{36}"))
        assert found
        return UUID(found[1])

    async def does(self, contact: UUID, step: str, words: str, part: str = "", **typed: Any) -> None:
        """Fill a form in, send it, and wait until the contact's page says what came of it."""
        address = f"/contacts/{contact}/do/{step}{'?part=' + part if part else ''}"
        shown = await until(lambda: self._client.get(address), r'name="seen_version"')
        form = {name: hidden(shown, name) for name in ("csrf", "message", "seen_version", "form")}
        sent = await self._client.post(address, data={**form, **typed})
        assert sent.status_code == 303, re.sub(r"<[^>]+>|\s+", " ", sent.text)
        await until(lambda: self._client.get(sent.headers["location"]), words)
