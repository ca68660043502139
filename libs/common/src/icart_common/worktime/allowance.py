"""How long a clock allows: the kinds that a policy pack can name (register, section 8).

A pack embeds `Allowance`; in YAML it reads `{kind: working_days, n: 3}`.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from icart_common.worktime.hours import LocalTime
from icart_common.worktime.wording import counted, duration

Measure = Literal["working_time", "elapsed", "calendar_days"]
IfClosed = Literal["next_working_day", "previous_working_day"]


class _Kind(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    measure: ClassVar[Measure] = "working_time"
    """What pauses of such a clock are counted in; so are its warnings, but for days, which are divided as elapsed."""
    may_pause: ClassVar[bool] = True


class SameWorkingDay(_Kind):
    """By close of the day on which it starts: TM-1."""

    kind: Literal["same_working_day"] = "same_working_day"

    @property
    def words(self) -> str:
        return "the same working day"


class WorkingDays(_Kind):
    """By close of the nth working day after day 0: TM-2 ("24 hours, one working day"), TM-3, TM-4, TM-8, TM-17."""

    kind: Literal["working_days"] = "working_days"
    n: int = Field(ge=1)

    @property
    def words(self) -> str:
        return counted(self.n, "working day")


class WorkingTime(_Kind):
    """After so many hours in which the office was open."""

    kind: Literal["working_time"] = "working_time"
    hours: float = Field(gt=0, allow_inf_nan=False)

    @property
    def length(self) -> timedelta:
        return timedelta(hours=self.hours)

    @property
    def words(self) -> str:
        return f"{duration(self.length)} of working time"


class Elapsed(_Kind):
    """After so much time by any clock, day and night; never pauses: TM-6, TM-10, TM-13. A day is 24 hours.

    No hours at all: at the very instant from which it counts, which may be one to come (SC-16).
    """

    kind: Literal["elapsed"] = "elapsed"
    hours: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    days: float | None = Field(default=None, gt=0, allow_inf_nan=False)

    measure: ClassVar[Measure] = "elapsed"
    may_pause: ClassVar[bool] = False

    @model_validator(mode="after")
    def _one_of_the_two(self) -> Self:
        if (self.hours is None) == (self.days is None):
            raise ValueError("give either hours or days")
        return self

    @property
    def length(self) -> timedelta:
        return timedelta(days=self.days or 0, hours=self.hours or 0)

    @property
    def words(self) -> str:
        return f"{duration(self.length)} by day and night" if self.length else "at once"


class ByTimeNextWorkingDay(_Kind):
    """By a time on the next working day to open; what comes overnight is due that morning: TM-9, ED-4."""

    kind: Literal["by_time_next_working_day"] = "by_time_next_working_day"
    time: LocalTime

    @property
    def words(self) -> str:
        return f"by {self.time:%H:%M} on the next working day"


class MeetingNextWorkingDay(_Kind):
    """At the meeting held on the first working day after day 0: TM-5."""

    kind: Literal["meeting_next_working_day"] = "meeting_next_working_day"
    time: LocalTime

    @property
    def words(self) -> str:
        return f"the next working day's meeting at {self.time:%H:%M}"


class CalendarWeeks(_Kind):
    """By close of the same weekday n weeks on, and before it when that day is closed: TM-7 ("within")."""

    kind: Literal["calendar_weeks"] = "calendar_weeks"
    n: int = Field(ge=1)
    if_closed: IfClosed = "previous_working_day"

    measure: ClassVar[Measure] = "calendar_days"

    @property
    def words(self) -> str:
        return counted(self.n, "week")

    def end(self, start: date) -> date:
        """The date on which it ends when it starts on `start`, open or closed."""
        return start + timedelta(weeks=self.n)


class CalendarMonths(_Kind):
    """By close of the same date n months on, or the month's last: TM-14.

    Counted from the date received, open or closed, as the law on records requests has it; an end on a closed
    day moves to the next working day.
    """

    kind: Literal["calendar_months"] = "calendar_months"
    n: int = Field(ge=1)
    if_closed: IfClosed = "next_working_day"

    measure: ClassVar[Measure] = "calendar_days"

    @property
    def words(self) -> str:
        return counted(self.n, "calendar month")

    def end(self, start: date) -> date:
        """The date on which it ends when it starts on `start`, open or closed."""
        years, month = divmod(start.month - 1 + self.n, 12)
        year, month = start.year + years, month + 1
        return date(year, month, min(start.day, monthrange(year, month)[1]))


class DayOfResidence(_Kind):
    """By close of the nth day a child lives here; the day of arrival, working day or not, is the first: TM-12."""

    kind: Literal["day_of_residence"] = "day_of_residence"
    n: int = Field(ge=1)
    if_closed: IfClosed = "next_working_day"

    measure: ClassVar[Measure] = "calendar_days"

    @property
    def words(self) -> str:
        return f"day {self.n} of residence"

    def end(self, start: date) -> date:
        """The date on which it ends when the child arrives on `start`, open or closed."""
        return start + timedelta(days=self.n - 1)


class DateRange(BaseModel):
    """Dates from `first` to `last`, both included."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first: date
    last: date

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise ValueError(f"last ({self.last}) is before first ({self.first})")
        return self


class BeforeNextSchoolDay(_Kind):
    """Before the next school day starts, whatever the hour it began: TM-15.

    School days are weekdays that are neither bank holidays nor in `closures` (the schools' own holidays);
    the office's closure days do not matter. Never pauses.
    """

    kind: Literal["before_next_school_day"] = "before_next_school_day"
    time: LocalTime
    closures: tuple[DateRange, ...] = ()

    measure: ClassVar[Measure] = "elapsed"
    may_pause: ClassVar[bool] = False

    @property
    def words(self) -> str:
        return f"before the next school day starts at {self.time:%H:%M}"


Allowance = Annotated[
    SameWorkingDay
    | WorkingDays
    | WorkingTime
    | Elapsed
    | ByTimeNextWorkingDay
    | MeetingNextWorkingDay
    | CalendarWeeks
    | CalendarMonths
    | DayOfResidence
    | BeforeNextSchoolDay,
    Field(discriminator="kind"),
]
