"""Days that there are in York alone: advice that its worker closes, the daily meeting, and deciding while managers are away."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from services.gateway.tests.browser.acts import begun, done, on, opened, sign_out, waiting, write
from services.gateway.tests.browser.conftest import Be, Desk
from services.gateway.tests.browser.town import Town

pytestmark = pytest.mark.broker


@pytest.mark.req("SC-10", authority="york")
async def test_an_advice_worker_gives_advice_and_closes_it(town: Town, visitor: Desk, be: Be) -> None:
    pack = town.door.book.pack("york")
    await town.triaged("Averil", "contact", "york", worker="york.advice-worker")
    page = await be("york.advice-worker")
    await page.get_by_label("Only with me").check()
    await page.get_by_role("button", name="Show", exact=True).click()
    await opened(page, "Averil Oakfall")
    for section in ("personal-information", "advice-record"):
        await write(page, pack.section(section).name, statements=section == "advice-record")
    await begun(page, "Close as advice")
    await page.get_by_label("Information, advice or signposting").check()
    await page.get_by_label("Reasons").fill("the school helps")
    await done(page, "Close the contact", "The contact is closed.")
    await expect(page.locator("#whole")).to_contain_text("Closed")
    await sign_out(page)


@pytest.mark.req("SC-15", authority="york")
async def test_the_daily_meeting_is_prepared_by_admin_and_decided_in_the_chair(
    town: Town, visitor: Desk, be: Be
) -> None:
    town.morning()
    await town.triaged("Zenobia", "enquiry", "york", worker="w1")
    town.morning()
    page = await be("york.front-door-admin")
    await page.get_by_role("link", name="Meeting", exact=True).click()
    await page.get_by_role("button", name="Make the pack of the daily meeting").click()
    await done(page, "Make the pack", "The pack has been made.")
    await page.get_by_role("link", name="Meeting", exact=True).click()
    await expect(page.get_by_role("main")).to_contain_text("Zenobia Oakfall")
    await sign_out(page)

    page = await be("york.advice-manager")
    await page.get_by_role("link", name="Meeting", exact=True).click()
    await page.get_by_role("button", name="Record what the meeting decided").click()
    await page.get_by_label("Zenobia Oakfall").check()
    await page.get_by_label(town.door.book.pack("york").outcome("brokered-support").name).check()
    await page.locator("[name=level][value='2']").check()
    await page.get_by_label("Reasons").fill("the plan at school can carry this")
    await page.get_by_label("The plan").fill("the school leads")
    await page.get_by_label("Task 1: what is done").fill("ring the health visitor")
    await page.get_by_label("Task 1: who does it").fill("w1")
    await page.locator("[name='tasks.1.by']").fill("19/11/2026")
    await done(page, "Record the decision", "The decision is on its way to the contact.")
    await page.get_by_role("link", name="Meeting", exact=True).click()
    await expect(page.get_by_role("main")).to_contain_text("Decided")
    await page.get_by_role("button", name="End the meeting").click()
    await done(page, "End the meeting", "The meeting has ended.")
    await sign_out(page)


@pytest.mark.req("SC-10", "SC-16", authority="york")
async def test_a_service_manager_decides_while_others_are_away_and_restricts_a_record(
    town: Town, visitor: Desk, be: Be
) -> None:
    contact = await town.submitted("Ludovica", "enquiry", "york", "w7")
    page = await be("york.service-manager")
    await page.get_by_role("link", name="Front door", exact=True).click()
    await begun(page, "Mark a manager away, now or ahead")
    await page.get_by_label("Who?").fill("york.advice-manager")
    await page.get_by_label("Advice team manager").check()
    now = town.services.later()
    await on(page, "From when?", f"{now:%d %m %Y}", f"{now:%H:%M}")
    await on(page, "Until when?", f"{now:%d %m} {now.year + 1}", "08:30")
    await done(page, "Mark them away", "It is recorded: their turn is skipped then.")
    await waiting(page, "authorisation", "Ludovica Oakfall")
    await begun(page, "Send it back")
    await page.get_by_label("What is still to be done?").fill("ask the school\nsee the child")
    await done(page, "Send it back", "The contact is back with its worker.")
    await expect(page.get_by_role("main")).to_contain_text("ask the school")
    await page.get_by_role("link", name="Shut records").click()
    await page.get_by_label("Reference of the contact").fill(contact.reference)
    await page.get_by_label("Why it is shut").fill("Somebody of the family works in the building")
    await page.get_by_role("button", name="Shut this record").click()
    await expect(page.get_by_role("main")).to_contain_text("Somebody of the family works in the building")
    await page.get_by_role("button", name="Open it again").click()
    await expect(page.get_by_role("main")).to_contain_text("No record is shut.")
    await page.get_by_role("link", name="Front door", exact=True).click()
    await begun(page, "Mark a manager back, or take back an absence ahead")
    await page.get_by_label("Who?").fill("york.advice-manager")
    await page.get_by_label("Advice team manager").check()
    await done(page, "Mark them back", "It is recorded: decisions reach them again.")
    await sign_out(page)
