"""Nothing closes without a manager; nobody authorises their own work; what follows from an outcome (SC-9 to SC-11)."""

from datetime import date
from typing import Any

from icart_common.contracts.base import Address
from icart_common.contracts.cases import Case
from icart_common.contracts.ids import derived_id
from icart_common.contracts.intake import Known
from icart_common.contracts.referral import Consent, Person
from icart_common.contracts.screening import (
    Allocate,
    Authorise,
    CloseAdvice,
    ContactClosed,
    ContactMoved,
    ContactSentBack,
    ContactStepped,
    ReferralCreated,
    SendBack,
    Triage,
)
from icart_common.contracts.timers import CancelClock, MeetClock, StartClock
from services.screening.tests.front_door import MONDAY, FrontDoor, each, of, of_type

GIVEN = Consent(person="p2", status="given")


@each("SC-24", "SC-11")
def test_the_referral_carries_its_dates_worked_out_on_the_authoritys_calendar(door: FrontDoor) -> None:
    """Monday 16 November 2026: Christmas and New Year lie within the 45 working days, nothing within the 15."""
    s47 = next(
        one
        for one in door.pack.outcomes
        if one.assessment == "s47" and one.id in door.pack.strand(door.cast.safeguarding).outcomes
    )
    for outcome in (door.pack.outcome(door.cast.assessment), s47):
        contact = door.allocated(door.cast.safeguarding, consents=(GIVEN,))
        found = {"need_code": "N1", "factors": ("domestic abuse", "neglect")}
        door.submitted(contact, outcome.id, outcome.level, **found)
        created = of_type(list(door.authorised(contact)[0].events), ReferralCreated)[0]
        assert created.assessment_due == date(2027, 1, 21)
        assert created.conference_due == (date(2026, 12, 7) if outcome.assessment == "s47" else None)
        assert (created.need_code, created.factors) == ("N1", ("domestic abuse", "neglect"))
        arrival = door.contacts[contact].arrival
        assert (created.source_code, created.received_at, created.at) == (
            arrival.source_code, arrival.received_at, door.now,
        )  # fmt: skip


def waiting(door: FrontDoor, **changes: Any) -> Any:
    """A contact that waits for the authorisation of advice."""
    contact = door.allocated(door.cast.safeguarding, consents=(GIVEN,), **changes)
    door.submitted(contact, door.cast.advice, 1)
    return contact


@each("SC-10", "SC-2")
def test_a_manager_authorises_and_it_stands_on_no_desktop(door: FrontDoor) -> None:
    contact = waiting(door)
    held = door.done(contact, Authorise, door.cast.manager, "m2", note="agreed")
    assert (held.status, held.desktop) == ("closed", None)
    assert held.ending is not None
    assert (held.ending.authorised, held.ending.note) == (True, "agreed")
    assert of_type(door.log, ContactMoved)[-1].to_desktop is None


@each("SC-11")
def test_the_ending_carries_what_the_feedback_needs(door: FrontDoor) -> None:
    contact = waiting(door)
    arrival = door.contacts[contact].arrival
    (change,) = door.authorised(contact)
    (closed,) = of_type(change.events, ContactClosed)
    assert (closed.reply_to, closed.submission, closed.child) == (arrival.reply_to, arrival.submission, "p1")
    assert (closed.reply_to.agency, closed.reply_to.kind) == (door.cast.school, "professional")
    assert (closed.by.person, closed.submitted_by.person, closed.outcome) == ("m2", "w1", door.cast.advice)
    assert (closed.referral, closed.successor, closed.reasons) == (None, None, "because")


@each("SC-10")
def test_nobody_authorises_their_own_work(door: FrontDoor) -> None:
    contact = waiting(door)
    refusal = door.refused(contact, Authorise, door.cast.manager, "w1")
    assert (refusal.code, door.contacts[contact].status) == ("own-work", "open")


@each("SC-10")
def test_a_role_that_does_not_authorise_may_not(door: FrontDoor) -> None:
    contact = waiting(door)
    refusal = door.refused(contact, Authorise, door.cast.social_worker, "w2")
    assert refusal.code == "role-may-not"
    assert any(door.cast.manager in sentence for sentence in refusal.allowed)


@each("SC-10")
def test_nothing_is_authorised_before_it_was_submitted(door: FrontDoor) -> None:
    contact = door.allocated(door.cast.safeguarding)
    assert door.refused(contact, Authorise, door.cast.manager, "m2").code == "not-submitted"
    assert door.refused(contact, SendBack, door.cast.manager, "m2", actions=("ask",)).code == "not-submitted"
    untouched = door.open()
    assert door.refused(untouched, Authorise, door.cast.manager, "m2").code == "not-triaged"


@each("SC-10", "SC-2")
def test_the_manager_sends_it_back_with_actions(door: FrontDoor) -> None:
    contact = waiting(door)
    held = door.done(contact, SendBack, door.cast.manager, "m2", actions=("ring the health visitor",))
    assert (held.worker, held.submitted, held.actions) == ("w1", None, ("ring the health visitor",))
    assert held.desktop == door.pack.strand(door.cast.safeguarding).desktop
    assert of_type(door.log, ContactSentBack)[-1].by.person == "m2"
    again = door.submitted(contact, door.cast.advice, 1)
    assert again.actions == ()
    assert door.authorised(contact)[0].contact.status == "closed"


@each("SC-10")
def test_a_closed_contact_refuses_everything_and_says_what_to_do(door: FrontDoor) -> None:
    contact = waiting(door)
    door.authorised(contact)
    for command, fields in (
        (Triage, {"strand": door.cast.early, "urgency": "routine", "reason": "late"}),
        (Allocate, {"worker": "w2"}),
        (Authorise, {}),
        (SendBack, {"actions": ("more",)}),
    ):
        refusal = door.refused(contact, command, door.cast.manager, "m3", **fields)
        assert refusal.code == "closed"
        assert refusal.allowed


@each("SC-8", "SC-11")
def test_an_assessment_creates_the_referral_for_the_area_team(door: FrontDoor) -> None:
    for team in door.pack.area_teams:
        for district in team.postcode_districts:
            address = Address(lines="5 Mill Bank", postcode=f"{district} 9ZZ")
            child = Person(ref="p1", role="child", given_name="Tamsin", expected=date(2027, 1, 3), addresses=(address,))
            contact = door.allocated(door.cast.safeguarding, consents=(GIVEN,), child=child)
            door.submitted(contact, door.cast.assessment, door.cast.assessment_level, need_code="N1", factors=("2A",))
            (change,) = door.authorised(contact)
            (created,) = of_type(change.events, ReferralCreated)
            assert created.area_team == team.name
            assert door.pack.agency(created.case_system).kind == "case-system"
            assert (created.child_given_name, created.child_expected) == ("Tamsin", date(2027, 1, 3))
            assert (created.need_code, created.factors, created.source_code) == ("N1", ("2A",), "2A")
            (closed,) = of_type(change.events, ContactClosed)
            assert closed.referral == created.referral != contact


@each("SC-11")
def test_an_address_that_is_nobodys_goes_to_the_team_that_takes_the_rest(door: FrontDoor) -> None:
    contact = door.allocated(door.cast.safeguarding, consents=(GIVEN,))
    person = door.contacts[contact].arrival.child.person
    door.submitted(contact, door.cast.assessment, door.cast.assessment_level, need_code="N0")
    (created,) = of_type(door.authorised(contact)[0].events, ReferralCreated)
    assert created.area_team == next(team.name for team in door.pack.area_teams if team.takes_everywhere_else)
    assert created.person == person


@each("SC-11")
def test_the_case_system_is_told_by_its_own_number(door: FrontDoor) -> None:
    case = Case(status="closed", number="C-1002")
    known = Known(ref="p1", person=derived_id(MONDAY, "known"), match="exact", case=case)
    contact = door.allocated(door.cast.safeguarding, consents=(GIVEN,), child_known=known)
    door.submitted(contact, door.cast.assessment, door.cast.assessment_level, need_code="N1")
    (change,) = door.authorised(contact)
    (created,) = of_type(change.events, ReferralCreated)
    (closed,) = of_type(change.events, ContactClosed)
    assert created.case_number == closed.case_number == "C-1002"


@each("SC-9", "SC-2")
def test_early_intervention_that_finds_harm_goes_on_as_a_safeguarding_contact(door: FrontDoor) -> None:
    contact = door.allocated(door.cast.early, urgency="urgent")
    door.submitted(contact, door.cast.transfer, door.pack.outcome(door.cast.transfer).level)
    first, second = door.authorised(contact)
    (closed,) = of_type(first.events, ContactClosed)
    (stepped,) = of_type(second.events, ContactStepped)
    assert (closed.successor, stepped.first) == (second.contact.id, contact)
    assert second.contact.follows == contact
    assert second.contact.id != contact
    assert (stepped.strand, stepped.urgency) == (door.cast.safeguarding, "urgent")
    assert stepped.received_at == first.contact.arrival.received_at < stepped.at
    strand = door.pack.strand(door.cast.safeguarding)
    assert (second.contact.desktop, second.contact.version, second.contact.worker) == (strand.desktop, 1, None)
    assert (second.contact.sections, second.contact.submitted) == ({}, None)
    refusal = door.refused(contact, Triage, door.cast.manager, "m1", strand=strand.id, urgency="urgent", reason="x")
    assert stepped.reference in refusal.allowed[0]


@each("SC-9")
def test_the_clocks_of_the_second_contact_count_from_the_first_ones_arrival(door: FrontDoor) -> None:
    contact = door.allocated(door.cast.early, urgency="immediate")
    door.submitted(contact, door.cast.transfer, door.pack.outcome(door.cast.transfer).level)
    first, second = door.authorised(contact)
    started = of_type(second.clocks, StartClock)
    assert "TM-1" in {clock.rule for clock in started}
    assert {clock.counted_from for clock in started} == {first.contact.arrival.received_at}
    assert {clock.subject for clock in started} == {second.contact.id}
    assert "first-look" not in second.contact.clocks.ids
    assert not first.contact.clocks.ids


@of("SC-9", "TM-4", authorities=("cheshire-west",))
def test_the_decision_is_still_owed_after_a_transfer(door: FrontDoor) -> None:
    contact = door.allocated("early-help")
    door.submitted(contact, "transfer-to-statutory", 4)
    _, second = door.authorised(contact)
    assert set(second.contact.clocks.ids) == {"TM-4", "TM-16-chase-answers"}, "the questions are open still"


@of("SC-9", "TM-2", "TM-3", authorities=("halton",))
def test_halton_swaps_three_days_for_one(door: FrontDoor) -> None:
    contact = door.allocated("early-intervention")
    three_days = door.contacts[contact].clocks.ids["TM-3"]
    door.submitted(contact, "transfer-to-safeguarding", 3)
    first, second = door.authorised(contact)
    assert three_days in {clock.clock for clock in of_type(first.clocks, MeetClock)}
    assert set(second.contact.clocks.ids) == {"TM-2", "TM-16-chase-answers"}, "the questions are open still"


@each("SC-9")
def test_a_transfer_needs_a_manager_who_may_transfer(door: FrontDoor) -> None:
    contact = door.allocated(door.cast.early)
    door.submitted(contact, door.cast.transfer, door.pack.outcome(door.cast.transfer).level)
    for role in door.pack.roles:
        if not role.may("transfer", door.cast.early):
            assert door.refused(contact, Authorise, role.id, "m9").code == "role-may-not"


@of("SC-10", authorities=("york",))
def test_york_lets_the_worker_close_what_needed_only_advice(door: FrontDoor) -> None:
    contact = door.allocated("contact")
    fields = {"outcome": "information-and-advice", "reasons": "told where the toddler group meets"}
    assert door.refused(contact, CloseAdvice, "advice-worker", "w2", **fields).code == "not-your-work"
    held = door.done(contact, CloseAdvice, "advice-worker", "w1", **fields)
    assert (held.status, held.desktop) == ("closed", None)
    (closed,) = of_type(door.log, ContactClosed)
    assert (closed.authorised, closed.by, closed.submitted_by.person) == (False, closed.submitted_by, "w1")


@each("SC-10")
def test_nothing_else_is_closed_by_a_worker(door: FrontDoor) -> None:
    for strand in (door.cast.early, door.cast.safeguarding):
        contact = door.allocated(strand, consents=(GIVEN,))
        for outcome in door.pack.strand(strand).outcomes:
            refusal = door.refused(contact, CloseAdvice, door.worker_of(contact), "w1", outcome=outcome, reasons="so")
            assert refusal.code == "authorisation-needed"
        assert door.contacts[contact].status == "open"


@each("SC-10")
def test_an_ending_leaves_no_clock_running(door: FrontDoor) -> None:
    contact = door.allocated(door.cast.early, consents=(GIVEN,), channel="phone")
    door.submitted(contact, door.cast.early_ending, door.cast.early_level)
    running = set(door.contacts[contact].clocks.ids.values())
    assert running
    (change,) = door.authorised(contact)
    ended = {clock.clock for clock in (*of_type(change.clocks, MeetClock), *of_type(change.clocks, CancelClock))}
    assert (ended, change.contact.clocks.ids) == (running, {})
