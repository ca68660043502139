"""What a command does to a clock: its next state and what is said of it.

Each takes the clock as it was and gives a `Step`. What was due before the command's own instant is said first, whether or not
the firing loop came round to it, so that reading the topic again leaves the same rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from icart_common.contracts.timers import (
    CancelClock,
    ClockCancelled,
    ClockMessage,
    ClockMet,
    ClockPaused,
    ClockRefused,
    ClockResumed,
    ClockStarted,
    MeetClock,
    PauseClock,
    ResumeClock,
    StartClock,
)
from icart_common.policy.errors import UnknownPolicy
from icart_common.worktime import WorkingTimeError
from icart_timers.domain.clock import Clock, Firing, State, fire
from icart_timers.domain.reckoning import Reckoners, Reckoning

_INSTANT = timedelta.resolution


@dataclass(frozen=True, slots=True)
class Step:
    """The state after a command, and what follows from it, in order: first what had been due, then the answer."""

    clock: Clock | None
    fired: tuple[Firing, ...] = ()
    said: tuple[ClockMessage, ...] = ()


def start(clock: Clock | None, command: StartClock, reckoners: Reckoners, *, partition: int, correlation: UUID) -> Step:
    """Start a clock. One that was started before stays as it is."""
    if clock:
        return Step(clock)
    try:
        reckoner = reckoners.of(command.authority, command.pack_version, command.rule)
        answer = reckoner.reckon(command.counted_from)
    except UnknownPolicy as unknown:
        return _refused(None, command, "unknown-rule", str(unknown))
    except WorkingTimeError as unanswerable:
        return _refused(None, command, "no-due-date", str(unanswerable))
    started = Clock(
        id=command.clock,
        partition=partition,
        authority=command.authority,
        pack_version=command.pack_version,
        rule=command.rule,
        owner=command.owner,
        subject=command.subject,
        correlation=correlation,
        received_at=command.counted_from,
        counted_from=answer.counted_from,
        due_at=answer.due_at,
        sum=answer.sum,
        warns_at=answer.warns_at,
        fractions=answer.fractions,
        counted_on=reckoner.counted_on,
    )
    said = ClockStarted(
        clock=command.clock,
        authority=command.authority,
        pack_version=command.pack_version,
        rule=command.rule,
        owner=command.owner,
        subject=command.subject,
        counted_from=answer.counted_from,
        due_at=answer.due_at,
        sum=answer.sum,
        warns_at=answer.warns_at,
    )
    return Step(started, said=(said,))


def meet(clock: Clock, command: MeetClock, reckoners: Reckoners, now: datetime) -> Step:
    """What it waited for happened: late when that was after it was due, whatever has been said of it meanwhile."""
    if clock.over:
        return Step(clock)
    ended, fired = _end(clock, "met", command.at, reckoners, now)
    said = ClockMet(
        clock=ended.id,
        authority=ended.authority,
        pack_version=ended.pack_version,
        rule=ended.rule,
        owner=ended.owner,
        subject=ended.subject,
        due_at=ended.due_at,
        met_at=command.at,
        late=command.at > ended.due_at,
        by_event=command.by_event,
    )
    return Step(ended, fired, (said,))


def cancel(clock: Clock, command: CancelClock, reckoners: Reckoners, now: datetime) -> Step:
    """It is no longer wanted."""
    if clock.over:
        return Step(clock)
    ended, fired = _end(clock, "cancelled", command.at, reckoners, now)
    said = ClockCancelled(
        clock=ended.id,
        authority=ended.authority,
        pack_version=ended.pack_version,
        rule=ended.rule,
        owner=ended.owner,
        subject=ended.subject,
        due_at=ended.due_at,
        cancelled_at=command.at,
        reason=command.reason,
    )
    return Step(ended, fired, (said,))


def pause(clock: Clock, command: PauseClock, reckoners: Reckoners, now: datetime) -> Step:
    """Let it stand still. One that stands still already, or is over, stays as it is."""
    if clock.state != "running":
        return Step(clock)
    try:
        may_pause = reckoners.of(clock.authority, clock.pack_version, clock.rule).may_pause
    except UnknownPolicy as unknown:
        return _refused(clock, command, "unknown-rule", str(unknown))
    if not may_pause:
        return _refused(clock, command, "may-not-pause", f"the pack does not let {clock.rule} pause")
    if command.at >= clock.due_at:
        return _refused(clock, command, "already-due", f"{clock.rule} was due at {clock.due_at.isoformat()}")
    running, fired = fire(clock, min(command.at, now))
    said = ClockPaused(
        clock=clock.id,
        authority=clock.authority,
        pack_version=clock.pack_version,
        rule=clock.rule,
        owner=clock.owner,
        subject=clock.subject,
        paused_at=command.at,
        reason=command.reason,
    )
    return Step(running._replace(state="paused", paused_at=command.at), fired, (said,))


def resume(clock: Clock, command: ResumeClock, reckoners: Reckoners) -> Step:
    """Let it run on, due later by the time it stood still. One that does not stand still stays as it is."""
    if clock.state != "paused":
        return Step(clock)
    try:
        running = _run_on(clock, command.at, reckoners)
    except UnknownPolicy as unknown:
        return _refused(clock, command, "unknown-rule", str(unknown))
    except WorkingTimeError as unanswerable:
        return _refused(clock, command, "no-due-date", str(unanswerable))
    said = ClockResumed(
        clock=running.id,
        authority=running.authority,
        pack_version=running.pack_version,
        rule=running.rule,
        owner=running.owner,
        subject=running.subject,
        resumed_at=command.at,
        due_at=running.due_at,
        sum=running.sum,
        warns_at=running.warns_at,
    )
    return Step(running, said=(said,))


def unknown(command: ClockMessage) -> ClockRefused:
    """The answer to a command about a clock that was never started, when it has waited long enough for its start."""
    return ClockRefused(
        clock=command.clock,
        command=command.TYPE,
        code="unknown-clock",
        why="no such clock was started; if its start was refused, that refusal says why",
    )


def _end(
    clock: Clock, how: State, at: datetime, reckoners: Reckoners, now: datetime
) -> tuple[Clock, tuple[Firing, ...]]:
    """The clock when it is over, and what it still had to say by then.

    Its row then holds what follows from the commands alone: a warning that was given between `at` and the moment we heard
    of it was said, but leaves no trace here, so that reading the topic again gives the same row.
    """
    if clock.state == "paused":
        try:
            clock = _run_on(clock, at, reckoners)
        except (UnknownPolicy, WorkingTimeError):
            # It ends all the same: as it stood when it was paused, in time.
            return clock._replace(state=how, ended_at=at, paused_at=None, breached=False), ()
    # What happens at the very instant at which it is due is in time.
    until = min(at, now) - _INSTANT
    clock, fired = fire(clock, until)
    warned = sum(instant <= until for instant in clock.warns_at)
    return clock._replace(state=how, ended_at=at, warned=warned, breached=clock.due_at <= until), fired


def _run_on(clock: Clock, at: datetime, reckoners: Reckoners) -> Clock:
    """The paused clock, running again from `at`. Raises `UnknownPolicy` and `WorkingTimeError`."""
    assert clock.paused_at is not None
    pauses = (*clock.pauses, (clock.paused_at, max(at, clock.paused_at)))
    answer: Reckoning = reckoners.of(clock.authority, clock.pack_version, clock.rule).reckon(clock.received_at, pauses)
    return clock._replace(
        state="running",
        paused_at=None,
        pauses=pauses,
        counted_from=answer.counted_from,
        due_at=answer.due_at,
        sum=answer.sum,
        warns_at=answer.warns_at,
    )


def _refused(clock: Clock | None, command: ClockMessage, code: str, why: str) -> Step:
    refusal = ClockRefused(clock=command.clock, command=command.TYPE, code=code, why=why[:300])
    return Step(clock, said=(refusal,))
