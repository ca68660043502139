"""What of a person is compared: names, dates, numbers, addresses and who is named beside them, in comparable form."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, Final, Self

from icart_common.contracts.base import Address, Part
from icart_common.contracts.cases import PersonHeld
from icart_common.contracts.referral import Account, Person
from icart_intake.domain.matching.seen import Seen
from icart_intake.domain.names import comparable

Name = tuple[str, str]
"""Given name and family name, both comparable; either may be empty, not both."""

_NO_GIVEN_NAME: Final = frozenset(
    {"baby", "baby boy", "baby girl", "unborn", "unborn baby", "infant", "male infant", "female infant", "boy", "girl"}
    | {"twin", "twin 1", "twin 2", "twin one", "twin two", "baby 1", "baby 2", "child", "mr", "mrs", "miss", "ms"}
)
"""What stands in place of a given name before there is one, or when nobody knows it."""
_ROAD_WORDS: Final = {
    "street": "st", "road": "rd", "avenue": "ave", "lane": "ln", "drive": "dr", "close": "cl", "court": "ct", "crescent": "cres",
    "place": "pl", "square": "sq", "terrace": "terr", "gardens": "gdns", "grove": "gr", "apartment": "flat", "apt": "flat",
    "number": "", "no": "", "house": "hse",
}  # fmt: skip
_CHILDREN: Final = frozenset({"child", "sibling", "half-sibling"})
_NOT_DIGITS: Final = re.compile("[^0-9]")
MOST_NAMES: Final = 8
"""Names of a person that are compared; every further one is left out, those that came first stay."""


class Place(Part):
    """Where somebody lives or lived. `lines` are comparable, with the words for roads in one form; no space in `postcode`."""

    lines: str = ""
    postcode: str = ""
    since: date | None = None
    until: date | None = None


class Named(Part):
    """A relative by name, for example the mother."""

    given: str = ""
    family: str = ""
    born: date | None = None


class Facts(Part):
    """What of a person is compared. Everything may be missing, and what is missing is no evidence.

    Build it with `facts_of`; whoever builds it otherwise gives names that `comparable` has made. Kept as JSON (`kept`).
    """

    names: tuple[Name, ...] = ()
    """All names that the person goes by, sorted, each once."""
    born: date | None = None
    estimated: bool = False
    """The date of birth is somebody's guess: a year's difference says nothing then."""
    expected: date | None = None
    sex: str | None = None
    """`female`, `male` or `other`; an unknown sex is missing."""
    nhs_number: str | None = None
    """As given, whether it checks or not (see `identifiers`); one that does not is no evidence."""
    upn: str | None = None
    places: tuple[Place, ...] = ()
    phones: tuple[str, ...] = ()
    """Digits alone, in the national form (0...)."""
    school: str = ""
    household: str | None = None
    """An id of the household, where a system keeps them: the same one is the same address."""
    mother: Named | None = None
    beside: tuple[Named, ...] = ()
    """The other children of the account or the household: for a child its brothers and sisters, for an adult the children."""

    @property
    def full_names(self) -> tuple[str, ...]:
        """Every name in one string, sorted, each once."""
        return self.seen.full

    @property
    def postcodes(self) -> tuple[str, ...]:
        """Of all addresses, without spaces, sorted, each once."""
        return tuple(sorted({place.postcode for place in self.places if place.postcode}))

    @cached_property
    def seen(self) -> Seen:
        """What comparing needs of it again and again, worked out once."""
        return Seen.of(self)

    @cached_property
    def kept(self) -> str:
        """As it is kept (JSON): a mention and the new person whom it makes known say the same."""
        return self.model_dump_json(exclude_defaults=True)

    def model_copy(self, *, update: Any = None, deep: bool = False) -> Self:
        """A copy; what was worked out of the original is not taken along."""
        copy = super().model_copy(update=update, deep=deep)
        for name in ("seen", "kept"):
            copy.__dict__.pop(name, None)
        return copy


def facts_of(person: Person | PersonHeld, account: Account | None = None) -> Facts:
    """The facts of a person as a message describes them, with the relatives that the `account` names.

    The mother is who the account says is the person's `mother`; without such a line, the only `parent` who is female. The
    children beside are the account's others with the role of a child, brother or sister.
    """
    return Facts(
        names=names_of(person.given_name, person.family_name, person.other_names),
        born=person.born,
        estimated=person.born_estimated if isinstance(person, PersonHeld) else False,
        expected=person.expected,
        sex=None if person.sex == "unknown" else person.sex,
        nhs_number=person.nhs_number,
        upn=person.upn,
        places=tuple(sorted({place_of(address) for address in person.addresses if _says_where(address)}, key=_order)),
        phones=tuple(sorted({phone for text in person.phones if (phone := phone_of(text))})),
        school=comparable(person.school or ""),
        mother=_mother(person, account) if account and isinstance(person, Person) else None,
        beside=_beside(person, account) if account and isinstance(person, Person) else (),
    )


def names_of(given: str | None, family: str | None, others: Iterable[str] = ()) -> tuple[Name, ...]:
    """Every (given, family) that a person goes by, comparable, each once.

    Another name of one word stands for the given name. One of several words is a full name: it ends in the family name, if
    it has that one; otherwise its last word is a family name.
    """
    first, last = _given(given), comparable(family or "")
    found = {(first, last): None}
    for other in map(comparable, others):
        if " " not in other:
            found[_given(other), last] = None
        elif last and other.endswith(f" {last}"):
            found[_given(other.removesuffix(f" {last}")), last] = None
        else:
            start, _, end = other.rpartition(" ")
            found[_given(start), end] = None
    named = [name for name in found if name[0] or name[1]]
    return tuple(sorted(named[:MOST_NAMES]))


def _given(text: str | None) -> str:
    name = comparable(text or "")
    return "" if name in _NO_GIVEN_NAME else name


def place_of(address: Address) -> Place:
    """An address in comparable form."""
    return Place(
        lines=comparable_lines(address.lines),
        postcode=(address.postcode or "").replace(" ", ""),
        since=address.since,
        until=address.until,
    )


@lru_cache(maxsize=50_000)  # an address is looked at for everybody who lives there, and several times for each
def comparable_lines(lines: str) -> str:
    """The lines of an address in comparable form."""
    words = (_ROAD_WORDS.get(word, word) for word in comparable(lines).split())
    return " ".join(word for word in words if word)


def _says_where(address: Address) -> bool:
    return bool(address.postcode or comparable(address.lines))


def _order(place: Place) -> tuple[str, str, date, date]:
    return place.postcode, place.lines, place.since or date.min, place.until or date.max


def phone_of(text: str) -> str:
    """The digits of a telephone number in the national form; empty when there are too few to ring anybody."""
    digits = _NOT_DIGITS.sub("", text)
    for code in ("0044", "44"):
        if digits.startswith(code) and len(digits) > 10:
            digits = "0" + digits[len(code) :].removeprefix("0")
    return digits if len(digits) >= 7 else ""


def is_named(person: Person) -> bool:
    """Whether a name says something."""
    return any(comparable(name) for name in (person.given_name, person.family_name, *person.other_names) if name)


def _named(person: Person) -> Named:
    return Named(given=_given(person.given_name), family=comparable(person.family_name or ""), born=person.born)


def _mother(person: Person, account: Account) -> Named | None:
    mothers = {link.person for link in account.relationships if link.of == person.ref and link.kind == "mother"}
    parents = {link.person for link in account.relationships if link.of == person.ref and link.kind == "parent"}
    if not mothers and person.role == "child":
        parents |= {other.ref for other in account.people if other.role == "parent"}
    found = [one for one in account.people if one.ref in mothers or (one.ref in parents and one.sex == "female")]
    if mothers:
        found = [one for one in found if one.ref in mothers]
    return _named(found[0]) if len(found) == 1 and is_named(found[0]) else None


def _beside(person: Person, account: Account) -> tuple[Named, ...]:
    others = [one for one in account.people if one.role in _CHILDREN and one.ref != person.ref and is_named(one)]
    if len(others) < 2:  # most often: nothing to sort, and nobody twice
        return tuple(map(_named, others))
    return tuple(sorted(set(map(_named, others)), key=lambda one: (one.given, one.family, one.born or date.min)))
