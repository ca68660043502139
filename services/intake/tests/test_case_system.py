"""The case system's feed: the newest counts, in whatever order it comes (IN-5, IN-6)."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from icart_common.contracts.intake import CaseRedirected, ContactOpened
from icart_intake.domain.people import Standing

pytestmark = [pytest.mark.broker, pytest.mark.req("IN-5", "IN-6")]


def at(desk, days, **fields):
    return desk.held(as_of=desk.held().as_of + timedelta(days=days), **fields)


async def standing(desk):
    (row,) = await desk.rows("person")
    return Standing.model_validate_json(row["standing"]).case


@pytest.mark.parametrize("in_one_batch", [True, False])
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
async def test_an_older_message_that_was_overtaken_changes_nothing(desk, order, in_one_batch):
    messages = [at(desk, days, case=desk.open_case(worker=f"Worker {days}")) for days in order]
    for batch in [messages] if in_one_batch else [[message] for message in messages]:
        await desk.hold(*batch)
    case = await standing(desk)
    assert case.worker == "Worker 2"


async def test_a_changed_name_is_found_by_the_new_one_and_no_longer_by_the_old(desk):
    await desk.hold(at(desk, 0, case=desk.open_case()))
    await desk.hold(at(desk, 1, case=desk.open_case(), family_name="Lowbridge"))
    await desk.send(desk.referral(), desk.referral(people=[desk.child(family_name="Lowbridge")]))
    assert len(await desk.said(ContactOpened)) == len(await desk.said(CaseRedirected)) == 1


async def test_a_closed_case_is_no_longer_redirected(desk):
    await desk.hold(at(desk, 0, case=desk.open_case()))
    await desk.hold(at(desk, 1, case={"status": "closed"}))
    await desk.send(desk.referral())
    assert len(await desk.said(ContactOpened)) == 1


@pytest.mark.req("IN-6", "IN-15")
async def test_who_was_named_at_the_door_first_keeps_the_earlier_contacts(desk):
    await desk.send(desk.referral())
    await desk.hold(desk.held(case={"status": "closed"}))
    await desk.send(desk.referral())
    first, second = await desk.said(ContactOpened)
    assert first.child_known.person == second.child_known.person
    assert second.earlier_contacts == (first.contact,)
    assert second.child_known.case.number == "c-1"
    assert len(await desk.rows("person")) == 1


async def test_two_numbers_alike_are_two_people_and_neither_is_certain(desk):
    await desk.send(desk.referral())
    await desk.hold(desk.held("c-1", case=desk.open_case()), desk.held("c-2"))
    assert len(await desk.rows("person")) == 2
    await desk.send(desk.referral())
    assert [contact.child_known.match for contact in await desk.said(ContactOpened)] == ["new", "new"]


async def test_instances_that_hear_of_one_person_keep_the_newest(desk):
    messages = [at(desk, days, case=desk.open_case(worker=f"Worker {days}")) for days in (3, 1, 5, 0, 4, 2)]
    records = [[desk.record(message)] for message in messages]
    await asyncio.gather(*(desk.feed.run(batch) for batch in records))
    case = await standing(desk)
    assert case.worker == "Worker 5"
    assert len(await desk.rows("person")) == 1


async def test_of_another_authority_nothing_is_known(desk):
    await desk.hold(desk.held(authority="york", case=desk.open_case()))
    await desk.send(desk.referral("halton"))
    assert len(await desk.said(ContactOpened)) == 1
