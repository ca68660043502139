"""Somebody at a browser: Chromium from the system's packages, the gateway served on loopback, axe, and pictures to look at."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    FloatRect,
    Page,
    ViewportSize,
    async_playwright,
    expect,
)

from icart_common.policy import PolicyBook
from icart_gateway.doorway import Doorway
from icart_gateway.signing_in.local_people import local_people
from services.gateway.tests.browser.acts import sign_in
from services.gateway.tests.browser.town import Town
from services.gateway.tests.conftest import a_gateway
from services.gateway.tests.screening import Screening
from services.gateway.tests.services_at_work import services_at_work
from services.screening.tests.front_door import FrontDoor

PICTURES: Final = Path(__file__).resolve().parents[4] / "build" / "pictures"
_AXE: Final = Path(__file__).parent / "vendor" / "axe.min.js"
_RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_PHONE: Final = 320
"""How wide 1280 pixels are at 400 % (WCAG 2.2, 1.4.10)."""
_SCREEN: Final[ViewportSize] = {"width": 1280, "height": 800}
_HIGHEST: Final = 6_000
_PATIENCE_MS: Final = 30_000
"""A page that takes longer is no page: the machine may have much else to do."""
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
    door: Doorway
    """What the pages that it looks at are served from."""
    errors: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where they are."""
        return self.door.address

    async def sign_in(self, person: str, *roles: str, authority: str = "halton", name: str = "Robin Example") -> None:
        """Sign somebody in, in the first of the roles."""
        await self.gateway.sign_in(person, *roles, authority=authority, name=name)
        await self.context.add_cookies(self.cookies())

    def cookies(self) -> list[Any]:
        """Those of whoever was signed in last, as a browser takes them."""
        held = self.gateway.client.cookies.jar
        return [{"name": one.name, "value": one.value or "", "url": self.address} for one in held]

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
        """What makes the page scroll sideways as wide as it is now (parts that scroll by themselves aside)."""
        found: list[str] = await self.page.evaluate(
            """() => document.documentElement.scrollWidth <= window.innerWidth ? [] :
                [...document.querySelectorAll('body *')]
                    .filter(one => one.getBoundingClientRect().right > window.innerWidth + 1 && !one.closest('.icart-scroll'))
                    .map(one => one.outerHTML.slice(0, 120))"""
        )
        return found

    async def passes(self, name: str) -> None:
        """The page as it stands is fit for everybody, on a phone too; its pictures are kept as `build/pictures/<name>*.png`."""
        assert await self.wrong(name) == []

    async def _picture(self, name: str) -> None:
        """The page from its top, as far down as anybody looks at a picture."""
        if name:
            PICTURES.mkdir(parents=True, exist_ok=True)
            width, high = await self.page.evaluate("[window.innerWidth, document.documentElement.scrollHeight]")
            part: FloatRect = {"x": 0, "y": 0, "width": width, "height": min(high, _HIGHEST)}
            path = PICTURES / f"{name}.png"
            await self.page.screenshot(path=path, full_page=True, clip=part, timeout=60_000)

    async def wrong(self, name: str = "") -> list[str]:
        """What keeps the page from being for everybody; with a name, its pictures are kept under it."""
        await self._picture(name)
        found = await self.axe()
        await self.page.set_viewport_size({"width": _PHONE, "height": 640})
        await self._picture(name and f"{name}-phone")
        found += await self.too_wide()
        await self.page.set_viewport_size(_SCREEN)
        said, self.errors = self.errors, []
        return found + said


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
    expect.set_options(timeout=_PATIENCE_MS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=list(_FLAGS))
        yield browser
        await browser.close()


@asynccontextmanager
async def a_desk(chromium: Browser, gateway: Any, door: Doorway) -> AsyncIterator[Desk]:
    """A browser without cookies, in which nothing is open yet."""
    context = await chromium.new_context(viewport=_SCREEN, locale="en-GB")
    context.set_default_timeout(_PATIENCE_MS)
    page = await context.new_page()
    one = Desk(gateway, context, page, door)
    page.on("console", lambda said: one.errors.append(said.text) if _is_wrong(said) else None)
    page.on("pageerror", lambda error: one.errors.append(str(error)))
    try:
        yield one
    finally:
        await context.close()


@pytest.fixture
async def desk(gateway: Any, chromium: Browser) -> AsyncIterator[Desk]:
    """A browser of its own for each test, at pages of its own."""
    async with gateway.served() as door, a_desk(chromium, gateway, door) as found:
        yield found


@pytest.fixture
async def working(gateway: Any, stack: Any, commands_topic: None) -> AsyncIterator[Screening]:
    """Screening answers, and pages wait for it. To be asked for before the desk, so that its pages are told of everything."""
    gateway.answers_within(20)
    screening = Screening(gateway, FrontDoor("halton"))
    async with screening.at_work(stack), gateway.listening():
        yield screening


@pytest.fixture(scope="session")
async def town(stack: Any, book: PolicyBook, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """One for all days: who sees another's contacts on a desktop finds their own all the same."""
    async with (
        a_gateway(stack, book, tmp_path_factory.mktemp("town")) as gateway,
        services_at_work(stack, gateway) as services,
    ):
        gateway.answers_within(20)
        async with gateway.served(local_sign_in=True) as door:
            yield Town(services, door, {one.id: one for one in local_people(book)})


@pytest.fixture
async def visitor(town: Town, chromium: Browser) -> AsyncIterator[Desk]:
    """A browser at the town's pages, in which nobody is signed in yet."""
    async with a_desk(chromium, town.services.gateway, town.door) as found:
        yield found
        assert found.errors == []


Be = Callable[[str], Awaitable[Page]]


@pytest.fixture
def be(town: Town, visitor: Desk) -> Be:
    """Sign in as somebody, by the page that the try-out has for it."""

    async def someone(person: str) -> Page:
        await sign_in(visitor.page, town.door.address, town.people[person])
        return visitor.page

    return someone
