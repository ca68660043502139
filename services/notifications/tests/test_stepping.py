"""Who is told of cases that step up and down (SC-17, SC-18, SC-21)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from icart_common.contracts.base import Actor
from icart_common.contracts.cases import Case
from icart_common.contracts.family import ChildTold
from icart_common.contracts.notifications import OutboundNotice
from icart_common.contracts.screening_tools import ScreeningToolRecorded
from icart_common.contracts.stepping import SteppedDown, StepUpAdvised, StepUpAgreed
from icart_common.testing import outbox_messages, record_of
from services.notifications.tests.examples import CASES, NOON, SCHOOL, an_id

pytestmark = pytest.mark.broker
SW = Actor(person="HBC-7", role="social-worker")


def head(authority: str) -> dict[str, Any]:
    return {
        "undertaking": an_id("step"), "contact": an_id("contact", 0), "authority": authority, "pack_version": "2026.1",
        "version": 2, "at": NOON, "by": SW, "reference": "QK7WM-3HXPA",
    }  # fmt: skip


async def notice_on(database, agency: str) -> OutboundNotice:
    (found,) = [message for topic, message in await outbox_messages(database) if topic == f"outbound.{agency}"]
    assert isinstance(found, OutboundNotice)
    return found


@pytest.mark.req("SC-17", authority="halton")
async def test_the_group_is_asked_to_arrange_the_meeting(events, database):
    agreed = StepUpAgreed(
        **head("halton"), agency=SCHOOL["halton"], level=3, reasons="No change.", meet_by=NOON + timedelta(days=14)
    )
    await events.run([record_of(agreed, "events.screening", at=NOON)])
    notice = await notice_on(database, SCHOOL["halton"])
    assert "arrange a step-up meeting by Wednesday 28 October 2026" in notice.text
    assert "Our advice" not in notice.text


@pytest.mark.req("SC-17", authority="halton")
@pytest.mark.parametrize("advice", ["Ask the school nurse.", None])
async def test_the_group_is_advised_unless_the_outcome_says_it(events, database, advice):
    advised = StepUpAdvised(**head("halton"), agency=SCHOOL["halton"], level=2, reasons="It works.", advice=advice)
    await events.run([record_of(advised, "events.screening", at=NOON)])
    if advice is None:
        assert await outbox_messages(database) == []
    else:
        assert advice in (await notice_on(database, SCHOOL["halton"])).text


@pytest.mark.parametrize(
    "authority", [pytest.param(name, marks=pytest.mark.req("SC-18", authority=name)) for name in sorted(SCHOOL)]
)
async def test_the_receiving_service_hears_child_plan_and_lead_professional(events, database, book, authority):
    plan = book.pack(authority).stepping.step_down.plans[0]
    child = ChildTold(
        given_name="Tamsin", family_name="Quillfeather", born=date(2017, 2, 28), address="1 Elm, ZZ99 1AA"
    )
    said = {"plan_kind": plan.id, "plan": "Weekly visits.", "lead_professional": "Isolde Pennywhistle"}
    stepped = SteppedDown(
        **head(authority),
        service=SCHOOL[authority],
        child=child,
        because="Aims met.",
        **said,
        lead_agency=SCHOOL[authority],
    )
    await events.run([record_of(stepped, "events.screening", at=NOON)])
    notice = await notice_on(database, SCHOOL[authority])
    for words in ("Tamsin Quillfeather", "1 Elm, ZZ99 1AA", "Isolde Pennywhistle", "Weekly visits.", plan.name):
        assert words in notice.text
    assert "Quillfeather" not in notice.subject


@pytest.mark.parametrize(
    "authority", [pytest.param(name, marks=pytest.mark.req("SC-21", authority=name)) for name in sorted(SCHOOL)]
)
async def test_the_worker_of_an_open_case_hears_of_the_tool_and_nobody_else(events, database, authority):
    case = Case(status="open", number="C-77", allocated=True, worker="Rosalind Thatchwell", team="North")
    tool = {"tool": "cse-screening-tool", "answers": {}, "score": 12, "band": "high", "person": an_id("person")}
    for route, known in (("allocated-worker", case), ("safeguarding", None)):
        event = ScreeningToolRecorded(**head(authority), **tool, route=route, case=known)
        await events.run([record_of(event, "events.screening", at=NOON)])
    notice = await notice_on(database, CASES[authority])
    assert "CSE screening tool: high" in notice.text
    assert "Rosalind Thatchwell, North" in notice.text
