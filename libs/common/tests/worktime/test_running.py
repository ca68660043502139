"""Warnings at fractions of an allowance, and pauses."""

from collections.abc import Callable
from datetime import datetime

import pytest

from icart_common.worktime import (
    Allowance,
    BeforeNextSchoolDay,
    ByTimeNextWorkingDay,
    CalendarMonths,
    Elapsed,
    NeverPauses,
    SameWorkingDay,
    WorkingCalendar,
    WorkingDays,
    WorkingTimeError,
    due,
    fraction_instant,
    paused,
)

London = Callable[[str], datetime]
ONE_DAY = WorkingDays(n=1)
BY_TEN = ByTimeNextWorkingDay.model_validate({"time": "10:00"})
BY_NINE = ByTimeNextWorkingDay.model_validate({"time": "09:00"})
SCHOOL = BeforeNextSchoolDay.model_validate({"time": "08:45"})


@pytest.mark.req("TM-2", authority="halton")
@pytest.mark.parametrize(
    ("allowance", "received", "fraction", "expected"),
    [
        (ONE_DAY, "2026-01-09 16:45", 0, "2026-01-12 09:00"),
        (ONE_DAY, "2026-01-09 16:45", 0.5, "2026-01-12 17:30"),
        (ONE_DAY, "2026-01-09 16:45", 0.75, "2026-01-13 13:15"),
        (ONE_DAY, "2026-01-09 16:45", 1, "2026-01-13 17:30"),
        (SameWorkingDay(), "2026-01-09 15:40", 0.5, "2026-01-09 16:10"),
        (Elapsed(hours=24), "2026-01-09 16:45", 0.5, "2026-01-10 04:45"),
        (BY_TEN, "2026-01-10 02:00", 0.5, "2026-01-12 09:30"),
        (BY_NINE, "2026-01-12 07:00", 0.5, "2026-01-12 08:00"),
        (SCHOOL, "2026-01-12 06:45", 0.5, "2026-01-12 07:45"),
        (CalendarMonths(n=1), "2026-01-12 17:30", 0.5, "2026-01-28 05:30"),
    ],
)
def test_warning_at_a_fraction(
    halton: WorkingCalendar,
    london: London,
    allowance: Allowance,
    received: str,
    fraction: float,
    expected: str,
) -> None:
    clock = due(halton, allowance, london(received))
    assert fraction_instant(halton, allowance, clock, fraction) == london(expected)


@pytest.mark.parametrize("fraction", [-0.1, 1.1, float("nan")])
def test_a_fraction_lies_between_nought_and_one(halton: WorkingCalendar, london: London, fraction: float) -> None:
    clock = due(halton, ONE_DAY, london("2026-01-09 12:00"))
    with pytest.raises(WorkingTimeError, match="between 0 and 1"):
        fraction_instant(halton, ONE_DAY, clock, fraction)


def stops(london: London, *walls: tuple[str, str]) -> list[tuple[datetime, datetime]]:
    return [(london(start), london(end)) for start, end in walls]


@pytest.mark.req("TM-3", authority="halton")
@pytest.mark.parametrize(
    ("pauses", "expected"),
    [
        ([("2026-01-12 10:00", "2026-01-12 12:30")], "2026-01-14 11:30"),
        ([("2026-01-12 17:30", "2026-01-13 09:00")], "2026-01-13 17:30"),
        ([("2026-01-12 10:00", "2026-01-12 12:00"), ("2026-01-12 11:00", "2026-01-12 12:30")], "2026-01-14 11:30"),
        ([("2026-01-13 16:30", "2026-01-13 18:00"), ("2026-01-14 09:30", "2026-01-14 10:00")], "2026-01-14 10:30"),
        ([("2026-01-13 17:30", "2026-01-14 12:00")], "2026-01-13 17:30"),
        ([("2026-01-09 09:00", "2026-01-12 09:30")], "2026-01-14 09:30"),
        ([("2026-01-08 09:00", "2026-01-09 12:00")], "2026-01-13 17:30"),
        ([], "2026-01-13 17:30"),
    ],
)
def test_a_pause_moves_the_end_by_the_time_stood_still(
    halton: WorkingCalendar, london: London, pauses: list[tuple[str, str]], expected: str
) -> None:
    clock = due(halton, ONE_DAY, london("2026-01-09 16:45"))
    assert paused(halton, ONE_DAY, clock, stops(london, *pauses)).due_at == london(expected)


def test_pauses_add_up_in_any_order_and_the_sum_names_them(halton: WorkingCalendar, london: London) -> None:
    first, second = stops(london, ("2026-01-12 10:00", "2026-01-12 11:00"), ("2026-01-13 17:00", "2026-01-14 09:10"))
    clock = due(halton, ONE_DAY, london("2026-01-09 16:45"))
    once = paused(halton, ONE_DAY, clock, [second, first])
    assert paused(halton, ONE_DAY, paused(halton, ONE_DAY, clock, [second]), [first]) == once
    assert once.sum == (
        "received Fri 16:45, counted from Mon 09:00, one working day, "
        "paused for one hour and 40 minutes of working time, due Wed 10:40"
    )


def test_a_warning_waits_while_the_clock_stands_still(halton: WorkingCalendar, london: London) -> None:
    clock = due(halton, ONE_DAY, london("2026-01-12 09:00"))
    held = paused(halton, ONE_DAY, clock, stops(london, ("2026-01-12 16:30", "2026-01-13 10:00")))
    assert fraction_instant(halton, ONE_DAY, held, 0.25) == london("2026-01-12 13:15")
    assert fraction_instant(halton, ONE_DAY, held, 0.5) == london("2026-01-13 11:00")
    assert fraction_instant(halton, ONE_DAY, held, 1) == held.due_at == london("2026-01-14 11:00")


@pytest.mark.req("TM-14")
def test_a_month_that_stood_still_ends_with_a_working_day(halton: WorkingCalendar, london: London) -> None:
    month = CalendarMonths(n=1)
    clock = due(halton, month, london("2026-01-09 12:00"))
    held = paused(halton, month, clock, stops(london, ("2026-01-12 09:00", "2026-01-16 09:00")))
    assert held.due_at == london("2026-02-13 16:40")
    assert held.sum == ("received Fri 9 Jan 12:00, one calendar month, paused for four days, due Fri 13 Feb 16:40")


@pytest.mark.req("TM-6")
@pytest.mark.parametrize("allowance", [Elapsed(hours=24), SCHOOL], ids=lambda allowance: allowance.kind)
def test_a_safety_clock_never_pauses(halton: WorkingCalendar, london: London, allowance: Allowance) -> None:
    clock = due(halton, allowance, london("2026-01-09 16:45"))
    with pytest.raises(NeverPauses, match=allowance.kind):
        paused(halton, allowance, clock, stops(london, ("2026-01-09 17:00", "2026-01-09 18:00")))


def test_a_pause_that_ends_before_it_starts_is_refused(halton: WorkingCalendar, london: London) -> None:
    clock = due(halton, ONE_DAY, london("2026-01-09 12:00"))
    with pytest.raises(WorkingTimeError, match="before it starts"):
        paused(halton, ONE_DAY, clock, stops(london, ("2026-01-12 10:00", "2026-01-12 09:00")))


@pytest.mark.req("AU-5")
def test_pauses_are_kept_when_a_holiday_is_added(halton: WorkingCalendar, london: London) -> None:
    clock = due(halton, ONE_DAY, london("2026-01-09 16:45"))
    held = paused(halton, ONE_DAY, clock, stops(london, ("2026-01-12 10:00", "2026-01-12 11:00")))
    changed = halton.with_closures([london("2026-01-13 12:00").date()])
    assert paused(changed, ONE_DAY, held, []).due_at == london("2026-01-15 10:00")
