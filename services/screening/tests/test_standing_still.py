"""A person lets clocks stand still and run on, where the pack lets them, with a reason (section 8)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from pydantic import ValidationError

from icart_common.contracts.screening import ContactCommand, Triage
from icart_common.contracts.standing_still import ClocksPaused, ClocksResumed, PauseClocks, ResumeClocks
from icart_common.contracts.timers import CancelClock, PauseClock, ResumeClock, StartClock
from services.screening.tests.front_door import FrontDoor, each, of, of_type

AWAY = {"reason": "the family is away until Thursday"}
BACK = {"reason": "they are back"}


@of("TM-3", authorities=("halton",))
def test_early_interventions_clock_stands_still_and_runs_on(door: FrontDoor) -> None:
    contact = door.allocated(door.cast.early)
    manager = door.cast.manager
    door.done(contact, PauseClocks, manager, "m1", **AWAY)
    (paused,) = of_type(door.log, ClocksPaused)
    (stops,) = of_type(door.clocks, PauseClock)
    started = next(one for one in of_type(door.clocks, StartClock) if one.rule == "TM-3")
    assert (paused.rules, paused.clocks, paused.by.person) == (("TM-3",), (started.clock,), "m1")
    assert (stops.clock, stops.at, stops.reason) == (started.clock, door.now, AWAY["reason"])
    assert door.refused(contact, PauseClocks, manager, "m1", **AWAY).code == "stands-still"
    door.done(contact, ResumeClocks, manager, "m2", **BACK)
    (goes_on,) = of_type(door.clocks, ResumeClock)
    assert (goes_on.clock, goes_on.at - stops.at) == (started.clock, timedelta(minutes=2))
    assert of_type(door.log, ClocksResumed)[0].reason == BACK["reason"]
    assert door.refused(contact, ResumeClocks, manager, "m1", **BACK).code == "nothing-stands-still"


@of("TM-3", authorities=("halton",))
def test_a_clock_that_starts_anew_runs_though_the_first_one_stood_still(door: FrontDoor) -> None:
    contact = door.allocated(door.cast.early)
    manager = door.cast.manager
    door.done(contact, PauseClocks, manager, "m1", **AWAY)
    triaged = {"urgency": "routine", "reason": "on a second look"}
    door.done(contact, Triage, manager, "m1", strand=door.cast.safeguarding, **triaged)
    (first,) = of_type(door.clocks, PauseClock)
    assert first.clock in {one.clock for one in of_type(door.clocks, CancelClock)}
    assert door.refused(contact, ResumeClocks, manager, "m1", **BACK).code == "nothing-stands-still"
    door.done(contact, Triage, manager, "m1", strand=door.cast.early, **triaged)
    door.done(contact, PauseClocks, manager, "m1", **AWAY)
    assert len({one.clock for one in of_type(door.clocks, PauseClock)}) == 2


@each()
def test_safeguardings_clocks_never_stand_still_and_not_everybody_may_stop_one(door: FrontDoor) -> None:
    contact = door.allocated(door.cast.safeguarding)
    refused = door.refused(contact, PauseClocks, door.cast.manager, "m1", **AWAY)
    assert refused.code == "may-not-pause"
    assert refused.allowed, "it says which clocks may"
    assert door.refused(contact, PauseClocks, door.cast.social_worker, "w1", **AWAY).code == "role-may-not"
    assert of_type(door.clocks, PauseClock) == []


@pytest.mark.parametrize("command", [PauseClocks, ResumeClocks])
@pytest.mark.parametrize("fields", [{}, {"reason": ""}])
def test_a_reason_is_needed(command: type[ContactCommand], fields: dict[str, str]) -> None:
    actor = {"person": "m1", "role": "social-work-manager"}
    with pytest.raises(ValidationError, match="reason"):
        command.model_validate({"contact": uuid4(), "seen_version": 1, "actor": actor, **fields})
