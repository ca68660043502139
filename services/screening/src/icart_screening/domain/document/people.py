"""The child, the family and whoever told the front door, in words; and of the last, what a reader may know (CO-5)."""

from __future__ import annotations

from collections.abc import Iterator

from icart_common.contracts.referral import Person, Referrer
from icart_common.policy.pack import PolicyPack
from icart_common.policy.wording import born_in_words, name_in_words
from icart_screening.domain.document.page import Block, facts, grid
from icart_screening.domain.document.told import Told

WITHHELD = "somebody who is not a professional and has not agreed to be named"


def child(told: Told) -> Iterator[Block]:
    """The child as the record knows them now."""
    known, said = told.contact.arrival.child, told.opened.child
    yield from facts(
        "The child",
        ("Name", name_in_words(known.given_name, known.family_name)),
        ("Other names", said.other_names),
        ("Born", born_in_words(known.born, known.expected)),
        ("Sex", said.sex),
        ("Lives at", known.address or known.postcode),
        ("Telephone", said.phones),
        ("School", said.school),
        ("Doctor", said.gp),
        ("NHS number", said.nhs_number),
        ("Unique pupil number", said.upn),
        ("Where now", said.whereabouts),
        ("Case number", known.case_number),
    )


def family(told: Told) -> Iterator[Block]:
    """Everybody else of the family whom the referral names."""
    responsible = told.contact.arrival.people
    yield from grid(
        "The family",
        ("Name", "Is", "Born", "Parental responsibility", "Lives at", "Telephone", "Contact with the child"),
        (
            (
                name(person),
                person.role,
                born_in_words(person.born, person.expected) if person.born or person.expected else "",
                responsible.get(person.ref),
                "; ".join(address.on_one_line() for address in person.addresses),
                person.phones,
                person.contact_with_child,
            )
            for person in told.opened.family
        ),
    )


def name(person: Person) -> str:
    """The person's name as far as it is known."""
    return name_in_words(person.given_name, person.family_name)


def named(told: Told, ref: str) -> str:
    """The name of somebody of the family, by the ref of the referral."""
    people = (told.opened.child, *told.opened.family)
    return next((name(person) for person in people if person.ref == ref), ref)


def agency_name(pack: PolicyPack, agency: str) -> str:
    """The agency as the authority calls it."""
    known = pack.known_agency(agency)
    return known.name if known else agency


def who_told(told: Told, referrer: Referrer, agency: str) -> str:
    """Who told the front door, for a reader who is not to know a referrer who is no professional and has not agreed to it.

    A professional is their agency. Nothing else about such a referrer may stand beside this (S4, anonymity).
    """
    if referrer.kind == "professional":
        return agency_name(told.pack, agency)
    if referrer.kind != "anonymous" and referrer.willing_to_be_named is True and referrer.name:
        return referrer.name
    return WITHHELD
