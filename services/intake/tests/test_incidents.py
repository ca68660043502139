"""IN-20: notices of one event are worked in one contact, every sender is answered, and nothing joins a closed one."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from icart_common.contracts.base import Actor
from icart_common.contracts.ids import derived_id, new_id, reference
from icart_common.contracts.intake import ContactOpened, ReplyTo, SubmissionRepeated, SubmissionTaken, SubmitAccount
from icart_common.contracts.joint_work import NoticeJoined, OpenAfterAll
from icart_common.contracts.screening import ContactClosed
from services.intake.tests.conftest import TUESDAY

pytestmark = pytest.mark.broker
EVENING = TUESDAY - timedelta(hours=13)


def every_authority(*rows: str):
    """The test runs at each front door, and proves the rows of the register for it."""
    return pytest.mark.parametrize(
        "authority",
        [
            pytest.param(name, marks=[pytest.mark.req(row, authority=name) for row in rows])
            for name in ("halton", "cheshire-west", "york")
        ],
    )


def agencies(desk, authority: str) -> list[str]:
    """Three agencies that write referrals, none of them a door that the public uses."""
    return [
        agency.id
        for agency in desk.book.pack(authority).agencies
        if "referrals" in agency.may_write and agency.kind in ("school", "health", "police")
    ][:3]


def of_one_evening(desk, authority: str = "halton", **fields):
    """What three agencies write of one evening, each in its own words."""
    told: list[dict[str, object]] = [
        {"event": {"what": "Police were called to shouting.", "when": EVENING}, "concerns": ["domestic-abuse"]},
        {"event": {"what": "She said she could not sleep.", "when": EVENING + timedelta(hours=2)}},
        {"event": {"what": "Brought in with a cut hand."}, "concerns": ["domestic-abuse", "physical-abuse"]},
    ]
    return [
        desk.referral(authority, agency=agency, **(one | fields))
        for agency, one in zip(agencies(desk, authority), told, strict=True)
    ]


def closed(desk, contact: ContactOpened, **fields) -> ContactClosed:
    outcome = next(one for one in desk.book.pack(contact.authority).outcomes if not one.transfers_to)
    whole = {
        "contact": contact.contact,
        "authority": contact.authority,
        "version": 9,
        "at": TUESDAY + timedelta(hours=3),
        "by": Actor(person="m1", role="manager"),
        "submitted_by": Actor(person="w1", role="worker"),
        "authorised": True,
        "strand": "safeguarding",
        "outcome": outcome.id,
        "level": outcome.level,
        "reasons": "seen",
        "submission": contact.submission,
        "reference": contact.reference,
        "pack_version": contact.pack_version,
        "reply_to": ReplyTo(agency=contact.agency, kind="professional"),
        "child": contact.child.ref,
    }
    return ContactClosed.model_validate(whole | fields)


@every_authority("IN-20")
@pytest.mark.parametrize("in_one_batch", [True, False])
async def test_three_agencies_tell_of_one_evening_and_it_is_worked_once(desk, authority, in_one_batch):
    notices = of_one_evening(desk, authority)
    for batch in [notices] if in_one_batch else [[one] for one in notices]:
        await desk.send(*batch)
    (contact,) = await desk.said(ContactOpened)
    joined = await desk.said(NoticeJoined)
    taken = await desk.said(SubmissionTaken)
    assert [one.contact for one in joined] == [contact.contact] * 2
    assert [one.notice.agency for one in joined] == agencies(desk, authority)[1:]
    assert joined[0].because[0].startswith("it happened at 00:00 on 09 June 2026")
    assert joined[1].because == ("concerns in common: domestic abuse",)
    assert len({one.reference for one in taken}) == 3
    assert [len(one.opened) for one in taken] == [1, 0, 0]
    assert [one.joined[0].reference for one in taken[1:]] == [reference(one.notice.contact) for one in joined]
    assert contact.reference not in {one.joined[0].reference for one in taken[1:]}


@pytest.mark.req("IN-20", "IN-7", authority="halton")
async def test_three_siblings_from_two_senders_have_three_contacts_in_one_incident(desk):
    first, second, _ = of_one_evening(desk)
    ada, ben, cid = (
        desk.child(ref, given_name=name, born=born)
        for ref, name, born in (("a", "Ada", "2014-01-01"), ("b", "Ben", "2016-01-01"), ("c", "Cid", "2018-01-01"))
    )
    await desk.send(first.model_copy(update={"people": (ada, ben)}))
    await desk.send(second.model_copy(update={"people": (ben, cid)}))
    contacts = {one.child.given_name: one for one in await desk.said(ContactOpened)}
    (joined,) = await desk.said(NoticeJoined)
    assert set(contacts) == {"Ada", "Ben", "Cid"}
    assert joined.contact == contacts["Ben"].contact
    assert {one.incident for one in contacts.values()} == {contacts["Ada"].incident}
    assert contacts["Cid"].siblings == (contacts["Ben"].contact,)


@pytest.mark.req("IN-20", "IN-15")
@pytest.mark.parametrize(
    "why",
    ["the same sender", "another evening", "no common ground", "too late", "somebody who is not certainly the same"],
)
async def test_what_does_not_join_is_a_contact_of_its_own(desk, why):
    first, second, third = of_one_evening(desk)
    other = {
        "the same sender": second.model_copy(update={"agency": first.agency}),
        "another evening": second.model_copy(
            update={"event": second.event.model_copy(update={"when": EVENING - timedelta(hours=13)})}
        ),
        "no common ground": third.model_copy(update={"concerns": ("other", "attendance")}),
        "too late": second,
        "somebody who is not certainly the same": second.model_copy(
            update={"people": (desk.child(born=None, given_name="Tamsin"),)}
        ),
    }[why]
    await desk.send(first)
    if why == "too late":
        desk.now += timedelta(hours=73)
    await desk.send(other)
    assert await desk.said(NoticeJoined) == []
    one, two = await desk.said(ContactOpened)
    assert two.earlier_contacts == ((one.contact,) if why != "somebody who is not certainly the same" else ())
    assert two.incident != one.incident


@pytest.mark.req("IN-20", "IN-15")
async def test_a_joined_notice_sent_again_is_a_repeat_with_its_own_reference(desk):
    first, second, _ = of_one_evening(desk)
    await desk.send(first)
    await desk.send(second)
    await desk.send(second)
    await desk.send(second.model_copy(update={"submission": new_id()}))
    _, taken = await desk.said(SubmissionTaken)
    repeats = await desk.said(SubmissionRepeated)
    assert [one.same for one in repeats] == ["message-id", "content"]
    assert {one.reference for one in repeats} == {taken.reference}
    assert len(await desk.said(NoticeJoined)) == 1


@every_authority("IN-20", "IN-6")
async def test_nothing_joins_a_closed_contact_and_its_outcome_is_in_the_chronology(desk, authority):
    first, second, _ = of_one_evening(desk, authority)
    await desk.send(first)
    (contact,) = await desk.said(ContactOpened)
    ending = closed(desk, contact)
    await desk.close(ending)
    await desk.send(second, at=ending.at + timedelta(minutes=1))
    _, later = await desk.said(ContactOpened)
    (line,) = later.chronology
    assert (line.contact, line.reference, line.level) == (contact.contact, contact.reference, ending.level)
    assert line.outcome == desk.book.pack(authority).outcome(ending.outcome).name
    assert later.earlier_contacts == (contact.contact,)


@pytest.mark.req("IN-20")
async def test_read_again_after_the_ending_was_heard_a_notice_still_joins_what_was_open_when_it_came(desk):
    first, second, _ = of_one_evening(desk)
    await desk.send(first)
    (contact,) = await desk.said(ContactOpened)
    ending = closed(desk, contact)
    await desk.close(ending)
    await desk.send(second, at=ending.at - timedelta(minutes=1))
    (joined,) = await desk.said(NoticeJoined)
    assert joined.contact == contact.contact


@pytest.mark.req("IN-20", "SC-9")
async def test_a_notice_joins_where_the_work_went_on(desk):
    first, second, third = of_one_evening(desk)
    successor = new_id()
    await desk.send(first)
    (contact,) = await desk.said(ContactOpened)
    await desk.close(closed(desk, contact, successor=successor))
    await desk.send(second)
    await desk.send(third)
    assert [one.contact for one in await desk.said(NoticeJoined)] == [successor, successor]


@pytest.mark.req("IN-20")
@pytest.mark.parametrize("because", ["closed", "separated", "another-strand"])
async def test_a_notice_taken_out_has_the_contact_that_it_would_have_had(desk, because):
    first, second, third = of_one_evening(desk)
    await desk.send(first)
    await desk.send(second)
    (joined,) = await desk.said(NoticeJoined)
    ask = OpenAfterAll(
        notice=joined.notice.contact, submission=second.submission, authority="halton", contact=joined.contact,
        because=because,
    )  # fmt: skip
    await desk.send(ask)
    await desk.send(ask)
    contact, own = await desk.said(ContactOpened)
    assert own.contact == joined.notice.contact == own.incident
    assert own.received_at == joined.notice.received_at
    assert (own.after, own.earlier_contacts) == (contact.contact, (contact.contact,))
    await desk.send(third)  # it has a concern in common with the first alone, and no time
    assert [one.contact for one in await desk.said(NoticeJoined)] == [contact.contact, contact.contact]


@pytest.mark.req("IN-20")
async def test_a_request_that_comes_before_its_notice_waits_for_it(desk):
    first, second, _ = of_one_evening(desk)
    await desk.send(first)
    at = desk.now + timedelta(seconds=2)
    notice = derived_id(at, "never")
    await desk.send(
        OpenAfterAll(
            notice=notice, submission=second.submission, authority="halton", contact=new_id(), because="closed"
        )
    )
    assert len(await desk.rows("waiting")) == 1
    assert await desk.door.expire(0) == 1
    assert len(await desk.rows("waiting")) == 1, "what our own services ask is never given up"


@pytest.mark.req("IN-20")
async def test_instances_that_meet_on_one_child_open_one_contact(desk):
    await desk.hold(desk.held(nhs_number="9991110003"))
    notices = [
        one.model_copy(update={"people": (child,)})
        for one, child in zip(
            of_one_evening(desk, concerns=("domestic-abuse",)),
            [desk.child(), desk.child(nhs_number="9991110003"), desk.child(nhs_number="9991110003", given_name=None)],
            strict=True,
        )
    ]
    await asyncio.gather(*(desk.door.run([desk.record(one)]) for one in notices))
    assert len(await desk.said(ContactOpened)) == 1
    assert len(await desk.said(NoticeJoined)) == 2


@pytest.mark.req("IN-20", "PV-3")
async def test_what_the_police_bring_joins_what_the_school_told(desk):
    first, second, _ = of_one_evening(desk)
    await desk.send(second)
    vpa = SubmitAccount(
        submission=new_id(), authority="halton", agency="cheshire-police", channel="police", received_at=desk.now,
        account=first, vpa_grade="high", social_worker_first=True,
    )  # fmt: skip
    await desk.send(vpa)
    (joined,) = await desk.said(NoticeJoined)
    assert joined.notice.social_worker_first
    assert joined.notice.vpa_grade == "high"


@pytest.mark.req("IN-20")
async def test_two_neighbours_are_two_senders_and_one_who_rings_twice_is_one(desk):
    door = next(one.id for one in desk.book.pack("halton").agencies if one.kind == "public-door")
    event = {"what": "Shouting again.", "when": EVENING}

    def call(name: str, what: str):
        return desk.referral(
            agency=door, channel="phone", referrer={"kind": "public", "name": name}, event=event | {"what": what}
        )

    await desk.send(call("Wilhelmina Sand", "Shouting."))
    await desk.send(call("Osric Vane", "A door banged."))
    await desk.send(call("Osric Vane", "It is starting again."))
    assert len(await desk.said(NoticeJoined)) == 1
    assert len(await desk.said(ContactOpened)) == 2
