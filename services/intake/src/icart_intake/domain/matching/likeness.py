"""How likely two descriptions are of one person: a score in bits, made of terms that a person can read.

Each field adds log2 of how much more often its level is seen on one person than on two strangers. What a household shares is
taken back as far as brothers and sisters would share it too, by their share `s` among the people:
-log2(1 + s * (2 ** pull - 1)). So an address and a surname tell a family from strangers, and only what is personal tells one of
the family from another. Blank adds nothing; everything is symmetric.
"""

from __future__ import annotations

from math import log2
from typing import NamedTuple

from icart_intake.domain.matching.bands import Band, band_of
from icart_intake.domain.matching.exact import seen_exact
from icart_intake.domain.matching.facts import Facts
from icart_intake.domain.matching.fields import (
    address_level,
    beside_level,
    born_level,
    mother_level,
    phone_level,
    school_level,
)
from icart_intake.domain.matching.levels import (
    BLANK,
    FAMILY,
    GIVEN,
    GIVEN_DIFFER,
    GIVEN_FORM,
    SAME,
    Levels,
    level_of,
)
from icart_intake.domain.matching.names import family_level, given_level
from icart_intake.domain.matching.seen import Seen
from icart_intake.domain.matching.terms import NHS_FAILS, UPN_FAILS, Term, sibling_term
from icart_intake.domain.matching.weights import Common, Weights

_GIVEN_COMMON, _GIVEN_SWAPPED = level_of(GIVEN, "common"), level_of(GIVEN, "swapped")
_FAMILY_COMMON, _FAMILY_CLOSE, _FAMILY_SWAPPED = (level_of(FAMILY, name) for name in ("common", "close", "swapped"))
_SHOWN = 0.05
"""Bits below which the sibling's term would be shown as nothing."""


class Likeness(NamedTuple):
    """How likely two descriptions are of one person."""

    score: float
    """Bits of evidence, to two places: above 0 for one person, below 0 for two."""
    band: Band
    levels: Levels
    exact: bool
    """By an identifier, or by full name and date: certain unless the score speaks against it."""
    weights: Weights
    fails: tuple[Term, ...] = ()

    @property
    def terms(self) -> tuple[Term, ...]:
        """The reasons, what weighs most first. Their weights add up to the score."""
        found = [self.weights.terms[field][level] for field, level in enumerate(self.levels) if level != BLANK]
        rest = round(self.score - sum(term.weight for term in found), 2)
        if abs(rest) >= _SHOWN:
            found.append(sibling_term(self.levels, rest))
        return (*sorted(found, key=lambda term: (-abs(term.weight), term.field)), *self.fails)


def compare(one: Facts, other: Facts, weights: Weights) -> Likeness:
    """Compare two descriptions. Symmetric; microseconds. The same facts and weights give the same score, always."""
    here, there = one.seen, other.seen
    levels, *others = levels_of(here, there, weights.common)
    score = score_of(levels, weights)
    for more in others:  # further names: the best counts
        if (better := score_of(more, weights)) > score:
            score, levels = better, more
    score = round(score, 2)
    is_exact = seen_exact(here, there)
    fails: tuple[Term, ...] = ()
    if here.nhs_fails or there.nhs_fails or here.upn_fails or there.upn_fails:
        fails = (NHS_FAILS,) * (here.nhs_fails or there.nhs_fails) + (UPN_FAILS,) * (here.upn_fails or there.upn_fails)
    return Likeness(score, band_of(score, levels, is_exact, weights.thresholds), levels, is_exact, weights, fails)


def score_of(levels: Levels, weights: Weights) -> float:
    """The score of one comparison, in bits."""
    score = pull = 0.0
    for rows, level in zip(weights.rows, levels, strict=False):
        weight, drawn = rows[level]
        score += weight
        pull += drawn
    if pull > 0.0:
        score -= log2(1.0 + weights.kin_share * (2.0**pull - 1.0))
    return score


def levels_of(one: Seen, other: Seen, common: Common) -> list[Levels]:
    """The levels of every field, once for each name of one against each of the other (usually once)."""
    rest = (
        born_level(one, other),
        BLANK if one.sex is None or other.sex is None else int(one.sex != other.sex),
        address_level(one, other) if (one.places and other.places) or one.household else BLANK,
        phone_level(one.phones, other.phones) if one.phones and other.phones else BLANK,
        school_level(one.school, other.school) if one.school and other.school else BLANK,
        mother_level(one.mother, other.mother) if one.mother and other.mother else BLANK,
        beside_level(one.beside, other.beside) if one.beside and other.beside else BLANK,
    )
    nhs = BLANK if one.nhs is None or other.nhs is None else int(one.nhs != other.nhs)
    upn = BLANK if one.upn is None or other.upn is None else int(one.upn != other.upn)
    found: list[Levels] = []
    for here in one.names or _NAMELESS:
        for there in other.names or _NAMELESS:
            given, family = _name_levels(here, there, common)
            listed = SAME if _is_listed(here[0], there[0], given, one, other) else BLANK
            found.append((nhs, upn, given, family, *rest, listed))
    return found


_NAMELESS = (("", ""),)


def _name_levels(here: tuple[str, str], there: tuple[str, str], common: Common) -> tuple[int, int]:
    given, family = given_level(here[0], there[0]), family_level(here[1], there[1])
    if given == SAME:
        given = _GIVEN_COMMON if here[0] in common.given else SAME
    elif (given in {BLANK, GIVEN_DIFFER}) and _swapped(here, there):
        return _GIVEN_SWAPPED, _FAMILY_SWAPPED if here[1] and there[1] else BLANK
    if family == SAME and here[1] in common.family:
        family = _FAMILY_COMMON
    return given, family


def _swapped(here: tuple[str, str], there: tuple[str, str]) -> bool:
    """Whether the given name of one is the family name of the other, in every half that both have."""
    first = family_level(here[0], there[1])
    second = family_level(here[1], there[0])
    if first == BLANK or second == BLANK:
        return first == SAME or second == SAME
    return max(first, second) <= _FAMILY_CLOSE and min(first, second) == SAME


def _is_listed(here: str, there: str, given: int, one: Seen, other: Seen) -> bool:
    """Whether one goes by the name of a child who is named beside the other, and not by the other's own."""
    if GIVEN_FORM >= given >= SAME:
        return False
    return (here in other.beside) or (there in one.beside)
