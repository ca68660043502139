"""Risk of significant harm waits for nothing, and a suspected crime is the police's to know at once (SC-12, SC-13)."""

import pytest

from icart_common.contracts.at_once import ContactSteppedUp, PoliceTold, StepUpNow, TellPolice
from icart_common.contracts.referral import WhatHappened
from icart_common.contracts.screening import ContactMoved, Triage
from icart_common.contracts.strategy import StrategyDiscussionDecided
from icart_common.contracts.timers import CancelClock, MeetClock, StartClock
from icart_common.policy.screening import Strand
from services.screening.tests.front_door import CASTS, FrontDoor, each, of_type

REASON = "A mark that nobody can explain"


def elsewhere(door: FrontDoor) -> list[Strand]:
    return [strand for strand in door.pack.strands if strand.kind != "safeguarding"]


@each("SC-13")
def test_from_any_strand_it_is_with_social_workers_at_once(door: FrontDoor) -> None:
    for strand in elsewhere(door):
        contact = door.allocated(strand.id, consents=())
        door.done(contact, StepUpNow, door.cast.manager, "m1", reason=REASON)
        held = door.contacts[contact]
        target = door.pack.strand(door.cast.safeguarding)
        assert (held.strand, held.urgency, held.desktop) == (target.id, "immediate", target.desktop)
        assert (held.status, held.worker, held.submitted) == ("open", None, None)
        assert of_type(door.log, ContactSteppedUp)[-1].from_strand == strand.id
        assert of_type(door.log, ContactMoved)[-1].to_desktop == target.desktop


@each("SC-13")
def test_it_is_taken_from_the_arrivals_and_from_the_authorisation_desktop_with_what_was_written(
    door: FrontDoor,
) -> None:
    untouched = door.open()
    door.done(untouched, StepUpNow, door.cast.manager, "m1", reason=REASON)
    assert door.contacts[untouched].strand == door.cast.safeguarding
    contact = door.allocated(door.cast.safeguarding)
    door.submitted(contact, door.cast.advice, 1, without_consent=door.cast.ground)
    before = door.contacts[contact]
    door.done(contact, StepUpNow, door.cast.social_worker, "w9", reason=REASON)
    held = door.contacts[contact]
    assert held.submitted is None
    assert (held.worker, held.sections, held.urgency) == (before.worker, before.sections, "immediate")


@each("SC-13", "TM-1")
def test_the_clocks_of_the_first_choice_end_and_the_immediate_one_counts_from_now(door: FrontDoor) -> None:
    contact = door.allocated(door.cast.early)
    running = dict(door.contacts[contact].clocks.ids)
    choice = {rule.id for rule in door.pack.clocks if rule.starts_on == "triaged"}
    door.done(contact, StepUpNow, door.cast.manager, "m1", reason=REASON)
    started = {clock.rule: clock for clock in of_type(door.clocks, StartClock) if clock.subject == contact}
    assert started["TM-1-step-up"].counted_from == door.now
    assert "TM-1" not in started
    ended = [clock.clock for clock in door.clocks if isinstance(clock, MeetClock | CancelClock)]
    assert {ended.count(clock) for rule, clock in running.items() if rule in choice} <= {1}
    assert not choice & door.contacts[contact].clocks.ids.keys()
    door.done(contact, Triage, door.cast.manager, "m1", strand=door.cast.early, urgency="routine", reason="no harm")
    assert "TM-1-step-up" not in door.contacts[contact].clocks.ids
    assert of_type(door.clocks, CancelClock)[-1].clock == started["TM-1-step-up"].clock


@each("SC-13")
def test_what_is_immediate_already_is_not_stepped_up_again(door: FrontDoor) -> None:
    contact = door.allocated(door.cast.safeguarding, urgency="immediate")
    assert door.refused(contact, StepUpNow, door.cast.manager, "m1", reason=REASON).code == "stepped-up"


@each("SC-13")
def test_whoever_may_not_hears_who_may(door: FrontDoor) -> None:
    contact = door.allocated(door.cast.early)
    refused = door.refused(contact, StepUpNow, door.cast.early_worker, "w1", reason=REASON)
    assert refused.code == "role-may-not"
    assert any(door.cast.social_worker in sentence for sentence in refused.allowed)
    worker = door.refused(contact, StepUpNow, door.cast.social_worker, "w9", reason=REASON, strategy="tonight")
    assert worker.code == "role-may-not"


@each("SC-13", "SC-14", "SC-12", "TM-6")
def test_police_and_a_strategy_discussion_in_the_same_moment(door: FrontDoor) -> None:
    contact = door.allocated(door.cast.early)
    said = {"reason": REASON, "crime": "It may have been made by a hand.", "strategy": "She may not be safe tonight."}
    door.done(contact, StepUpNow, door.cast.manager, "m1", **said)
    (told,) = of_type(door.log, PoliceTold)
    assert (told.concern, told.child.given_name) == ("It may have been made by a hand.", "Tamsin")
    assert door.contacts[contact].police_told_at == door.now
    (begun,) = of_type(door.told, StrategyDiscussionDecided)
    assert (begun.by.person, begun.at, begun.because) == ("m1", door.now, "She may not be safe tonight.")
    assert "TM-6" in {clock.rule for clock in of_type(door.clocks, StartClock) if clock.subject == begun.undertaking}


@each("SC-12")
def test_the_police_are_told_whatever_the_queue_by_whoever_works_on_it(door: FrontDoor) -> None:
    for strand in door.pack.strands:
        contact = door.allocated(strand.id)
        desktop = door.contacts[contact].desktop
        door.done(contact, TellPolice, strand.worker_role, "w1", concern="It may be a crime.")
        assert door.contacts[contact].desktop == desktop
    untouched = door.open()
    door.done(untouched, TellPolice, door.cast.social_worker, "w1", concern="It may be a crime.")
    assert len(of_type(door.log, PoliceTold)) == len(door.pack.strands) + 1
    assert "Thistlewood" not in of_type(door.log, PoliceTold)[-1].model_dump_json()


@pytest.mark.parametrize("door", sorted(CASTS), indirect=True)
def test_the_proposal_says_that_a_crime_is_suspected_and_tells_nobody(door: FrontDoor) -> None:
    contact = door.open(event=WhatHappened(what="She has bruises on both arms."))
    assert door.contacts[contact].proposed.tell_police
    assert not of_type(door.log, PoliceTold)
    assert not door.contacts[door.open(event=WhatHappened(what="Hungry."))].proposed.tell_police
