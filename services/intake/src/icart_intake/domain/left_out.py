"""Known siblings whom a referral does not name (IN-19). They are offered to a worker; nothing is opened by itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from icart_common.contracts.family import LeftOut
from icart_common.contracts.intake import ContactOpened
from icart_common.contracts.referral import Person
from icart_common.policy.ages import age_on
from icart_intake.domain.people import KnownPerson

SIBLINGS: Final = ("sibling", "half-sibling", "step-sibling", "twin")
PARENTS: Final = ("parent", "mother", "father")


@dataclass(frozen=True, slots=True)
class KnownSibling:
    """A sibling of a known child, by an earlier submission's relationships or by the case system."""

    person: UUID
    kind: str
    given_name: str | None
    family_name: str | None
    born: date | None
    postcodes: frozenset[str]


def named_before(
    child: KnownPerson, told: Mapping[UUID, Person], relatives: Callable[[UUID], KnownPerson]
) -> Iterator[KnownSibling]:
    """The siblings of a child by what earlier messages of the same batch told, which no table has yet.

    `told` is everybody whom they named, `relatives` gives one of those as known now.
    """
    for relation in child.relations:
        if relation.other not in told:
            continue
        if relation.kind in SIBLINGS:
            yield _named(relation.other, relation.kind, told)
        elif relation.kind in PARENTS:
            for other in relatives(relation.other).relations:
                if other.kind == "child" and other.other in told and other.other != child.id:
                    yield _named(other.other, "child of the same parent", told)


def _named(person: UUID, kind: str, told: Mapping[UUID, Person]) -> KnownSibling:
    who = told[person]
    return KnownSibling(
        person=person,
        kind=kind,
        given_name=who.given_name,
        family_name=who.family_name,
        born=who.born,
        postcodes=frozenset(one.postcode.replace(" ", "") for one in who.addresses if one.postcode),
    )


def left_out(
    siblings: Iterable[KnownSibling], named: Collection[UUID], postcodes: Collection[str], day: date
) -> tuple[LeftOut, ...]:
    """Those who are not named and may be under 18 on the day, each once, with whether they live in the child's household.

    `postcodes` are the child's. A household is the same when a postcode is.
    """
    found: dict[UUID, LeftOut] = {}
    for sibling in sorted(siblings, key=lambda one: (one.person, one.kind)):
        if sibling.person in named or (sibling.born and age_on(sibling.born, day) >= 18):
            continue
        together = bool(sibling.postcodes & set(postcodes)) if sibling.postcodes and postcodes else None
        found.setdefault(
            sibling.person,
            LeftOut(
                person=sibling.person,
                given_name=sibling.given_name,
                family_name=sibling.family_name,
                born=sibling.born,
                kind=sibling.kind,
                same_household=together,
            ),
        )
    return tuple(found.values())


def offered_once(contacts: Mapping[UUID, ContactOpened]) -> dict[UUID, ContactOpened]:
    """A sibling who was left out is offered in the first of the children's contacts, so that one person decides once."""
    offered: set[UUID] = set()
    found = {}
    for own, contact in contacts.items():
        left = tuple(one for one in contact.left_out if one.person not in offered)
        offered |= {one.person for one in left}
        found[own] = contact.model_copy(update={"left_out": left}) if left != contact.left_out else contact
    return found
