"""The days of those who work beside the front door: the police, the night team, and whoever keeps the services running."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from icart_common.contracts.base import Actor
from icart_common.contracts.cases import PersonHeld
from icart_common.contracts.deadletters import DeadLetterSettled
from icart_common.contracts.handover import AlertNightTeam, handover_id
from icart_common.deployment import deployment_topics
from icart_common.testing import record_of, said
from services.gateway.tests.browser.acts import begun, done, opened, sign_in, sign_out, told
from services.gateway.tests.browser.conftest import Be, Desk, a_desk
from services.gateway.tests.browser.town import Town
from services.gateway.tests.front_of_services import TOKEN, intake

pytestmark = pytest.mark.broker
AUTHORITIES = ("halton", "cheshire-west", "york")
BESIDE = tuple(
    f"{authority}.{role}"
    for authority in AUTHORITIES
    for role in ("intelligence-review-officer", "detective-sergeant", "edt-worker", "operations")
)
"""Whose days these are."""
EVENING = time(18, 0)


def at_each(*rows: str) -> list[Any]:
    return [pytest.param(one, marks=pytest.mark.req(*rows, authority=one)) for one in AUTHORITIES]


@pytest.mark.parametrize("authority", at_each("PV-2", "PV-4", "PV-7"))
async def test_an_intelligence_review_officer_refers_a_report_and_reads_the_contact(
    town: Town, visitor: Desk, be: Be, authority: str
) -> None:
    await town.reported(authority, "Sunniva", "standard")
    page = await be(f"{authority}.intelligence-review-officer")
    await _report(page, "Waits for the primary assessment")
    await begun(page, "Make the primary assessment")
    await page.get_by_label("Which systems did you check?").fill("Niche\nPNC")
    await page.get_by_label("Refer it").check()
    await page.get_by_label("Why?", exact=True).fill("the child saw it")
    await done(page, "Record the assessment", "The assessment is recorded.")
    await expect(page.get_by_role("main")).to_contain_text("Referred")
    await page.get_by_role("link", name="Search").click()
    await page.get_by_label("Family name").fill("Oakfall")
    await page.get_by_label("Given name").fill("Sunniva")
    await page.get_by_role("button", name="Search").click()
    await page.get_by_role("link", name="Sunniva Oakfall").click()
    await expect(page.get_by_role("main")).to_contain_text("Shouting and a broken door")
    await expect(page.get_by_role("main")).to_contain_text("There is nothing that you can do here now.")
    await page.get_by_text("What you cannot do now, and why").first.click()
    await expect(page.get_by_role("main")).to_contain_text("your role does not hold triage")
    await sign_out(page)


@pytest.mark.parametrize("authority", at_each("PV-2", "PV-5", "PV-9"))
async def test_a_detective_sergeant_assesses_what_was_passed_on(
    town: Town, visitor: Desk, be: Be, authority: str
) -> None:
    pack = town.door.book.pack(authority)
    assert pack.vpa is not None
    screened_on = pack.vpa.grade("high").screened_on
    assert screened_on is not None
    await town.passed_on(authority, "Rosalba", "high")
    page = await be(f"{authority}.detective-sergeant")
    await _report(page, "Waits for the secondary assessment")
    await begun(page, "Make the secondary assessment")
    await page.get_by_label("Refer it").check()
    await page.get_by_label("Why?", exact=True).fill("the third time this year")
    await page.get_by_role("group", name="Does it go to the conference").get_by_label("Yes").check()
    await done(page, "Record the assessment", "The assessment is recorded.")
    await expect(page.get_by_role("main")).to_contain_text("On the list")
    await opened(page, "Rosalba Oakfall")
    await expect(page.locator("#proposal + p")).to_contain_text(pack.strand(screened_on).name)
    await sign_out(page)


async def _report(page: Page, state: str) -> None:
    """From the menu to the police's report that is as far as that."""
    await page.get_by_role("link", name="Police reports").click()
    await page.get_by_role("main").get_by_role("listitem").filter(has_text=state).get_by_role("link").click()


@pytest.mark.parametrize("authority", at_each("ED-7"))
async def test_the_night_team_takes_an_alert_on_and_a_call_down(
    town: Town, visitor: Desk, be: Be, authority: str
) -> None:
    contact = await town.contact("Ysolde", authority)
    tonight, day_role = contact.received_at.date(), town.door.book.pack(authority).roles_with("record")[0].id
    await town.services.say(AlertNightTeam(
        authority=authority, undertaking=handover_id(authority, tonight), night=tonight, about=contact.reference,
        alert="The father may come back tonight.", actor=Actor(person="d1", role=day_role),
    ))  # fmt: skip
    town.services.later(datetime.combine(tonight, EVENING, UTC))
    page = await be(f"{authority}.edt-worker")
    await page.get_by_role("link", name="Night", exact=True).click()
    await expect(page.get_by_role("main")).to_contain_text("The father may come back tonight.")
    await page.get_by_role("button", name="Take on an item of the night").click()
    await page.get_by_label(contact.reference).check()
    await done(page, "Take it on", "It is yours.")
    await opened(page, "Ysolde Oakfall")
    await told(page, "Hesper")
    await expect(page.locator("#whole")).to_contain_text("Not triaged")
    await sign_out(page)


@pytest.mark.parametrize("authority", AUTHORITIES)
async def test_systems_support_finds_what_is_wrong_and_settles_it(
    town: Town, chromium: Browser, stack: Any, tmp_path: Any, authority: str
) -> None:
    pack = town.door.book.pack(authority)
    system = next(one.id for one in pack.agencies if one.kind == "case-system")
    topics = [one for one in deployment_topics(town.door.book) if one.name == f"inbound.cases.{authority}"]
    held = PersonHeld(
        agency=system, authority=authority, as_of=town.services.later(), number="E-9", given_name="Quarnshaw"
    )
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
        await sign_in(page, door.address, town.people[f"{authority}.operations"])
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
        await gateway.hear(*await said(front.database, DeadLetterSettled))
        await page.get_by_role("link", name="Could not be handled", exact=True).click()
        await expect(page.get_by_role("main")).to_contain_text("None waits")
        for part, words in (
            ("Messages to agencies", "Every message arrived"),
            ("Topics and versions", "events.intake"),
        ):
            await page.get_by_role("link", name=part).click()
            await expect(page.get_by_role("main")).to_contain_text(words)
        await sign_out(page)
        assert desk.errors == []
