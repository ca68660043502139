"""What may happen to a clock after its start: it warns, breaches, is met or cancelled once, stands still and runs on."""

from datetime import datetime, timedelta

import pytest

from icart_common.contracts.timers import (
    CancelClock,
    ClockBreached,
    ClockCancelled,
    ClockMet,
    ClockPaused,
    ClockRefused,
    ClockResumed,
    ClockWarned,
    MeetClock,
    PauseClock,
    ResumeClock,
)
from icart_timers.domain import decide
from icart_timers.domain.clock import Clock, Firing, fire


@pytest.fixture
def running(london, reckoners, starting):
    """A clock that runs, counted from a Tuesday at 10:00: `running("TM-3")` is due on the Friday at 16:40."""

    def clock(rule: str, received: str = "2026-11-24 10:00", authority: str = "halton") -> Clock:
        command = starting(rule, london(received), authority=authority)
        started = decide.start(None, command, reckoners, partition=0, correlation=command.subject).clock
        assert started is not None
        return started

    return clock


def met(clock: Clock, at: datetime) -> MeetClock:
    return MeetClock(clock=clock.id, at=at, by_event="authorised")


def test_it_warns_and_breaches_in_order_each_once(running) -> None:
    clock = running("TM-3")
    first, early = fire(clock, clock.warns_at[0])
    assert [type(one.message) for one in early] == [ClockWarned]
    assert first.next_at == clock.warns_at[1]

    done, late = fire(first, clock.due_at)
    assert [type(one.message) for one in late] == [ClockWarned, ClockBreached]
    assert [one.at for one in late] == [clock.warns_at[1], clock.due_at]
    assert done.next_at is None
    assert fire(done, clock.due_at + timedelta(days=9)) == (done, ())


def test_it_never_fires_early(running) -> None:
    clock = running("TM-3")
    assert fire(clock, clock.warns_at[0] - timedelta.resolution) == (clock, ())


def test_a_firing_has_the_same_id_whether_it_comes_alone_or_with_others(running) -> None:
    clock = running("TM-3")
    _, together = fire(clock, clock.due_at)
    alone: list[Firing] = []
    for instant in (*clock.warns_at, clock.due_at):
        clock, fired = fire(clock, instant)
        alone.extend(fired)
    assert list(together) == alone
    assert len({one.cause for one in alone}) == 3


def test_met_in_time(running, reckoners) -> None:
    clock = running("TM-3")
    at = clock.warns_at[0] - timedelta(hours=1)
    step = decide.meet(clock, met(clock, at), reckoners, at)
    (said,) = step.said
    assert isinstance(said, ClockMet)
    assert (said.late, said.met_at, said.by_event) == (False, at, "authorised")
    assert step.clock is not None
    assert (step.clock.state, step.clock.next_at, step.fired) == ("met", None, ())


def test_met_at_the_very_instant_is_in_time(running, reckoners) -> None:
    clock = running("TM-3")
    step = decide.meet(clock, met(clock, clock.due_at), reckoners, clock.due_at)
    assert [one.late for one in step.said if isinstance(one, ClockMet)] == [False]
    assert ClockBreached not in {type(one.message) for one in step.fired}


def test_met_after_its_breach_is_late(running, reckoners) -> None:
    clock, _ = fire(running("TM-3"), running("TM-3").due_at)
    at = clock.due_at + timedelta(minutes=1)
    step = decide.meet(clock, met(clock, at), reckoners, at)
    assert [one.late for one in step.said if isinstance(one, ClockMet)] == [True]
    assert step.fired == ()


def test_what_happened_before_it_was_due_is_in_time_although_we_heard_of_it_after_the_breach(
    running, reckoners
) -> None:
    clock, _ = fire(running("TM-3"), running("TM-3").due_at)
    step = decide.meet(
        clock, met(clock, clock.due_at - timedelta(minutes=1)), reckoners, clock.due_at + timedelta(hours=1)
    )
    assert [one.late for one in step.said if isinstance(one, ClockMet)] == [False]


def test_the_row_of_what_is_over_does_not_depend_on_how_far_the_firing_had_come(running, reckoners) -> None:
    clock = running("TM-3")
    at = clock.warns_at[1] + timedelta(minutes=1)
    heard = clock.due_at + timedelta(hours=1)
    behind = decide.meet(clock, met(clock, at), reckoners, heard)
    ahead = decide.meet(fire(clock, clock.due_at)[0], met(clock, at), reckoners, heard)
    assert behind.clock == ahead.clock
    assert [type(one.message) for one in behind.fired] == [ClockWarned, ClockWarned]


def test_what_was_due_before_the_end_is_said_before_the_end(running, reckoners) -> None:
    clock = running("TM-3")
    at = clock.due_at + timedelta(days=1)
    step = decide.meet(clock, met(clock, at), reckoners, at)
    assert [type(one.message) for one in step.fired] == [ClockWarned, ClockWarned, ClockBreached]
    assert [one.late for one in step.said if isinstance(one, ClockMet)] == [True]


def test_an_instant_in_the_future_makes_nothing_fire_early(running, reckoners) -> None:
    clock = running("TM-3")
    step = decide.meet(clock, met(clock, clock.due_at + timedelta(days=1)), reckoners, clock.received_at)
    assert step.fired == ()


def test_cancelled_and_what_is_over_stays_over(running, reckoners) -> None:
    clock = running("TM-3")
    at = clock.received_at + timedelta(hours=1)
    over = decide.cancel(clock, CancelClock(clock=clock.id, at=at, reason="no longer applies"), reckoners, at)
    (said,) = over.said
    assert isinstance(said, ClockCancelled)
    assert (said.cancelled_at, said.reason) == (at, "no longer applies")
    assert over.clock is not None
    for step in (
        decide.meet(over.clock, met(clock, at), reckoners, at),
        decide.cancel(over.clock, CancelClock(clock=clock.id, at=at, reason="again"), reckoners, at),
        decide.pause(over.clock, PauseClock(clock=clock.id, at=at, reason="consent"), reckoners, at),
        decide.resume(over.clock, ResumeClock(clock=clock.id, at=at, reason="consent"), reckoners),
    ):
        assert step == decide.Step(over.clock)
    assert fire(over.clock, clock.due_at) == (over.clock, ())


@pytest.mark.req("TM-3", authority="halton")
def test_a_pause_makes_it_due_later_by_the_working_time_it_stood_still(running, reckoners, london) -> None:
    clock = running("TM-3")
    begun, ended = london("2026-11-24 12:00"), london("2026-11-25 12:00")
    still = decide.pause(clock, PauseClock(clock=clock.id, at=begun, reason="waits for consent"), reckoners, begun)
    assert [type(one) for one in still.said] == [ClockPaused]
    assert still.clock is not None
    assert (still.clock.state, still.clock.next_at) == ("paused", None)
    assert fire(still.clock, clock.due_at) == (still.clock, ())

    again = decide.resume(still.clock, ResumeClock(clock=clock.id, at=ended, reason="consent given"), reckoners)
    (said,) = again.said
    assert isinstance(said, ClockResumed)
    # Eight and a half hours of working time after Friday 16:40, the close, is Monday 17:30.
    assert said.due_at == london("2026-11-30 17:30")
    assert "paused for eight hours and 30 minutes of working time" in said.sum
    assert again.clock is not None
    assert again.clock.warns_at == said.warns_at
    assert all(later > before for later, before in zip(again.clock.warns_at, clock.warns_at, strict=True))


def test_a_second_pause_or_a_resume_of_what_runs_changes_nothing(running, reckoners, london) -> None:
    clock = running("TM-3")
    at = london("2026-11-24 12:00")
    assert decide.resume(clock, ResumeClock(clock=clock.id, at=at, reason="x"), reckoners) == decide.Step(clock)
    still = decide.pause(clock, PauseClock(clock=clock.id, at=at, reason="x"), reckoners, at).clock
    assert still is not None
    again = PauseClock(clock=clock.id, at=at + timedelta(hours=1), reason="y")
    assert decide.pause(still, again, reckoners, again.at) == decide.Step(still)


def test_a_warning_that_was_given_is_not_given_again_after_a_pause(running, reckoners) -> None:
    clock, _ = fire(running("TM-3"), running("TM-3").warns_at[0])
    at = clock.warns_at[0] + timedelta(minutes=30)
    still = decide.pause(clock, PauseClock(clock=clock.id, at=at, reason="x"), reckoners, at).clock
    assert still is not None
    runs = decide.resume(still, ResumeClock(clock=clock.id, at=at + timedelta(hours=2), reason="x"), reckoners).clock
    assert runs is not None
    _, fired = fire(runs, runs.due_at)
    assert [type(one.message) for one in fired] == [ClockWarned, ClockBreached]
    assert [one.message.fraction for one in fired if isinstance(one.message, ClockWarned)] == [0.8]


def test_met_while_it_stood_still_is_not_late(running, reckoners) -> None:
    clock = running("TM-3")
    begun, at = clock.due_at - timedelta(hours=1), clock.due_at + timedelta(days=3)
    still = decide.pause(clock, PauseClock(clock=clock.id, at=begun, reason="x"), reckoners, begun).clock
    assert still is not None
    step = decide.meet(still, met(clock, at), reckoners, at)
    assert [one.late for one in step.said if isinstance(one, ClockMet)] == [False]
    assert ClockBreached not in {type(one.message) for one in step.fired}


@pytest.mark.parametrize(
    ("authority", "rule"),
    [
        pytest.param("halton", "TM-2", marks=pytest.mark.req("TM-2", authority="halton")),
        pytest.param("york", "TM-1", marks=pytest.mark.req("TM-1", authority="york")),
    ],
)
def test_a_clock_that_the_pack_does_not_let_pause_runs_on(authority, rule, running, reckoners) -> None:
    clock = running(rule, authority=authority)
    at = clock.received_at
    step = decide.pause(clock, PauseClock(clock=clock.id, at=at, reason="x"), reckoners, at)
    assert step.clock is clock
    assert [one.code for one in step.said if isinstance(one, ClockRefused)] == ["may-not-pause"]


def test_a_pause_of_what_was_due_already_is_refused(running, reckoners) -> None:
    clock = running("TM-3")
    step = decide.pause(clock, PauseClock(clock=clock.id, at=clock.due_at, reason="x"), reckoners, clock.due_at)
    assert [one.code for one in step.said if isinstance(one, ClockRefused)] == ["already-due"]


def test_a_pause_into_a_year_that_is_not_known_keeps_it_paused_and_says_why(running, reckoners, london) -> None:
    clock = running("TM-3")
    at = london("2026-11-24 12:00")
    still = decide.pause(clock, PauseClock(clock=clock.id, at=at, reason="x"), reckoners, at).clock
    assert still is not None
    step = decide.resume(still, ResumeClock(clock=clock.id, at=london("2099-01-05 12:00"), reason="x"), reckoners)
    assert step.clock is still
    assert [one.code for one in step.said if isinstance(one, ClockRefused)] == ["no-due-date"]
    over = decide.meet(still, met(clock, london("2099-01-05 12:00")), reckoners, london("2099-01-05 12:00")).clock
    assert over == still._replace(state="met", ended_at=london("2099-01-05 12:00"), paused_at=None)
