"""Families that cannot exist, for learning, evaluating and measuring: seeded, streamed, fast (50,000 people a second and more).

    people(seed, households)               everybody of so many households, one after another, as `Someone`
    people(seed, households, adults=False) the children alone: 2.3 in a household on average
    facts(someone)                         what is compared of them, as a register would hold it (no description missing)

How others describe them is in `retold.py`. `Someone.number` is the truth: two descriptions with one number are one person.
A household's content depends on the seed and its own number alone, so that `people(seed, n, first=k)` can be divided
among processes.

What is in them: twins (one birth in thirty, some with names that are alike), brothers and sisters ten months apart, children with
the father's surname or the mother's, parents in two households, surnames used by families that are no relatives, common and
rare names. Postcodes begin with ZZ, telephone numbers are 01632 and one digit too long, NHS numbers begin with 999 (and only the
first 900,000 people have one), UPNs are of authority 999.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Final, NamedTuple

from icart_intake.domain.matching.facts import Facts, Named, Place
from icart_intake.evaluation.made_names import (
    BOY_TABLE,
    FAMILY_TABLE,
    GIRL_TABLE,
    ROADS,
    SCHOOLS,
    SLOTS,
    STREETS,
    TWINS,
)

_TODAY: Final = date(2026, 6, 9).toordinal()
_day: Final = date.fromordinal
_LETTERS: Final = "ABDEFGHJLNPQRSTUWXYZ"
_UPN_LETTERS: Final = "ABCDEFGHJKLMNPQRTUVWXYZ"
MOST_IN_HOUSEHOLD: Final = 12
"""Numbers of people are the household's times this, plus a place."""
MOST_CHILDREN: Final = 6
_NHS_NUMBERS: Final = 900_000


def _sums(a: int, b: int, c: int) -> tuple[int, ...]:
    """What three digits add to a check sum, for every three: `a`, `b` and `c` are their weights."""
    return tuple(n // 100 * a + n // 10 % 10 * b + n % 10 * c for n in range(1000))


_NHS_START, _NHS_HIGH, _NHS_LOW = 9 * (10 + 9 + 8), _sums(7, 6, 5), _sums(4, 3, 2)
_UPN_START, _UPN_HIGH, _UPN_MIDDLE, _UPN_LOW = 9 * (2 + 3 + 4), _sums(5, 6, 7), _sums(8, 9, 10), _sums(11, 12, 13)


class Someone(NamedTuple):
    """One person, everything about them, nothing missing."""

    number: int
    """Who it is."""
    household: int
    is_child: bool
    given: str
    family: str
    born: date
    sex: str
    place: Place
    phone: str
    school: str
    nhs: str | None
    upn: str | None
    mother: Named | None
    beside: tuple[Named, ...]
    """The other children of the household; for an adult all of them."""
    elsewhere: Place | None
    """The other parent's home, where a child also lives."""


def people(seed: int, households: int, *, adults: bool = True, first: int = 0) -> Iterator[Someone]:
    """Everybody of the households from `first` on; the children of a household come before its adults."""
    for household in range(first, first + households):
        yield from _household(Random(seed * 1_000_003 + household), household, adults)  # noqa: S311 - data, not secrets


def facts(one: Someone) -> Facts:
    """What is compared of somebody, nothing missing. Fast: what is made here is not checked again."""
    return Facts.model_construct(
        names=((one.given, one.family),),
        born=one.born,
        sex=one.sex,
        nhs_number=one.nhs,
        upn=one.upn,
        places=(one.place,),
        phones=(one.phone,),
        school=one.school,
        mother=one.mother,
        beside=one.beside,
    )


def nhs_number(number: int) -> str | None:
    """The NHS number of somebody: begins with 999 and checks; None for one in eleven, and beyond the first 900,000."""
    if number >= _NHS_NUMBERS:
        return None
    check = -(_NHS_START + _NHS_HIGH[number // 1000] + _NHS_LOW[number % 1000]) % 11
    return None if check == 10 else f"999{number:06}{check}"


def upn(number: int) -> str:
    """The UPN of somebody: of authority 999, which there is not, and checks."""
    total = _UPN_START + _UPN_HIGH[number // 1_000_000] + _UPN_MIDDLE[number // 1000 % 1000] + _UPN_LOW[number % 1000]
    return f"{_UPN_LETTERS[total % 23]}999{number:09}"


def home(dice: Random) -> Place:
    """A home."""
    draw = int(dice.random() * 360_000)
    district, rest = divmod(draw, 4000)
    sector, unit = divmod(rest, 400)
    street = STREETS[(draw * 7) % len(STREETS)]
    road = ROADS[(draw * 3) % len(ROADS)]
    postcode = f"ZZ{10 + district}{sector}{_LETTERS[unit // 20]}{_LETTERS[unit % 20]}"
    return Place.model_construct(lines=f"{1 + int(dice.random() * 60)} {street} {road}", postcode=postcode)


def phone(dice: Random) -> str:
    """A telephone number one digit too long to be anybody's."""
    return f"01632{int(dice.random() * 10_000_000):07}"


def given_name(dice: Random, sex: str) -> str:
    """A given name, the common ones as often as they are common."""
    return (GIRL_TABLE if sex == "female" else BOY_TABLE)[int(dice.random() * SLOTS)]


def family_name(dice: Random) -> str:
    """A family name; families that are no relatives share the common ones."""
    return FAMILY_TABLE[int(dice.random() * SLOTS)]


def _household(dice: Random, household: int, adults: bool) -> Iterator[Someone]:
    roll = dice.random
    base = household * MOST_IN_HOUSEHOLD
    place = home(dice)
    number = phone(dice)
    mothers_name = family_name(dice)
    fathers_name = mothers_name if roll() < 0.4 else family_name(dice)
    family = fathers_name if roll() < 0.7 else mothers_name
    elsewhere = home(dice) if roll() < 0.25 else None
    children = _children(dice, family)
    oldest = min((born for _, born, _ in children), default=_TODAY - 6000)
    mother_born = _day(max(1, oldest - int((18 + roll() * 20) * 365.25)))
    mother = Named.model_construct(given=given_name(dice, "female"), family=mothers_name, born=mother_born)
    near = int(place.postcode[2:5]) * 7
    beside = tuple(Named.model_construct(given=given, family=family, born=_day(born)) for given, born, _ in children)
    for turn, (given, born, sex) in enumerate(children):
        who = base + turn
        # From eleven on another school; below four none.
        school = "" if born > _TODAY - 1460 else SCHOOLS[(near + 11 * (born < _TODAY - 4018)) % len(SCHOOLS)]
        yield Someone(
            who, household, True, given, family, _day(born), sex, place, number,
            school, _nhs(household, turn), upn(who) if school else None, mother,
            beside[:turn] + beside[turn + 1 :], elsewhere,
        )  # fmt: skip
    if adults:
        yield Someone(
            base + 10, household, False, mother.given, mothers_name, mother_born, "female", place, phone(dice), "",
            _nhs(household, MOST_CHILDREN), None, None, beside, None,
        )  # fmt: skip
        father_born = _day(max(1, mother_born.toordinal() - 2500 + int(roll() * 4000)))
        yield Someone(
            base + 11, household, False, given_name(dice, "male"), fathers_name, father_born, "male", elsewhere or place,
            phone(dice), "", None, None, None, beside, None,
        )  # fmt: skip


def _nhs(household: int, turn: int) -> str | None:
    return nhs_number(household * (MOST_CHILDREN + 1) + turn)


def _children(dice: Random, family: str) -> list[tuple[str, int, str]]:
    """Given name, day of birth and sex of each child of a household."""
    roll = dice.random
    draw = roll()
    wanted = 1 if draw < 0.3 else 2 if draw < 0.65 else 3 if draw < 0.85 else 4 if draw < 0.95 else 5
    born = _TODAY - int(roll() * 6570)
    found: list[tuple[str, int, str]] = []
    taken = set()
    for _ in range(wanted):
        sex = "female" if roll() < 0.49 else "male"
        given = given_name(dice, sex)
        while given in taken:
            given = given_name(dice, sex)
        taken.add(given)
        found.append((given, born, sex))
        if roll() < 0.034 and len(found) < MOST_CHILDREN:
            alike = TWINS.get(given) if roll() < 0.5 else None
            sex = sex if alike or roll() < 0.66 else ("male" if sex == "female" else "female")
            twin = alike or given_name(dice, sex)
            if twin not in taken:
                taken.add(twin)
                found.append((twin, born, sex))
        # From ten months on; a child who would be born before the others' mother could is not.
        born -= 300 + int(roll() ** 2 * 1800)
        if born < _TODAY - 6570 or len(found) >= MOST_CHILDREN:
            break
    return found
