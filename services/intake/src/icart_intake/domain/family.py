"""Who in a submission is a child, whether anybody can be identified, and who is related to whom (IN-4, IN-7)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, Literal

from icart_common.contracts.cases import Kin
from icart_common.contracts.referral import Account, Person
from icart_common.policy.ages import age_on
from icart_intake.domain.matching import is_named

_SIBLINGS: Final = ("sibling", "half-sibling")
_FAMILY: Final = ("child", "parent", "carer", *_SIBLINGS)
OpenedFor = Literal["child", "sibling", "young-parent", "alleged-to-have-harmed"]
_LinkKind = Literal["parent", "carer", "sibling", "half-sibling"]
_ROLE_LINKS: Final[dict[str, _LinkKind]] = {
    "parent": "parent", "carer": "carer", "sibling": "sibling", "half-sibling": "half-sibling",
}  # fmt: skip


def children_of(account: Account, day: date) -> tuple[Person, ...]:
    """Everybody for whom a contact is opened: each child, and each named or unborn sibling who may be under 18; a parent under
    18; a child alleged to have harmed another one who is not of the same family or household (IN-7, IN-8; S1).

    A family without a named child still has one: then there is a child of whom nothing is known yet, with a ref of its own.
    """
    found = tuple(person for person in account.people if opened_for(person, account, day))
    if any(opened_for(person, account, day) in ("child", "sibling") for person in found):
        return found
    return (Person(ref=_free_ref(account), role="child"), *found)


def opened_for(person: Person, account: Account, day: date) -> OpenedFor | None:
    """Why a person gets a contact of their own; None when they get none."""
    if person.role == "child":
        return "child"
    if _is_young_sibling(person, day):
        return "sibling"
    if person.born is None or age_on(person.born, day) >= 18:
        return None
    if person.role == "parent":
        return "young-parent"
    if person.alleged_to_have_harmed and not _is_of_the_family(person, account):
        return "alleged-to-have-harmed"
    return None


def _is_of_the_family(person: Person, account: Account) -> bool:
    """Whether somebody is of the family or household of a child whom the account is about."""
    children = [child for child in account.people if child.role in ("child", *_SIBLINGS) and child.ref != person.ref]
    refs = {child.ref for child in children}
    related = {
        frozenset((link.person, link.of)) for link in account.relationships if link.kind not in ("other", "partner")
    }
    if any(frozenset((person.ref, ref)) in related for ref in refs):
        return True
    homes = {home for child in children for home in _homes(child)}
    return any(home in homes for home in _homes(person))


def _homes(person: Person) -> Iterator[str]:
    """Where somebody lives, comparable: the first line tells one household from its neighbours."""
    for address in person.addresses:
        if address.lines:
            first = "".join(sign for sign in address.lines.casefold() if sign.isalnum())
            yield f"{first}|{(address.postcode or '').replace(' ', '')}"


def _is_young_sibling(person: Person, day: date) -> bool:
    if person.role not in _SIBLINGS:
        return False
    if person.expected:
        return True
    return is_named(person) and (person.born is None or age_on(person.born, day) < 18)


def _free_ref(account: Account) -> str:
    taken = {person.ref for person in account.people}
    return next(
        ref for number in range(len(taken) + 1) if (ref := f"child-{number}" if number else "child") not in taken
    )


def anybody_identifiable(account: Account) -> bool:
    """Whether there is a name, date of birth, address or whereabouts of the child or of a relative (IN-4; S1)."""
    if (account.safety.where or "").strip():
        return True
    related = {ref for link in account.relationships if link.kind != "other" for ref in (link.person, link.of)}
    return any(_says_who(person) for person in account.people if person.role in _FAMILY or person.ref in related)


def _says_who(person: Person) -> bool:
    told = (person.born, person.expected, person.nhs_number, person.upn, person.whereabouts)
    return is_named(person) or any(told) or any(address.lines for address in person.addresses)


def relationships_of(account: Account, people: Sequence[Person]) -> Iterator[tuple[str, Kin, str]]:
    """`(ref, kind, ref of whom)` of every two people whose relationship is said, or follows from their roles.

    `people` is everybody of the account, and the child of whom nothing is known, if there is one.
    """
    said = set()
    for link in account.relationships:
        said |= {(link.person, link.of), (link.of, link.person)}
        yield link.person, link.kind, link.of
    for child in people:
        for person in people if child.role == "child" else ():
            kind = _ROLE_LINKS.get(person.role)
            if kind and (person.ref, child.ref) not in said:
                yield person.ref, kind, child.ref
