"""A manager triages and allocates; either way can be changed later, with a reason (SC-1, SC-4, PV-5)."""

from icart_common.contracts.screening import (
    Allocate,
    ContactAllocated,
    ContactMoved,
    ContactTriaged,
    Triage,
)
from icart_common.contracts.timers import CancelClock, MeetClock, StartClock
from services.screening.tests.front_door import FrontDoor, each, of, of_type


@each("SC-1", "SC-2")
def test_a_manager_sends_it_to_the_desktop_of_a_strand(door: FrontDoor) -> None:
    contact = door.open()
    decided = {"strand": door.cast.safeguarding, "urgency": "urgent", "reason": "two earlier contacts"}
    held = door.done(contact, Triage, door.cast.manager, "m1", **decided, instructions="speak to the school")
    strand = door.pack.strand(door.cast.safeguarding)
    assert (held.version, held.strand, held.urgency, held.desktop) == (2, strand.id, "urgent", strand.desktop)
    assert held.instructions == "speak to the school"
    (triaged,) = of_type(door.log, ContactTriaged)
    assert (triaged.by.person, triaged.version, triaged.reason) == ("m1", 2, "two earlier contacts")
    assert of_type(door.log, ContactMoved)[-1].to_desktop == strand.desktop


@each("SC-1")
def test_a_role_that_may_not_triage_is_told_which_may(door: FrontDoor) -> None:
    contact = door.open()
    decided = {"strand": door.cast.early, "urgency": "routine", "reason": "it seems so"}
    refusal = door.refused(contact, Triage, door.cast.early_worker, "w1", **decided)
    assert refusal.code == "role-may-not"
    assert any(door.cast.manager in sentence for sentence in refusal.allowed)
    assert door.refused(contact, Triage, "mayor", "x1", **decided).code == "unknown-role"
    unknown = door.refused(contact, Triage, door.cast.manager, "m1", **{**decided, "strand": "leisure"})
    assert (unknown.code, len(unknown.allowed)) == ("unknown-strand", len(door.pack.strands))
    assert door.contacts[contact].version == 1


@each("SC-1")
def test_triaged_again_it_leaves_its_worker_and_its_clocks(door: FrontDoor) -> None:
    contact = door.allocated(door.cast.early)
    before = dict(door.contacts[contact].clocks.ids)
    again = {"strand": door.cast.safeguarding, "urgency": "immediate", "reason": "she has told her teacher more"}
    held = door.done(contact, Triage, door.cast.manager, "m1", **again)
    assert (held.strand, held.worker, held.desktop) == (
        again["strand"],
        None,
        door.pack.strand(again["strand"]).desktop,
    )
    conditioned = {
        rule.id for rule in door.pack.clocks if rule.starts_on == "triaged" and door.cast.early in rule.when.strand
    }
    ended = {clock.clock for clock in of_type(door.clocks, CancelClock)}
    assert ended == {before[rule] for rule in conditioned if rule in before}
    assert "TM-1" in held.clocks.ids
    assert [event.reason for event in of_type(door.log, ContactTriaged)] == ["what it says", again["reason"]]


@of("SC-1", "TM-1", "TM-2", authorities=("halton",))
def test_halton_safeguarding_runs_on_the_clock_of_its_urgency(door: FrontDoor) -> None:
    contact = door.allocated("safeguarding", urgency="urgent")
    assert "TM-2" in door.contacts[contact].clocks.ids
    triage = {"strand": "safeguarding", "urgency": "immediate", "reason": "worse than thought"}
    held = door.done(contact, Triage, door.cast.manager, "m1", **triage)
    assert ("TM-1" in held.clocks.ids, "TM-2" in held.clocks.ids) == (True, False)
    assert held.worker == "w1"
    started = {clock.rule: clock.counted_from for clock in of_type(door.clocks, StartClock)}
    assert started["TM-1"] == held.arrival.received_at


@each("ED-6", "TM-1")
def test_what_the_night_team_answered_is_answered(door: FrontDoor) -> None:
    contact = door.allocated(door.cast.safeguarding, urgency="immediate", answered_by_edt=True, channel="edt")
    (start,) = [clock for clock in of_type(door.clocks, StartClock) if clock.rule == "TM-1"]
    (met,) = [clock for clock in of_type(door.clocks, MeetClock) if clock.clock == start.clock]
    assert (met.by_event, met.at) == ("edt_answered", door.contacts[contact].arrival.received_at)


@of("TM-3", authorities=("halton",))
def test_halton_early_intervention_has_three_days_from_the_arrival(door: FrontDoor) -> None:
    contact = door.allocated("early-intervention")
    (clock,) = [clock for clock in of_type(door.clocks, StartClock) if clock.rule == "TM-3"]
    assert clock.counted_from == door.contacts[contact].arrival.received_at


@of("TM-4", authorities=("cheshire-west",))
def test_cheshire_west_decides_within_the_clock_of_the_arrival(door: FrontDoor) -> None:
    contact = door.allocated("statutory")
    clock = door.contacts[contact].clocks.ids["TM-4"]
    door.submitted(contact, "threshold-not-met", 1, without_consent="crime")
    (change,) = door.authorised(contact)
    (met,) = [met for met in of_type(change.clocks, MeetClock) if met.clock == clock]
    assert (met.by_event, met.at) == ("authorised", door.now)


@of("TM-5", authorities=("york",))
def test_york_takes_an_enquiry_to_the_daily_meeting(door: FrontDoor) -> None:
    contact = door.allocated("enquiry")
    assert "TM-5" in door.contacts[contact].clocks.ids
    assert door.contacts[contact].desktop == "daily-meeting"


@each("PV-5")
def test_a_high_police_assessment_is_screened_by_a_social_worker(door: FrontDoor) -> None:
    contact = door.open(vpa_grade="high", social_worker_first=True)
    decided = {"urgency": "routine", "reason": "the school supports them"}
    refusal = door.refused(contact, Triage, door.cast.manager, "m1", strand=door.cast.early, **decided)
    assert refusal.code == "social-worker-first"
    assert refusal.allowed == (f"triage it to {door.pack.strand(door.cast.safeguarding).name}",)
    assert door.done(contact, Triage, door.cast.manager, "m1", strand=door.cast.safeguarding, **decided).version == 2


@each("SC-4")
def test_a_manager_allocates_with_instructions_and_sees_the_workload(door: FrontDoor) -> None:
    for _ in range(3):
        door.allocated(door.cast.safeguarding)
    allocated = of_type(door.log, ContactAllocated)
    assert [event.workload for event in allocated] == [1, 2, 3]
    contact = allocated[-1].contact
    held = door.done(
        contact, Allocate, door.cast.manager, "m1", worker="w2", instructions="see her at school", reason="w1 is away"
    )
    assert (held.worker, held.instructions) == ("w2", "see her at school")
    assert of_type(door.log, ContactAllocated)[-1].workload == 1


@each("SC-4")
def test_nobody_but_a_manager_allocates_and_only_what_is_triaged(door: FrontDoor) -> None:
    contact = door.open()
    assert door.refused(contact, Allocate, door.cast.manager, "m1", worker="w1").code == "not-triaged"
    contact = door.allocated(door.cast.safeguarding)
    refusal = door.refused(contact, Allocate, door.cast.social_worker, "w2", worker="w2")
    assert (refusal.code, door.contacts[contact].worker) == ("role-may-not", "w1")
    door.submitted(contact, door.cast.advice, 1, without_consent=door.cast.ground)
    assert door.refused(contact, Allocate, door.cast.manager, "m1", worker="w2").code == "submitted"


@each("SC-19", "SC-4")
def test_it_goes_from_one_worker_to_another_with_the_reason_and_what_was_written_stays(door: FrontDoor) -> None:
    contact = door.allocated(door.cast.safeguarding)
    door.fill(contact)
    written = door.contacts[contact].sections
    assert door.refused(contact, Allocate, door.cast.manager, "m1", worker="w2").code == "reason-needed"
    held = door.done(contact, Allocate, door.cast.manager, "m1", worker="w2", reason="w1 is on leave")
    assert (held.worker, held.sections) == ("w2", written)
    said = of_type(door.log, ContactAllocated)[-1]
    assert (said.before, said.worker, said.reason, said.by.person) == ("w1", "w2", "w1 is on leave", "m1")
    again = door.done(contact, Allocate, door.cast.manager, "m1", worker="w2", instructions="see her at school")
    assert again.worker == "w2", "to say more to the same worker needs no reason"
