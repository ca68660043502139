"""The exact match: the evidence that today's law of the door calls certain, with no weights.

Evidence is an identifier (NHS number, UPN) that checks, or a full name with the date of birth (for an unborn child: the expected
date). What is blank is no evidence, for or against. What contradicts (another NHS number, another date of birth) is no match,
whatever else agrees.
"""

from __future__ import annotations

from uuid import UUID

from icart_common.contracts.ids import digest_of
from icart_intake.domain.matching.facts import Facts
from icart_intake.domain.matching.levels import GIVEN_WORDS
from icart_intake.domain.matching.names import given_level
from icart_intake.domain.matching.seen import Seen


def exact(one: Facts, other: Facts) -> bool:
    """Whether both are certainly the same person. Symmetric."""
    return seen_exact(one.seen, other.seen)


def seen_exact(one: Seen, other: Seen) -> bool:
    """The same, of facts that are laid out."""
    if _differ(one.nhs, other.nhs) or _differ(one.upn, other.upn) or _differ(one.day, other.day):
        return False
    if seen_same_identifier(one, other):
        return _names_allow(one, other)
    same_day = bool(one.day and one.day == other.day) and not (one.estimated or other.estimated)
    same_expected = bool(one.expected and one.expected == other.expected)
    if not (same_day or same_expected):
        return False
    shared = one.whole & other.whole
    # One word may be a whole name or half of one: then the address has to agree as well.
    return bool(shared) and (any(" " in name for name in shared) or bool(one.postcodes & other.postcodes))


def same_identifier(one: Facts, other: Facts) -> bool:
    """Whether an NHS number or a UPN that checks is the same on both sides."""
    return seen_same_identifier(one.seen, other.seen)


def seen_same_identifier(one: Seen, other: Seen) -> bool:
    """The same, of facts that are laid out."""
    return bool((one.nhs and one.nhs == other.nhs) or (one.upn and one.upn == other.upn))


def _differ(one: str | int | None, other: str | int | None) -> bool:
    return bool(one and other and one != other)


def _names_allow(one: Seen, other: Seen) -> bool:
    """An identifier may be another person's, a twin's most easily: some given name has to be the same, if both have any.

    Without given names a date of birth or a word of the names has to agree, where both are there.
    """
    givens = [given_level(a, b) for a, _ in one.names if a for b, _ in other.names if b]
    if givens:
        return min(givens) <= GIVEN_WORDS
    if (one.day and other.day) or not one.full or not other.full:
        return True
    return bool(
        {word for name in one.full for word in name.split()} & {word for name in other.full for word in name.split()}
    )


def keys_of(authority: str, facts: Facts) -> tuple[UUID, ...]:
    """Where to look for a person: two people who match exactly have a key in common.

    A key is a digest, so that no name is in an index; it narrows the search, and `exact` decides.
    """
    seen = facts.seen
    found = []
    if seen.nhs:
        found.append(("nhs", seen.nhs))
    if seen.upn:
        found.append(("upn", seen.upn))
    for kind, day in (("born", facts.born), ("expected", facts.expected)):
        for name in seen.full if day else ():
            if " " in name:
                found.append((kind, f"{name}|{day}"))
            else:
                found += [(kind, f"{name}|{day}|{postcode}") for postcode in facts.postcodes]
    return tuple(_digest(authority, kind, value) for kind, value in found)


def _digest(authority: str, kind: str, value: str) -> UUID:
    return digest_of(f"{authority}\x1f{kind}\x1f{value}")
