"""Whatever is typed into a form, or into an address, is answered in words: never by an error of ours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

import httpx2
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from icart_common.contracts.ids import new_id
from icart_gateway.refer import draft as drafts
from icart_gateway.refer.draft import code_of
from icart_gateway.refer.steps import step_of
from icart_gateway.refer.telling import CHANNEL
from services.gateway.tests.contacts_told import contact_id, two_children
from services.gateway.tests.filled_in import hidden
from services.gateway.tests.screening import Screening
from services.gateway.tests.test_api_submissions import topics
from services.gateway.tests.test_every_form import ALL, Setting
from services.gateway.tests.test_refer import PAGES, Visitor
from services.gateway.tests.test_taking import Desk
from services.screening.tests.front_door import FrontDoor

pytestmark = [pytest.mark.broker, pytest.mark.usefixtures(topics.__name__, "commands_topic")]
__all__ = ["topics"]
NASTY = (
    "\0", "a\0b", "%00", "worker=%00", "\ud800", "x\udfff", "ßßßßßß", "ﬀﬀﬀﬀﬀ", "a" + "\u0301" * 300,
    "\u202e\u200b", "\x1f\x85\u2028",
    "9" * 1_000_000, "-1", "1e999", "NaN", "0001-01-01", "9999-12-31", "1/1/1", "31/12/9999", "1/1/1 00:00",
    "31/12/9999 23:59", "0", "00", "²", "٣", "{}", "' or 1=1 --", "${7*7}", "yes", "no", "on", "2", "2026", "16/11/2026", "",
)  # fmt: skip
ANYTHING = st.one_of(st.sampled_from(NASTY), st.text(max_size=40), st.dates().map(str), st.uuids().map(str))


def made(names: list[str], many: int) -> list[dict[str, str]]:
    """So many ways to fill the fields in, the same ones every time; what is huge stands in one field at most."""
    found: list[dict[str, str]] = []

    @settings(
        max_examples=many, database=None, derandomize=True, phases=[Phase.generate], deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.fixed_dictionaries(dict.fromkeys(names, ANYTHING)))
    def collect(values: dict[str, str]) -> None:
        huge = [name for name, value in values.items() if len(value) > 1000]
        found.append({name: value for name, value in values.items() if name not in huge[1:]})

    collect()
    return found


def boxes(names: Iterable[str]) -> list[str]:
    """Each field, and after them the further boxes that a day or a moment has."""
    fields = list(names)
    return [f"{name}{box}" for box in ("", "-month", "-year", "-time") for name in fields]


FORMS = {
    "social-work-manager": {
        "/search": "reference family_name given_name day day-month day-year postcode",
        "/matches": "one other",
        "/guarding/shut": "reference reason staff whole_child message",
        "/own-family": "reference reason message",
        "/contacts/{contact}/break-glass": "reason to message",
        "/desktops/views": "name query message desktop",
        "/drafts/discard": "form",
        "/drafts/take-back": "form",
        "/typed": "form message seen_version",
        "/role": "post to",
        "/referrals": "agency message",
        "/present": "page subject typing",
        "/present/leave": "page",
    },
    "on-call": {
        "/ops/deliveries": "delivery message reason",
        "/ops/dead-letters": "letter what reason",
        f"/ops/dead-letters/{uuid4()}": "reason what value",
    },
}
"""Of each role, the forms that make no command, with their fields."""
ASKED = (
    "/desktops",
    "/search",
    "/matches",
    "/performance",
    "/ops/dead-letters",
    "/drafts",
    "/role",
)
QUERIES = [
    "day",
    "sort",
    "after",
    "stage",
    "urgency",
    "worker",
    "q",
    "to",
    "code",
    "state",
    "service",
    "topic",
    "view",
    "period",
    "error",
    "discarded",
    "done",
]
DAYS = ("0001-01-01", "9999-12-31", "2026-11-16", "2026-02-30", "0", "-1")


class Anybody:
    """Somebody who types whatever they like, and what went wrong with us."""

    def __init__(self, gateway: Any) -> None:
        self.gateway = gateway
        self.client = httpx2.AsyncClient(
            base_url="http://gateway.test", cookies=gateway.client.cookies,
            transport=httpx2.ASGITransport(app=gateway.app, raise_app_exceptions=False),
        )  # fmt: skip
        self.wrong: list[str] = []

    async def send(self, address: str, typed: Mapping[str, str], *, at: str = "") -> Any:
        body = urlencode(typed, doseq=True, errors="surrogatepass")
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = await self.client.post(address, content=body, headers=headers)
        self.note(answer, at or address, typed)
        return answer

    async def look(self, address: str, **query: str) -> None:
        short = {name: value[:1000] for name, value in query.items()}
        asked = f"?{urlencode(short, errors='surrogatepass')}" if query else ""
        self.note(await self.client.get(address + asked), address, query)

    def note(self, answer: Any, address: str, typed: Mapping[str, str]) -> None:
        if answer.status_code >= 500:
            self.wrong.append(
                f"{address} {answer.status_code}: { {name: value[:40] for name, value in typed.items()} }"
            )


async def test_the_publics_form(gateway: Any) -> None:
    """One answer of a whole referral is anything, and it is sent each time."""
    visitor = Visitor(gateway)
    await visitor.fill()
    held, now = gateway.door.held, gateway.clock.now()
    code = code_of(gateway.client.cookies["icart_referral"])
    assert code
    whole = await drafts.load(held, "halton", code, now)
    assert whole
    anybody = Anybody(gateway)
    anything = iter(made(["typed"], 56))
    for place, answers in PAGES.items():
        step = step_of(gateway.door.book.pack("halton"), {"referrer.kind": "professional"}, place)
        assert step
        for name, typed in zip(boxes(one.name for one in step.fields), islice(anything, 7), strict=False):
            await drafts.save(held, "halton", replace(whole, submission=new_id()), now, 28)
            changed = {**answers, "mark": visitor.mark, name: typed["typed"]}
            await anybody.send(f"{visitor.home}/{place}", changed)
            await anybody.look(f"{visitor.home}/{place}", mend="1")
            await anybody.send(f"{visitor.home}/check", {"mark": visitor.mark}, at=f"/check after {place} {name}")
    for value in NASTY:
        typed = {"mark": value, "remove": value, "code": value, "website": value}
        for place in ("documents", "check", "come-back", "who"):
            await anybody.send(f"{visitor.home}/{place}", typed)
        await anybody.look(f"/refer/{quote(value[:90], errors='surrogatepass')}")
    assert anybody.wrong == []


async def test_a_referral_by_telephone(gateway: Any) -> None:
    desk = Desk(gateway)
    await desk.begin()
    anybody = Anybody(gateway)
    for place in PAGES:
        step = step_of(desk.pack, {}, place, CHANNEL)
        assert step
        for typed in made(boxes(one.name for one in step.fields), 8):
            await anybody.send(f"{desk.home}/{place}", {**typed, "csrf": desk.csrf})
        await anybody.look(f"{desk.home}/{place}", mend="1")
        await anybody.look(desk.home)
    assert anybody.wrong == []


@pytest.mark.parametrize("authority", ["halton", "york"])
async def test_every_form_of_the_front_door(gateway: Any, authority: str) -> None:
    gateway.answers_within(0.01)
    people = Setting(gateway, Screening(gateway, FrontDoor(authority)))
    wrong = []
    for case in (one for one in ALL if one.authority == authority):
        person, role = case.who.split()
        await gateway.sign_in(person, role, authority=authority)
        address = await people.address(case)
        anybody = Anybody(gateway)
        shown = (await gateway.client.get(address)).text
        marks = {name: hidden(shown, name) for name in ("csrf", "message", "seen_version", "form")}
        named = set(re.findall(r'<(?:input|textarea|select)[^>]* name="([^"]+)"', shown)) - {*marks}
        for typed in made(sorted(named), 2):
            await anybody.send(address, {**typed, **marks})
        await anybody.send("/typed", {**typed, **marks}, at=f"/typed {case.slug}")
        await anybody.look(address)
        wrong += anybody.wrong
    assert wrong == []


async def test_every_other_form_and_what_is_asked_in_addresses(gateway: Any) -> None:
    await gateway.hear(*two_children())
    reference, contact = "QK7WM-00001", contact_id(1)
    wrong: list[str] = []
    for role, forms in FORMS.items():
        csrf = await gateway.sign_in("w-101", role)
        anybody = Anybody(gateway)
        for address, names in forms.items():
            where = address.format(contact=contact)
            for typed in made(names.split(), 20):
                await anybody.send(where, {"message": str(uuid4()), **typed, "csrf": csrf})
            for typed in made(["reason", "staff", "to"], 4):
                await anybody.send(where, {"message": str(uuid4()), "reference": reference, **typed, "csrf": csrf})
        for address in ASKED:
            for asked in made(QUERIES, 6):
                await anybody.look(address, **asked)
        for day in DAYS:
            await anybody.look(f"/nights/{day}")
            await anybody.look("/meetings", day=day)
        wrong += anybody.wrong
    assert wrong == []
