"""Forms in a browser: what is typed stays, whatever happens to the sign-in and the connection."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import expect

from services.gateway.tests.browser.acts import go
from services.gateway.tests.screening import Screening

pytestmark = pytest.mark.broker


@pytest.mark.req("IN-22", authority="halton")
async def test_what_is_typed_survives_sign_out_and_a_lost_connection(working: Screening, desk: Any) -> None:
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
    await expect(page.locator("#connection")).to_have_count(0)
    await expect(page.locator("[data-saved]")).to_contain_text("saved at")
    await desk.context.set_offline(True)
    await page.get_by_label("Why?").fill("two earlier contacts, and two calls")
    await expect(page.locator("#connection")).to_contain_text("The connection is lost")
    await page.get_by_role("button", name="Triage this contact").click()
    await expect(page.get_by_label("Why?")).to_have_value("two earlier contacts, and two calls")
    await desk.context.set_offline(False)
    await expect(page.locator("#connection")).to_have_count(0)
    desk.errors.clear()  # what the browser itself said of the answers that were refused and the connection that was lost
    await page.goto(f"{desk.address}/drafts")
    await desk.passes("drafts")
    await page.get_by_role("link", name=re.compile("Triage this contact")).click()
    await expect(page.get_by_label("Why?")).to_have_value("two earlier contacts, and two calls")
