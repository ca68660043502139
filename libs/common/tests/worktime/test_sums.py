"""Each deadline shows its own sum, in words that a manager can check with a wall calendar."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from icart_common.worktime import (
    Allowance,
    BeforeNextSchoolDay,
    ByTimeNextWorkingDay,
    CalendarMonths,
    CalendarWeeks,
    DayOfResidence,
    Elapsed,
    MeetingNextWorkingDay,
    SameWorkingDay,
    WorkingCalendar,
    WorkingDays,
    WorkingTime,
    due,
)

London = Callable[[str], datetime]


@pytest.mark.req("AU-5")
@pytest.mark.parametrize(
    ("allowance", "received", "words"),
    [
        (
            WorkingDays(n=1),
            "2026-01-09 16:45",
            "received Fri 16:45, counted from Mon 09:00, one working day, due Tue 17:30",
        ),
        (SameWorkingDay(), "2026-01-05 11:00", "received Mon 11:00, the same working day, due Mon 17:30"),
        (
            WorkingDays(n=3),
            "2026-12-24 12:00",
            "received Thu 24 Dec 12:00, three working days, not counting Fri 25 Dec (Christmas Day) "
            "or Mon 28 Dec (Boxing Day (substitute day)), due Thu 31 Dec 17:30",
        ),
        (
            WorkingDays(n=15),
            "2026-12-24 12:00",
            "received Thu 24 Dec 2026 12:00, 15 working days, not counting Fri 25 Dec (Christmas Day) "
            "or Mon 28 Dec (Boxing Day (substitute day)) or Fri 1 Jan (New Year's Day), "
            "due Tue 19 Jan 2027 17:30",
        ),
        (
            WorkingTime(hours=7.5),
            "2026-01-05 11:00",
            "received Mon 11:00, seven hours and 30 minutes of working time, due Tue 10:00",
        ),
        (Elapsed(hours=0), "2026-01-10 16:45", "received Sat 16:45, at once, due Sat 16:45"),
        (Elapsed(days=2), "2026-01-09 16:45", "received Fri 16:45, 48 hours by day and night, due Sun 16:45"),
        (
            Elapsed(hours=24),
            "2026-10-24 12:00",
            "received Sat 12:00, 24 hours by day and night, the clocks going back between, due Sun 11:00",
        ),
        (
            Elapsed(hours=24),
            "2026-03-28 12:00",
            "received Sat 12:00, 24 hours by day and night, the clocks going forward between, due Sun 13:00",
        ),
        (
            ByTimeNextWorkingDay.model_validate({"time": "10:00"}),
            "2026-01-10 02:00",
            "received Sat 02:00, by 10:00 on the next working day, due Mon 10:00",
        ),
        (
            MeetingNextWorkingDay.model_validate({"time": "09:30"}),
            "2026-01-09 11:00",
            "received Fri 11:00, the next working day's meeting at 09:30, due Mon 09:30",
        ),
        (
            CalendarWeeks(n=2),
            "2026-03-20 12:00",
            "received Fri 20 Mar 12:00, two weeks, which ends on Fri 3 Apr when nobody works, due Thu 2 Apr 17:30",
        ),
        (
            CalendarMonths(n=1),
            "2026-01-31 12:00",
            "received Sat 31 Jan 12:00, one calendar month, which ends on Sat 28 Feb when nobody works, "
            "due Mon 2 Mar 17:30",
        ),
        (DayOfResidence(n=3), "2026-01-06 21:00", "received Tue 21:00, day 3 of residence, due Thu 17:30"),
        (
            BeforeNextSchoolDay.model_validate({"time": "08:45"}),
            "2026-01-11 23:30",
            "received Sun 23:30, before the next school day starts at 08:45, due Mon 08:45",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else value.kind,
)
def test_sum(halton: WorkingCalendar, london: London, allowance: Allowance, received: str, words: str) -> None:
    assert due(halton, allowance, london(received)).sum == words


def test_an_own_closure_day_is_named(halton: WorkingCalendar, london: London) -> None:
    closed = halton.with_closures([date(2026, 1, 13)])
    assert due(closed, WorkingDays(n=1), london("2026-01-12 12:00")).sum == (
        "received Mon 12:00, one working day, not counting Tue 13 Jan (closed), due Wed 17:30"
    )


@pytest.mark.req("AU-5")
def test_the_hour_that_comes_twice_is_told_apart(halton: WorkingCalendar) -> None:
    half_an_hour = Elapsed(hours=0.5)
    first = due(halton, half_an_hour, datetime(2026, 10, 25, 0, 15, tzinfo=UTC)).sum
    second = due(halton, half_an_hour, datetime(2026, 10, 25, 1, 15, tzinfo=UTC)).sum
    assert first == "received Sun 01:15 BST, 30 minutes by day and night, due Sun 01:45 BST"
    assert second == "received Sun 01:15 GMT, 30 minutes by day and night, due Sun 01:45 GMT"


def test_seconds_are_said_only_when_there_is_nothing_longer(halton: WorkingCalendar, london: London) -> None:
    assert ", one second by" in due(halton, Elapsed(hours=1 / 3600), london("2026-01-12 12:00")).sum
