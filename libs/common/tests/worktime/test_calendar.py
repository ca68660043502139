from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest

from icart_common.worktime import (
    LONDON,
    BeyondKnownHolidays,
    NaiveInstant,
    NotAWorkingDay,
    WeeklyHours,
    WorkingCalendar,
    WorkingTimeError,
)

London = Callable[[str], datetime]
MINUTE = timedelta(minutes=1)


@pytest.mark.req("AU-1")
@pytest.mark.parametrize(
    ("authority", "opens", "closes", "friday_closes"),
    [
        pytest.param("halton", "09:00", "17:30", "16:40", marks=pytest.mark.req("AU-1", authority="halton")),
        pytest.param(
            "cheshire_west", "08:30", "17:00", "16:30", marks=pytest.mark.req("AU-1", authority="cheshire-west")
        ),
        pytest.param("york", "08:30", "17:00", "17:00", marks=pytest.mark.req("AU-1", authority="york")),
    ],
)
def test_open_from_the_opening_up_to_the_closing(
    request: pytest.FixtureRequest, london: London, authority: str, opens: str, closes: str, friday_closes: str
) -> None:
    calendar: WorkingCalendar = request.getfixturevalue(authority)
    for day, closing in (("2026-07-09", closes), ("2026-07-10", friday_closes)):
        assert not calendar.is_working(london(f"{day} {opens}") - MINUTE)
        assert calendar.is_working(london(f"{day} {opens}"))
        assert calendar.is_working(london(f"{day} {closing}") - MINUTE)
        assert not calendar.is_working(london(f"{day} {closing}"))
    assert calendar.next_opening(london(f"2026-07-10 {friday_closes}")) == london(f"2026-07-13 {opens}")


@pytest.mark.req("AU-5")
def test_opening_keeps_to_the_wall_clock_when_the_clocks_change(halton: WorkingCalendar) -> None:
    assert halton.opening(date(2026, 3, 27)) == datetime(2026, 3, 27, 9, tzinfo=UTC)
    assert halton.opening(date(2026, 3, 30)) == datetime(2026, 3, 30, 8, tzinfo=UTC)
    assert halton.closing(date(2026, 10, 23)) == datetime(2026, 10, 23, 15, 40, tzinfo=UTC)
    assert halton.closing(date(2026, 10, 26)) == datetime(2026, 10, 26, 17, 30, tzinfo=UTC)


@pytest.mark.req("AU-5")
def test_an_office_open_through_the_night_loses_an_hour_and_gains_one() -> None:
    night = WorkingCalendar(WeeklyHours.model_validate({"sunday": "00:30-06:00"}))
    forward, back, plain = date(2026, 3, 29), date(2026, 10, 25), date(2026, 7, 5)
    hours = [
        night.working_time_between(night.opening(day), night.closing(day)) / timedelta(hours=1)
        for day in (forward, back, plain)
    ]
    assert hours == [4.5, 6.5, 5.5]


@pytest.mark.req("AU-5")
def test_the_hour_that_does_not_exist_and_the_one_that_comes_twice(halton: WorkingCalendar) -> None:
    assert halton.at(date(2026, 3, 29), time(1, 30)) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)  # shown as 02:30
    assert halton.at(date(2026, 10, 25), time(1, 30)) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)  # in GMT
    skipped = WorkingCalendar(WeeklyHours.model_validate({"sunday": "01:10-02:10"}))
    assert not skipped.is_working_day(date(2026, 3, 29))
    assert skipped.is_working_day(date(2026, 4, 12))


def test_any_zone_will_do_but_none_will_not(halton: WorkingCalendar) -> None:
    wall = datetime(2026, 7, 10, 16, 39, tzinfo=LONDON)
    assert halton.is_working(wall)
    assert halton.next_opening(wall).tzinfo is UTC
    for ask in (halton.is_working, halton.next_opening):
        with pytest.raises(NaiveInstant, match="2026-07-10T12:00:00 has no time zone"):
            ask(datetime(2026, 7, 10, 12))  # noqa: DTZ001


@pytest.mark.req("AU-5")
def test_bank_holidays_and_own_closures_are_not_working_days(halton: WorkingCalendar) -> None:
    assert not halton.is_working_day(date(2026, 4, 3))
    assert halton.is_working_day(date(2026, 12, 29))
    closed = halton.with_closures([date(2026, 12, 29)])
    assert not closed.is_working_day(date(2026, 12, 29))
    assert closed.working_days_after(date(2026, 12, 24), 1) == date(2026, 12, 30)
    for ask in (closed.opening, closed.closing):
        with pytest.raises(NotAWorkingDay, match="2026-12-29"):
            ask(date(2026, 12, 29))


def test_working_days_are_counted_after_day_nought(halton: WorkingCalendar) -> None:
    assert halton.working_days_after(date(2026, 4, 2), 1) == date(2026, 4, 7)
    assert halton.working_days_after(date(2026, 4, 4), 1) == date(2026, 4, 7)
    assert halton.working_days_after(date(2026, 4, 2), 45) == date(2026, 6, 10)
    assert halton.working_day_before(date(2026, 4, 7)) == date(2026, 4, 2)
    with pytest.raises(WorkingTimeError, match="from 1, not 0"):
        halton.working_days_after(date(2026, 4, 2), 0)


def test_what_fills_the_day_ends_at_its_closing(halton: WorkingCalendar, london: London) -> None:
    assert halton.add_working_time(london("2026-01-09 16:00"), timedelta(minutes=40)) == london("2026-01-09 16:40")
    assert halton.add_working_time(london("2026-01-09 16:00"), timedelta(minutes=41)) == london("2026-01-12 09:01")
    assert halton.add_working_time(london("2026-01-10 12:00"), timedelta(0)) == london("2026-01-12 09:00")
    with pytest.raises(WorkingTimeError, match="taken away"):
        halton.add_working_time(london("2026-01-09 16:00"), -MINUTE)


def test_time_between_runs_both_ways(halton: WorkingCalendar, london: London) -> None:
    start, end = london("2026-01-09 16:00"), london("2026-01-12 10:00")
    assert halton.working_time_between(start, end) == timedelta(minutes=100)
    assert halton.working_time_between(end, start) == timedelta(minutes=-100)


@pytest.mark.req("AU-5")
def test_the_last_known_evening_has_no_next_opening(halton: WorkingCalendar, london: London) -> None:
    evening = london("2030-12-31 18:00")
    assert not halton.is_working(evening)
    assert halton.working_time_between(london("2030-12-31 17:00"), evening) == timedelta(minutes=30)
    with pytest.raises(BeyondKnownHolidays, match="2031"):
        halton.next_opening(evening)
    with pytest.raises(BeyondKnownHolidays):
        halton.working_day_before(date(2015, 1, 1))
    with pytest.raises(BeyondKnownHolidays):
        halton.add_working_time(london("2030-12-31 17:00"), timedelta(hours=1))
    with pytest.raises(BeyondKnownHolidays):
        halton.is_working(london("2014-12-31 12:00"))
