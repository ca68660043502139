"""How old somebody is on a day, in the whole years in which rules speak of ages (IN-8, PV-3)."""

from __future__ import annotations

from datetime import date


def age_on(born: date, day: date) -> int:
    """Whole years. Somebody born on 29 February is a year older on 1 March of a common year."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
