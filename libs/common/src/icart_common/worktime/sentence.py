"""The sum behind a due date, as a sentence that a manager can check with a wall calendar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from icart_common.worktime.allowance import (
    Allowance,
    BeforeNextSchoolDay,
    CalendarMonths,
    CalendarWeeks,
    DayOfResidence,
    Elapsed,
)
from icart_common.worktime.calendar import WorkingCalendar
from icart_common.worktime.pauses import Pause, pause_words
from icart_common.worktime.wording import Clockface, day_words


def sentence(
    calendar: WorkingCalendar,
    allowance: Allowance,
    received: datetime,
    counted_from: datetime,
    due_at: datetime,
    pauses: Sequence[Pause],
) -> str:
    """ "received Fri 16:45, counted from Mon 09:00, one working day, due Tue 17:30"."""
    clock = Clockface(calendar.timezone, (received, due_at))
    parts = [f"received {clock.say(received)}"]
    if counted_from != received:
        parts.append(f"counted from {clock.say(counted_from)}")
    parts.append(allowance.words)
    parts.extend(_left_out(calendar, allowance, received, counted_from, due_at, paused=bool(pauses)))
    if pauses:
        parts.append(f"paused for {pause_words(calendar, allowance.measure, pauses)}")
    parts.append(f"due {clock.say(due_at)}")
    return ", ".join(parts)


def _left_out(
    calendar: WorkingCalendar,
    allowance: Allowance,
    received: datetime,
    counted_from: datetime,
    due_at: datetime,
    *,
    paused: bool,
) -> Iterator[str]:
    """What makes the answer differ from what the bare amount suggests."""
    last = calendar.local_day(due_at)
    match allowance:
        case Elapsed():
            before, after = (at.astimezone(calendar.timezone).utcoffset() for at in (received, due_at))
            if before and not after:
                yield "the clocks going back between"
            elif after and not before:
                yield "the clocks going forward between"
        case CalendarWeeks() | CalendarMonths() | DayOfResidence():
            end = allowance.end(calendar.local_day(counted_from))
            if end != last and not paused:
                yield f"which ends on {day_words(end)} when nobody works"
        case BeforeNextSchoolDay():
            return
        case _:
            if closed := list(_closed_days(calendar, calendar.local_day(received), last)):
                yield "not counting " + " or ".join(closed)


def _closed_days(calendar: WorkingCalendar, first: date, last: date) -> Iterator[str]:
    """Days between that would have been worked but for a bank holiday or a closure."""
    names = calendar.bank_holidays.names
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        if calendar.hours.on(day) is None:
            continue
        if day in names:
            yield f"{day_words(day)} ({names[day]})"
        elif day in calendar.closures:
            yield f"{day_words(day)} (closed)"
