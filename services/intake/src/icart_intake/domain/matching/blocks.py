"""Where to look for a person among millions: a handful of digests, of which two descriptions of one person share one.

A block is a 64 bit digest of a kind, an authority and what the kind puts together. No name can be read in it, and none can be
told from another without knowing it. Names count by their sound and under the first of their forms (`liz` under `elizabeth`);
day and month count in either order. docs/matching.md has the size that each kind is expected to have.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Final

from icart_intake.domain.matching.common import COMMON_FAMILY, COMMON_GIVEN
from icart_intake.domain.matching.facts import Facts, Named
from icart_intake.domain.matching.fields import EARLY_DAYS, LATE_DAYS
from icart_intake.domain.matching.forms import leading_forms
from icart_intake.domain.matching.sound import sound_of

MOST_BESIDE: Final = 4
"""Children beside that make a block each; of a family of forty, those who come first by name."""
MOST_ALONE: Final = 10
"""A block of more people finds nobody by itself: somebody has to share another block too. So the number of strangers who are
compared does not grow with the number of people who are known, whatever names are common among them."""


def blocks_of(authority: str, facts: Facts) -> tuple[int, ...]:
    """The blocks of a person, sorted, each once, as signed 64 bit numbers (a `bigint`); none without evidence."""
    return tuple(sorted({_digest(f"{authority}\x1f{text}") for text in _texts(facts)}))


def _texts(facts: Facts) -> Iterator[str]:
    seen = facts.seen
    if seen.nhs:
        yield f"nhs\x1f{seen.nhs}"
    if seen.upn:
        yield f"upn\x1f{seen.upn}"
    givens = {sound for given, _ in facts.names if given for sound in given_sounds(given)}
    families = {sound for _, family in facts.names if family for sound in family_sounds(family)}
    # Given and family names are one kind here: people write one where the other belongs.
    sounds = givens | families
    if facts.born:
        day = either_order(facts.born)
        yield from (f"born\x1f{day}\x1f{sound}" for sound in sounds)
    for given, family in facts.names:
        if given and family:
            yield from _whole_names(given, family, facts)
    for postcode in seen.postcodes:
        yield from (f"postcode\x1f{postcode}\x1f{sound}" for sound in sounds)
        if facts.born:
            yield f"postcode-born\x1f{postcode}\x1f{either_order(facts.born)}"
    yield from (f"phone\x1f{phone}" for phone in facts.phones)
    if facts.mother and facts.mother.given:
        yield from _mothers(facts.mother, _years(facts))
    for child in [one for one in facts.beside if one.given and one.born][:MOST_BESIDE]:
        yield from (f"beside\x1f{given}\x1f{child.born}" for given in given_sounds(child.given))


def _whole_names(given: str, family: str, facts: Facts) -> Iterator[str]:
    """By sound with the year of birth; and without it, but the given name by the letter, unless both halves are common."""
    lasts = family_sounds(family)
    for year in _years(facts):
        yield from (f"name\x1f{first}\x1f{last}\x1f{year}" for first in given_sounds(given) for last in lasts)
    forms = leading_forms(given)
    if family not in COMMON_FAMILY or COMMON_GIVEN.isdisjoint((given, *forms)):
        yield from (f"name\x1f{form}\x1f{last}" for form in forms for last in lasts)


def _years(facts: Facts) -> tuple[int, ...]:
    """The year of birth; those beside it too when it is estimated; those in which an unborn child may be born."""
    found = {facts.born.year} if facts.born else set()
    if facts.expected:
        day = facts.expected.toordinal()
        first, last = max(1, day - EARLY_DAYS), min(date.max.toordinal(), day + LATE_DAYS)
        found |= set(range(date.fromordinal(first).year, date.fromordinal(last).year + 1))
    if facts.estimated and facts.born:
        found |= {facts.born.year - 1, facts.born.year + 1}
    return tuple(sorted(found))


def _mothers(mother: Named, years: tuple[int, ...]) -> Iterator[str]:
    """By the mother's given name and date of birth; by her whole name with the child's year of birth, expected or not."""
    for given in given_sounds(mother.given):
        if mother.born:
            yield f"mother\x1f{given}\x1f{mother.born}"
        for family in family_sounds(mother.family) if mother.family else ():
            yield from (f"mother\x1f{given}\x1f{family}\x1f{year}" for year in years)


@lru_cache(maxsize=100_000)
def given_sounds(given: str) -> tuple[str, ...]:
    """The sounds under which a given name is looked up."""
    return tuple(sorted({sound_of(form) for form in leading_forms(given)}))


@lru_cache(maxsize=100_000)
def family_sounds(family: str) -> tuple[str, ...]:
    """The sounds of a family name: of the whole, and of its first and last word when it has several."""
    words = family.split(" ")
    return tuple(
        sorted({sound_of(family), sound_of(words[0]), sound_of(words[-1])} if len(words) > 1 else {sound_of(family)})
    )


@lru_cache(maxsize=50_000)
def either_order(day: date) -> str:
    """A date with day and month in the one order that both ways to read it lead to."""
    if day.day > 12:
        return day.isoformat()
    first, second = sorted((day.month, day.day))
    return f"{day.year}-{first:02}-{second:02}"


def _digest(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)
