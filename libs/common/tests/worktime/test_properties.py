"""What holds for every instant and amount, and agreement with counting minute by minute."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icart_common.worktime import (
    LONDON,
    Allowance,
    CalendarMonths,
    CalendarWeeks,
    DayOfResidence,
    Due,
    Elapsed,
    SameWorkingDay,
    WeeklyHours,
    WorkingCalendar,
    WorkingDays,
    WorkingTime,
    due,
    fraction_instant,
    paused,
)

MINUTE = timedelta(minutes=1)
CLOSURES = (date(2024, 2, 29), date(2024, 12, 27), date(2025, 5, 2))
WEEK = {**dict.fromkeys(("monday", "tuesday", "wednesday", "thursday"), "09:00-17:30"), "friday": "09:00-16:40"}
NIGHTS = {**dict.fromkeys(("saturday", "sunday", "monday", "wednesday"), "00:10-05:20")}
CALENDARS = {
    "office": WorkingCalendar(WeeklyHours.model_validate(WEEK), frozenset(CLOSURES)),
    "nights": WorkingCalendar(WeeklyHours.model_validate(NIGHTS), frozenset(CLOSURES)),
}
calendars = st.sampled_from(list(CALENDARS.values()))
instants = st.datetimes(datetime(2015, 2, 1), datetime(2029, 6, 30), timezones=st.just(UTC))  # noqa: DTZ001
amounts = st.timedeltas(timedelta(0), timedelta(hours=400))
working_clocks: st.SearchStrategy[Allowance] = st.one_of(
    st.just(SameWorkingDay()),
    st.builds(WorkingDays, n=st.integers(1, 60)),
    st.builds(WorkingTime, hours=st.integers(1, 24_000).map(lambda minutes: minutes / 60)),
    st.builds(CalendarWeeks, n=st.integers(1, 8)),
    st.builds(CalendarMonths, n=st.integers(1, 6)),
    st.builds(DayOfResidence, n=st.integers(1, 10)),
)


def within_hours(calendar: WorkingCalendar, at: datetime) -> bool:
    return calendar.is_working(at) or calendar.closing(calendar.local_day(at)) == at


@pytest.mark.req("AU-5")
@settings(deadline=None)
@given(calendars, working_clocks, instants)
def test_a_working_clock_is_never_due_outside_working_time(
    calendar: WorkingCalendar, allowance: Allowance, received: datetime
) -> None:
    answer = due(calendar, allowance, received)
    assert within_hours(calendar, answer.due_at)
    assert received <= answer.counted_from < answer.due_at
    assert answer.sum.startswith("received ")


@settings(deadline=None)
@given(calendars, instants, amounts)
def test_adding_and_then_measuring_gives_the_amount_back(
    calendar: WorkingCalendar, at: datetime, amount: timedelta
) -> None:
    end = calendar.add_working_time(at, amount)
    assert calendar.working_time_between(at, end) == amount
    assert within_hours(calendar, end)


@settings(deadline=None)
@given(calendars, instants, amounts, amounts)
def test_adding_is_monotonic_and_adds_up(
    calendar: WorkingCalendar, at: datetime, one: timedelta, other: timedelta
) -> None:
    first = calendar.add_working_time(at, one)
    assert first <= calendar.add_working_time(at, one + other) or not one
    assert calendar.add_working_time(at, one) <= calendar.add_working_time(at + other, one)
    if other:
        assert calendar.add_working_time(first, other) == calendar.add_working_time(at, one + other)


@settings(deadline=None)
@given(calendars, working_clocks, instants, st.timedeltas(timedelta(0), timedelta(days=9)))
def test_what_comes_later_is_never_due_sooner(
    calendar: WorkingCalendar, allowance: Allowance, received: datetime, later: timedelta
) -> None:
    assert due(calendar, allowance, received).due_at <= due(calendar, allowance, received + later).due_at


@settings(deadline=None)
@given(calendars, st.lists(instants, min_size=3, max_size=3).map(sorted))
def test_time_between_adds_up(calendar: WorkingCalendar, three: list[datetime]) -> None:
    first, middle, last = three
    between = calendar.working_time_between
    assert between(first, middle) + between(middle, last) == between(first, last) == -between(last, first)
    assert timedelta(0) <= between(first, last) <= last - first


@pytest.mark.req("AU-5")
@settings(deadline=None, max_examples=25)
@given(
    st.one_of(st.builds(WorkingDays, n=st.integers(1, 20)), st.builds(WorkingTime, hours=st.integers(1, 100))),
    instants,
    st.integers(0, 30),
)
def test_a_holiday_added_late_never_brings_a_date_forward(allowance: Allowance, received: datetime, days: int) -> None:
    calendar = CALENDARS["office"]
    day = received.date() + timedelta(days=days)
    before = due(calendar, allowance, received)
    proclaimed = WorkingCalendar(calendar.hours, calendar.closures, calendar.bank_holidays.with_day(day, "A royal day"))
    after = due(proclaimed, allowance, received)
    assert after.due_at == due(calendar.with_closures([day]), allowance, received).due_at
    local = before.due_at.astimezone(LONDON).date()
    if calendar.is_working_day(day) and before.counted_from.astimezone(LONDON).date() <= day <= local:
        assert after.due_at > before.due_at
    else:
        assert after.due_at == before.due_at


@settings(deadline=None)
@given(
    calendars,
    working_clocks | st.builds(Elapsed, hours=st.integers(1, 99)),
    instants,
    st.lists(st.floats(0, 1), min_size=2, max_size=2).map(sorted),
)
def test_warnings_come_in_order_between_start_and_end(
    calendar: WorkingCalendar, allowance: Allowance, received: datetime, fractions: list[float]
) -> None:
    clock = due(calendar, allowance, received)
    early, late = (fraction_instant(calendar, allowance, clock, part) for part in fractions)
    assert clock.counted_from <= early <= late <= clock.due_at


@settings(deadline=None)
@given(
    calendars,
    st.builds(WorkingDays, n=st.integers(1, 9)),
    instants,
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 100)), max_size=5),
)
def test_a_paused_clock_still_gives_its_whole_allowance(
    calendar: WorkingCalendar, allowance: Allowance, received: datetime, stops: list[tuple[int, int]]
) -> None:
    clock = due(calendar, allowance, received)
    pauses = [
        (received + timedelta(hours=start), received + timedelta(hours=start + length)) for start, length in stops
    ]
    held = paused(calendar, allowance, clock, pauses)
    stood_still = sum((calendar.working_time_between(*pause) for pause in held.pauses), timedelta(0))
    given_time = calendar.working_time_between(held.counted_from, held.due_at) - stood_still
    assert given_time == calendar.working_time_between(clock.counted_from, clock.due_at)
    assert within_hours(calendar, held.due_at)


class MinuteByMinute:
    """A second answer that knows nothing of the first: every minute of three years, open or not."""

    begins = datetime(2023, 10, 1, tzinfo=UTC)
    minutes = (datetime(2026, 9, 30, tzinfo=UTC) - begins) // MINUTE

    def __init__(self, week: dict[str, str]) -> None:
        closed = set(holidays.country_holidays("GB", subdiv="ENG", years=range(2023, 2027))) | set(CLOSURES)
        names = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
        spans = [week.get(name, "-").split("-") for name in names]
        self.open = bytearray(self.minutes)
        self.days: list[date] = []
        for index in range(self.minutes):
            # Whole hours from UTC only, so the wall clock is looked up once an hour and stepped in between.
            if index % 60 == 0:
                wall = (self.begins + index * MINUTE).astimezone(LONDON)
                today, hour = wall.date(), wall.hour
                opens, closes = spans[today.weekday()]
                shut = today in closed
            clock = f"{hour:02}:{index % 60:02}"
            self.open[index] = not shut and opens <= clock < closes
            self.days.append(today)
        self.worked = [0, *accumulate(self.open)]

    def index(self, at: datetime) -> int:
        return (at - self.begins) // MINUTE

    def open_minutes_from(self, at: datetime) -> Iterator[int]:
        return (index for index in range(self.index(at), self.minutes) if self.open[index])

    def after_minutes(self, at: datetime, amount: int) -> datetime:
        """The end of the amount-th open minute."""
        for passed, index in enumerate(self.open_minutes_from(at), start=1):
            if passed == amount:
                return self.begins + (index + 1) * MINUTE
        raise AssertionError("the three years are over")

    def close_of_day(self, at: datetime, n: int) -> datetime:
        """The end of the last open minute of the nth day with open minutes after the first such day."""
        seen: list[date] = []
        last = 0
        for index in self.open_minutes_from(at):
            if self.days[index] not in seen:
                if len(seen) == n + 1:
                    break
                seen.append(self.days[index])
            last = index
        return self.begins + (last + 1) * MINUTE


@pytest.fixture(scope="session")
def counted() -> dict[str, MinuteByMinute]:
    return {"office": MinuteByMinute(WEEK), "nights": MinuteByMinute(NIGHTS)}


minutes = st.integers(0, (datetime(2026, 6, 1, tzinfo=UTC) - MinuteByMinute.begins) // MINUTE).map(
    lambda index: MinuteByMinute.begins + index * MINUTE
)
telling = st.sampled_from(
    [
        datetime(2023, 12, 22, 16, 45, tzinfo=UTC),  # the Friday afternoon before Christmas
        datetime(2024, 2, 28, 17, 29, tzinfo=UTC),  # the eve of a leap day that is closed besides
        datetime(2024, 3, 31, 0, 59, tzinfo=UTC),  # the last minute before the clocks go forward
        datetime(2024, 10, 27, 0, 30, tzinfo=UTC),  # the hour that comes twice
        datetime(2025, 3, 28, 16, 39, tzinfo=UTC),
        datetime(2025, 10, 26, 1, 0, tzinfo=UTC),
        datetime(2025, 12, 24, 17, 30, tzinfo=UTC),
    ]
)
names = st.sampled_from(sorted(CALENDARS))


@pytest.mark.req("AU-5")
@settings(deadline=None, max_examples=200)
@given(names, minutes | telling, st.integers(1, 6_000))
def test_added_minutes_agree_with_counting_them(
    counted: dict[str, MinuteByMinute], name: str, at: datetime, amount: int
) -> None:
    assert CALENDARS[name].add_working_time(at, amount * MINUTE) == counted[name].after_minutes(at, amount)


@pytest.mark.req("AU-5")
@settings(deadline=None, max_examples=200)
@given(names, minutes | telling, st.integers(0, 12))
def test_due_days_agree_with_counting_minutes(
    counted: dict[str, MinuteByMinute], name: str, at: datetime, n: int
) -> None:
    allowance = WorkingDays(n=n) if n else SameWorkingDay()
    answer: Due = due(CALENDARS[name], allowance, at)
    assert answer.due_at == counted[name].close_of_day(at, n)
    first = next(counted[name].open_minutes_from(at))
    assert answer.counted_from == MinuteByMinute.begins + first * MINUTE


@pytest.mark.req("AU-5")
@settings(deadline=None)
@given(names, minutes | telling, minutes | telling)
def test_time_between_agrees_with_counting_minutes(
    counted: dict[str, MinuteByMinute], name: str, start: datetime, end: datetime
) -> None:
    tally = counted[name]
    expected = tally.worked[tally.index(end)] - tally.worked[tally.index(start)]
    assert CALENDARS[name].working_time_between(start, end) == expected * MINUTE


@pytest.mark.req("AU-5")
@pytest.mark.parametrize("name", sorted(CALENDARS))
def test_every_minute_of_three_years_is_open_or_closed_alike(counted: dict[str, MinuteByMinute], name: str) -> None:
    tally, calendar = counted[name], CALENDARS[name]
    changes = [index for index in range(1, tally.minutes) if tally.open[index] != tally.open[index - 1]]
    for index in changes:
        at = MinuteByMinute.begins + index * MINUTE
        assert calendar.is_working(at) == bool(tally.open[index])
        assert calendar.is_working(at - MINUTE) == bool(tally.open[index - 1])
    instants_of_change = {MinuteByMinute.begins + index * MINUTE for index in changes}
    within = [
        at
        for at in (*calendar.table.opens, *calendar.table.closes)
        if MinuteByMinute.begins < at < MinuteByMinute.begins + (tally.minutes - 1) * MINUTE
    ]
    assert set(within) == instants_of_change
