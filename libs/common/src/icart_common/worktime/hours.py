"""Weekly opening hours, as a policy pack writes them (AU-1)."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, model_validator

_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _time_of_day(written: object) -> time:
    if isinstance(written, time) and written.tzinfo is None:
        return written
    # YAML reads an unquoted 17:30 as the number 1050, which would pass for a time just after midnight.
    if isinstance(written, str) and _CLOCK.fullmatch(written):
        return time.fromisoformat(written)
    raise ValueError(f'{written!r} is not a time of day: write it in quotes, as "09:00"')


LocalTime = Annotated[time, BeforeValidator(_time_of_day), PlainSerializer(lambda at: f"{at:%H:%M}", when_used="json")]
"""A wall-clock time in Europe/London, to the minute, written "HH:MM" in quotes."""


class DayHours(BaseModel):
    """Opening and closing of one day, local time; written "09:00-17:30" or `{open: "09:00", close: "17:30"}`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    open: LocalTime
    close: LocalTime

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, written: object) -> object:
        if not isinstance(written, str):
            return written
        opening, dash, closing = written.partition("-")
        if not dash:
            raise ValueError(f'{written!r} is not a day\'s hours: write them as "09:00-17:30"')
        return {"open": opening.strip(), "close": closing.strip()}

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Self:
        if self.close <= self.open:
            raise ValueError(f"closes at {self.close:%H:%M}, not after it opens at {self.open:%H:%M}")
        return self


class WeeklyHours(BaseModel):
    """Hours of each weekday; a day left out is a day on which nobody works."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    monday: DayHours | None = None
    tuesday: DayHours | None = None
    wednesday: DayHours | None = None
    thursday: DayHours | None = None
    friday: DayHours | None = None
    saturday: DayHours | None = None
    sunday: DayHours | None = None

    @model_validator(mode="after")
    def _opens_some_day(self) -> Self:
        if not any(self.week):
            raise ValueError("no day of the week has hours, so no clock could ever run")
        return self

    @property
    def week(self) -> tuple[DayHours | None, ...]:
        """Monday's hours first, Sunday's last."""
        return (
            self.monday,
            self.tuesday,
            self.wednesday,
            self.thursday,
            self.friday,
            self.saturday,
            self.sunday,
        )

    def on(self, day: date) -> DayHours | None:
        """The hours of that date's weekday."""
        return self.week[day.weekday()]
