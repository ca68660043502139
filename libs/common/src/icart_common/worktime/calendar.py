"""An authority's working calendar: when it is open, and sums with the time in which it is (AU-1, AU-5).

Every instant is an aware datetime and every answer is in UTC. Openings and closings are turned into UTC once
for all known years, so a change of the clocks is in the table and never in the sums.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from icart_common.worktime.bank_holidays import BankHolidays, england_and_wales
from icart_common.worktime.errors import BeyondKnownHolidays, NaiveInstant, NotAWorkingDay, WorkingTimeError
from icart_common.worktime.hours import WeeklyHours

LONDON = ZoneInfo("Europe/London")
_NOTHING = timedelta(0)


def utc(instant: datetime) -> datetime:
    """The same instant in UTC. Raises `NaiveInstant` when it has no time zone."""
    if instant.tzinfo is UTC:
        return instant
    if instant.utcoffset() is None:
        raise NaiveInstant(instant)
    return instant.astimezone(UTC)


@dataclass(frozen=True)
class WorkingDays:
    """Every working day of the known years, in order; the lists run in parallel."""

    ordinals: list[int]
    opens: list[datetime]
    closes: list[datetime]
    worked_before: list[timedelta]
    worked_after: list[timedelta]
    begins: datetime
    ends: datetime


@dataclass(frozen=True)
class WorkingCalendar:
    """Weekly hours, less bank holidays, less the authority's own closure days.

    A day's working time runs from its opening up to, not including, its closing. Questions about days outside
    the years whose bank holidays are known raise `BeyondKnownHolidays`; naive datetimes raise `NaiveInstant`.
    """

    hours: WeeklyHours
    closures: frozenset[date] = frozenset()
    bank_holidays: BankHolidays = field(default_factory=england_and_wales, repr=False)
    timezone: ZoneInfo = LONDON

    def __post_init__(self) -> None:
        object.__setattr__(self, "closures", frozenset(self.closures))

    def with_closures(self, days: Iterable[date]) -> WorkingCalendar:
        """The same calendar with more closure days."""
        return WorkingCalendar(self.hours, self.closures | set(days), self.bank_holidays, self.timezone)

    @cached_property
    def mark(self) -> str:
        """Twelve characters that are others when any day, or any hour of one, is."""
        days = sorted(self.closures | self.bank_holidays.names.keys())
        names = [(day.isoformat(), self.bank_holidays.names.get(day)) for day in days]
        years = (self.bank_holidays.first_year, self.bank_holidays.last_year)
        whole = repr((self.hours, names, years, self.timezone.key))
        return hashlib.sha256(whole.encode()).hexdigest()[:12]

    # Days

    def is_working_day(self, day: date) -> bool:
        """Whether anybody works on that date."""
        self.refuse_unknown(day)
        return day.toordinal() in self._index

    def opening(self, day: date) -> datetime:
        """When that day opens, in UTC. Raises `NotAWorkingDay`."""
        return self.table.opens[self._position_of(day)]

    def closing(self, day: date) -> datetime:
        """When that day closes, in UTC. Raises `NotAWorkingDay`."""
        return self.table.closes[self._position_of(day)]

    def working_days_after(self, day: date, n: int) -> date:
        """The nth working day after `day`, which is day 0 whether or not it is itself a working day."""
        if n < 1:
            raise WorkingTimeError(f"working days are counted from 1, not {n}")
        self.refuse_unknown(day)
        position = bisect_right(self.table.ordinals, day.toordinal()) + n - 1
        return date.fromordinal(self.table.ordinals[self.known(position)])

    def working_day_before(self, day: date) -> date:
        """The last working day before `day`."""
        self.refuse_unknown(day)
        position = bisect_left(self.table.ordinals, day.toordinal()) - 1
        if position < 0:
            raise self._beyond(date(self.bank_holidays.first_year - 1, 12, 31))
        return date.fromordinal(self.table.ordinals[position])

    def local_day(self, instant: datetime) -> date:
        """The date on the wall at that instant."""
        return instant.astimezone(self.timezone).date()

    def at(self, day: date, wall: time) -> datetime:
        """The instant at which clocks show `wall` on `day`, in UTC.

        A time that comes twice (the clocks go back) is its second coming; one that does not come at all
        (the clocks go forward) is what the clocks show in its stead, an hour later.
        """
        first = datetime.combine(day, wall, self.timezone)
        return max(first.astimezone(UTC), first.replace(fold=1).astimezone(UTC))

    def refuse_unknown(self, day: date) -> None:
        """Raise `BeyondKnownHolidays` unless the bank holidays of that day's year are known."""
        if not self.bank_holidays.first_year <= day.year <= self.bank_holidays.last_year:
            raise self._beyond(day)

    # Instants

    def is_working(self, instant: datetime) -> bool:
        """Whether the office is open: the opening instant is inside, the closing instant is not."""
        at = utc(instant)
        position = self._day_not_over(at)
        return position < len(self.table.opens) and self.table.opens[position] <= at

    def next_opening(self, instant: datetime) -> datetime:
        """The instant itself while the office is open, otherwise when it next opens."""
        at = utc(instant)
        return max(at, self.table.opens[self.known(self._day_not_over(at))])

    def position(self, at: datetime) -> int:
        """Where the day that holds `at`, or the next one to open, stands in the table; `at` is in UTC."""
        return self.known(self._day_not_over(at))

    def known(self, position: int) -> int:
        """`position` if the table reaches so far; raises `BeyondKnownHolidays` if not."""
        if position >= len(self.table.opens):
            raise self._beyond(date(self.bank_holidays.last_year + 1, 1, 1))
        return position

    # Amounts

    def working_time_between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from `start` to `end`; negative when `end` is the earlier."""
        return self.worked_until(utc(end)) - self.worked_until(utc(start))

    def worked_until(self, at: datetime) -> timedelta:
        """Working time from the first known day to `at`, which is in UTC."""
        table = self.table
        position = self._day_not_over(at)
        if position == len(table.opens):
            return table.worked_after[-1] if position else _NOTHING
        opens = table.opens[position]
        return table.worked_before[position] + (at - opens) if at > opens else table.worked_before[position]

    def when_worked(self, amount: timedelta) -> datetime:
        """When so much working time has passed since the first known day: a closing, not the opening after it."""
        table = self.table
        position = self.known(bisect_left(table.worked_after, amount))
        return table.opens[position] + (amount - table.worked_before[position])

    def add_working_time(self, instant: datetime, amount: timedelta) -> datetime:
        """The instant at which `amount` of working time has passed since `instant`.

        What ends with the working day ends at its closing, not at the next opening. Nothing added outside
        hours is the next opening. Raises `WorkingTimeError` when `amount` is negative.
        """
        if amount < _NOTHING:
            raise WorkingTimeError(f"working time cannot be taken away: {amount}")
        at = utc(instant)
        if not amount:
            return self.next_opening(at)
        return self.when_worked(self.worked_until(at) + amount)

    # The table

    @cached_property
    def table(self) -> WorkingDays:
        """Openings and closings of all known years; about 4,000 days, built at first use."""
        table = WorkingDays([], [], [], [], [], self._midnight(0), self._midnight(1))
        closed = self.closures | self.bank_holidays.names.keys()
        first = date(self.bank_holidays.first_year, 1, 1).toordinal()
        after = date(self.bank_holidays.last_year + 1, 1, 1).toordinal()
        worked = _NOTHING
        for ordinal in range(first, after):
            day = date.fromordinal(ordinal)
            hours = self.hours.on(day)
            if hours is None or day in closed:
                continue
            opens = datetime.combine(day, hours.open, self.timezone).astimezone(UTC)
            closes = self.at(day, hours.close)
            if closes <= opens:
                continue  # The whole of it fell into the hour that the clocks skipped.
            table.ordinals.append(ordinal)
            table.opens.append(opens)
            table.closes.append(closes)
            table.worked_before.append(worked)
            worked += closes - opens
            table.worked_after.append(worked)
        return table

    @cached_property
    def _index(self) -> dict[int, int]:
        return {ordinal: position for position, ordinal in enumerate(self.table.ordinals)}

    def _midnight(self, end: int) -> datetime:
        year = self.bank_holidays.last_year + 1 if end else self.bank_holidays.first_year
        return datetime(year, 1, 1, tzinfo=self.timezone).astimezone(UTC)

    def _position_of(self, day: date) -> int:
        self.refuse_unknown(day)
        position = self._index.get(day.toordinal())
        if position is None:
            raise NotAWorkingDay(day)
        return position

    def _day_not_over(self, at: datetime) -> int:
        table = self.table
        if not table.begins <= at < table.ends:
            raise self._beyond(self.local_day(at))
        return bisect_right(table.closes, at)

    def _beyond(self, asked: date) -> BeyondKnownHolidays:
        return BeyondKnownHolidays(asked, self.bank_holidays.first_year, self.bank_holidays.last_year)
