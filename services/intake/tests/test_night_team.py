"""The night team's contacts, and the records that it owes (ED-1, ED-4, TM-9)."""

from __future__ import annotations

import pytest

from icart_common.contracts.base import InboundRefused
from icart_common.contracts.edt import EdtRecordCompleted
from icart_common.contracts.ids import new_id
from icart_common.contracts.intake import CaseRedirected, ContactOpened, EdtRecordReceived
from icart_common.contracts.timers import MeetClock, StartClock

pytestmark = pytest.mark.broker


def completed(contact, **fields):
    given = {
        "agency": contact.agency,
        "authority": contact.authority,
        "submission": contact.submission,
        "worker": "edt-9",
    }
    return EdtRecordCompleted.model_validate(given | fields)


@pytest.mark.req("ED-1")
async def test_open_goes_to_the_named_worker_and_anybody_else_to_the_front_door(desk):
    await desk.hold(desk.held(case=desk.open_case()))
    sibling = desk.child("p2", given_name="Ivo", born="2015-05-05")
    await desk.send(desk.night_contact(people=(desk.child(), sibling), answered_now=True))
    (redirected,) = await desk.said(CaseRedirected)
    (contact,) = await desk.said(ContactOpened)
    assert redirected.case.worker == "Odile Marchbanks"
    assert (contact.child.ref, contact.channel, contact.answered_by_edt) == ("p2", "edt", True)


@pytest.mark.req("ED-2")
async def test_what_the_night_team_did_goes_with_the_child(desk):
    await desk.hold(desk.held(case=desk.open_case()))
    sibling = desk.child("p2", given_name="Ivo", born="2015-05-05")
    did = {"section_47_begun": True, "action_taken": "Placed with an aunt."}
    await desk.send(desk.night_contact(people=(desk.child(), sibling), **did))
    for said in (*await desk.said(CaseRedirected), *await desk.said(ContactOpened)):
        assert (said.section_47_begun, said.action_taken) == (True, "Placed with an aunt.")


@pytest.mark.req("ED-4", "TM-9", authority="halton")
@pytest.mark.parametrize("in_one_batch", [True, False])
async def test_an_unfinished_record_runs_a_clock_until_it_is_completed(desk, in_one_batch):
    contact = desk.night_contact(record_complete=False)
    rest = completed(contact, notes="Slept at her aunt's.")
    if in_one_batch:
        await desk.send(contact, rest)
    else:
        await desk.send(contact)
        await desk.send(rest, rest, message_id=new_id())
    (start,) = await desk.said(StartClock)
    (meet,) = await desk.said(MeetClock)
    (received,) = await desk.said(EdtRecordReceived)
    assert (start.rule, start.subject, start.owner) == ("TM-9", contact.submission, "intake")
    assert meet.clock == start.clock
    assert meet.at == received.received_at > start.counted_from
    assert (received.submission, received.worker) == (contact.submission, "edt-9")
    assert received.notes == "Slept at her aunt's."


@pytest.mark.req("ED-4")
async def test_where_no_clock_runs_the_rest_of_a_record_is_passed_on_all_the_same(desk):
    contact = desk.night_contact("york", record_complete=False)
    await desk.send(contact, completed(contact), completed(contact))
    assert len(await desk.said(EdtRecordReceived)) == 1


@pytest.mark.req("TM-9", authority="halton")
async def test_a_finished_record_runs_no_clock(desk):
    contact = desk.night_contact()
    await desk.send(contact, completed(contact))
    assert await desk.said(StartClock) == []
    assert await desk.said(EdtRecordReceived) == []


@pytest.mark.req("ED-4")
async def test_what_comes_before_its_contact_waits_for_it(desk):
    contact = desk.night_contact(record_complete=False)
    await desk.send(completed(contact))
    assert await desk.everything() == []
    await desk.send(contact)
    assert len(await desk.said(EdtRecordReceived)) == 1


@pytest.mark.req("ED-4")
async def test_what_belongs_to_no_contact_is_refused_when_it_has_waited_long_enough(desk):
    await desk.send(completed(desk.night_contact(submission=new_id())))
    assert await desk.door.expire(0.0) == 1
    (refused,) = await desk.said(InboundRefused)
    assert [problem.path for problem in refused.problems] == ["$.submission"]
