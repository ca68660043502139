"""Each role's day from sign-in to sign-out, over the services' own handlers: everything that is done is done on pages."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.async_api import expect

from icart_common.policy import PolicyBook
from services.gateway.tests.browser.acts import begun, consent, done, opened, part_of, sign_out, told, waiting, write
from services.gateway.tests.browser.conftest import Be, Desk
from services.gateway.tests.browser.test_roles_beside import BESIDE
from services.gateway.tests.browser.town import Town

pytestmark = pytest.mark.broker


@dataclass(frozen=True)
class Work:
    """What somebody screens: a child, on which strand, whom they ask, and how it ends."""

    person: str
    child: str
    strand: str
    check: str
    asked: str
    """The agency; nothing where they look in their own records."""
    outcome: str

    @property
    def authority(self) -> str:
        return self.person.partition(".")[0]


WORKS = (
    Work("halton.early-intervention-worker", "Isolde", "early-intervention", "caf-plan", "", "advise-caf"),
    Work("cheshire-west.early-help-worker", "Merewen", "early-help", "taf-plan", "", "early-help-package"),
    Work("cheshire-west.social-worker", "Orsina", "statutory", "police", "cheshire-police", "statutory-assessment"),
    Work("york.duty-social-worker", "Philomel", "referral", "health", "foss-bank-health", "single-assessment"),
)
MANAGERS = (
    ("cheshire-west.team-manager", "statutory", "cheshire-west.social-worker"),
    ("york.assessment-manager", "referral", "york.duty-social-worker"),
)
"""Who, on which strand, and who works on it."""
OTHER_DAYS = {
    "halton.contact-officer": "test_newcomer, and by keyboard alone",
    "halton.social-work-manager": "test_newcomer",
    "halton.social-worker": "test_newcomer",
    "halton.early-intervention-manager": "gives work out, below",
    "cheshire-west.contact-officer": "takes a call, below",
    "york.advice-worker": "test_roles_of_york",
    "york.front-door-admin": "test_roles_of_york",
    "york.advice-manager": "test_roles_of_york",
    "york.service-manager": "test_roles_of_york",
}


def test_everybody_at_every_front_door_has_a_day(book: PolicyBook) -> None:
    days = [*OTHER_DAYS, *(one.person for one in WORKS), *(one[0] for one in MANAGERS), *BESIDE]
    assert sorted(days) == sorted(f"{pack.authority.id}.{role.id}" for pack in book.newest() for role in pack.roles)


@pytest.mark.req("IN-1", "IN-22", "SC-3", "ED-7", authority="cheshire-west")
async def test_a_contact_officer_takes_a_call_writes_it_down_and_tells_the_night_team(
    town: Town, visitor: Desk, be: Be
) -> None:
    page = await be("cheshire-west.contact-officer")
    await told(page, "Rosamund")
    await write(page, town.door.book.pack("cheshire-west").section("personal-information").name)
    reference = (await page.locator(".icart-bar dd").first.inner_text()).strip()
    await page.get_by_role("link", name="Front door", exact=True).click()
    await begun(page, "Alert the night team")
    await page.get_by_label("Reference of the contact or case").fill(reference)
    await page.get_by_label("What should the night team know?").fill("The caller may ring again tonight.")
    await done(page, "Alert the night team", "The night team has been alerted.")
    await opened(page, "Rosamund Oakfall")
    await expect(page.get_by_role("main")).to_contain_text("as established")
    await sign_out(page)


@pytest.mark.parametrize(("manager", "strand", "worker"), MANAGERS, ids=[one[0] for one in MANAGERS])
async def test_a_manager_triages_gives_work_out_and_authorises(
    town: Town, visitor: Desk, be: Be, manager: str, strand: str, worker: str
) -> None:
    authority, pack = manager.partition(".")[0], town.door.book.pack(manager.partition(".")[0])
    await town.contact("Ermengarde", authority)
    await town.submitted("Tryphena", strand, authority, "w7")
    page = await be(manager)
    await waiting(page, "triage", "Ermengarde Oakfall")
    await begun(page, "Triage this contact")
    await page.get_by_label(pack.strand(strand).name, exact=True).check()
    await page.get_by_label("Urgent", exact=True).check()
    await page.get_by_label("Why?").fill("alone every evening")
    await done(page, "Triage this contact", "The contact has been triaged.")
    await write(page, pack.section("screening").name)
    await begun(page, "Give this contact to a worker")
    await page.get_by_label(town.people[worker].name).check()
    await done(page, "Give it to them", "The contact has been allocated.")
    await waiting(page, "authorisation", "Tryphena Oakfall")
    await begun(page, "Authorise the outcome")
    await done(page, "Authorise the outcome", "The outcome has been authorised.")
    await expect(page.locator("#whole")).to_contain_text("Closed")
    await page.get_by_role("link", name="Who read this record").click()
    await expect(page.get_by_role("main")).to_contain_text(town.people[manager].name)
    await sign_out(page)


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


@pytest.mark.parametrize(
    "work",
    [pytest.param(one, id=one.person, marks=pytest.mark.req("SC-5", "SC-6", authority=one.authority)) for one in WORKS],
)
async def test_a_worker_screens_asks_and_submits(town: Town, visitor: Desk, be: Be, work: Work) -> None:
    pack = town.door.book.pack(work.authority)
    strand, ending = pack.strand(work.strand), pack.outcome(work.outcome)
    await town.screened(work.child, work.strand, work.authority, work.person)
    page = await be(work.person)
    await page.get_by_label("Only with me").check()
    await page.get_by_role("button", name="Show", exact=True).click()
    await opened(page, f"{work.child} Oakfall")
    own = [one for one in strand.sections if pack.role(strand.worker_role).may_fill(one)]
    for section in own:
        await write(page, pack.section(section).name, statements=section == own[1])
    await consent(page, work.child)
    await begun(page, "Ask for a check")
    await part_of(page, "Ask for a check", pack.check(work.check).name)
    if work.asked:
        await page.get_by_label(pack.agency(work.asked).name).check()
        await page.get_by_label("Who told the parents that agencies are asked, and when?").fill("by telephone, today")
    await done(page, "Ask", "The check has been asked for.")
    await begun(page, "Record the answer to a check")
    await page.get_by_label("What is the answer?").fill("nothing is known")
    await done(page, "Record the answer", "The answer is in the record.")
    await expect(page.get_by_role("main")).to_contain_text("nothing is known")
    await begun(page, "Submit with an outcome")
    await page.locator(f"[name=level][value='{ending.level}']").check()
    await page.get_by_label(ending.name, exact=True).check()
    await page.get_by_label("Reasons").fill("this is what the screening found")
    await page.get_by_label("The child's primary need").select_option("N1")
    await done(page, "Submit for authorisation", "waits for a manager")
    await expect(page.locator("#whole")).to_contain_text(pack.desktop(strand.authorisation_desktop).name)
    await sign_out(page)
