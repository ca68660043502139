"""The daily meeting of York: its pack from the day before, its decisions in the contacts, and who has none (SC-15, TM-5)."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from icart_common.contracts.base import Actor, Address
from icart_common.contracts.corrections import Abandon
from icart_common.contracts.meetings import (
    BrokeredTask,
    DecideAtMeeting,
    EndMeeting,
    EnquiryDecided,
    EnquiryListed,
    MeetingDecision,
    MeetingMorning,
    MeetingPrepared,
    PrepareMeeting,
    TaskTickedOff,
    TickOffTask,
    meeting_id,
)
from icart_common.contracts.referral import Person
from icart_common.contracts.screening import Allocate, RecordSection, Triage
from icart_common.contracts.timers import MeetClock, StartClock
from icart_screening.domain.refusal import Refusal
from icart_screening.domain.undertakings.daily_meeting import DailyMeeting
from services.screening.tests.front_door import MONDAY, FrontDoor, of, of_type

TUESDAY = date(2026, 11, 17)
MANAGER = "advice-manager"
CHILD = Person(
    ref="p1",
    role="child",
    given_name="Tamsin",
    family_name="Quillfeather",
    born=date(2017, 2, 28),
    addresses=(Address(lines="14 Larkspur Close", postcode="ZZ99 1AA", since=date(2023, 6, 1)),),
    phones=("01632 960123",),
)
BROKERED = {
    "outcome": "brokered-support",
    "level": 2,
    "reasons": "the plan at school can carry this",
    "plan": "the school leads, the advice team brings in the health visitor",
    "tasks": (BrokeredTask(what="ring the health visitor", owner="w1", by=date(2026, 11, 19)),),
}


def enquiry(door: FrontDoor, **changes: Any) -> UUID:
    """An enquiry of Monday, taken by `w1`."""
    return door.allocated("enquiry", child=CHILD, expected="a family worker", **changes)


def prepared(door: FrontDoor, on: date = TUESDAY, person: str = "m1") -> DailyMeeting:
    """The meeting after somebody asked for its pack, at half past eight."""
    door.now = datetime(on.year, on.month, on.day, 8, 40, tzinfo=UTC)
    identifier = meeting_id(door.authority, on)
    door.begun(identifier, PrepareMeeting, MANAGER, person, undertaking=identifier, authority=door.authority, on=on)
    return meeting(door, on)


def meeting(door: FrontDoor, on: date = TUESDAY) -> DailyMeeting:
    held = door.undertakings[meeting_id(door.authority, on)]
    assert isinstance(held, DailyMeeting)
    return held


def decide(door: FrontDoor, contact: UUID, **changes: object) -> None:
    said = {**BROKERED, **changes}
    where = {"authority": door.authority, "enquiry": contact}
    door.begun(meeting_id(door.authority, TUESDAY), DecideAtMeeting, MANAGER, "m2", **where, **said)


@of("SC-15", authorities=("york",))
def test_the_pack_shows_each_enquiry_of_the_day_before_in_the_stated_format(door: FrontDoor) -> None:
    contact = enquiry(door)
    found = {"section": "personal-information", "text": "known to the school nurse"}
    door.done(contact, RecordSection, MANAGER, "w1", **found)
    prepared(door)
    (pack,) = of_type(door.told, MeetingPrepared)
    one = of_type(door.told, EnquiryListed)[-1].presented
    outline = one.outline
    assert pack.enquiries == (one.enquiry,) == (contact,)
    assert (pack.on, pack.says, pack.by.person) == (TUESDAY, "1 enquiry", "m1")
    assert (one.worker, one.reference) == ("w1", door.contacts[contact].reference)
    assert (outline.child, outline.born, outline.numbers) == ("Tamsin Quillfeather", CHILD.born, CHILD.phones)
    assert outline.address == CHILD.addresses[0]
    assert (outline.referrer, outline.agency) == ("Bertrand Thistlewood", "hawthorn-gate-school")
    assert outline.reason == "Came to school hungry for the third day."
    assert outline.requests == ("a family worker",)
    assert one.found == {"personal-information": "known to the school nurse"}


@of("SC-15", authorities=("york",))
def test_a_morning_without_enquiries_says_so_and_calls_the_next(door: FrontDoor) -> None:
    held = prepared(door)
    (pack,) = of_type(door.told, MeetingPrepared)
    assert (pack.says, pack.enquiries, held.state) == ("no enquiries yesterday", (), "prepared")
    wednesday = meeting(door, date(2026, 11, 18))
    assert wednesday.state == "gathering"
    assert "meeting-pack" in wednesday.clocks.ids


@of("SC-15", authorities=("york",))
def test_the_pack_of_a_day_is_made_once_by_whoever_asks_or_by_the_morning(door: FrontDoor) -> None:
    enquiry(door)
    identifier = meeting_id("york", TUESDAY)
    door.now = datetime(2026, 11, 17, 8, 45, tzinfo=UTC)
    morning = MeetingMorning(undertaking=identifier, authority="york")
    door.heard(morning, door.undertakings[identifier])
    door.heard(morning, door.undertakings[identifier])
    again = door.not_begun(
        identifier, PrepareMeeting, MANAGER, "m1", undertaking=identifier, authority="york", on=TUESDAY
    )
    assert again.code == "not-now"
    (pack,) = of_type(door.told, MeetingPrepared)
    assert (pack.by, len(pack.enquiries)) == (None, 1)
    started = {clock.clock for clock in of_type(door.clocks, StartClock) if clock.rule == "meeting-pack"}
    met = {clock.clock for clock in of_type(door.clocks, MeetClock)}
    assert len(started & met) == 1


@of("SC-15", authorities=("halton", "cheshire-west"))
def test_who_has_no_daily_meeting_is_told_so(door: FrontDoor) -> None:
    identifier = meeting_id(door.authority, TUESDAY)
    refused = door.not_begun(
        identifier,
        PrepareMeeting,
        door.cast.manager,
        "m1",
        undertaking=identifier,
        authority=door.authority,
        on=TUESDAY,
    )
    assert refused.code == "no-daily-meeting"
    assert door.pack.authority.name in refused.why
    door.allocated(door.cast.early)
    assert identifier not in door.undertakings


@of(authorities=("york",))
@pytest.mark.parametrize(
    ("day", "identifier", "code"),
    [
        (date(2026, 11, 21), None, "no-meeting-that-day"),
        (date(2026, 12, 25), None, "no-meeting-that-day"),
        (TUESDAY, meeting_id("york", date(2026, 11, 18)), "not-that-meeting"),
    ],
)
def test_a_day_without_a_meeting_and_an_id_that_is_not_its_own(
    door: FrontDoor, day: date, identifier: UUID | None, code: str
) -> None:
    wanted = identifier or meeting_id("york", day)
    refused = door.not_begun(wanted, PrepareMeeting, MANAGER, "m1", undertaking=wanted, authority="york", on=day)
    assert refused.code == code


@of("SC-15", "SC-16", "TM-5", authorities=("york",))
def test_a_decision_is_the_contacts_draft_and_plan_and_meets_its_clock(door: FrontDoor) -> None:
    contact = enquiry(door)
    prepared(door)
    decide(door, contact)
    held = door.contacts[contact]
    assert held.draft is not None
    assert held.at_meeting is not None
    assert (held.draft.outcome, held.draft.level, held.status) == ("brokered-support", 2, "open")
    assert held.at_meeting.tasks == BROKERED["tasks"]
    started = {clock.rule: clock.clock for clock in of_type(door.clocks, StartClock) if clock.subject == contact}
    (met,) = [clock for clock in of_type(door.clocks, MeetClock) if clock.clock == started["TM-5"]]
    assert met.by_event == "meeting_decided"
    (said,) = of_type(door.told, EnquiryDecided)
    assert (said.by.person, said.plan) == ("m2", BROKERED["plan"])
    door.begun(meeting_id("york", TUESDAY), EndMeeting, MANAGER, "m2", authority="york")
    assert meeting(door).state == "ended"


def brokered(door: FrontDoor) -> UUID:
    """The task that Tuesday's meeting gave out."""
    contact = enquiry(door)
    prepared(door)
    decide(door, contact)
    (task,) = meeting(door).open_tasks
    assert (task.enquiry, task.given_on, task.owner) == (contact, TUESDAY, "w1")
    return task.task


def tick_off(door: FrontDoor, task: UUID, on: date = TUESDAY) -> None:
    door.begun(meeting(door, on).id, TickOffTask, "advice-worker", "w1", authority="york", task=task)


@of("SC-15", authorities=("york",))
def test_a_brokered_task_stands_in_the_next_packs_until_it_is_ticked_off_where_it_was_given(door: FrontDoor) -> None:
    task = brokered(door)
    door.begun(meeting(door).id, EndMeeting, MANAGER, "m2", authority="york")
    for day in (18, 19):
        prepared(door, date(2026, 11, day))
        (pack,) = of_type(door.told, MeetingPrepared)[-1:]
        assert [(one.task, one.given_on) for one in pack.open_tasks] == [(task, TUESDAY)]
    tick_off(door, task)
    ticked = of_type(door.told, TaskTickedOff)
    assert {(one.task, one.by.person) for one in ticked} == {(task, "w1")}
    assert [one.undertaking for one in ticked] == [meeting(door, date(2026, 11, day)).id for day in (17, 18, 19, 20)]
    prepared(door, date(2026, 11, 20))
    assert of_type(door.told, MeetingPrepared)[-1].open_tasks == ()


@of("SC-15", authorities=("york",))
def test_a_task_that_is_given_out_when_the_next_pack_has_been_made_stands_there_too(door: FrontDoor) -> None:
    first, second = enquiry(door), enquiry(door)
    prepared(door)
    decide(door, first)
    wednesday, thursday = date(2026, 11, 18), date(2026, 11, 19)
    prepared(door, wednesday)
    decide(door, second, tasks=(BrokeredTask(what="ask the school", owner="w2", by=wednesday),))
    for day in (TUESDAY, wednesday, thursday):
        tasks = meeting(door, day).open_tasks
        assert [one.what for one in tasks] == ["ask the school", "ring the health visitor"], "what is due first"
    tick_off(door, meeting(door).open_tasks[0].task)
    assert [one.what for one in meeting(door, thursday).open_tasks] == ["ring the health visitor"]


@of("SC-15", authorities=("york",))
def test_what_cannot_be_ticked_off_says_what_can(door: FrontDoor) -> None:
    task = brokered(door)
    wednesday = prepared(door, date(2026, 11, 18)).id
    said = {"authority": "york", "task": task}
    elsewhere = door.not_begun(wednesday, TickOffTask, "advice-worker", "w1", **said)
    assert (elsewhere.code, elsewhere.allowed) == (
        "of-another-meeting",
        ("tick it off at the meeting of 17 November 2026",),
    )
    unknown = door.not_begun(meeting(door).id, TickOffTask, "advice-worker", "w1", **{**said, "task": UUID(int=1)})
    assert (unknown.code, [str(task) in one for one in unknown.allowed]) == ("unknown-task", [True])
    tick_off(door, task)
    again = door.not_begun(meeting(door).id, TickOffTask, "advice-worker", "w1", **said)
    assert (again.code, again.allowed) == ("unknown-task", ("nothing: all of its tasks are done",))


@of("SC-15", "SC-16", authorities=("york",))
def test_a_step_up_goes_to_the_assessment_team_at_once(door: FrontDoor) -> None:
    contact = enquiry(door)
    prepared(door)
    decide(door, contact, outcome="step-up-now", level=4, tasks=())
    held = door.contacts[contact]
    assert (held.strand, held.urgency, held.desktop, held.status) == ("referral", "immediate", "assessment", "open")
    assert "TM-1" in held.clocks.ids
    assert "TM-5" not in held.clocks.ids
    assert meeting(door).undecided() == ()


@of("SC-15", authorities=("york",))
@pytest.mark.parametrize(
    ("person", "changes", "code"),
    [
        ("m2", {"tasks": ()}, "no-task"),
        ("m2", {"tasks": (BrokeredTask(what="x", owner="w1", by=date(2026, 11, 16)),)}, "task-in-the-past"),
        ("m2", {"outcome": "information-and-advice"}, "outcome-not-of-strand"),
        ("m2", {"outcome": "single-assessment", "level": 2}, "level-disagrees"),
        ("m2", {"enquiry": UUID(int=7)}, "not-at-this-meeting"),
        ("w1", {}, "own-work"),
    ],
)
def test_what_the_meeting_may_not_decide(door: FrontDoor, person: str, changes: dict[str, object], code: str) -> None:
    contact = enquiry(door)
    identifier = prepared(door).id
    said = {"authority": "york", "enquiry": contact, **BROKERED, **changes}
    assert door.not_begun(identifier, DecideAtMeeting, MANAGER, person, **said).code == code
    assert door.not_begun(identifier, EndMeeting, MANAGER, "m2", authority="york").code == "undecided"


@of("SC-15", authorities=("york",))
def test_two_decide_at_once_and_nothing_is_decided_twice(door: FrontDoor) -> None:
    one, other = enquiry(door), enquiry(door)
    identifier = prepared(door).id
    seen = meeting(door).version
    decide(door, one)
    said = {"authority": "york", **BROKERED}
    stale = door.not_begun(identifier, DecideAtMeeting, MANAGER, "m3", enquiry=other, seen_version=seen, **said)
    twice = door.not_begun(identifier, DecideAtMeeting, MANAGER, "m3", enquiry=one, **said)
    assert (stale.code, twice.code) == ("version-moved", "decided")


@of("SC-15", authorities=("york",))
def test_an_enquiry_that_leaves_the_strand_is_taken_from_the_meeting(door: FrontDoor) -> None:
    contact = enquiry(door)
    assert meeting(door).listed(contact)
    door.done(contact, Triage, MANAGER, "m1", strand="referral", urgency="immediate", reason="she has told more")
    assert meeting(door).listed(contact) is None
    door.done(contact, Triage, MANAGER, "m1", strand="enquiry", urgency="routine", reason="it was a mistake")
    assert meeting(door).listed(contact)


@of("SC-15", "TM-5", authorities=("york",))
def test_what_comes_late_is_added_to_the_pack_and_after_the_meeting_to_the_next(door: FrontDoor) -> None:
    prepared(door)
    late = door.open(child=CHILD, received_at=MONDAY)
    door.done(late, Triage, MANAGER, "m1", strand="enquiry", urgency="routine", reason="from last night")
    assert meeting(door).listed(late)
    door.begun(meeting(door).id, DecideAtMeeting, MANAGER, "m2", authority="york", enquiry=late, **BROKERED)
    door.begun(meeting(door).id, EndMeeting, MANAGER, "m2", authority="york")
    later = after_the_meeting(door)
    assert meeting(door).listed(later) is None
    assert meeting(door, date(2026, 11, 18)).listed(later)
    door.done(later, Allocate, MANAGER, "m1", worker="w4")
    listed = meeting(door, date(2026, 11, 18)).listed(later)
    assert listed is not None
    assert listed.worker == "w4"


def after_the_meeting(door: FrontDoor) -> UUID:
    """An enquiry that is put to Tuesday's meeting when that is over."""
    later = door.open(child=CHILD, received_at=MONDAY)
    door.done(later, Triage, MANAGER, "m1", strand="enquiry", urgency="routine", reason="from last night")
    return later


@of("SC-15", "TM-5", authorities=("york",))
@pytest.mark.parametrize("leaves", ["closed", "another strand"])
def test_what_was_sent_on_to_the_next_meeting_is_taken_from_that_one(door: FrontDoor, leaves: str) -> None:
    prepared(door)
    door.begun(meeting(door).id, EndMeeting, MANAGER, "m2", authority="york")
    later, wednesday = after_the_meeting(door), date(2026, 11, 18)
    assert meeting(door, wednesday).listed(later)
    if leaves == "closed":
        door.done(later, Allocate, MANAGER, "m1", worker="w4")
        door.done(later, Abandon, "advice-worker", "w4", reason="the same child twice")
        door.authorised(later)
    else:
        door.done(later, Triage, MANAGER, "m1", strand="referral", urgency="immediate", reason="she has told more")
    assert prepared(door, wednesday).enquiries == ()
    door.begun(meeting(door, wednesday).id, EndMeeting, MANAGER, "m2", authority="york")
    assert set(door.undertakings) >= {meeting_id("york", date(2026, 11, 19))}
    assert meeting_id("york", date(2026, 11, 20)) not in door.undertakings, (
        "it goes no further than where it was listed"
    )


@of("SC-15", "SC-10", authorities=("york",))
def test_who_is_given_an_enquiry_after_the_pack_decides_about_it_no_more(door: FrontDoor) -> None:
    contact = enquiry(door)
    identifier = prepared(door).id
    door.done(contact, RecordSection, MANAGER, "w1", section="personal-information", text="found this morning")
    door.done(contact, Allocate, MANAGER, "m1", worker="m2", reason="w1 is ill")
    listed = meeting(door).listed(contact)
    assert listed is not None
    assert (listed.worker, listed.found) == ("m2", {}), (
        "the pack says what it said when it was made, but for whose work it is"
    )
    said = {"authority": "york", "enquiry": contact, **BROKERED, "outcome": "step-up-now", "level": 4}
    assert door.not_begun(identifier, DecideAtMeeting, MANAGER, "m2", **said).code == "own-work"
    door.begun(identifier, DecideAtMeeting, MANAGER, "w1", **said)
    assert door.contacts[contact].strand == "referral"
    version = meeting(door).version
    door.done(contact, Triage, MANAGER, "m1", strand="enquiry", urgency="routine", reason="it was a mistake")
    door.done(contact, Allocate, MANAGER, "m1", worker="m3")
    assert meeting(door).version == version, "what was decided is presented no more"


@of("SC-10", "SC-16", authorities=("york",))
def test_a_step_up_by_whom_the_contact_was_given_to_meanwhile_is_refused(door: FrontDoor) -> None:
    contact = enquiry(door)
    held = door.contacts[contact]
    decision = MeetingDecision(
        contact=contact,
        meeting=prepared(door).id,
        actor=Actor(person="w1", role=MANAGER),
        outcome="step-up-now",
        level=4,
        reasons="she has told more",
        plan="an assessment",
        decided_at=door.now,
    )
    refused = door.heard(decision, None)
    assert isinstance(refused, Refusal)
    assert (refused.code, door.contacts[contact]) == ("own-work", held)
    door.heard(decision.model_copy(update={"outcome": "brokered-support", "level": 2}), None)
    assert door.contacts[contact].draft, "a draft is authorised by another manager"


@of("SC-16", authorities=("york",))
def test_three_responses_and_four_disposals(door: FrontDoor) -> None:
    assert [strand.id for strand in door.pack.strands] == ["contact", "enquiry", "referral"]
    outcomes = [door.pack.outcome(one) for one in door.pack.strand("enquiry").outcomes]
    assert [(one.id, one.level) for one in outcomes] == [
        ("no-further-action", 1), ("brokered-support", 2), ("single-assessment", 3), ("step-up-now", 4),
    ]  # fmt: skip
    harm = door.pack.outcome("assessment-and-strategy")
    assert (harm.assessment, harm.needs_strategy_discussion) == ("s47", True)
    stepped = door.pack.strand(outcomes[3].transfers_to or "")
    assert harm.id in stepped.outcomes
