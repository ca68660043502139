"""Somebody who has read nothing: from the public form to an authorised outcome, by what the pages say; and by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from services.gateway.tests.browser.acts import begun, done, opened, save_and_go_on, sign_out, write
from services.gateway.tests.browser.conftest import Be, Desk
from services.gateway.tests.browser.keys import Keys
from services.gateway.tests.browser.town import Town

pytestmark = pytest.mark.broker
TOLD: dict[str, dict[str, str]] = {
    "About you": {"referrer.kind": "family", "referrer.name": "Odile Marchbanks"},
    "About the child": {
        "child-1.given_name": "Wilhelmina",
        "child-1.family_name": "Oakfall",
        "child-1.postcode": "ZZ99 9ZZ",
    },
    "About a parent or carer": {"adult-1.given_name": "Ilse", "adult-1.role": "parent"},
    "What happened": {"event.what": "She is alone in the evenings and has not eaten."},
    "Is the child safe now?": {"safety.safe": "no"},
    "What the child says": {"child_views": "She is afraid of the dark."},
    "What has been tried": {"why_now": "It has become every evening."},
    "What the family knows": {"referrer.family_knows": "no"},
}
"""The pages of the public form by their headings, and what a relative writes there."""


@pytest.mark.req("IN-12", "SC-3", "SC-4", "SC-6", "SC-10", authority="halton")
async def test_a_newcomer_takes_a_contact_from_the_public_form_to_an_authorised_outcome(
    town: Town, visitor: Desk, be: Be
) -> None:
    """By what the pages say alone: a relative, business support, a manager, a social worker, and the manager again."""
    pack, page = town.door.book.pack("halton"), visitor.page
    await page.goto(f"{town.door.address}/refer/halton")
    await page.get_by_role("button", name="Start now").click()
    for heading, answers in TOLD.items():
        await save_and_go_on(page, heading, answers)
    await page.get_by_role("button", name="Go on").click()
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("We have what you sent")
    reference = page.locator(".govuk-panel__body strong")
    for _ in range(50):  # it is there as soon as intake has read it
        if await reference.count():
            break
        await page.get_by_role("link", name="Look again").click()
    await expect(reference).to_be_visible()

    await be("halton.contact-officer")
    await opened(page, "Wilhelmina Oakfall")
    await write(page, pack.section("personal-information").name)
    await sign_out(page)

    await be("halton.social-work-manager")
    await opened(page, "Wilhelmina Oakfall")
    await begun(page, "Triage this contact")
    await page.get_by_label("Safeguarding", exact=True).check()
    await page.get_by_label("Urgent", exact=True).check()
    await page.get_by_label("Why?").fill("alone every evening")
    await done(page, "Triage this contact", "The contact has been triaged.")
    await write(page, pack.section("screening").name)
    await begun(page, "Give this contact to a worker")
    await page.get_by_label("Ceri Testerley").check()
    await done(page, "Give it to them", "The contact has been allocated.")
    await sign_out(page)

    await be("halton.social-worker")
    await opened(page, "Wilhelmina Oakfall")
    await write(page, pack.section("contact-record").name, statements=True)
    await write(page, pack.section("level-of-need").name)
    await begun(page, "Submit with an outcome")
    await page.get_by_label("Level 3", exact=False).check()
    await page.get_by_label("Social work assessment under section 17").check()
    await page.get_by_label("Reasons").fill("alone and hungry every evening")
    await page.get_by_label("The child's primary need").select_option("N1")
    await page.get_by_label("If there is no consent, why does it go on?").select_option("risk-raised")
    await done(page, "Submit for authorisation", "waits for a manager")
    await sign_out(page)

    await be("halton.social-work-manager")
    await opened(page, "Wilhelmina Oakfall")
    await begun(page, "Authorise the outcome")
    await done(page, "Authorise the outcome", "The outcome has been authorised.")
    await expect(page.locator("#whole")).to_contain_text("Closed")
    await visitor.passes("day-authorised")
    await sign_out(page)


async def test_business_support_works_with_the_keyboard_alone(town: Town, visitor: Desk) -> None:
    contact = await town.contact("Ferelith")
    person, keys = town.people["halton.contact-officer"], Keys(visitor.page)
    await visitor.page.goto(town.door.address)
    await keys.open(f"{person.name}: {person.does}")
    assert await keys.tab() == "Skip to main content"
    await keys.press("Enter")
    assert await visitor.page.evaluate("document.activeElement.id") == "main"
    await keys.open("Ferelith Oakfall")
    await expect(visitor.page.get_by_role("heading", level=1)).to_contain_text("Ferelith Oakfall")
    await keys.open("Write in the record")
    await keys.to(town.door.book.pack("halton").section("personal-information").name)
    await keys.type("lives with an aunt since October")
    await keys.open("Save in the record")
    await expect(visitor.page.get_by_role("alert")).to_contain_text("What you wrote is in the record.")
    await keys.open("Search")
    await keys.to("Postcode")
    async with visitor.page.expect_navigation():
        await keys.press("Enter")
    await expect(visitor.page.locator(".govuk-error-summary")).to_be_focused()
    await keys.to("Enter a reference")
    await keys.press("Enter")
    await expect(visitor.page.locator("#reference")).to_be_focused()
    await keys.type(contact.reference)
    async with visitor.page.expect_navigation():
        await keys.press("Enter")
    await keys.open("Ferelith Oakfall")
    await expect(visitor.page.locator("main")).to_contain_text("lives with an aunt since October")
    await keys.open("Sign out")
    await expect(visitor.page.get_by_role("heading", level=1)).to_have_text("You have signed out")
