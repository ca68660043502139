"""Every page in its states: nothing for axe to find (WCAG 2.2 AA), no scrolling sideways at 400 %, and a picture of each.

A page that is new has to be put into `places`: a route that is in none of its lists fails by its name.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable
from uuid import UUID

import pytest
from fastapi.routing import iter_route_contexts
from playwright.async_api import Browser, expect

from icart_common.testing import example
from icart_gateway.web import web
from services.gateway.tests.browser.conftest import Desk, a_desk
from services.gateway.tests.browser.places import (
    ELSEWHERE,
    EMPTY,
    FULL,
    NO_PAGES,
    REPORT,
    Place,
    something_of_everything,
)
from services.gateway.tests.conftest import Gateway
from services.gateway.tests.contacts_told import contact_id
from services.gateway.tests.screening import Screening
from services.gateway.tests.test_every_form import ALL, Setting
from services.screening.tests.front_door import FrontDoor

pytestmark = pytest.mark.broker
SEARCHED = Place("search-results", "/search/{wanted}")


async def test_every_route_that_answers_with_a_page_is_in_the_list(gateway: Gateway) -> None:
    gateway.change(settings=gateway.door.settings.model_copy(update={"local_sign_in": True}))
    routes = {
        re.sub(r":\w+}", "}", str(one.path))
        for one in iter_route_contexts(web(gateway.door).routes)
        if "GET" in (one.methods or ())
    }
    walked = {one.route for one in (*EMPTY, *FULL)} | ELSEWHERE
    assert routes - walked - set(NO_PAGES) == set(), "put it into places.FULL, or into NO_PAGES with the reason"
    assert (walked | set(NO_PAGES)) - routes == set(), "there is no such route any more"


@pytest.fixture
async def desk(gateway: Gateway, chromium: Browser) -> AsyncIterator[Desk]:
    """A browser at pages where anybody may be anybody."""
    async with gateway.served(local_sign_in=True) as door, a_desk(chromium, gateway, door) as found:
        yield found


async def wrong(desk: Desk, places: Iterable[Place]) -> list[str]:
    """What is wrong with any of them, each with its picture's name."""
    found = []
    for one in places:
        page = await one.open(desk)
        headings = await page.get_by_role("heading", level=1).count()
        faults = await desk.wrong(one.picture) + ([] if headings == 1 else [f"{headings} headings of the first level"])
        found += [f"{one.picture}: {fault}" for fault in faults]
    return found


async def test_every_page_is_for_everybody_before_anything_has_come(desk: Desk) -> None:
    found = await wrong(desk, EMPTY)
    assert not found, "\n".join(found)


async def test_somebody_without_a_role_is_told_whom_to_ask_for_one(gateway: Gateway, chromium: Browser) -> None:
    settings = {"local_sign_in": True, "oidc_role_claims": ("name",)}  # of which none is a role
    async with gateway.served(**settings) as door, a_desk(chromium, gateway, door) as desk:
        page = await desk.go("/sign-in")
        await page.get_by_role("main").get_by_role("button").first.click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("You have no role in iCART yet")
        await desk.passes("no-role")


async def test_every_page_is_for_everybody_with_something_on_it(desk: Desk) -> None:
    await something_of_everything(desk.gateway)
    found = await wrong(desk, FULL)
    assert not found, "\n".join(found)


@pytest.mark.req("QA-4", authority="halton")
async def test_every_page_that_names_a_child_says_in_the_trail_who_saw_whom(gateway: Gateway) -> None:
    await something_of_everything(gateway)
    listed = example("icart.screening.enquiry-listed.v1").model_dump()["presented"]
    contacts = {f"Tamsin{number}": contact_id(number) for number in (1, 3, 5, 6)}
    contacts |= {"Tamsin Quillfeather": listed["enquiry"], "incident of domestic abuse": UUID(REPORT)}
    named: set[str] = set()
    for number, one in enumerate((*FULL, SEARCHED)):
        if not one.role:
            continue
        person = f"w-{number}"
        mark = await gateway.sign_in(person, one.role, authority=one.authority)
        address = one.address or one.route
        if one is SEARCHED:
            found = await gateway.client.post("/search", data={"csrf": mark, "family_name": "Quillfeather"})
            address = found.headers["location"]
        text = (await gateway.client.get(address)).text
        async with gateway.door.held.connection() as connection:
            rows = await connection.fetch("select contact from read_audit where person = $1", person)
        seen, said = {name for name in contacts if name in text}, {row["contact"] for row in rows}
        assert {contacts[name] for name in seen} <= said, f"{one.picture} names {sorted(seen)}"
        assert seen or "Quillfeather" not in text, f"{one.picture} names somebody without a contact"
        if seen:
            named.add(one.picture)
    assert named >= {
        "desktops", "contact", "match", "merge", "two-people", "matches", "meeting", "police-report", "search-results",
    }  # fmt: skip


@pytest.mark.parametrize("authority", ["halton", "york"])
async def test_every_form_is_for_everybody(desk: Desk, authority: str) -> None:
    setting = Setting(desk.gateway, Screening(desk.gateway, FrontDoor(authority)))
    found = []
    for case in (one for one in ALL if one.authority == authority):
        await desk.sign_in(*case.who.split(), authority=authority)
        await desk.go(await setting.address(case))
        found += [f"{case.slug}: {fault}" for fault in await desk.wrong()]
    assert not found, "\n".join(found)
