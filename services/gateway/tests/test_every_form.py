"""Every form at the real edge: what a person fills in lands on the topic as the command that they meant.

Each button is pressed twice, and whoever goes back finds what is true: that it is on its way, and then that it is done.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import pytest

from icart_common.contracts.base import Message
from icart_common.contracts.family import LeftOut
from icart_common.testing import example
from icart_gateway.pages.forms.catalogue import STEPS
from icart_gateway.pages.forms.referrals import SUBMIT
from services.gateway.tests.cases_beside_lives import BESIDE_LIVES
from services.gateway.tests.cases_of_forms import CASES, FROM_THE_PAGE, SIBLING, Case
from services.gateway.tests.conftest import NOW
from services.gateway.tests.contacts_told import CHILD, OTHER_CHILD, contact_id, two_children
from services.gateway.tests.filled_in import hidden
from services.gateway.tests.screening import Screening, commands
from services.screening.tests.front_door import FrontDoor

ALL = (*CASES, *BESIDE_LIVES)
pytestmark = [pytest.mark.broker, pytest.mark.usefixtures("commands_topic")]


def test_there_is_a_case_for_every_form():
    own_test = {SUBMIT.slug}  # test_taking
    assert {one.slug for one in ALL} == {step.slug for step in STEPS} - own_test


@pytest.mark.parametrize("authority", ["halton", "york"])
async def test_what_is_filled_in_is_the_command_on_the_topic(gateway: Any, stack: Any, authority: str) -> None:
    gateway.answers_within(0.01)
    people = Setting(gateway, Screening(gateway, FrontDoor(authority)))
    async with commands(stack) as sent:
        wanted, wrong = {}, []
        for case in (one for one in ALL if one.authority == authority):
            try:
                wanted[await people.fill(case)] = case
            except AssertionError as shut:
                wrong.append(str(shut))
        found: dict[UUID, Message] = {}
        for _ in range(2 * len(wanted)):  # as often as the button was pressed
            envelope, command = await sent.next()
            assert found.setdefault(envelope.id, command) == command
        assert await sent.nothing_more()
    for message, case in wanted.items():
        command = found[message]
        said = command.model_dump(mode="json", exclude_none=True)
        assert f"icart.{case.service}.{case.slug}.v1" == command.TYPE
        person, role = case.who.split()
        holds = {**case.holds, "actor": {"person": person, "role": role}}
        wrong += [
            f"{case.slug}: {name} is {said.get(name)!r}" for name, value in holds.items() if said.get(name) != value
        ]
    assert wrong == []


@pytest.mark.parametrize(
    ("address", "typed", "table"),
    [
        ("/search", {"family_name": "Quillfeather"}, ""),
        ("/matches", {"one": "QK7WM-00001", "other": "QK7WM-00002"}, ""),
        ("/desktops/views", {"name": "mine", "query": "late=1"}, "saved_view"),
        ("/own-family", {"reference": "QK7WM-00001", "reason": "she is my sister's girl"}, "shut_record"),
        ("/guarding/shut", {"reference": "QK7WM-00001", "reason": "he works for us here"}, "shut_record"),
        ("/drafts/discard", {"form": "x"}, ""),
        ("/drafts/take-back", {"form": "x"}, ""),
        (f"/contacts/{contact_id(1)}/break-glass", {"reason": "the child cannot wait"}, "broken_glass"),
    ],
)
async def test_every_button_that_sends_no_command(
    gateway: Any, address: str, typed: dict[str, str], table: str
) -> None:
    """A double click does it once and leads to the same kind of page; whoever goes back finds a page that can be used."""
    await gateway.hear(*two_children())
    csrf = await gateway.sign_in("m1", "social-work-manager")
    form = {"csrf": csrf, "message": str(uuid4()), **typed}
    first = await gateway.client.post(address, data=form)
    again = await gateway.client.post(address, data=form)
    assert first.status_code == 303, first.text
    places = {re.sub(r"[0-9a-f-]{36}", "", one.headers.get("location", "")) for one in (first, again)}
    assert len(places) == 1
    assert (await gateway.client.get(again.headers["location"])).status_code in (200, 303)
    back = address.replace("/views", "").replace("/shut", "").replace("/discard", "").replace("/take-back", "")
    assert (await gateway.client.get(back)).status_code == 200
    if table:
        async with gateway.door.held.connection() as connection:
            assert await connection.fetchval(f"select count(*) from {table}") == 1


@dataclass
class Setting:
    """Contacts in each state, and undertakings where a case needs them."""

    gateway: Any
    screening: Screening
    _contacts: dict[str, UUID] = field(default_factory=dict)

    async def fill(self, case: Case) -> UUID:
        """Open the form as its person, fill it in, send it: the id of the message."""
        person, role = case.who.split()
        await self.gateway.sign_in(person, role, authority=case.authority)
        address = await self.address(case)
        shown = await self.gateway.client.get(address)
        assert shown.status_code == 200, f"{case.slug}: {shown.status_code}"
        marks = {name: hidden(shown.text, name) for name in ("csrf", "message", "seen_version")}
        typed = {**marks, **_chosen(case.typed, shown.text)}
        answer = await self.gateway.client.post(address, data=typed)
        assert answer.status_code == 303, f"{case.slug}: {_errors(answer.text)}"
        await self.press_again_and_go_back(case, address, typed, answer.headers["location"])
        return UUID(marks["message"])

    async def press_again_and_go_back(self, case: Case, address: str, typed: Mapping[str, Any], after: str) -> None:
        """A double click, the back button, the answer of the service, and both once more."""
        client = self.gateway.client
        again = await client.post(address, data=typed)
        assert (again.status_code, again.headers.get("location")) == (303, after), f"{case.slug}: pressed again"
        back = await client.get(address)
        assert "it is on its way" in back.text, f"{case.slug}: back"
        assert hidden(back.text, "message") == typed["message"], f"{case.slug}: back"
        elsewhere = example("icart.screening.triaged.v1", contact=str(uuid4()), authority=case.authority)
        await self.gateway.hear_on("events.screening", elsewhere, at=NOW, correlation=UUID(typed["message"]))
        late = await client.post(address, data=typed)
        assert (late.status_code, late.headers.get("location")) == (303, after), f"{case.slug}: pressed late"
        assert "Done" in (await client.get(after)).text, f"{case.slug}: after"
        anew = await client.get(address)
        assert "it is on its way" not in anew.text, f"{case.slug}: back later"
        assert f'value="{typed["message"]}"' not in anew.text, f"{case.slug}: back later"

    async def address(self, case: Case) -> str:
        """Where the form is, once all that it needs has been told."""
        if case.state.startswith("/"):
            return await self._matter(case)
        undertaking = await self._undertaking(case)
        where = "" if case.state == "authority" else f"/contacts/{await self._contact(case.state)}"
        if undertaking and case.slug != "reconvene-strategy-discussion":
            where += f"/undertakings/{undertaking}"
        part = f"?part={case.part}" if case.part and case.part != "TOOL" else ""
        return f"{where}/do/{case.slug}{part}"

    async def _matter(self, case: Case) -> str:
        """Something that belongs to no life, as far as the case needs it."""
        if case.state == "/people":
            await self.gateway.hear(*two_children())
            return f"/people/{CHILD}/do/{case.slug}?part={OTHER_CHILD}"
        subject = uuid4()
        for version, kind in enumerate(case.told, 1):
            own = {example(kind).SUBJECT: str(subject), "version": version, "authority": case.authority}
            await self.gateway.hear(example(kind, **own, **case.changes))
        return f"{case.state}/{subject}/do/{case.slug}"

    async def _undertaking(self, case: Case) -> UUID | None:
        if not case.told:
            return None
        identifier = uuid4()
        contact = {} if case.state == "authority" else {"contact": str(await self._contact(case.state))}
        for version, slug in enumerate(case.told, 1):
            changes = case.changes if version == len(case.told) else {}
            said = example(
                f"icart.screening.{slug}.v1", undertaking=str(identifier), authority=case.authority, version=version,
                at=NOW.isoformat(), **contact, **changes,
            )  # fmt: skip
            await self.gateway.hear(said)
        return identifier

    async def _contact(self, state: str) -> UUID:
        if state not in self._contacts:
            self._contacts[state] = await self._in_state(state)
        return self._contacts[state]

    async def _in_state(self, state: str) -> UUID:
        front = self.screening.front
        strand = "safeguarding" if front.authority == "halton" else "contact"
        left_out = (LeftOut(person=SIBLING, given_name="Perrin", kind="sibling", same_household=False),)
        if state in ("arrived", "with a notice"):
            contact = await self.screening.open(left_out=left_out)
        elif state == "sibling":
            other = await self._contact("allocated")
            contact = await self.screening.allocated(strand, siblings=(other,))
        else:
            contact = await self.screening.allocated(strand)
        if state in ("submitted", "closed"):
            front.submitted(
                contact,
                front.cast.assessment,
                front.cast.assessment_level,
                need_code="N1",
                without_consent=front.cast.ground,
            )
        if state == "allocated":
            front.fill(contact)
        if state == "closed":
            front.authorised(contact)
        await self.screening.say()
        if state == "with a notice":
            held = front.contacts[contact]
            said = example(
                "icart.screening.notice-added.v1",
                contact=str(contact),
                authority="halton",
                version=held.version + 1,
                agency="brackenfield-high",
            )
            await self.gateway.hear(said, at=NOW)
        return contact


def _chosen(typed: Mapping[str, Any], page: str) -> dict[str, Any]:
    """What is in capitals stands for the first that the page offers there."""
    if "EVERY" in typed:
        return dict.fromkeys(re.findall(r'name="(answers\.[^"]+)"', page), typed["EVERY"])
    return {name: _first(name, page) if str(value) in FROM_THE_PAGE else value for name, value in typed.items()}


def _first(name: str, page: str) -> str:
    boxes: list[str] = re.findall(rf'name="{name}" type="radio" value="([^"]+)"', page)
    lists: list[str] = re.findall(rf'<select[^>]*name="{name}".*?<option value="([^"]+)"', page, re.S)
    return [*boxes, *lists, "nothing is offered"][0]


def _errors(page: str) -> list[Any]:
    refused = re.findall(r"It was refused: ([^<]*)|You cannot do this now: ([^<]*)", page)
    return re.findall(r'<li><a href="#[^"]*">([^<]*)', page) or refused
