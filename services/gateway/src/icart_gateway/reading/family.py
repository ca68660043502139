"""The child's people and households: as a table for everybody, and where each stands in a picture of them (IN-7, IN-18)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from icart_common.contracts.intake import ContactOpened, Known
from icart_common.contracts.referral import Person
from icart_common.policy.wording import born_in_words, name_in_words

_WIDE: Final = 250
_HIGH: Final = 64
_GAP: Final = 26
_HEAD: Final = 34
_LETTERS: Final = 30
NOT_KNOWN: Final = "Address not known"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the family, in words, and the place of their box: its upper left corner, in the picture's own units."""

    name: str
    is_what: str
    born: str
    lives_at: str
    parental_responsibility: str
    known: str
    contact_with_child: str
    is_child: bool
    x: int
    y: int

    @property
    def label(self) -> str:
        """The name as far as it fits into the box."""
        return self.name if len(self.name) <= _LETTERS else self.name[: _LETTERS - 1] + "…"


@dataclass(frozen=True, slots=True)
class Household:
    """People of one address, and the frame around them."""

    address: str
    x: int
    high: int

    @property
    def label(self) -> str:
        """The address as far as it fits above the frame."""
        return self.address if len(self.address) <= _LETTERS + 3 else self.address[: _LETTERS + 2] + "…"


@dataclass(frozen=True, slots=True)
class Family:
    """What the picture and the table are drawn from."""

    members: tuple[Member, ...]
    households: tuple[Household, ...]
    lines: tuple[tuple[int, int, int, int], ...]
    """From the child to each relative: x and y of both ends."""
    wide: int
    high: int
    box: tuple[int, int] = (_WIDE, _HIGH)


def family(opened: ContactOpened) -> Family:
    """The child first in the first household; everybody else beside those with whom they live."""
    people = (opened.child, *opened.family)
    known = {one.ref: one for one in (opened.child_known, *opened.family_known)}
    homes: dict[str, list[Person]] = {}
    for person in people:
        homes.setdefault(_home(person), []).append(person)
    members: list[Member] = []
    households: list[Household] = []
    for column, (address, living) in enumerate(homes.items()):
        x = column * (_WIDE + 3 * _GAP) + _GAP
        households.append(Household(address, x - _GAP // 2, len(living) * (_HIGH + _GAP) + _GAP))
        for row, person in enumerate(living):
            y = _HEAD + _GAP + row * (_HIGH + _GAP)
            members.append(_member(person, opened, known.get(person.ref), x, y))
    child = members[0]
    lines = [
        (child.x + (_WIDE if one.x > child.x else _WIDE // 2), child.y + (_HIGH // 2 if one.x > child.x else _HIGH),
         one.x if one.x > child.x else one.x + _WIDE // 2, one.y + (_HIGH // 2 if one.x > child.x else 0))
        for one in members[1:] if one.is_what != "other"
    ]  # fmt: skip
    wide = len(homes) * (_WIDE + 3 * _GAP)
    return Family(
        tuple(members), tuple(households), tuple(lines), wide, _HEAD + max(one.high for one in households) + 8
    )


def _member(person: Person, opened: ContactOpened, known: Known | None, x: int, y: int) -> Member:
    return Member(
        name=name_in_words(person.given_name, person.family_name),
        is_what="the child" if person.ref == opened.child.ref else _kin(person, opened),
        born=born_in_words(person.born, person.expected),
        lives_at=_home(person),
        parental_responsibility={True: "yes", False: "no", None: ""}[person.parental_responsibility],
        known=_known(known),
        contact_with_child=person.contact_with_child or "",
        is_child=person.ref == opened.child.ref,
        x=x,
        y=y,
    )


def _kin(person: Person, opened: ContactOpened) -> str:
    """What the person is to the child: as the referral says it, else by their role in it."""
    for link in opened.relationships:
        if link.person == person.ref and link.of == opened.child.ref:
            return link.kind.replace("-", " ")
    return person.role.replace("-", " ")


def _home(person: Person) -> str:
    now = [one for one in person.addresses if one.until is None] or list(person.addresses)
    return now[0].on_one_line() if now else NOT_KNOWN


def _known(known: Known | None) -> str:
    if known is None or known.match == "new":
        return "not known to us before"
    case = known.case
    if case is None:
        return "known to us"
    return f"known to us, case {case.status}{f', {case.team}' if case.team else ''}"


def names(opened: ContactOpened | None, also: Iterable[Person] = ()) -> dict[str, str]:
    """Everybody's name by the ref of the referral."""
    people = ((opened.child, *opened.family) if opened else ()) + tuple(also)
    return {one.ref: name_in_words(one.given_name, one.family_name) for one in people}
