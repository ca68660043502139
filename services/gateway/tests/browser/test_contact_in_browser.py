"""The page of a contact and what leads to it, in Chromium."""

from __future__ import annotations

from typing import Any

import pytest

from icart_common.testing import example
from services.gateway.tests.test_contact_page import a_contact


async def test_a_contact_is_read_by_anybody_on_any_screen_and_on_paper(desk):
    address = await a_contact(desk.gateway, referrer={"kind": "public", "name": "Ottoline Marsh"})
    await desk.sign_in("w-101", "social-worker")
    page = await desk.go(address)
    assert await page.get_by_text("Ottoline Marsh").is_visible()
    await page.emulate_media(media="print")
    assert not await page.get_by_text("Ottoline Marsh").is_visible()
    assert not await page.get_by_role("button", name="Sign out").is_visible()


async def test_searching_and_matching_are_for_everybody(desk):
    await a_contact(desk.gateway)
    await desk.sign_in("w-101", "social-worker")
    page = await desk.go("/search")
    await page.get_by_role("button", name="Search").click()
    await page.get_by_role("alert").wait_for()
    assert await page.title() == "Error: Search – iCART"
    await page.get_by_role("link", name="Enter a reference").click()
    assert await page.evaluate("document.activeElement.id") == "reference"
    await page.get_by_label("Family name").fill("Quillfeather")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/search/*")
    assert "Quill" not in page.url
    await desk.passes("search")
    became: Any = example("icart.intake.advice-given.v1")
    await desk.gateway.hear(became)
    await page.get_by_label("Family name").fill("")
    await page.get_by_label("Reference").fill(became.reference)
    await page.keyboard.press("Enter")
    await page.get_by_text("nobody in it could be identified").wait_for()
    assert became.reference not in page.url
    await desk.passes("search-what-became-no-contact")


@pytest.mark.broker
@pytest.mark.usefixtures("commands_topic")
async def test_a_referral_by_telephone_is_taken_down_by_everybody(desk):
    await desk.sign_in("w-101", "social-worker")
    page = await desk.go("/referrals")
    await page.get_by_role("button", name="Begin").click()
    await desk.passes("take-a-referral-who")
    await page.get_by_role("button", name="Save and see all answers").click()
    await page.get_by_role("alert").wait_for()
    await page.get_by_role("link", name="See all answers").click()
    await desk.passes("take-a-referral-check")
