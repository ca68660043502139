"""A worker's and a manager's day in a browser: forms, what is typed, and what somebody else does meanwhile."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from playwright.async_api import Page, expect

from services.gateway.tests.browser.acts import another, done, go
from services.gateway.tests.screening import Screening

pytestmark = pytest.mark.broker


@pytest.mark.req("SC-3", "SC-6", "SC-10", authority="halton")
async def test_a_contact_goes_from_the_desktop_to_an_authorised_outcome(working: Screening, desk: Any) -> None:
    contact = await working.open()
    about = f"{desk.address}/contacts/{contact}"
    await desk.sign_in("m1", "social-work-manager")
    page = desk.page
    await go(page, f"{desk.address}/desktops", "Desktops")
    await page.get_by_role("link", name="Tamsin Quillfeather").click()
    await page.wait_for_url(about)
    await page.get_by_role("button", name="Triage this contact").click()
    await page.wait_for_url(f"{about}/do/triage")
    await page.get_by_role("button", name="Triage this contact").click()
    await expect(page.get_by_role("alert")).to_contain_text("Say why it goes there")
    await desk.passes("form-with-errors")
    await page.get_by_label("Safeguarding", exact=True).check()
    await page.get_by_label("Urgent", exact=True).check()
    await page.get_by_label("Why?").fill("two earlier contacts")
    await done(page, "Triage this contact", "The contact has been triaged.")
    await go(page, f"{about}/do/allocate", "Give this contact to a worker")
    await desk.passes("form-to-allocate")
    await page.get_by_label("Somebody else", exact=True).check()
    await page.get_by_label("Staff number of somebody else").fill("w1")
    await done(page, "Give it to them", "The contact has been allocated.")
    await desk.passes("contact-allocated")

    await desk.sign_in("w1", "social-worker")
    for section in working.front.strand_of(contact).sections:
        await _write(page, f"{about}/do/record-section?part={section}", working, contact, section)
    await go(page, f"{about}/do/submit", "Submit with an outcome")
    await page.get_by_label("Level 3", exact=False).check()
    await page.get_by_label("Social work assessment under section 17").check()
    await page.get_by_label("Reasons").fill("hungry at school, three times")
    await page.get_by_label("The child's primary need").select_option("N1")
    await page.get_by_label("If there is no consent, why does it go on?").select_option("risk-raised")
    await desk.passes("form-to-submit")
    await done(page, "Submit for authorisation", "waits for a manager")
    assert working.front.contacts[contact].submitted is not None

    async with another(desk, "m2", "social-work-manager", "Kit Sample") as manager:
        await go(manager, f"{about}/do/authorise", "Authorise the outcome")
        await done(manager, "Authorise the outcome", "The outcome has been authorised.")
        # The worker's page hears of it by itself, and of who is there.
        await expect(page.locator("#whole")).to_contain_text("Closed")
        await expect(page.locator("[data-present]")).to_contain_text("Kit Sample has this open too")
    await desk.passes("contact-closed")
    assert working.front.contacts[contact].status == "closed"
    assert desk.errors == []


async def _write(page: Page, address: str, working: Screening, contact: UUID, section: str) -> None:
    """A section by whoever fills it; the statements stand in the last."""
    strand = working.front.strand_of(contact)
    if not working.front.pack.role("social-worker").may_fill(section):
        working.front.fill(contact, without=tuple(one for one in strand.sections if one != section))
        await working.say()
        return
    await page.goto(address)
    for box in await page.locator("form[data-form] textarea").all():
        await box.fill("as established")
    await done(page, "Save in the record", "What you wrote is in the record.")


@pytest.mark.req("SC-2", authority="halton")
async def test_two_people_on_one_record_see_each_other_and_a_clash_is_merged(working: Screening, desk: Any) -> None:
    contact = await working.allocated("safeguarding")
    form = f"{desk.address}/contacts/{contact}/do/record-section?part=contact-record"
    await desk.sign_in("w1", "social-worker", name="Robin Example")
    page = desk.page
    await go(page, form, "Write in the record")
    await page.locator("[name=text]").fill("what I found")
    async with another(desk, "w2", "social-worker", "Kit Sample") as other:
        await go(other, form, "Write in the record")
        await expect(other.locator("[data-present]")).to_contain_text("Robin Example has this open too and is writing")
        await expect(page.locator("[data-present]")).to_contain_text("Kit Sample has this open too")
        await other.locator("[name=text]").fill("what Kit found")
        await done(other, "Save in the record", "What you wrote is in the record.")
    await page.get_by_role("button", name="Save in the record").click()
    await expect(page.get_by_role("heading", name="Meanwhile somebody else changed this record")).to_be_visible()
    await expect(page.locator("[name=text]")).to_have_value("what I found")
    await expect(page.locator("form[data-form]")).to_contain_text("what Kit found")
    await desk.passes("form-with-a-clash")
    await done(page, "Save in the record", "What you wrote is in the record.")
    assert working.front.contacts[contact].sections["contact-record"] == "what I found"


async def test_a_new_contact_appears_on_the_desktops_and_leaves_the_focus_alone(working: Screening, desk: Any) -> None:
    await desk.sign_in("m1", "social-work-manager")
    page = desk.page
    await go(page, f"{desk.address}/desktops", "Desktops")
    name = page.get_by_label("Save what is shown as")
    await name.fill("my morn")
    contact = await working.open()
    await expect(page.locator("#queue")).to_contain_text("1 contact")
    await expect(page.locator("#announcements")).to_contain_text("changed by somebody else")
    await expect(name).to_be_focused()
    await expect(name).to_have_value("my morn")
    assert working.front.contacts[contact].status == "open"
