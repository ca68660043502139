"""What pages say when something is wrong, and the referral form page by page: as fit for everybody as the pages themselves."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from icart_common.deployment import deployment_topics
from icart_common.messaging.publish import Publisher
from icart_common.settings import KafkaSettings
from icart_gateway.refer.referral import public_door
from services.gateway.tests.browser.acts import save_and_go_on
from services.gateway.tests.browser.conftest import Desk
from services.gateway.tests.browser.places import (
    FULL,
    OPERATOR,
    Place,
    something_of_everything,
)
from services.gateway.tests.conftest import make_topics
from services.gateway.tests.test_refer import PAGES

pytestmark = pytest.mark.broker
REFER = {
    "About you": {"referrer.kind": "public"},
    "What happened": {"event.what": "She is often alone in the evenings."},
}
"""What the referral form needs; everything else may be left out."""
LISTEN = """() => {
  const place = document.getElementById('announcements');
  window.said = [];
  new MutationObserver(() => window.said.push(place.textContent)).observe(place, {childList: true});
}"""
NOTHING_SAID = (
    (Place("error-422-search", "/search"), "Search"),
    (Place("error-422-form", "/do/{step}", "/do/mark-away"), "Mark them away"),
    (Place("error-422-guarding", "/guarding"), "Shut this record"),
    (Place("error-422-own-family", "/own-family"), "Shut this record to me"),
    (next(one for one in FULL if one.picture == "break-glass"), "Open it for one hour"),
    (Place("error-422-letters", "/ops/dead-letters", role=OPERATOR), "Discard"),
    (
        next(one for one in FULL if one.picture == "ops-letter"),
        "Look at what it says",
    ),
    (Place("error-422-deliveries", "/ops/deliveries", role=OPERATOR), "Send it again"),
    (Place("error-422-refer-code", "/refer/{authority}", "/refer/halton", role=""), "Go on"),
)
"""Forms, and the button that somebody presses without having filled anything in."""


async def test_the_error_summary_takes_the_focus_and_leads_to_the_field(desk: Desk) -> None:
    await something_of_everything(desk.gateway)
    found: list[str] = []
    for place, button in NOTHING_SAID:
        page = await place.open(desk)
        await page.get_by_role("button", name=button).first.click()
        summary = page.locator(".govuk-error-summary")
        await expect(summary).to_be_focused()
        found += [f"{place.picture}: {fault}" for fault in await desk.wrong(f"{place.picture}-error")]
        if await summary.get_by_role("link").count():
            await summary.get_by_role("link").first.click()
            if not await page.evaluate("document.activeElement.matches('input, textarea, select')"):
                found.append(f"{place.picture}: its first error leads to no field")
    assert not found, "\n".join(found)


async def test_what_cannot_be_done_just_now_is_said_on_a_page(desk: Desk) -> None:
    """Signed out meanwhile, an old form, something that no form of ours sends, and a broker that is away."""
    gateway = desk.gateway
    await something_of_everything(gateway)
    form, shut = Place("form", "/do/{step}", "/do/mark-back"), Place("shut", "/guarding")
    found: list[str] = []

    async def pressed(picture: str, button: str, words: str) -> None:
        await desk.page.get_by_role("button", name=button).click()
        await expect(desk.page.get_by_role("main")).to_contain_text(words)
        found.extend(f"{picture}: {fault}" for fault in await desk.wrong(picture))

    await form.open(desk)
    await desk.context.clear_cookies()
    await pressed("error-401", "Mark them back", "You have been signed out")
    page = await form.open(desk)
    await page.locator("main [name=csrf]").first.evaluate("one => { one.value = 'another'; }")
    await pressed("error-403-old-form", "Mark them back", "This form is out of date")
    page = await shut.open(desk)
    await page.locator("main [name=message]").evaluate("one => { one.value = 'no id'; }")
    await pressed("error-422", "Shut this record", "That cannot be read")
    page = await form.open(desk)
    await page.get_by_label("Who?").fill("m2")
    await page.get_by_role("radio").first.check()
    door = desk.door
    away = KafkaSettings(kafka_bootstrap="127.0.0.1:1")
    publisher = Publisher(away, deployment_topics(door.book), gateway.clock, source="test")
    object.__setattr__(door, "publisher", publisher)
    await pressed("error-503", "Mark them back", "This has not been sent yet")
    await expect(page.get_by_label("Who?")).to_have_value("m2")
    assert not found, "\n".join(found)


@pytest.mark.req("IN-12", authority="halton")
async def test_the_referral_form_is_for_everybody(desk: Desk, stack: object) -> None:
    """Each page as it is first seen, with what is wrong where something is needed, and to its end."""
    door, page = desk.door, desk.page
    agency = public_door(door.book.pack("halton"))
    make_topics(stack, [one for one in deployment_topics(door.book) if one.name == f"inbound.referrals.{agency}"])
    found: list[str] = []

    async def seen(picture: str) -> None:
        found.extend(f"{picture}: {fault}" for fault in await desk.wrong(f"refer-{picture}"))

    await desk.go("/refer/halton")
    await page.get_by_role("button", name="Start now").click()
    for name in PAGES:
        await page.wait_for_url(f"**/{name}")
        await seen(name)
        heading = await page.get_by_role("heading", level=1).inner_text()
        if heading in REFER:
            await page.get_by_role("button", name="Save and go on").click()
            await expect(page.locator(".govuk-error-summary")).to_be_focused()
            await seen(f"{name}-error")
        await save_and_go_on(page, heading, REFER.get(heading, {}))
    await page.wait_for_url("**/documents")
    await seen("documents")
    await page.get_by_role("button", name="Go on").click()
    await seen("check")
    await desk.go("/refer/halton/views")
    await page.get_by_role("button", name="Save for later").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Your answers are saved")
    await seen("later")
    await page.get_by_role("link", name="See your answers").click()
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("We have what you sent")
    await seen("done")
    assert not found, "\n".join(found)


@pytest.mark.req("IN-12", authority="halton")
async def test_what_is_written_on_the_form_is_saved_after_a_pause_and_waits_for_a_lost_connection(desk: Desk) -> None:
    page = desk.page
    await desk.go("/refer/halton")
    await page.get_by_role("button", name="Start now").click()
    await page.get_by_label("Your name").fill("Odile Marchbanks")
    saved = page.locator("[data-saved]")
    await expect(saved).to_contain_text("What you typed was saved at")
    await page.evaluate(LISTEN)
    await desk.context.set_offline(True)
    await page.get_by_label("Your address").fill("2 Nowhere Row")
    await expect(page.locator("#connection")).to_contain_text("The connection is lost")
    await page.get_by_role("button", name="Save and go on").click()
    await expect(page.locator("#announcements")).to_have_text("Not sent: what you typed could not be saved yet.")
    await desk.context.set_offline(False)
    await expect(page.locator("#connection")).to_have_count(0)
    await expect(page.locator("#announcements")).to_have_text("Saved again. Nothing was lost.")
    said = [one for one in await page.evaluate("window.said") if one]
    assert [one.partition(".")[0] for one in said] == [
        "The connection is lost", "Not sent: what you typed could not be saved yet", "Saved again"
    ], "one after the other, and none before the one that came first was out"  # fmt: skip
    await desk.go("/refer/halton/who")
    await expect(page.get_by_label("Your address")).to_have_value("2 Nowhere Row")
    await page.get_by_label("Your name").fill("Somebody else")
    await page.get_by_role("link", name="See all answers").click()  # left without a pause: what was typed goes along
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Check your answers")
    await desk.go("/refer/halton/who")
    await expect(page.get_by_label("Your name")).to_have_value("Somebody else")
