"""A clock that is running: when a part of its allowance is used, and what a pause does to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from icart_common.worktime.allowance import (
    Allowance,
    CalendarMonths,
    CalendarWeeks,
    DayOfResidence,
)
from icart_common.worktime.calendar import WorkingCalendar, utc
from icart_common.worktime.due import Due
from icart_common.worktime.due import due as count
from icart_common.worktime.errors import NeverPauses, WorkingTimeError

Pause = tuple[datetime, datetime]
_NOTHING = timedelta(0)


def fraction_instant(calendar: WorkingCalendar, allowance: Allowance, due: Due, fraction: float) -> datetime:
    """When `fraction` (0 to 1) of the allowance is used: the moment for a warning, in UTC.

    Working clocks count time in which the office is open, so their warnings come while somebody is there; the
    others count day and night. Time spent paused is not used time. Raises `WorkingTimeError` for a fraction
    outside 0 to 1.
    """
    if not 0 <= fraction <= 1:
        raise WorkingTimeError(f"a fraction lies between 0 and 1, not {fraction}")
    if fraction == 1:
        return due.due_at
    total = _between(calendar, allowance, due.counted_from, due.due_at)
    total -= sum((_between(calendar, allowance, *pause) for pause in due.pauses), _NOTHING)
    if total <= _NOTHING:
        # A deadline at the very opening leaves no working time to divide.
        return due.counted_from + (due.due_at - due.counted_from) * fraction
    used = _after(calendar, allowance, due.counted_from, total * fraction)
    return min(_pushed(calendar, allowance, used, due.pauses)[0], due.due_at)


def paused(calendar: WorkingCalendar, allowance: Allowance, due: Due, pauses: Iterable[Pause]) -> Due:
    """The same clock with these pauses (start, end) besides those it had, counted anew in `calendar`.

    It is due later by the time it stood still, in its own measure; overlaps count once, and a pause that begins
    when it was already due changes nothing. A clock counted in calendar days that then ends outside hours ends
    at the next closing. Raises `NeverPauses` for a clock that may not stop, `WorkingTimeError` for a pause that
    ends before it starts.
    """
    asked = [*due.pauses, *pauses]
    if asked and not allowance.may_pause:
        raise NeverPauses(allowance.kind)
    fresh = count(calendar, allowance, due.received)
    due_at, held = _pushed(calendar, allowance, fresh.due_at, _merged(asked, fresh.counted_from))
    if held and isinstance(allowance, CalendarWeeks | CalendarMonths | DayOfResidence):
        due_at = calendar.closing_from(due_at)
    return replace(fresh, due_at=due_at, pauses=held)


def _pushed(
    calendar: WorkingCalendar, allowance: Allowance, at: datetime, pauses: Iterable[Pause]
) -> tuple[datetime, tuple[Pause, ...]]:
    """`at` moved on by each pause that begins before it, and the pauses that did so."""
    held: list[Pause] = []
    for start, end in pauses:
        if start >= at:
            break
        at = _after(calendar, allowance, at, _between(calendar, allowance, start, end))
        held.append((start, end))
    return at, tuple(held)


def _merged(pauses: Iterable[Pause], begins: datetime) -> list[Pause]:
    """The pauses from `begins` on, in order, each moment once."""
    merged: list[Pause] = []
    for start, end in sorted((utc(start), utc(end)) for start, end in pauses):
        if end < start:
            raise WorkingTimeError(f"a pause ends at {end.isoformat()}, before it starts at {start.isoformat()}")
        if end <= begins:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((max(start, begins), end))
    return merged


def _between(calendar: WorkingCalendar, allowance: Allowance, start: datetime, end: datetime) -> timedelta:
    if allowance.measure == "elapsed":
        return end - start
    return calendar.working_time_between(start, end)


def _after(calendar: WorkingCalendar, allowance: Allowance, at: datetime, amount: timedelta) -> datetime:
    if not amount:
        return at
    if allowance.measure == "elapsed":
        return at + amount
    return calendar.add_working_time(at, amount)
