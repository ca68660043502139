"""The CSE screening tool: scored by the pack, routed by the register, listed for the child across contacts (SC-21)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icart_common.contracts.base import Actor, CommandRefused
from icart_common.contracts.cases import Case, Services
from icart_common.contracts.intake import Known
from icart_common.contracts.people import ContactPersonChanged
from icart_common.contracts.referral import WhatHappened
from icart_common.contracts.screening import ContactTriaged, Triage
from icart_common.contracts.screening_tools import RecordScreeningTool, ScreeningToolRecorded
from icart_common.testing import record_of, said
from icart_screening import store
from icart_screening.documents import SQL
from icart_screening.domain.undertakings.screening_tool import ToolOfChild
from services.screening.tests.conftest import Service
from services.screening.tests.front_door import BOOK, FrontDoor, contact_opened, each, of_type
from services.screening.tests.test_topics_to_tables import minute, opened, rows

TOOL = "cse-screening-tool"
YES = {"low": ("school",), "medium": ("missing", "gifts"), "high": ("told",)}


def answers(authority: str, yes: tuple[str, ...]) -> dict[str, str]:
    (tool,) = BOOK.pack(authority).screening_tools
    return {question.id: "yes" if question.id in yes else "no" for question in tool.questions}


def known(authority: str, **more: Any) -> Known:
    return Known(ref="p1", person=UUID(int=7), match="exact", **more)


def recorded(door: FrontDoor, contact: UUID, band: str) -> ScreeningToolRecorded:
    one = door.begun(
        contact, RecordScreeningTool, door.cast.manager, "m1", tool=TOOL, answers=answers(door.authority, YES[band])
    )
    (event,) = [event for event in door.told if isinstance(event, ScreeningToolRecorded) and event.undertaking == one]
    assert event.band == band
    held = door.undertakings[one]
    assert isinstance(held, ToolOfChild)
    assert (held.score, held.band, held.route, held.person) == (event.score, band, event.route, event.person)
    return event


@each("SC-21")
@pytest.mark.parametrize("band", ["medium", "high"])
def test_high_and_medium_go_to_safeguarding_in_the_name_of_who_recorded_it(door: FrontDoor, band: str) -> None:
    contact = door.open()
    assert recorded(door, contact, band).route == "safeguarding"
    (triaged,) = of_type(door.log, ContactTriaged)
    found = door.contacts[contact]
    assert (triaged.by.person, found.strand, found.urgency) == ("m1", door.cast.safeguarding, "urgent")
    assert found.desktop == door.pack.strand(door.cast.safeguarding).desktop


@each("SC-21")
def test_low_goes_to_early_intervention_unless_somebody_or_its_words_put_it_elsewhere(door: FrontDoor) -> None:
    contact = door.open()
    early = door.contacts[contact].proposed.model_copy(update={"strand": door.cast.early})
    door.contacts[contact] = door.contacts[contact].model_copy(update={"proposed": early})
    assert recorded(door, contact, "low").route == "early-intervention"
    assert door.contacts[contact].strand == door.cast.early
    decided = door.open()
    fields = {"strand": door.cast.safeguarding, "urgency": "urgent", "reason": "what it says"}
    door.done(decided, Triage, door.cast.manager, "m1", **fields)
    assert recorded(door, decided, "low").route == "a-person-decides"
    assert door.contacts[decided].strand == door.cast.safeguarding
    grave = door.open(event=WhatHappened(what="x", urgency="immediate"))
    assert recorded(door, grave, "low").route == "a-person-decides"
    assert door.contacts[grave].strand is None


@each("SC-21")
@pytest.mark.parametrize("band", ["low", "medium", "high"])
def test_an_open_allocated_case_goes_to_its_worker_whatever_the_band(door: FrontDoor, band: str) -> None:
    case = Case(status="open", number="C-1", allocated=True, worker="Rosalind Thatchwell", team="North")
    contact = door.open(child_known=known(door.authority, case=case))
    event = recorded(door, contact, band)
    assert (event.route, event.case) == ("allocated-worker", case)
    assert door.contacts[contact].strand is None


@each("SC-21")
def test_open_to_early_intervention_medium_and_high_are_screened_again_and_low_stays(door: FrontDoor) -> None:
    planned = door.open(child_known=known(door.authority, services=Services(caf=True)))
    assert recorded(door, planned, "medium").route == "screened-again"
    assert door.contacts[planned].strand == door.cast.safeguarding
    worked = door.allocated(door.cast.early)
    assert recorded(door, worked, "low").route == "early-intervention"
    assert door.contacts[worked].worker == "w1"
    assert recorded(door, worked, "high").route == "screened-again"
    found = door.contacts[worked]
    assert (found.strand, found.worker) == (door.cast.safeguarding, None)


@each("SC-21")
def test_half_a_tool_another_tool_and_a_closed_contact_are_refused(door: FrontDoor) -> None:
    contact, manager = door.open(), door.cast.manager
    whole = answers(door.authority, ())
    half = {name: answer for name, answer in whole.items() if name != "told"}
    refused = door.not_begun(contact, RecordScreeningTool, manager, "m1", tool=TOOL, answers=half)
    assert refused.code == "tool-not-whole"
    assert len(refused.allowed) == 1
    strange = {**whole, "shoe-size": "yes"}
    assert door.not_begun(contact, RecordScreeningTool, manager, "m1", tool=TOOL, answers=strange).allowed == (
        "leave out shoe-size",
    )
    other = door.not_begun(contact, RecordScreeningTool, manager, "m1", tool="no-tool", answers=whole)
    assert (other.code, other.allowed) == ("unknown-tool", ("CSE screening tool (cse-screening-tool)",))
    door.contacts[contact] = door.contacts[contact].model_copy(update={"status": "closed", "desktop": None})
    late = door.not_begun(contact, RecordScreeningTool, manager, "m1", tool=TOOL, answers=whole)
    assert late.code == "contact-closed"


@given(st.sampled_from(BOOK.authorities), st.data())
def test_another_yes_never_lowers_the_band(authority: str, data: st.DataObject) -> None:
    (tool,) = BOOK.pack(authority).screening_tools
    ids = [question.id for question in tool.questions]
    some = data.draw(st.frozensets(st.sampled_from(ids)))
    more = some | data.draw(st.frozensets(st.sampled_from(ids)))
    assert tool.bands.index(tool.band(tool.score(some))) <= tool.bands.index(tool.band(tool.score(more)))


@pytest.mark.broker
@pytest.mark.req("SC-21", authority="halton")
async def test_a_childs_tools_are_listed_across_contacts_and_follow_a_merge(service: Service) -> None:
    manager = Actor(person="m1", role="social-work-manager")
    both = [contact_opened("halton", number) for number in (1, 2)]
    tools = [
        RecordScreeningTool(actor=manager, contact=one.contact, tool=TOOL, answers=answers("halton", YES[band]))
        for one, band in zip(both, ("medium", "low"), strict=True)
    ]
    half = RecordScreeningTool(actor=manager, contact=both[0].contact, tool=TOOL, answers={})
    records = [opened("halton", 1), opened("halton", 2)]
    records += [record_of(one, "commands.screening", at=minute(5 + place)) for place, one in enumerate((*tools, half))]
    await service.contacts.run(records)
    (refused,) = await said(service.database, CommandRefused)
    assert refused.code == "tool-not-whole"
    (row,) = await rows(service, "select strand, desktop from contact where id = $1", both[0].contact)
    assert tuple(row) == ("safeguarding", "cart")
    one, other = (opening.child_known.person for opening in both)
    async with service.database.connection() as connection:
        assert [tool.band for tool in await store.tools_of_person(connection, "halton", one)] == ["medium"]
    merged = ContactPersonChanged(
        contact=both[1].contact, authority="halton", at=minute(9), person=one, before=other, because="people-merged"
    )
    await service.contacts.run([record_of(merged, "events.intake", at=minute(9))])
    async with service.database.connection() as connection:
        assert [tool.band for tool in await store.tools_of_person(connection, "halton", one)] == ["low", "medium"]
        assert await store.tools_of_person(connection, "halton", other) == []
        await connection.execute("set enable_seqscan = off")
        query = SQL["tools_of_person"].replace("$1", "'halton'").replace("$2", f"'{one}'::uuid")
        plan = await connection.fetch(f"explain {query}")
    assert "contact_person" in str(plan)
