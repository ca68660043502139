"""Due instants by the day-0 rule, each with its sum as a sentence (register, section 8).

Day 0 is the day the clock starts. What arrives outside hours starts at the next opening; time that is counted
by day and night, and dates that the law counts from receipt, start when they arrive.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import assert_never

from icart_common.worktime.allowance import (
    Allowance,
    BeforeNextSchoolDay,
    ByTimeNextWorkingDay,
    CalendarMonths,
    CalendarWeeks,
    DayOfResidence,
    Elapsed,
    IfClosed,
    MeetingNextWorkingDay,
    SameWorkingDay,
    WorkingDays,
    WorkingTime,
)
from icart_common.worktime.calendar import WorkingCalendar, utc
from icart_common.worktime.pauses import Pause
from icart_common.worktime.sentence import sentence

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Due:
    """When something is due, and how that was counted. All instants in UTC."""

    received: datetime
    """When it arrived."""
    counted_from: datetime
    """When its clock started: `received`, or the next opening after it."""
    due_at: datetime
    pauses: tuple[Pause, ...]
    """When its clock stood still, in order and apart from each other."""
    calendar: WorkingCalendar
    allowance: Allowance

    @property
    def started_at_opening(self) -> bool:
        """Whether it arrived outside hours and so waited for the opening."""
        return self.counted_from != self.received

    @property
    def sum(self) -> str:
        """The sum in plain English, Europe/London: "received Fri 16:45, counted from Mon 09:00, ..."."""
        return sentence(self.calendar, self.allowance, self.received, self.counted_from, self.due_at, self.pauses)


def due(calendar: WorkingCalendar, allowance: Allowance, counted_from: datetime) -> Due:
    """When a clock that starts at `counted_from` (an aware instant) is due.

    Raises `NaiveInstant`, and `BeyondKnownHolidays` when the answer would rest on a year whose bank holidays
    are not known. `Elapsed` rests on none, so it is answered for any year.
    """
    received = utc(counted_from)
    starts = received
    table = calendar.table
    match allowance:
        case SameWorkingDay():
            position = calendar.position(received)
            starts = max(received, table.opens[position])
            due_at = table.closes[position]
        case WorkingDays():
            position = calendar.position(received)
            starts = max(received, table.opens[position])
            due_at = table.closes[calendar.known(position + allowance.n)]
        case WorkingTime():
            starts = calendar.next_opening(received)
            due_at = calendar.add_working_time(starts, allowance.length)
        case Elapsed():
            due_at = received + allowance.length
        case ByTimeNextWorkingDay():
            calendar.is_working(received)  # Refuses an instant before the known years.
            position = calendar.known(bisect_right(table.opens, received))
            due_at = calendar.at(date.fromordinal(table.ordinals[position]), allowance.time)
        case MeetingNextWorkingDay():
            position = calendar.position(received)
            starts = max(received, table.opens[position])
            following = calendar.known(position + 1)
            due_at = calendar.at(date.fromordinal(table.ordinals[following]), allowance.time)
        case CalendarWeeks():
            starts = calendar.next_opening(received)
            day = allowance.end(calendar.local_day(starts))
            due_at = close_of(calendar, day, allowance.if_closed, starts)
        case CalendarMonths() | DayOfResidence():
            day = allowance.end(calendar.local_day(received))
            due_at = close_of(calendar, day, allowance.if_closed, received)
        case BeforeNextSchoolDay():
            due_at = _next_school_start(calendar, allowance, received)
        case _:
            assert_never(allowance)
    return Due(received, starts, due_at, (), calendar, allowance)


def close_of(calendar: WorkingCalendar, day: date, if_closed: IfClosed, starts: datetime) -> datetime:
    """Close of `day`, or of the working day that stands in for it; never before the clock starts."""
    if not calendar.is_working_day(day) and if_closed == "previous_working_day":
        earlier = calendar.closing(calendar.working_day_before(day))
        if earlier > starts:
            return earlier
    if calendar.is_working_day(day) and calendar.closing(day) > starts:
        return calendar.closing(day)
    return calendar.closing(calendar.working_days_after(day, 1))


def _next_school_start(calendar: WorkingCalendar, allowance: BeforeNextSchoolDay, received: datetime) -> datetime:
    """The first start of a school day after `received`."""
    day = calendar.local_day(received)
    while True:
        if is_school_day(calendar, allowance, day) and (starts := calendar.at(day, allowance.time)) > received:
            return starts
        day += _ONE_DAY


def is_school_day(calendar: WorkingCalendar, allowance: BeforeNextSchoolDay, day: date) -> bool:
    """A weekday that is neither a bank holiday nor in the schools' holidays."""
    calendar.refuse_unknown(day)
    return (
        day.weekday() < 5
        and day not in calendar.bank_holidays.names
        and not any(closed.first <= day <= closed.last for closed in allowance.closures)
    )
