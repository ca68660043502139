"""Known siblings whom a referral does not name (IN-19). They are offered to a worker; nothing is opened by itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from icart_common.contracts.family import LeftOut
from icart_common.contracts.intake import ContactOpened
from icart_intake.domain.family import age_on


@dataclass(frozen=True, slots=True)
class KnownSibling:
    """A sibling of a known child, by an earlier submission's relationships or by the case system."""

    person: UUID
    kind: str
    given_name: str | None
    family_name: str | None
    born: date | None
    postcodes: frozenset[str]


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
