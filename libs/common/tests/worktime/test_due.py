"""Every row of the register's clocks, by example."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from icart_common.worktime import (
    Allowance,
    BeforeNextSchoolDay,
    BeyondKnownHolidays,
    ByTimeNextWorkingDay,
    CalendarMonths,
    CalendarWeeks,
    DateRange,
    DayOfResidence,
    Elapsed,
    MeetingNextWorkingDay,
    NaiveInstant,
    SameWorkingDay,
    WorkingCalendar,
    WorkingDays,
    WorkingTime,
    due,
)

London = Callable[[str], datetime]
TEN = "10:00"


def req(row: str, *authorities: str) -> list[pytest.MarkDecorator]:
    return [pytest.mark.req(row, authority=name) for name in authorities] or [pytest.mark.req(row)]


def case(authority: str, allowance: Allowance, received: str, expected: str, *marks: pytest.MarkDecorator) -> object:
    name = f"{authority}, {allowance.words}, {received}"
    return pytest.param(authority, allowance, received, expected, marks=marks, id=name)


def by_time(at: str) -> ByTimeNextWorkingDay:
    return ByTimeNextWorkingDay.model_validate({"time": at})


def meeting(at: str) -> MeetingNextWorkingDay:
    return MeetingNextWorkingDay.model_validate({"time": at})


def school(at: str, *closed: tuple[date, date]) -> BeforeNextSchoolDay:
    ranges = tuple(DateRange(first=first, last=last) for first, last in closed)
    return BeforeNextSchoolDay.model_validate({"time": at, "closures": ranges})


EASTER = (date(2026, 3, 30), date(2026, 4, 10))


@pytest.mark.parametrize(
    ("authority", "allowance", "received", "expected"),
    [
        # TM-1: the same working day; outside hours, that of the next opening.
        case("halton", SameWorkingDay(), "2026-01-05 11:00", "2026-01-05 17:30", *req("TM-1", "halton")),
        case("halton", SameWorkingDay(), "2026-01-09 16:39", "2026-01-09 16:40", *req("TM-1", "halton")),
        case("halton", SameWorkingDay(), "2026-01-09 16:40", "2026-01-12 17:30", *req("ED-6", "halton")),
        case(
            "cheshire_west",
            SameWorkingDay(),
            "2026-01-09 16:45",
            "2026-01-12 17:00",
            *req("TM-1", "cheshire-west"),
            *req("ED-6", "cheshire-west"),
        ),
        case("york", SameWorkingDay(), "2026-01-09 16:45", "2026-01-09 17:00", *req("TM-1", "york")),
        # TM-2, TM-4, TM-17, TM-18: one working day, and the register's own example.
        case("halton", WorkingDays(n=1), "2026-01-09 16:45", "2026-01-13 17:30", *req("TM-2", "halton")),
        case("halton", WorkingDays(n=1), "2026-01-08 16:45", "2026-01-09 16:40", *req("TM-17", "halton")),
        case("cheshire_west", WorkingDays(n=1), "2026-01-08 09:00", "2026-01-09 16:30", *req("TM-4", "cheshire-west")),
        case("cheshire_west", WorkingDays(n=1), "2026-04-02 16:59", "2026-04-07 17:00", *req("AU-5", "cheshire-west")),
        # TM-3, TM-8: three and five working days, over Christmas and over a leap day.
        case("halton", WorkingDays(n=3), "2026-12-23 12:00", "2026-12-30 17:30", *req("TM-3", "halton")),
        case("halton", WorkingDays(n=3), "2024-02-28 08:00", "2024-03-04 17:30", *req("TM-3", "halton")),
        case("halton", WorkingDays(n=5), "2026-12-23 12:00", "2027-01-04 17:30", *req("TM-8", "halton")),
        # TM-5: enquiries of the day go to the next working day's meeting.
        case("york", meeting("09:30"), "2026-01-08 11:00", "2026-01-09 09:30", *req("TM-5", "york")),
        case("york", meeting("09:30"), "2026-01-09 16:59", "2026-01-12 09:30", *req("TM-5", "york")),
        case("york", meeting("09:30"), "2026-01-10 11:00", "2026-01-13 09:30", *req("TM-5", "york")),
        # TM-6, TM-10, TM-13: elapsed, whatever the day.
        case("york", Elapsed(hours=24), "2026-01-09 16:45", "2026-01-10 16:45", *req("TM-6", "york")),
        case("york", Elapsed(hours=0), "2026-01-10 16:45", "2026-01-10 16:45", *req("SC-16", "york")),
        case("halton", Elapsed(hours=72), "2026-12-24 23:10", "2026-12-27 23:10", *req("TM-10", "halton")),
        case("halton", Elapsed(days=2), "2026-10-24 12:00", "2026-10-26 11:00", *req("TM-13", "halton")),
        # TM-7: within two weeks; the day before when that day is a bank holiday.
        case("halton", CalendarWeeks(n=2), "2026-01-09 12:00", "2026-01-23 16:40", *req("TM-7", "halton")),
        case("halton", CalendarWeeks(n=2), "2026-03-20 12:00", "2026-04-02 17:30", *req("TM-7", "halton")),
        case("halton", CalendarWeeks(n=1, if_closed="next_working_day"), "2026-03-27 12:00", "2026-04-07 17:30"),
        # TM-9: the night's records by ten, whichever side of midnight they were made.
        case("halton", by_time(TEN), "2026-01-08 22:00", "2026-01-09 10:00", *req("TM-9", "halton")),
        case("halton", by_time(TEN), "2026-01-09 02:00", "2026-01-09 10:00", *req("ED-4", "halton")),
        case("halton", by_time(TEN), "2026-01-09 17:10", "2026-01-12 10:00", *req("ED-4", "halton")),
        case("halton", by_time(TEN), "2026-01-08 17:10", "2026-01-09 10:00", *req("ED-4", "halton")),
        case("halton", by_time(TEN), "2026-04-04 02:00", "2026-04-07 10:00", *req("TM-9", "halton")),
        # TM-12: the day of arrival is the first.
        case("halton", DayOfResidence(n=3), "2026-01-06 21:00", "2026-01-08 17:30", *req("TM-12", "halton")),
        case("halton", DayOfResidence(n=3), "2026-01-09 12:00", "2026-01-12 17:30", *req("TM-12", "halton")),
        case("halton", DayOfResidence(n=1), "2026-01-06 21:00", "2026-01-07 17:30", *req("TM-12", "halton")),
        # TM-14: the same date of the next month, or its last; a closed day moves on.
        case("york", CalendarMonths(n=1), "2026-01-09 12:00", "2026-02-09 17:00", *req("TM-14", "york")),
        case("york", CalendarMonths(n=1), "2024-01-31 12:00", "2024-02-29 17:00", *req("TM-14", "york")),
        case("york", CalendarMonths(n=1), "2024-02-29 12:00", "2024-04-02 17:00", *req("TM-14", "york")),
        case("halton", CalendarMonths(n=1), "2026-01-31 12:00", "2026-03-02 17:30", *req("TM-14", "halton")),
        case("halton", CalendarMonths(n=12), "2024-02-29 12:00", "2025-02-28 16:40", *req("TM-14", "halton")),
        case("halton", CalendarMonths(n=1, if_closed="previous_working_day"), "2026-04-02 12:00", "2026-05-01 16:40"),
        # TM-15: before school starts, across a weekend, a bank holiday and the holidays.
        case("halton", school("08:45"), "2026-01-11 23:30", "2026-01-12 08:45", *req("TM-15", "halton")),
        case("halton", school("08:45"), "2026-01-12 02:30", "2026-01-12 08:45", *req("TM-15", "halton")),
        case("halton", school("08:45"), "2026-01-12 08:45", "2026-01-13 08:45", *req("TM-15", "halton")),
        case("halton", school("08:45"), "2026-05-01 20:00", "2026-05-05 08:45", *req("TM-15", "halton")),
        case("halton", school("08:45", EASTER), "2026-03-27 20:00", "2026-04-13 08:45", *req("TM-15", "halton")),
        # Office hours as an amount.
        case("halton", WorkingTime(hours=4), "2026-01-09 15:40", "2026-01-12 12:00", *req("TM-11", "halton")),
        case("halton", WorkingTime(hours=1), "2026-01-09 15:40", "2026-01-09 16:40", *req("TM-16", "halton")),
    ],
)
def test_due(
    request: pytest.FixtureRequest, london: London, authority: str, allowance: Allowance, received: str, expected: str
) -> None:
    answer = due(request.getfixturevalue(authority), allowance, london(received))
    assert answer.due_at == london(expected)
    assert answer.due_at.tzinfo is UTC


@pytest.mark.req("ED-6")
def test_what_arrives_outside_hours_starts_at_the_next_opening(halton: WorkingCalendar, london: London) -> None:
    late = due(halton, WorkingDays(n=1), london("2026-01-09 16:45"))
    assert (late.counted_from, late.started_at_opening) == (london("2026-01-12 09:00"), True)
    inside = due(halton, WorkingDays(n=1), london("2026-01-09 16:39"))
    assert (inside.counted_from, inside.started_at_opening) == (london("2026-01-09 16:39"), False)


@pytest.mark.req("TM-6")
def test_a_safety_clock_starts_at_once(halton: WorkingCalendar, london: London) -> None:
    night = due(halton, Elapsed(hours=24), london("2026-01-10 02:00"))
    assert (night.counted_from, night.started_at_opening) == (london("2026-01-10 02:00"), False)


@pytest.mark.req("AU-5")
@pytest.mark.parametrize(
    "allowance",
    [
        SameWorkingDay(),
        WorkingDays(n=1),
        WorkingTime(hours=1),
        by_time(TEN),
        meeting(TEN),
        CalendarWeeks(n=1),
        CalendarMonths(n=1),
        DayOfResidence(n=3),
        school("08:45"),
    ],
    ids=lambda allowance: allowance.kind,
)
@pytest.mark.parametrize("received", ["2030-12-31 18:00", "2014-10-31 12:00"])
def test_years_whose_holidays_are_not_known_are_refused(
    halton: WorkingCalendar, london: London, allowance: Allowance, received: str
) -> None:
    with pytest.raises(BeyondKnownHolidays):
        due(halton, allowance, london(received))


def test_elapsed_time_needs_no_holidays(halton: WorkingCalendar, london: London) -> None:
    answer = due(halton, Elapsed(hours=24), london("2031-06-01 12:00"))
    assert answer.due_at == london("2031-06-02 12:00")
    assert answer.sum == "received Sun 12:00, 24 hours by day and night, due Mon 12:00"


def test_a_naive_instant_is_refused(halton: WorkingCalendar) -> None:
    with pytest.raises(NaiveInstant):
        due(halton, Elapsed(hours=24), datetime(2026, 1, 9, 12))  # noqa: DTZ001
