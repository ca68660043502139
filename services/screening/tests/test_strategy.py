"""A strategy discussion: within a day, with everybody who is needed, every action with an owner and a day (SC-14, TM-6)."""

from datetime import timedelta

import pytest

from icart_common.contracts.base import Actor
from icart_common.contracts.intake import ReplyTo
from icart_common.contracts.referral import Consent, Referrer
from icart_common.contracts.screening import Allocate
from icart_common.contracts.strategy import (
    CallOffStrategyDiscussion,
    DecideStrategyDiscussion,
    HoldStrategyDiscussion,
    InviteToStrategyDiscussion,
    NoteStrategyAction,
    ReconveneStrategyDiscussion,
    Seat,
    SettleStrategyAction,
    ShareForStrategyDiscussion,
    StrategyActionsFinished,
    StrategyConcluded,
    StrategyDiscussionCalledOff,
    StrategyDiscussionClosed,
    StrategyDiscussionDecided,
    StrategyPartnersInvited,
)
from icart_common.contracts.timers import CancelClock, MeetClock, StartClock
from icart_screening.domain.contact import Ending
from icart_screening.domain.undertakings.strategy import StrategyDiscussion
from services.screening.tests.front_door import FrontDoor, each, of_type
from services.screening.tests.strategy_cast import DUTY, OURSELVES, Discussion, decided, whole

GIVEN = Consent(person="p2", status="given")


@each("SC-14", "TM-6")
def test_from_the_decision_to_the_last_action(door: FrontDoor) -> None:
    contact = door.open()
    one = decided(door, contact)
    (clock,) = [clock for clock in of_type(door.clocks, StartClock) if clock.subject == one.id]
    assert (clock.rule, clock.counted_from) == ("TM-6", one.held.begun_at)
    one.invite(one.police, one.health, OURSELVES)
    one.hear(OURSELVES, one.police)
    one.hear(one.health, how="by-telephone")
    one.note(owner=DUTY, due=door.now.date())
    spoken_at = door.now
    door.now += timedelta(hours=2)
    one.does(HoldStrategyDiscussion, held_at=spoken_at)
    (met,) = [met for met in of_type(door.clocks, MeetClock) if met.clock == clock.clock]
    assert met.at == spoken_at
    one.close()
    (closed,) = of_type(door.told, StrategyDiscussionClosed)
    assert (closed.outcome, closed.told) == ("s47-joint", (one.police.agency, one.health.agency))
    assert (one.held.state, len(one.held.outstanding)) == ("closed", 1)
    assert one.held.open, "its actions are still to be carried out"
    one.does(SettleStrategyAction, number=1, how="done", note="Spoken to.")
    assert (one.held.state, one.held.outstanding) == ("finished", ())
    assert of_type(door.told, StrategyActionsFinished)
    assert clock.clock not in {cancelled.clock for cancelled in of_type(door.clocks, CancelClock)}


def discussions(door: FrontDoor) -> list[StrategyDiscussion]:
    """Every one there is; what else the authority holds is not looked at."""
    return [one for one in door.undertakings.values() if isinstance(one, StrategyDiscussion)]


@each("SC-14")
def test_it_is_not_closed_with_an_action_without_an_owner_or_a_day(door: FrontDoor) -> None:
    one = whole(door)
    one.note()
    one.note(owner=DUTY)
    refused = one.may_not_close()
    assert refused.code == "action-incomplete"
    assert refused.why == "action 2 has no owner and no date; action 3 has no date"
    assert refused.allowed == ("give action 2 an owner", "give action 2 a date", "give action 3 a date")
    one.note(number=2, owner=DUTY, due=door.now.date())
    one.does(SettleStrategyAction, number=3, how="withdrawn", note="Said twice.")
    one.close()
    assert one.held.state == "closed"


@each("SC-14")
def test_it_is_not_closed_while_somebody_who_is_needed_was_not_heard(door: FrontDoor) -> None:
    one = decided(door, also=("school",))
    one.hear(OURSELVES, one.police)
    one.hear(one.health, how="absent")
    one.hold()
    refused = one.may_not_close()
    assert refused.code == "partner-missing"
    assert "Health neither came nor was consulted; School neither came nor was consulted" in refused.why
    one.hear(one.health, how="by-telephone")
    one.hear(Seat(partner="school", agency=door.cast.school))
    one.close(outcome="no-s47")
    assert one.held.state == "finished", "nothing was left to do"


@each("SC-14")
def test_a_needed_partner_can_turn_up_later(door: FrontDoor) -> None:
    one = whole(door)
    one.invite(Seat(partner="school", agency=door.cast.school), also=("domestic-abuse-service",))
    assert "Domestic abuse service" in one.may_not_close().why


@each("SC-14", "CO-7", "CO-5")
def test_an_invitation_says_who_the_child_is_and_nothing_more(door: FrontDoor) -> None:
    one = decided(door)
    one.invite(one.police)
    (invited,) = of_type(door.told, StrategyPartnersInvited)
    assert invited.child.model_dump(exclude_none=True) == {
        "given_name": "Tamsin",
        "family_name": "Quillfeather",
        "born": invited.child.born,
        "address": "14 Larkspur Close, ZZ99 1AA",
    }
    assert "Thistlewood" not in invited.model_dump_json()
    assert "hungry" not in invited.model_dump_json()


@each("SC-14", "CO-8")
def test_only_the_agency_of_a_seat_is_asked(door: FrontDoor) -> None:
    one = decided(door)
    when = {"meets_at": door.now, "how": "by video"}
    wrong = one.may_not(InviteToStrategyDiscussion, seats=[Seat(partner="police", agency=one.health.agency)], **when)
    assert (wrong.code, wrong.allowed) == ("not-of-partner", (f"{_name(door, one.police)} ({one.police.agency})",))
    assert one.may_not(InviteToStrategyDiscussion, seats=[Seat(partner="no-such")], **when).code == "unknown-partner"
    nobody = Seat(partner="police", agency="no-such-agency")
    assert one.may_not(InviteToStrategyDiscussion, seats=[nobody], **when).code == "unknown-agency"
    ours = one.may_not(
        InviteToStrategyDiscussion, seats=[Seat(partner="social-care", agency=one.police.agency)], **when
    )
    assert ours.code == "not-of-partner"


def _name(door: FrontDoor, seat: Seat) -> str:
    assert seat.agency is not None
    return door.pack.agency(seat.agency).name


@each("SC-14", "CO-5")
def test_a_neighbours_door_is_no_referrers_agency(door: FrontDoor) -> None:
    seat = Seat(partner="referrers-agency", agency=door.cast.school)
    one = decided(door)
    one.invite(seat)
    assert one.held.invited == (seat,)
    neighbour = door.open(referrer=Referrer(kind="public", name="Quentin Ashbarrow"))
    reply_to = door.contacts[neighbour].arrival.reply_to
    assert isinstance(reply_to, ReplyTo)
    other = decided(door, neighbour)
    refused = other.may_not(InviteToStrategyDiscussion, seats=[seat], meets_at=door.now, how="by video")
    assert refused.code == "not-of-partner"


@each("SC-14", "CO-4", "CO-8")
def test_what_a_partner_is_given_has_a_ground_and_goes_to_nobody_else(door: FrontDoor) -> None:
    one = decided(door)
    given = {"agency": one.police.agency, "information": "She was seen with a mark.", "ground": door.cast.ground}
    assert one.may_not(ShareForStrategyDiscussion, **given).code == "not-invited"
    one.invite(one.police)
    assert one.may_not(ShareForStrategyDiscussion, **{**given, "ground": "consent"}).code == "unknown-ground"
    assert one.may_not(ShareForStrategyDiscussion, **{**given, "ground": "no-such"}).code == "unknown-ground"
    worker = door.cast.social_worker
    contact = door.contacts[one.held.contact or one.id]
    door.contacts[contact.id] = contact.model_copy(update={"strand": door.cast.safeguarding})
    assert door.not_begun(one.id, ShareForStrategyDiscussion, worker, "w1", **given).code == "role-may-not"
    one.does(ShareForStrategyDiscussion, **given)
    (shared,) = one.held.shared
    assert (shared.agency, shared.ground, shared.by) == (one.police.agency, door.cast.ground, "m1")


@each("SC-14")
def test_with_the_familys_agreement_a_worker_may_share(door: FrontDoor) -> None:
    contact = door.allocated(door.cast.safeguarding, consents=(GIVEN,))
    one = decided(door, contact)
    one.invite(one.health)
    given = {"agency": one.health.agency, "information": "She was seen with a mark.", "ground": "consent"}
    door.begun(one.id, ShareForStrategyDiscussion, door.cast.social_worker, "w1", **given)
    assert one.held.shared[0].ground == "consent"


@each("SC-14")
def test_an_outcome_that_needs_a_discussion_begins_one_when_it_is_authorised(door: FrontDoor) -> None:
    contact = door.allocated(door.cast.safeguarding, consents=(GIVEN,))
    outcome = next(one for one in door.pack.outcomes if one.needs_strategy_discussion)
    door.submitted(contact, outcome.id, outcome.level, need_code="N1")
    assert not discussions(door)
    door.authorised(contact, by="m2")
    (begun,) = of_type(door.told, StrategyDiscussionDecided)
    assert (begun.by.person, begun.outcome, begun.contact) == ("m2", outcome.id, contact)
    one = Discussion(door, begun.undertaking)
    one.hear(OURSELVES, one.police, one.health)
    one.hold()
    one.close()
    assert not of_type(door.log, StrategyConcluded), "the contact is closed: nothing is written into it"


@each("SC-14")
def test_no_second_one_begins_beside_one_that_is_under_way_or_led_to_enquiries(door: FrontDoor) -> None:
    for is_closed in (False, True):
        contact = door.allocated(door.cast.safeguarding, consents=(GIVEN,))
        one = whole(door, contact)
        if is_closed:
            one.close()
        else:
            again = door.not_begun(contact, DecideStrategyDiscussion, door.cast.manager, "m1", because="more")
            assert again.code == "under-way"
        before = len(discussions(door))
        outcome = next(one for one in door.pack.outcomes if one.needs_strategy_discussion)
        door.submitted(contact, outcome.id, outcome.level, need_code="N1")
        door.authorised(contact)
        assert len(discussions(door)) == before


@each("SC-14")
def test_what_it_came_to_is_shown_on_a_contact_that_is_open(door: FrontDoor) -> None:
    contact = door.open()
    whole(door, contact).close(outcome="s47-single")
    held = door.contacts[contact]
    assert (held.strategy, held.version) == ("s47-single", 2)
    assert of_type(door.log, StrategyConcluded)[-1].outcome == "s47-single"


@each("SC-14")
def test_a_second_discussion_follows_the_first(door: FrontDoor) -> None:
    contact = door.open()
    first = whole(door, contact)
    again = {"undertaking": first.id, "because": "The report has come."}
    manager = door.cast.manager
    assert door.not_begun(first.id, ReconveneStrategyDiscussion, manager, "m1", **again).code == "under-way"
    first.close()
    elsewhere = {**again, "undertaking": door.open()}
    unknown = door.not_begun(contact, ReconveneStrategyDiscussion, manager, "m1", **elsewhere)
    assert unknown.code == "unknown-undertaking"
    second = Discussion(door, door.begun(first.id, ReconveneStrategyDiscussion, manager, "m1", **again))
    assert (second.held.follows, second.held.state, first.held.state) == (first.id, "decided", "closed")
    second.invite(second.police)
    assert of_type(door.told, StrategyPartnersInvited)[-1].reconvened


@each("SC-14")
def test_it_was_held_neither_before_the_contact_came_nor_after_now(door: FrontDoor) -> None:
    one = decided(door)
    for when in (one.held.begun_at - timedelta(days=1), door.now + timedelta(hours=1)):
        assert one.may_not(HoldStrategyDiscussion, held_at=when).code == "not-then"


@each("SC-14")
def test_nothing_is_done_out_of_turn_or_by_a_role_that_may_not(door: FrontDoor) -> None:
    one = decided(door)
    assert one.may_not_close().code == "not-now"
    one.note()
    assert one.may_not(NoteStrategyAction, number=7, what="x").code == "unknown-action"
    contact = door.allocated(door.cast.safeguarding)
    worker = door.not_begun(contact, DecideStrategyDiscussion, door.cast.social_worker, "w1", because="x")
    assert worker.code == "role-may-not"
    assert any(door.cast.manager in sentence for sentence in worker.allowed)


@each("SC-14")
def test_it_is_decided_where_the_work_goes_on(door: FrontDoor) -> None:
    contact = door.allocated(door.cast.early, consents=(GIVEN,))
    outcome = door.pack.outcome(door.cast.transfer)
    door.submitted(contact, outcome.id, outcome.level)
    _, second = door.authorised(contact)
    refused = door.not_begun(contact, DecideStrategyDiscussion, door.cast.manager, "m1", because="x")
    assert refused.code == "closed"
    door.done(second.contact.id, Allocate, door.cast.manager, "m1", worker="w1")
    assert isinstance(door.undertakings[decided(door, second.contact.id).id], StrategyDiscussion)


@pytest.mark.parametrize("door", ["halton"], indirect=True)
def test_a_refusal_does_not_repeat_what_an_action_says(door: FrontDoor) -> None:
    one = whole(door)
    one.note(what="Zephyrine Canaryfield is to be seen.")
    refused = one.may_not_close()
    assert "Canaryfield" not in " ".join((refused.why, *refused.allowed))


WRONG = {"reasons": "Coach and hospital say that it was the match."}


@each("SC-14", "TM-6")
def test_it_is_called_off_while_nobody_has_met_with_reasons_and_everybody_asked_is_told(door: FrontDoor) -> None:
    one = decided(door, door.open())
    one.invite(one.police, one.health, OURSELVES)
    one.note(owner=DUTY, due=door.now.date())
    refused = one.may_not(CallOffStrategyDiscussion, **WRONG)
    assert (refused.code, refused.allowed) == ("action-outstanding", ("settle action 1, or withdraw it",))
    one.does(SettleStrategyAction, number=1, how="withdrawn", note="Not needed.")
    one.does(CallOffStrategyDiscussion, **WRONG)
    (said,) = of_type(door.told, StrategyDiscussionCalledOff)
    assert said.told == (one.police.agency, one.health.agency)
    assert (one.held.state, one.held.open, one.held.reasons) == ("called-off", False, WRONG["reasons"])
    (clock,) = [clock for clock in of_type(door.clocks, StartClock) if clock.subject == one.id]
    assert clock.clock in {cancelled.clock for cancelled in of_type(door.clocks, CancelClock)}
    assert one.may_not(CallOffStrategyDiscussion, **WRONG).code == "not-now"
    assert decided(door, one.held.contact).held.state == "decided", "another can be decided"


@each("SC-14")
def test_what_an_authorised_outcome_rests_on_or_was_held_is_not_called_off(door: FrontDoor) -> None:
    held = decided(door, door.open())
    held.invite(held.police, held.health, OURSELVES)
    held.hold()
    assert held.may_not(CallOffStrategyDiscussion, **WRONG).code == "not-now"
    about = door.open()
    one = decided(door, about)
    needing = next(outcome.id for outcome in door.pack.outcomes if outcome.needs_strategy_discussion)
    contact = door.contacts[about]
    ending = Ending(by=Actor(person="m1", role=door.cast.manager), outcome=needing, level=3, authorised=True)
    door.contacts[about] = contact.model_copy(update={"status": "closed", "desktop": None, "ending": ending})
    assert one.may_not(CallOffStrategyDiscussion, **WRONG).code == "outcome-needs-it"
    social_worker = door.not_begun(one.id, CallOffStrategyDiscussion, door.cast.early_worker, "w1", **WRONG)
    assert social_worker.code == "role-may-not"
