"""What can go wrong with working time; each class's message says what to do about it."""

from __future__ import annotations

from datetime import date, datetime


class WorkingTimeError(ValueError):
    """A question about working time that has no honest answer."""


class NaiveInstant(WorkingTimeError):
    """A datetime without a time zone was given where an instant is needed."""

    def __init__(self, instant: datetime) -> None:
        super().__init__(
            f"{instant.isoformat()} has no time zone, so it is not an instant: give an aware datetime in UTC"
        )


class BeyondKnownHolidays(WorkingTimeError):
    """The answer depends on a year whose bank holidays are not known. Refused, never guessed."""

    def __init__(self, asked: date, first_year: int, last_year: int) -> None:
        self.asked = asked
        self.first_year = first_year
        self.last_year = last_year
        super().__init__(
            f"the bank holidays of {asked.year} are not known (known: {first_year} to {last_year}): "
            "add that year to bank_holidays.toml and raise its last_year"
        )


class NotAWorkingDay(WorkingTimeError):
    """The opening or the closing of a day on which nobody works was asked for."""

    def __init__(self, day: date) -> None:
        self.day = day
        super().__init__(f"{day.isoformat()} is not a working day: ask is_working_day first")


class NeverPauses(WorkingTimeError):
    """A clock that may not stop (section 8: a safety clock never pauses) was asked to stop."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(f"a clock of kind {kind!r} never pauses: cancel it or let it run")


class BankHolidayFileError(WorkingTimeError):
    """A file of bank holidays cannot be used."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"{where}: {reason}")
