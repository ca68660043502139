"""Step-up of an early-help case: review, meeting, recommendation, referral; immediate risk overrides all of it (SC-17, TM-7)."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icart_common.contracts.at_once import ContactSteppedUp, StepUpNow
from icart_common.contracts.base import Actor
from icart_common.contracts.screening import Allocate, ReferralCreated, Triage
from icart_common.contracts.stepping import (
    AskStepUp,
    AuthoriseStepUp,
    OverrideStepUp,
    RecordStepUpMeeting,
    ReviewStepUp,
    StepUpAdvised,
    StepUpAgreed,
    StepUpOverridden,
    StepUpTransferred,
)
from icart_common.contracts.timers import CancelClock, MeetClock, StartClock
from icart_screening.domain.refusal import Refusal
from icart_screening.domain.undertakings.step_up import StepUp
from services.screening.tests.front_door import BOOK, FrontDoor, of, of_type

halton = of("SC-17", authorities=("halton",))
SCHOOL = {"agency": "brackenfield-high", "lead_professional": "Isolde Pennywhistle"}
LEVEL_3 = {"level": 3, "reasons": "Six months of the plan have changed nothing."}
RECOMMENDED = {"recommendations": ("An assessment of all three children.",), "reasons": "Neglect goes on."}


def asked(door: FrontDoor) -> tuple[UUID, UUID]:
    """A contact that came as a group's request, and its step-up."""
    contact = door.open(channel="step-up")
    (one,) = door.undertakings
    return contact, one


def held(door: FrontDoor, one: UUID) -> StepUp:
    found = door.undertakings[one]
    assert isinstance(found, StepUp)
    return found


def worker() -> Actor:
    return Actor(person="w1", role="social-worker")


def agreed(door: FrontDoor) -> tuple[UUID, UUID]:
    contact, one = asked(door)
    door.begun(one, ReviewStepUp, "social-worker", "w1", **LEVEL_3)
    return contact, one


def closed_as_early_help(door: FrontDoor) -> tuple[UUID, UUID]:
    """The contact has closed as early help while the meeting is arranged."""
    contact, one = agreed(door)
    door.done(contact, Triage, "social-work-manager", "m1", strand="safeguarding", urgency="routine", reason="review")
    closed = door.contacts[contact].model_copy(update={"status": "closed", "desktop": None})
    door.contacts[contact] = closed
    return contact, one


def met(door: FrontDoor, one: UUID, *, assessment: bool = True) -> None:
    said = {"held_at": door.now, "attended": (worker(),), "assessment": assessment, **RECOMMENDED}
    door.begun(one, RecordStepUpMeeting, "social-worker", "w1", **said)


@halton
def test_a_contact_that_came_as_a_request_is_one_and_any_other_can_be_made_one(door: FrontDoor) -> None:
    _, one = asked(door)
    assert (held(door, one).state, held(door, one).lead_professional) == ("asked", "Bertrand Thistlewood")
    other = door.open()
    second = door.begun(other, AskStepUp, "contact-officer", "c1", **SCHOOL)
    assert held(door, second).lead_professional == "Isolde Pennywhistle"
    assert door.not_begun(other, AskStepUp, "contact-officer", "c1", **SCHOOL).code == "asked-already"
    third = door.open()
    unknown = {**SCHOOL, "agency": "no-such-school"}
    assert door.not_begun(third, AskStepUp, "contact-officer", "c1", **unknown).code == "unknown-agency"


@halton
def test_reviewed_as_early_help_the_group_is_advised(door: FrontDoor) -> None:
    _, one = asked(door)
    early = {"level": 2, "reasons": "The plan works."}
    assert door.not_begun(one, ReviewStepUp, "social-worker", "w1", **early).code == "advice-needed"
    assert door.not_begun(one, ReviewStepUp, "contact-officer", "c1", **early, advice="x").code == "role-may-not"
    door.begun(one, ReviewStepUp, "social-worker", "w1", **early, advice="Ask the school nurse.")
    (advised,) = of_type(door.told, StepUpAdvised)
    assert (advised.agency, advised.advice) == ("brackenfield-high", "Ask the school nurse.")
    assert held(door, one).state == "advised"
    assert not [clock for clock in of_type(door.clocks, StartClock) if clock.subject == one]


@of("SC-17", "TM-7", authorities=("halton",))
def test_a_meeting_that_no_day_can_be_given_is_not_agreed_to(door: FrontDoor) -> None:
    door.now = datetime(2030, 12, 20, 10, 0, tzinfo=UTC)
    _, one = asked(door)
    refused = door.not_begun(one, ReviewStepUp, "social-worker", "w1", **LEVEL_3)
    assert (refused.code, "2031" in refused.why) == ("beyond-known-holidays", True)
    assert refused.allowed
    early = {"level": 2, "reasons": "The plan works.", "advice": "Ask the school nurse."}
    door.begun(one, ReviewStepUp, "social-worker", "w1", **early)


@of("SC-17", "TM-7", authorities=("halton",))
def test_level_three_calls_for_a_meeting_within_two_weeks_with_one_of_ours(door: FrontDoor) -> None:
    _, one = agreed(door)
    (said,) = of_type(door.told, StepUpAgreed)
    assert (said.meet_by - said.at).days in (13, 14)
    (clock,) = [clock for clock in of_type(door.clocks, StartClock) if clock.subject == one]
    assert clock.rule == "TM-7"
    alone = {"held_at": door.now, "assessment": True, **RECOMMENDED}
    for attended in ((), (Actor(person="e1", role="early-intervention-worker"),)):
        refused = door.not_begun(one, RecordStepUpMeeting, "social-worker", "w1", attended=attended, **alone)
        assert refused.code == "nobody-of-ours"
        assert "name the Social worker who came" in refused.allowed
    met(door, one)
    assert [one_met.clock for one_met in of_type(door.clocks, MeetClock) if one_met.clock == clock.clock]
    assert held(door, one).state == "assessment-recommended"


@halton
def test_the_recommended_assessment_is_authorised_by_somebody_else_and_goes_to_the_area_team(door: FrontDoor) -> None:
    contact, one = closed_as_early_help(door)
    met(door, one)
    need = {"need_code": "N1"}
    own = door.not_begun(one, AuthoriseStepUp, "social-work-manager", "w1", **need)
    assert own.code == "own-work"
    before = door.contacts[contact].version
    door.begun(one, AuthoriseStepUp, "social-work-manager", "m2", **need)
    (created,) = of_type(door.log, ReferralCreated)
    (transferred,) = of_type(door.told, StepUpTransferred)
    assert created.referral == transferred.referral
    assert (created.outcome, created.need_code, created.reasons) == ("assessment-s17", "N1", "Neglect goes on.")
    assert created.area_team
    assert (door.contacts[contact].version, held(door, one).state) == (before + 1, "transferred")


@halton
def test_an_open_contact_makes_the_referral_by_its_own_outcome(door: FrontDoor) -> None:
    contact, one = agreed(door)
    met(door, one)
    refused = door.not_begun(one, AuthoriseStepUp, "social-work-manager", "m2", need_code="N1")
    assert refused.code == "contact-open"
    door.done(contact, Triage, "social-work-manager", "m1", strand="safeguarding", urgency="routine", reason="review")
    allocate(door, contact)
    door.submitted(contact, "assessment-s17", 3, need_code="N1", without_consent="risk-raised")
    door.authorised(contact)
    (created,) = of_type(door.log, ReferralCreated)
    assert held(door, one).referral == str(created.referral)
    assert held(door, one).state == "transferred"


def allocate(door: FrontDoor, contact: UUID) -> None:
    door.done(contact, Allocate, "social-work-manager", "m1", worker="w1")


@halton
@pytest.mark.parametrize(
    ("outcome", "level", "state"), [("advise-caf", 2, "advised"), ("assessment-s17", 3, "overridden")]
)
def test_a_contact_that_closes_first_settles_a_request_that_nobody_reviewed(
    door: FrontDoor, outcome: str, level: int, state: str
) -> None:
    contact, one = asked(door)
    door.done(contact, Triage, "social-work-manager", "m1", strand="safeguarding", urgency="routine", reason="review")
    allocate(door, contact)
    need = {"need_code": "N1"} if level == 3 else {}
    door.submitted(contact, outcome, level, without_consent="risk-raised", **need)
    door.authorised(contact)
    assert held(door, one).state == state


@halton
def test_the_plan_goes_on_when_the_meeting_recommends_no_assessment(door: FrontDoor) -> None:
    _, one = agreed(door)
    met(door, one, assessment=False)
    assert (held(door, one).state, held(door, one).open) == ("plan-continues", False)


@halton
@pytest.mark.parametrize("stage", ["asked", "agreed", "met"])
def test_immediate_risk_goes_straight_to_safeguarding_from_any_stage(door: FrontDoor, stage: str) -> None:
    contact, one = asked(door)
    if stage != "asked":
        door.begun(one, ReviewStepUp, "social-worker", "w1", **LEVEL_3)
    if stage == "met":
        met(door, one)
    because = "She was hit last night."
    assert door.not_begun(one, OverrideStepUp, "contact-officer", "c1", because=because).code == "role-may-not"
    door.begun(one, OverrideStepUp, "social-worker", "w1", because=because)
    found = door.contacts[contact]
    assert (found.strand, found.urgency, found.desktop) == ("safeguarding", "immediate", "cart")
    (stepped,) = of_type(door.log, ContactSteppedUp)
    assert (stepped.by.person, stepped.reason) == ("w1", because)
    assert held(door, one).state == "overridden"
    started = {clock.clock for clock in of_type(door.clocks, StartClock) if clock.subject == one}
    ended = {clock.clock for clock in door.clocks if isinstance(clock, CancelClock | MeetClock)}
    assert started <= ended


@halton
def test_a_manager_who_triages_it_as_immediate_overrides_it_too(door: FrontDoor) -> None:
    contact, one = agreed(door)
    door.done(contact, Triage, "social-work-manager", "m1", strand="safeguarding", urgency="immediate", reason="risk")
    (said,) = of_type(door.told, StepUpOverridden)
    assert (said.by.person, held(door, one).state) == ("m1", "overridden")


@of("SC-17", "SC-13", authorities=("halton",))
def test_a_contact_that_is_stepped_up_at_once_waits_for_no_meeting(door: FrontDoor) -> None:
    contact, one = agreed(door)
    door.done(contact, StepUpNow, "social-worker", "w1", reason="She was hit last night.")
    assert held(door, one).state == "overridden"
    (said,) = of_type(door.told, StepUpOverridden)
    assert said.because == "She was hit last night."


@halton
def test_when_the_contact_has_closed_the_risk_has_a_contact_of_its_own(door: FrontDoor) -> None:
    contact, one = closed_as_early_help(door)
    risk = {"because": "She was hit last night."}
    assert door.not_begun(one, OverrideStepUp, "social-worker", "w1", **risk).code == "contact-closed"
    assert door.not_begun(one, OverrideStepUp, "social-worker", "w1", **risk, followed_by=contact).code == (
        "contact-closed"
    )
    door.begun(one, OverrideStepUp, "social-worker", "w1", **risk, followed_by=door.open())
    assert held(door, one).state == "overridden"


@of(authorities=("cheshire-west", "york"))
def test_where_there_is_no_such_meeting_whoever_asks_hears_what_is_done_instead(door: FrontDoor) -> None:
    contact = door.open(channel="step-up")
    assert not door.undertakings
    said = {"agency": door.cast.school, "lead_professional": "Isolde Pennywhistle"}
    refused = door.not_begun(contact, AskStepUp, door.cast.manager, "m1", **said)
    assert refused.code == "no-step-up-meeting"
    assert refused.allowed == door.pack.stepping.step_up.instead


ACTS = st.sampled_from(["advise", "agree", "meet", "go-on", "authorise", "override", "triage", "close"])


@settings(max_examples=40, deadline=None)
@given(st.lists(ACTS, max_size=8))
def test_whatever_is_tried_its_clock_ends_once_and_no_referral_is_without_a_meeting(acts: list[str]) -> None:
    door = FrontDoor("halton")
    contact, one = asked(door)
    for act in acts:
        _try(door, contact, one, act)
    found = held(door, one)
    started = [clock.clock for clock in of_type(door.clocks, StartClock) if clock.subject == one]
    ended = [clock.clock for clock in door.clocks if isinstance(clock, CancelClock | MeetClock)]
    assert len(started) <= 1
    assert [ended.count(clock) for clock in started] == [1 if not found.open or found.recommended_by else 0] * len(
        started
    )
    made = of_type(door.log, ReferralCreated)
    assert len(made) == (found.state == "transferred")
    assert not made or any(person.role in {"social-worker", "social-work-manager"} for person in found.attended)
    assert BOOK.pack("halton").authority.id == found.authority


def _try(door: FrontDoor, contact: UUID, one: UUID, act: str) -> None:
    manager, sw = "social-work-manager", "social-worker"
    match act:
        case "advise":
            door.ask(one, ReviewStepUp, sw, "w1", level=2, reasons="so", advice="Ask the nurse.")
        case "agree":
            door.ask(one, ReviewStepUp, sw, "w1", **LEVEL_3)
        case "meet" | "go-on":
            said = {"held_at": door.now, "attended": (worker(),), "assessment": act == "meet", **RECOMMENDED}
            door.ask(one, RecordStepUpMeeting, sw, "w1", **said)
        case "authorise":
            door.ask(one, AuthoriseStepUp, manager, "m2", need_code="N1")
        case "override":
            door.ask(one, OverrideStepUp, sw, "w1", because="She was hit.")
        case "triage":
            fields = {"strand": "safeguarding", "urgency": "immediate", "reason": "risk"}
            assert isinstance(door.tell(contact, Triage, manager, "m1", **fields), tuple | Refusal)
        case "close":
            closed = door.contacts[contact].model_copy(update={"status": "closed", "desktop": None})
            door.contacts[contact] = closed
