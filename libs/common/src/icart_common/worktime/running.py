"""A clock that is running: when a part of its allowance is used, and what a pause does to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from icart_common.worktime.allowance import (
    Allowance,
    CalendarMonths,
    CalendarWeeks,
    DayOfResidence,
)
from icart_common.worktime.calendar import WorkingCalendar
from icart_common.worktime.due import Due, close_of
from icart_common.worktime.due import due as count
from icart_common.worktime.errors import NeverPauses, WorkingTimeError
from icart_common.worktime.pauses import Pause, calendar_days, merged

_NOTHING = timedelta(0)


def fraction_instant(calendar: WorkingCalendar, allowance: Allowance, due: Due, fraction: float) -> datetime:
    """When `fraction` (0 to 1) of the allowance is used: the moment for a warning, in UTC.

    Working clocks count time in which the office is open, so their warnings come while somebody is there; the
    others count day and night. Time spent paused is not used time. Raises `WorkingTimeError` for a fraction
    outside 0 to 1.
    """
    return fraction_instants(calendar, allowance, due, (fraction,))[0]


def fraction_instants(
    calendar: WorkingCalendar, allowance: Allowance, due: Due, fractions: Sequence[float]
) -> tuple[datetime, ...]:
    """`fraction_instant` of each: what they have in common is worked out once."""
    for fraction in fractions:
        if not 0 <= fraction <= 1:
            raise WorkingTimeError(f"a fraction lies between 0 and 1, not {fraction}")
    worked = allowance.measure == "working_time"
    begins = calendar.worked_until(due.counted_from) if worked else _NOTHING
    total = (calendar.worked_until(due.due_at) - begins) if worked else due.due_at - due.counted_from
    for pause in due.pauses:
        total -= _between(calendar, allowance, *pause)
    found: list[datetime] = []
    for fraction in fractions:
        if fraction == 1:
            found.append(due.due_at)
        elif total <= _NOTHING:
            # A deadline at the very opening leaves no working time to divide.
            found.append(due.counted_from + (due.due_at - due.counted_from) * fraction)
        else:
            part = total * fraction
            used = calendar.when_worked(begins + part) if worked and part else due.counted_from + part
            if due.pauses:
                used, _ = _pushed(calendar, allowance, used, due.pauses)
            found.append(min(used, due.due_at))
    return tuple(found)


def paused(calendar: WorkingCalendar, allowance: Allowance, due: Due, pauses: Iterable[Pause]) -> Due:
    """The same clock with these pauses (start, end) besides those it had, counted anew in `calendar`.

    It is due later by the time it stood still, in its own measure; overlaps count once, and a pause that begins
    when it was already due changes nothing. A clock counted in dates moves by whole days, a day begun counting
    as one, to the close of a working day. Raises `NeverPauses` for a clock that may not stop and
    `WorkingTimeError` for a pause that ends before it starts.
    """
    asked = [*due.pauses, *pauses]
    if asked and not allowance.may_pause:
        raise NeverPauses(allowance.kind)
    fresh = count(calendar, allowance, due.received)
    due_at, held = _pushed(calendar, allowance, fresh.due_at, merged(asked, fresh.counted_from))
    if held and isinstance(allowance, CalendarWeeks | CalendarMonths | DayOfResidence):
        day = calendar.local_day(fresh.due_at) + timedelta(days=calendar_days(calendar, held))
        due_at = close_of(calendar, day, allowance.if_closed, fresh.due_at)
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


def _between(calendar: WorkingCalendar, allowance: Allowance, start: datetime, end: datetime) -> timedelta:
    if allowance.measure != "working_time":
        return end - start
    return calendar.working_time_between(start, end)


def _after(calendar: WorkingCalendar, allowance: Allowance, at: datetime, amount: timedelta) -> datetime:
    if not amount:
        return at
    if allowance.measure != "working_time":
        return at + amount
    return calendar.add_working_time(at, amount)
