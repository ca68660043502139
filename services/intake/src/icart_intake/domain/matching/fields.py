"""How much the other facts agree: dates, addresses, telephone numbers, schools, relatives. Each is symmetric."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import token_sort_ratio

from icart_intake.domain.matching.levels import (
    ADDRESS,
    BLANK,
    BORN,
    BORN_DIFFER,
    GIVEN_DIFFER,
    MOTHER,
    PHONE,
    SAME,
    level_of,
)
from icart_intake.domain.matching.names import family_level, given_level
from icart_intake.domain.matching.seen import Seen, SeenPlace

_SWAPPED, _DIGIT, _PARTS, _NEAR = (level_of(BORN, name) for name in ("swapped", "digit", "parts", "near"))
_POSTCODE, _LINES, _ADDRESS_NEAR, _ADDRESS_DIFFER = (
    level_of(ADDRESS, name) for name in ("postcode", "lines", "near", "differ")
)
_PHONE_DIGIT, _PHONE_DIFFER = level_of(PHONE, "digit"), level_of(PHONE, "differ")
_MOTHER_LIKE, _MOTHER_DIFFER = level_of(MOTHER, "like"), level_of(MOTHER, "differ")
_DIFFER: Final = 1
EARLY_DAYS: Final = 120
"""A child may be born so many days before the date that it was expected (viable from 24 weeks of 40)."""
LATE_DAYS: Final = 28
EXPECTED_DAYS: Final = 28
"""Two expected dates of one pregnancy differ by no more: the second is corrected after a scan."""
ESTIMATE_DAYS: Final = 550
"""An estimated date of birth is right to a year and a half."""


def born_level(one: Seen, other: Seen) -> int:
    """The level of dates of birth; of an expected date with another one, or with the birth that it led to."""
    if one.day and other.day:
        if one.estimated or other.estimated:
            return _NEAR if abs(one.day - other.day) <= ESTIMATE_DAYS else BORN_DIFFER
        if one.day == other.day:
            return SAME
        return _dates_level(one.born, other.born) if one.day < other.day else _dates_level(other.born, one.born)
    if one.expected and other.expected:
        apart = abs(one.expected - other.expected)
        return SAME if not apart else _NEAR if apart <= EXPECTED_DAYS else BORN_DIFFER
    expected, day = (one.expected, other.day) if one.expected else (other.expected, one.day)
    if expected and day:
        return _NEAR if -EARLY_DAYS <= day - expected <= LATE_DAYS else BORN_DIFFER
    return BLANK


@lru_cache(maxsize=200_000)
def _dates_level(one: date | None, other: date | None) -> int:
    if one is None or other is None or one == other:
        return SAME
    if (one.year, one.month, one.day) == (other.year, other.day, other.month):
        return _SWAPPED
    if OSA.distance(one.isoformat(), other.isoformat(), score_cutoff=1) <= 1:
        return _DIGIT
    if (one.year == other.year) + (one.month == other.month) + (one.day == other.day) == 2:
        return _PARTS
    return BORN_DIFFER


def address_level(one: Seen, other: Seen) -> int:
    """The best level of any address of one with any of the other, whenever they were lived at."""
    if one.household and one.household == other.household:
        return SAME
    best = BLANK
    for here in one.places:
        for there in other.places:
            level = _places_level(here, there) if here.lines <= there.lines else _places_level(there, here)
            if level == SAME:
                return SAME
            best = level if best == BLANK else min(level, best)
    return best


@lru_cache(maxsize=200_000)
def _places_level(here: SeenPlace, there: SeenPlace) -> int:
    both_lines = bool(here.lines and there.lines)
    alike = both_lines and _lines_alike(here, there)
    if here.postcode and there.postcode:
        if here.postcode == there.postcode:
            return SAME if alike else _POSTCODE
        if alike:
            return _LINES
        near = OSA.distance(here.postcode, there.postcode, score_cutoff=1) <= 1
        outward = here.postcode[:-3] == there.postcode[:-3] and len(here.postcode) > 4
        return _ADDRESS_NEAR if near or outward else _ADDRESS_DIFFER
    if both_lines:
        return _LINES if alike else _ADDRESS_DIFFER
    return BLANK


def _lines_alike(here: SeenPlace, there: SeenPlace) -> bool:
    """The same house: nearly the same words, and no other number."""
    if here.lines == there.lines:
        return True
    if here.numbers and there.numbers and not (here.numbers <= there.numbers or there.numbers <= here.numbers):
        return False
    return token_sort_ratio(here.lines, there.lines) >= 82


def phone_level(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """The best level of any telephone number of one with any of the other."""
    if not one or not other:
        return BLANK
    if any(number in other for number in one):
        return SAME
    slip = any(OSA.distance(a, b, score_cutoff=1) <= 1 for a in one for b in other)
    return _PHONE_DIGIT if slip else _PHONE_DIFFER


def school_level(one: str, other: str) -> int:
    """Whether it is the same school, as far as its name tells."""
    if not one or not other:
        return BLANK
    if one == other:
        return SAME
    return _schools_level(one, other) if one < other else _schools_level(other, one)


@lru_cache(maxsize=100_000)
def _schools_level(one: str, other: str) -> int:
    return SAME if token_sort_ratio(one, other) >= 85 else _DIFFER


def mother_level(one: tuple[str, str, date | None] | None, other: tuple[str, str, date | None] | None) -> int:
    """Whether the mother is the same person, as far as her name and her date of birth tell."""
    if one is None or other is None:
        return BLANK
    given, family = given_level(one[0], other[0]), family_level(one[1], other[1])
    if given == BLANK:
        return BLANK
    dates = None if one[2] is None or other[2] is None else one[2] == other[2]
    if given == SAME and dates is not False and (family == SAME or dates):
        return SAME
    # A mother who took another surname, or whose name is written in another way.
    return _MOTHER_LIKE if given < GIVEN_DIFFER and dates is not False else _MOTHER_DIFFER


def beside_level(one: frozenset[str], other: frozenset[str]) -> int:
    """Whether a child is named beside both."""
    if not one or not other:
        return BLANK
    return _DIFFER if one.isdisjoint(other) else SAME
