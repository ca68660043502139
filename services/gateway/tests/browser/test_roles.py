"""Each role's day from sign-in to sign-out, over the services' own handlers: everything that is done is done on pages."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from icart_common.contracts.base import Actor
from icart_common.contracts.cases import PersonHeld
from icart_common.contracts.handover import AlertNightTeam, handover_id
from icart_common.contracts.screening import RecordSection
from icart_common.deployment import deployment_topics
from icart_common.testing import record_of
from services.gateway.tests.browser.acts import begun, done, opened, sign_in, sign_out, write
from services.gateway.tests.browser.conftest import Be, Desk, a_desk
from services.gateway.tests.browser.town import Town
from services.gateway.tests.front_of_services import TOKEN, intake

pytestmark = pytest.mark.broker
EVENING = time(18, 0)
TUESDAY = datetime(2026, 11, 17, 8, 45, tzinfo=UTC)


@pytest.mark.req("SC-4", "SC-6", authority="halton")
async def test_an_early_intervention_manager_gives_work_out_and_sees_how_the_strand_does(
    town: Town, visitor: Desk, be: Be
) -> None:
    await town.triaged("Gwenllian", "early-intervention")
    page = await be("halton.early-intervention-manager")
    await page.get_by_role("link", name="Allocation").click()
    await page.get_by_role("link", name="Gwenllian Oakfall").click()
    await begun(page, "Give this contact to a worker")
    await page.get_by_label("Emeka Testerley").check()
    await done(page, "Give it to them", "The contact has been allocated.")
    await page.get_by_role("link", name="Performance").click()
    await page.get_by_role("link", name="4 weeks").click()
    await expect(page.get_by_role("main")).to_contain_text("the last 4 weeks")
    async with page.expect_download() as loading:
        await page.get_by_role("link", name="Download as a spreadsheet file (CSV)").first.click()
    assert (await loading.value).suggested_filename.startswith("halton-volumes-")
    await page.get_by_role("link", name="Shut records").click()
    await expect(page.get_by_role("main")).to_contain_text("No record is shut.")
    await sign_out(page)


@pytest.mark.req("SC-6", authority="halton")
async def test_an_early_intervention_worker_screens_and_submits(town: Town, visitor: Desk, be: Be) -> None:
    person, pack = "halton.early-intervention-worker", town.door.book.pack("halton")
    contact = await town.triaged("Isolde", "early-intervention", worker=person)
    manager = Actor(person="m9", role="social-work-manager")
    await town.services.ask(contact.contact, RecordSection, manager, section="screening", text="as known")
    page = await be(person)
    await page.get_by_label("Only with me").check()
    await page.get_by_role("button", name="Show", exact=True).click()
    await opened(page, "Isolde Oakfall")
    for section in ("personal-information", "early-intervention", "level-of-need"):
        await write(page, pack.section(section).name, statements=section == "early-intervention")
    await begun(page, "Record consent")
    await page.get_by_label("Isolde", exact=False).first.check()
    await page.get_by_label("They agreed").check()
    await page.get_by_label("Who asked them?").fill("Emeka")
    await page.locator("[name='consent.when']").fill("16/11/2026")
    await page.get_by_label("Time").fill("09:30")
    await page.get_by_label("How?").fill("by telephone")
    await done(page, "Record consent", "Consent has been recorded.")
    await begun(page, "Submit with an outcome")
    await page.locator("[name=level][value='2']").check()
    await page.get_by_label(pack.outcome("advise-caf").name).check()
    await page.get_by_label("Reasons").fill("a plan with the school can carry this")
    await done(page, "Submit for authorisation", "waits for a manager")
    await sign_out(page)


@pytest.mark.parametrize("role", ["intelligence-review-officer", "detective-sergeant"])
async def test_the_police_find_a_contact_read_it_and_change_nothing(
    town: Town, visitor: Desk, be: Be, role: str
) -> None:
    contact = await town.contact("Rosalba" if role == "detective-sergeant" else "Sunniva")
    page = await be(f"halton.{role}")
    await page.get_by_role("link", name="Search").click()
    await page.get_by_label("Reference").fill(contact.reference)
    await page.get_by_role("button", name="Search").click()
    await page.get_by_role("link", name="Oakfall").click()
    await expect(page.get_by_role("main")).to_contain_text("is alone in the evenings")
    await expect(page.get_by_role("main")).to_contain_text("There is nothing that you can do here now.")
    await page.get_by_text("What you cannot do now, and why").first.click()
    await expect(page.get_by_role("main")).to_contain_text("your role does not hold triage")
    await sign_out(page)


async def test_systems_support_finds_what_is_wrong_and_settles_it(
    town: Town, chromium: Browser, stack: Any, tmp_path: Any
) -> None:
    topics = [one for one in deployment_topics(town.door.book) if one.name == "inbound.cases.york"]
    held = PersonHeld(agency="etrak-york", authority="york", as_of=TUESDAY, number="E-9", given_name="Quarnshaw")
    gateway = town.services.gateway

    async def nothing(_batch: Any, _transaction: Any) -> None:
        """What can be read needs nothing of this service."""

    async with (
        intake(stack, topics, nothing, tmp_path, gateway.clock) as front,
        gateway.served(local_sign_in=True, service_urls_file=front.urls, ops_token=TOKEN) as door,
        a_desk(chromium, gateway, door) as desk,
    ):
        await gateway.hear(
            await front.puts_aside(record_of(held, topics[0].name)._replace(value=b'{"given_name": "cut'))
        )
        page = desk.page
        await sign_in(page, door.address, town.people["york.operations"])
        await expect(page.get_by_role("heading", level=1)).to_contain_text("need somebody")
        await page.get_by_role("link", name="about: 1 message could not be handled").click()
        await expect(page.get_by_role("heading", level=2).first).to_have_text("What it means for children")
        await page.get_by_role("link", name="Could not be handled", exact=True).click()
        await page.get_by_role("cell").get_by_role("link").click()
        await page.get_by_label("Why").fill("the export was cut off")
        await page.get_by_role("button", name="Look at what it says").click()
        await expect(page.get_by_label("What it says")).to_have_value('{"given_name": "cut')
        await page.get_by_role("button", name="Say whether this can be read").click()
        await expect(page.get_by_role("status").filter(has_text="not-json")).to_be_visible()
        await page.get_by_role("link", name="Could not be handled", exact=True).click()
        await page.get_by_role("checkbox").check()
        await page.get_by_label("Why").fill("it comes whole tonight")
        await page.get_by_role("button", name="Discard").click()
        await expect(page.get_by_role("main")).to_contain_text("Done: 1.")
        for part, words in (
            ("Messages to agencies", "Every message arrived"),
            ("Topics and versions", "events.intake"),
        ):
            await page.get_by_role("link", name=part).click()
            await expect(page.get_by_role("main")).to_contain_text(words)
        await sign_out(page)
        assert desk.errors == []


@pytest.mark.req("SC-15", authority="york")
async def test_the_daily_meeting_is_prepared_by_admin_and_decided_in_the_chair(
    town: Town, visitor: Desk, be: Be
) -> None:
    await town.triaged("Zenobia", "enquiry", "york", worker="w1")
    town.services.later(TUESDAY)
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


@pytest.mark.req("ED-5", authority="halton")
async def test_the_night_team_takes_an_alert_on(town: Town, visitor: Desk, be: Be) -> None:
    contact = await town.contact("Ysolde")
    tonight = contact.received_at.date()
    await town.services.say(AlertNightTeam(
        authority="halton", undertaking=handover_id("halton", tonight), night=tonight, about=contact.reference,
        alert="The father may come back tonight.", actor=Actor(person="halton.social-worker", role="social-worker"),
    ))  # fmt: skip
    town.services.later(datetime.combine(tonight, EVENING, UTC))
    page = await be("halton.edt-worker")
    await page.get_by_role("link", name="Night", exact=True).click()
    await expect(page.get_by_role("main")).to_contain_text("The father may come back tonight.")
    await page.get_by_role("button", name="Take on an item of the night").click()
    await page.get_by_label(contact.reference).check()
    await done(page, "Take it on", "It is yours.")
    await opened(page, "Ysolde Oakfall")
    await sign_out(page)
