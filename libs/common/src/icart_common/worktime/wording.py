"""Amounts and instants as people say them, in Europe/London; English whatever the machine's locale."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def counted(number: float, noun: str) -> str:
    """ "one working day", "three working days", "45 working days", "1.5 hours"."""
    word = f"{number:g}"
    if number in range(len(_NUMBERS)):
        word = _NUMBERS[int(number)]
    return f"{word} {noun}" if number == 1 else f"{word} {noun}s"


def duration(length: timedelta) -> str:
    """Hours and minutes: "24 hours", "two hours and 30 minutes"; seconds only when there is nothing longer."""
    minutes, seconds = divmod(round(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [counted(hours, "hour")] if hours else []
    if minutes:
        parts.append(counted(minutes, "minute"))
    if not parts:
        parts.append(counted(seconds, "second"))
    return " and ".join(parts)


def day_words(day: date) -> str:
    """ "Fri 25 Dec"."""
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"


class Clockface:
    """Says instants in one zone, with only as much of the date as tells these instants apart.

    A weekday alone is enough within six days; beyond that the date is added, and the year when it changes. An
    hour that comes twice carries BST or GMT.
    """

    def __init__(self, zone: tzinfo, instants: Iterable[datetime]) -> None:
        self._zone = zone
        days = [instant.astimezone(zone).date() for instant in instants]
        first, last = min(days), max(days)
        self._dated = (last - first).days > 6
        self._with_year = first.year != last.year

    def say(self, instant: datetime) -> str:
        local = instant.astimezone(self._zone)
        words = day_words(local.date()) if self._dated else _DAYS[local.weekday()]
        if self._dated and self._with_year:
            words += f" {local.year}"
        words += f" {local:%H:%M}"
        twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
        # Only an instant that survives the way back is a time that comes twice and not one that is skipped.
        if twice and local.astimezone(UTC) == instant:
            words += f" {local.tzname()}"
        return words
