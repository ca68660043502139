"""Who is who: the exact match of a named person with the known people.

The one place that says when two descriptions mean the same person. Evidence is an identifier (NHS number, UPN), or a full
name with the date of birth (for an unborn child: the expected date). What is blank is no evidence, for or against. What
contradicts (another NHS number, another date of birth) is no match, whatever else agrees.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from uuid import UUID

from icart_common.contracts.base import Address, Part
from icart_common.contracts.cases import PersonHeld
from icart_common.contracts.referral import Person
from icart_intake.domain.names import comparable, full_names


class Facts(Part):
    """What of a person is compared. Names are comparable (see `names`), postcodes are without spaces."""

    names: tuple[str, ...] = ()
    born: date | None = None
    expected: date | None = None
    nhs_number: str | None = None
    upn: str | None = None
    postcodes: tuple[str, ...] = ()


def facts_of(person: Person | PersonHeld) -> Facts:
    """The facts of a person as a message describes them."""
    return Facts(
        names=full_names(person.given_name, person.family_name, person.other_names),
        born=person.born,
        expected=person.expected if isinstance(person, Person) else None,
        nhs_number=person.nhs_number,
        upn=person.upn,
        postcodes=_postcodes(person.addresses),
    )


def _postcodes(addresses: Iterable[Address]) -> tuple[str, ...]:
    return tuple(sorted({address.postcode.replace(" ", "") for address in addresses if address.postcode}))


def exact(one: Facts, other: Facts) -> bool:
    """Whether both are certainly the same person. Symmetric."""
    if _differ(one.nhs_number, other.nhs_number) or _differ(one.upn, other.upn) or _differ(one.born, other.born):
        return False
    same_day = bool(one.born and one.born == other.born)
    if same_identifier(one, other):
        return same_day or _names_allow(one.names, other.names)
    same_expected = bool(one.expected and one.expected == other.expected)
    shared = set(one.names) & set(other.names)
    if not shared or not (same_day or same_expected):
        return False
    # One word may be a whole name or half of one: then the address has to agree as well.
    return any(" " in name for name in shared) or bool(set(one.postcodes) & set(other.postcodes))


def same_identifier(one: Facts, other: Facts) -> bool:
    """Whether an NHS number or a UPN is the same on both sides."""
    return bool((one.nhs_number and one.nhs_number == other.nhs_number) or (one.upn and one.upn == other.upn))


def _differ(one: object, other: object) -> bool:
    return one is not None and other is not None and one != other


def _names_allow(ones: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Without a date of birth an identifier may be mistyped: some word of the names has to agree, if both have names."""
    if not ones or not others:
        return True
    return bool({word for name in ones for word in name.split()} & {word for name in others for word in name.split()})


@lru_cache(maxsize=10_000)  # a batch asks several times for each person
def keys_of(authority: str, facts: Facts) -> tuple[UUID, ...]:
    """Where to look for a person: two people who match exactly have a key in common.

    A key is a digest, so that no name is in an index; it narrows the search, and `exact` decides.
    """
    found = []
    if facts.nhs_number:
        found.append(("nhs", facts.nhs_number))
    if facts.upn:
        found.append(("upn", facts.upn))
    for kind, day in (("born", facts.born), ("expected", facts.expected)):
        for name in facts.names if day else ():
            if " " in name:
                found.append((kind, f"{name}|{day}"))
            else:
                found += [(kind, f"{name}|{day}|{postcode}") for postcode in facts.postcodes]
    return tuple(_digest(authority, kind, value) for kind, value in found)


def _digest(authority: str, kind: str, value: str) -> UUID:
    text = f"{authority}\x1f{kind}\x1f{value}"
    return UUID(bytes=hashlib.blake2b(text.encode(), digest_size=16).digest())


def is_named(person: Person) -> bool:
    """Whether a name says something."""
    return any(comparable(name) for name in (person.given_name, person.family_name, *person.other_names) if name)
