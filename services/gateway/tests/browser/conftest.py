"""Somebody at a browser: Chromium from the system's packages, the gateway served on loopback, axe, and pictures to look at."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
import uvicorn
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright

from icart_gateway.web import web

PICTURES: Final = Path(__file__).resolve().parents[4] / "build" / "pictures"
_AXE: Final = Path(__file__).parent / "vendor" / "axe.min.js"
_RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_PHONE: Final = 320
"""How wide 1280 pixels are at 400 % (WCAG 2.2, 1.4.10)."""
_FLAGS: Final = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip


@dataclass
class Desk:
    """A browser at the gateway. `errors` are what its console said was wrong: a script or style that the policy refused."""

    gateway: Any
    context: BrowserContext
    page: Page
    address: str
    errors: list[str] = field(default_factory=list)

    async def sign_in(self, person: str, *roles: str, authority: str = "halton", name: str = "Robin Example") -> None:
        """Sign somebody in, in the first of the roles."""
        await self.gateway.sign_in(person, *roles, authority=authority, name=name)
        await self.context.add_cookies(
            [
                {"name": one.name, "value": one.value or "", "url": self.address}
                for one in self.gateway.client.cookies.jar
            ]
        )

    async def go(self, path: str) -> Page:
        """Open a page of the gateway."""
        await self.page.goto(self.address + path)
        return self.page

    async def axe(self) -> list[str]:
        """What axe finds wrong with the page as it stands, a line each: what, where, and how to mend it."""
        await self.page.evaluate(_AXE.read_text())
        found = await self.page.evaluate(
            "async rules => (await axe.run({runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})).violations",
            _RULES,
        )
        return [
            f"{one['id']}: {one['help']}: {node['html'][:200]}: {node['failureSummary']}"
            for one in found
            for node in one["nodes"]
        ]

    async def too_wide(self) -> list[str]:
        """What makes the page scroll sideways at 400 % (parts that scroll by themselves aside)."""
        before = self.page.viewport_size
        await self.page.set_viewport_size({"width": _PHONE, "height": 640})
        found: list[str] = await self.page.evaluate(
            """() => document.documentElement.scrollWidth <= window.innerWidth ? [] :
                [...document.querySelectorAll('body *')]
                    .filter(one => one.getBoundingClientRect().right > window.innerWidth + 1 && !one.closest('.icart-scroll'))
                    .map(one => one.outerHTML.slice(0, 120))"""
        )
        await self.page.set_viewport_size(before or {"width": 1280, "height": 800})
        return found

    async def passes(self, name: str) -> None:
        """The page as it stands is fit for everybody, on a phone too; its pictures are kept as `build/pictures/<name>*.png`."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        await self.page.screenshot(path=PICTURES / f"{name}.png", full_page=True)
        await self.page.set_viewport_size({"width": _PHONE, "height": 640})
        await self.page.screenshot(path=PICTURES / f"{name}-phone.png", full_page=True)
        await self.page.set_viewport_size({"width": 1280, "height": 800})
        assert await self.axe() == []
        assert await self.too_wide() == []
        assert self.errors == []


def _is_wrong(said: ConsoleMessage) -> bool:
    """What a page did wrong. That a form was refused (422) is the answer that was asked for."""
    return said.type == "error" and not said.text.startswith("Failed to load resource")


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """Where it is not installed the tests that need it are passed over, saying so; on the build server not."""
    found = shutil.which("chromium")
    if found is None:
        missing = "Chromium is not installed (Debian's chromium): the pages' browser tests need it"
        if os.environ.get("CI"):
            raise FileNotFoundError(missing)
        pytest.skip(missing)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=list(_FLAGS))
        yield browser
        await browser.close()


@pytest.fixture
async def desk(gateway: Any, chromium: Browser) -> AsyncIterator[Desk]:
    """A browser of its own for each test, without cookies."""
    server = uvicorn.Server(uvicorn.Config(web(gateway.door), host="127.0.0.1", port=0, log_config=None, ws="none"))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    context = await chromium.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    page = await context.new_page()
    one = Desk(gateway, context, page, f"http://127.0.0.1:{port}")
    page.on("console", lambda said: one.errors.append(said.text) if _is_wrong(said) else None)
    page.on("pageerror", lambda error: one.errors.append(str(error)))
    yield one
    await context.close()
    server.should_exit = True
    await serving
