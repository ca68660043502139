"""What somebody at a browser does over and over: go to a page, press a button, be another person beside the first."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Page, expect

from icart_gateway.signing_in.local_people import LocalPerson


async def go(page: Page, address: str, words: str) -> None:
    """Open an address and look for its heading."""
    await page.goto(address)
    await expect(page.get_by_role("heading", level=1)).to_contain_text(words)


async def done(page: Page, button: str, words: str) -> None:
    """Press a button and wait for what it came to."""
    await page.get_by_role("button", name=button, exact=True).click()
    await expect(page.locator(".govuk-notification-banner")).to_contain_text(words)


@asynccontextmanager
async def another(desk: Any, person: str, role: str, name: str) -> AsyncIterator[Page]:
    """Somebody else at a browser of their own."""
    context = await desk.context.browser.new_context(locale="en-GB")
    await desk.gateway.sign_in(person, role, name=name)
    await context.add_cookies(desk.cookies())
    try:
        yield await context.new_page()
    finally:
        await context.close()  # a page that is left open would hold its stream, and the server would wait for it


async def sign_in(page: Page, address: str, person: LocalPerson) -> None:
    """From the first page to that person's own, as the try-out asks it."""
    await page.goto(address)
    await page.get_by_role("button", name=f"{person.name}: {person.does}", exact=True).click()
    await expect(page.get_by_role("link", name=f"{person.name}, ")).to_be_visible()


async def sign_out(page: Page) -> None:
    """The end of somebody's day."""
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("You have signed out")


async def save_and_go_on(page: Page, heading: str, answers: Mapping[str, str]) -> None:
    """One page of the referral form, by its heading: the answers by their fields' names."""
    await expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    for name, answer in answers.items():
        field = page.locator(f"[name='{name}']")
        if await field.first.get_attribute("type") == "radio":
            await page.locator(f"[name='{name}'][value='{answer}']").check()
        else:
            await field.fill(answer)
    await page.get_by_role("button", name="Save and go on").click()


async def opened(page: Page, child: str) -> None:
    """From the desktops to a contact."""
    await page.get_by_role("link", name="Desktops", exact=True).first.click()
    await page.get_by_role("link", name=child).click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text(child)


async def begun(page: Page, step: str) -> None:
    """From a contact's page to a form."""
    await page.get_by_role("button", name=step, exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(step)


async def part_of(page: Page, step: str, name: str) -> None:
    """Of a form in several parts, the one of that name; of one that has a single part, that."""
    part = page.get_by_role("navigation", name=step).get_by_role("link", name=name, exact=True)
    if await part.count():
        await part.click()
        await expect(part).to_have_attribute("aria-current", "page")


async def write(page: Page, section: str, *, statements: bool = False) -> None:
    """A section of the record; in one of them, the statements too."""
    await begun(page, "Write in the record")
    await part_of(page, "Write in the record", section)
    boxes = page.locator("form[data-form] textarea")
    await expect(boxes.first).to_have_attribute("name", "text")
    for box in (await boxes.all())[: None if statements else 1]:
        await box.fill("as established")
    await done(page, "Save in the record", "What you wrote is in the record.")


async def on(page: Page, question: str, day: str, time: str = "") -> None:
    """Answer a question for a day, like 16 11 2026, in its three boxes; one for a moment, with its time too."""
    boxes = page.get_by_role("group", name=question)
    for box, number in zip(("Day", "Month", "Year"), day.split(), strict=True):
        await boxes.get_by_label(box).fill(number)
    if time:
        await page.get_by_label(f"{question} Time").fill(time)


async def waiting(page: Page, for_what: str, child: str) -> None:
    """From the desktops, of what waits for that, to a contact."""
    await page.get_by_role("link", name="Desktops", exact=True).first.click()
    await page.get_by_label("What waits").select_option(f"Waiting for {for_what}")
    await page.get_by_role("button", name="Show", exact=True).click()
    await page.get_by_role("link", name=child).click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text(child)


async def consent(page: Page, of: str) -> None:
    """Somebody of the family agreed, by telephone."""
    await begun(page, "Record consent")
    await page.get_by_role("group", name="Whose consent?").get_by_label(of, exact=False).check()
    await page.get_by_label("They agreed").check()
    await page.get_by_label("Who asked them?").fill("by myself")
    await on(page, "When?", "16 11 2026", "09:30")
    await page.get_by_label("How?", exact=True).fill("by telephone")
    await done(page, "Record consent", "Consent has been recorded.")


async def told(page: Page, child: str) -> None:
    """A relative rings about a child: what they say is written down and sent, and the contact that came of it opened."""
    await page.get_by_role("link", name="Take a referral").click()
    await page.get_by_role("button", name="Begin").click()
    await save_and_go_on(page, "About you", {"referrer.kind": "family", "referrer.name": "Odile Marchbanks"})
    await save_and_go_on(page, "About the child", {"child-1.given_name": child, "child-1.family_name": "Oakfall"})
    await save_and_go_on(page, "About a parent or carer", {})
    await page.get_by_label("What are you worried about?").fill(f"{child} waits at the bus station until late.")
    await page.get_by_role("button", name="Save and see all answers").click()
    await done(page, "Send the referral", "The referral has been sent.")
    await page.get_by_role("main").get_by_role("link", name="Contact ").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text(child)
