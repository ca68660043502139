"""Whatever is said to a clock, in whatever order: it ends once, warns in order, breaches once, and is silent afterwards."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from icart_common.contracts.timers import (
    CancelClock,
    ClockBreached,
    ClockCancelled,
    ClockMessage,
    ClockMet,
    ClockWarned,
    MeetClock,
    PauseClock,
    ResumeClock,
    StartClock,
)
from icart_common.policy.book import load_packs
from icart_timers.domain import decide
from icart_timers.domain.clock import Clock, Firing, fire
from icart_timers.domain.decide import Step
from icart_timers.domain.reckoning import Reckoners

RECKONERS = Reckoners(load_packs())
CLOCK = UUID("019aaaaa-0000-7000-8000-000000000001")
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)

moves = st.sampled_from(["start", "meet", "cancel", "pause", "resume", "fire"])
scripts = st.lists(st.tuples(moves, st.integers(min_value=0, max_value=40)), min_size=1, max_size=25)


def play(rule: str, script: list[tuple[str, int]]) -> tuple[list[Clock], list[Firing | ClockMessage]]:
    """Every state that the clock was in and everything that was said, in order. Each move is some hours after the last."""
    now = MONDAY
    clock: Clock | None = None
    states: list[Clock] = []
    said: list[Firing | ClockMessage] = []
    for move, hours in [("start", 0), *script]:
        now += hours * HOUR
        step = _move(move, clock, rule, now)
        clock = step.clock
        assert clock is not None
        states.append(clock)
        said += [*step.fired, *step.said]
        for firing in step.fired:
            assert firing.at <= now, "nothing is said before its time"
    return states, said


def _move(move: str, clock: Clock | None, rule: str, now: datetime) -> Step:
    if clock is None or move == "start":
        command = StartClock(
            clock=CLOCK,
            authority="halton",
            pack_version="2026.1",
            rule=rule,
            owner="screening",
            subject=CLOCK,
            counted_from=now,
        )
        return decide.start(clock, command, RECKONERS, partition=0, correlation=CLOCK)
    match move:
        case "meet":
            return decide.meet(clock, MeetClock(clock=CLOCK, at=now, by_event="authorised"), RECKONERS, now)
        case "cancel":
            return decide.cancel(clock, CancelClock(clock=CLOCK, at=now, reason="x"), RECKONERS, now)
        case "pause":
            return decide.pause(clock, PauseClock(clock=CLOCK, at=now, reason="x"), RECKONERS, now)
        case "resume":
            return decide.resume(clock, ResumeClock(clock=CLOCK, at=now, reason="x"), RECKONERS)
    changed, fired = fire(clock, now)
    return Step(changed, fired)


@settings(max_examples=300, deadline=None)
@given(rule=st.sampled_from(["TM-1", "TM-3", "TM-9", "TM-10"]), script=scripts)
def test_a_clock_ends_one_way_and_says_each_thing_once(rule: str, script: list[tuple[str, int]]) -> None:
    states, said = play(rule, script)

    ends = [one for one in said if isinstance(one, ClockMet | ClockCancelled)]
    assert len(ends) == (1 if states[-1].over else 0)
    if ends:
        assert said[-1] is ends[0], "what is over says nothing more"

    firings = [one for one in said if isinstance(one, Firing)]
    fractions = [one.message.fraction for one in firings if isinstance(one.message, ClockWarned)]
    assert fractions == sorted(set(fractions)), "warnings come in order, each once"
    breaches = [number for number, one in enumerate(firings) if isinstance(one.message, ClockBreached)]
    assert len(breaches) <= 1
    if breaches:
        assert breaches[0] == len(firings) - 1 == 2, "both warnings come before the breach, and none after it"
    assert len({one.cause for one in firings}) == len(firings)


@settings(max_examples=200, deadline=None)
@given(script=scripts)
def test_what_is_over_was_late_exactly_when_it_breached(script: list[tuple[str, int]]) -> None:
    states, said = play("TM-3", script)
    for met in (one for one in said if isinstance(one, ClockMet)):
        assert met.late == states[-1].breached
        assert met.late == (met.met_at > met.due_at)


@settings(max_examples=200, deadline=None)
@given(script=scripts)
def test_the_same_commands_leave_the_same_row_however_often_the_firing_loop_came_by(
    script: list[tuple[str, int]],
) -> None:
    unfired = [(("fire" if move == "fire" else move), hours) for move, hours in script]
    without = [(move if move != "fire" else "start", hours) for move, hours in unfired]  # a second start does nothing
    (*_, with_loop), _ = play("TM-3", script)
    (*_, without_loop), _ = play("TM-3", without)
    if with_loop.over:
        assert with_loop == without_loop
