"""Forms in a browser: what is typed stays, whatever happens to the sign-in and the connection."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Page, expect

from services.gateway.tests.screening import Screening
from services.screening.tests.front_door import FrontDoor

pytestmark = [pytest.mark.broker, pytest.mark.usefixtures("commands_topic")]


@pytest.fixture(autouse=True)
async def working(gateway: Any, stack: Any) -> AsyncIterator[Screening]:
    """Screening answers, and pages wait for it. Before the browser opens, so that it is told of everything."""
    gateway.answers_within(20)
    screening = Screening(gateway, FrontDoor("halton"))
    async with screening.at_work(stack), gateway.listening():
        yield screening


async def go(page: Page, address: str, words: str) -> None:
    """Open an address and look for its heading."""
    page.set_default_timeout(10_000)
    await page.goto(address)
    await expect(page.get_by_role("heading", level=1)).to_contain_text(words)


@pytest.mark.req("IN-22", authority="halton")
async def test_what_is_typed_survives_sign_out_and_a_lost_connection(desk: Any, working: Screening) -> None:
    contact = await working.open()
    form = f"{desk.address}/contacts/{contact}/do/triage"
    await desk.sign_in("m1", "social-work-manager")
    page = desk.page
    await go(page, form, "Triage")
    await page.get_by_label("Why?").fill("two earlier contacts")
    await expect(page.locator("[data-saved]")).to_contain_text("saved at")
    await desk.passes("form-with-a-draft")
    await desk.context.clear_cookies()
    await page.get_by_label("Why?").fill("two earlier contacts, and a call")
    await expect(page.locator("#connection")).to_contain_text("You have been signed out")
    await desk.sign_in("m1", "social-work-manager")
    await expect(page.locator("#connection")).to_have_count(0, timeout=20_000)
    await expect(page.locator("[data-saved]")).to_contain_text("saved at")
    await desk.context.set_offline(True)
    await page.get_by_label("Why?").fill("two earlier contacts, and two calls")
    await expect(page.locator("#connection")).to_contain_text("The connection is lost")
    await page.get_by_role("button", name="Triage this contact").click()
    await expect(page.get_by_label("Why?")).to_have_value("two earlier contacts, and two calls")
    await desk.context.set_offline(False)
    await expect(page.locator("#connection")).to_have_count(0, timeout=20_000)
    desk.errors.clear()  # what the browser itself said of the answers that were refused and the connection that was lost
    await page.goto(f"{desk.address}/drafts")
    await desk.passes("drafts")
    await page.get_by_role("link", name=re.compile("Triage this contact")).click()
    await expect(page.get_by_label("Why?")).to_have_value("two earlier contacts, and two calls")
