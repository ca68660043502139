"""Instants and days as people read them, in Europe/London; English whatever the machine's locale (AU-5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from icart_common.worktime import LONDON

NOT_GIVEN = "not given"
NOT_KNOWN_YET = "not known yet"
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def day_in_words(day: date) -> str:
    """`16 October 2026`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def month_in_words(day: date) -> str:
    """`October 2026`."""
    return f"{_MONTHS[day.month - 1]} {day.year}"


def name_in_words(given: str | None, family: str | None) -> str:
    """The name as far as it is known."""
    return " ".join(part for part in (given, family) if part) or NOT_GIVEN


def born_in_words(born: date | None, expected: date | None = None) -> str:
    """`2 March 2017`; of a child not yet born, when it is expected."""
    if born:
        return day_in_words(born)
    return f"not yet, expected {day_in_words(expected)}" if expected else NOT_GIVEN


def instant_in_words(instant: datetime) -> str:
    """`Friday 16 October 2026 at 16:45`, from an aware instant."""
    local = instant.astimezone(LONDON)
    return f"{_DAYS[local.weekday()]} {day_in_words(local.date())} at {local:%H:%M}"


def london_day(instant: datetime) -> date:
    """The date on the wall at that instant."""
    return instant.astimezone(LONDON).date()


def listed(words: Sequence[str]) -> str:
    """`a, b and c`."""
    return ", ".join(words[:-1]) + f" and {words[-1]}" if len(words) > 1 else "".join(words)
