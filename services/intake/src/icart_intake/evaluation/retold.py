"""The same person as somebody else describes them: with what people leave out, mishear, mistype, translate and swap.

retold(someone, dice)        one of them as another agency describes them
records(seed, households)    a mixed file: everybody once as held, some retold once or twice, as `Record`s
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Final, NamedTuple

from icart_intake.domain.matching.facts import Facts, Named, Place
from icart_intake.domain.matching.forms import GROUPS, groups_of
from icart_intake.evaluation.families import (
    MOST_CHILDREN,
    Someone,
    facts,
    family_name,
    given_name,
    home,
    nhs_number,
    people,
    phone,
    upn,
)
from icart_intake.evaluation.made_names import SCHOOLS

_ROWS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_KEYS: Final[dict[str, str]] = {
    letter: "".join(row[max(0, place - 1) : place] + row[place + 1 : place + 2])
    for row in _ROWS
    for place, letter in enumerate(row)
}
"""Letters beside each letter on a keyboard."""


def retold(one: Someone, dice: Random) -> Facts:
    """The person as another agency describes them. The shares of slips are stated here, one a line."""
    roll = dice.random
    given, family = one.given, one.family
    names = _names(dice, one, given, family)
    born, estimated = _born(dice, one.born)
    moved = roll() < 0.15
    elsewhere = one.elsewhere is not None and roll() < 0.4
    place = home(dice) if moved else one.elsewhere if elsewhere and one.elsewhere else one.place
    lines, postcode = place.lines, place.postcode
    places: tuple[Place, ...] = ()
    if roll() < 0.85:
        lines = typo(dice, lines) if roll() < 0.08 else "" if roll() < 0.05 else lines
        postcode = typo_of_code(dice, postcode) if roll() < 0.03 else "" if roll() < 0.08 else postcode
        if lines or postcode:
            places = (Place.model_construct(lines=lines, postcode=postcode),)
    called = phone(dice) if moved or roll() < 0.3 else one.phone
    called = called[:-1] + str(int(roll() * 10)) if roll() < 0.03 else called
    return Facts.model_construct(
        names=names,
        born=born,
        estimated=estimated,
        sex=None if roll() < 0.1 else one.sex if roll() < 0.993 else "male" if one.sex == "female" else "female",
        nhs_number=_number(dice, one.nhs, 0.25, nhs_number(one.household * (MOST_CHILDREN + 1) + 1)),
        upn=_number(dice, one.upn, 0.2, upn(one.number + 1)),
        places=places,
        phones=(called,) if roll() < 0.55 else (),
        school="" if not one.school or roll() < 0.5 else _school(dice) if moved or roll() < 0.1 else one.school,
        mother=_mother(dice, one.mother) if one.mother and roll() < 0.6 else None,
        beside=_beside(dice, one.beside) if roll() < 0.5 else (),
    )


def _school(dice: Random) -> str:
    return SCHOOLS[int(dice.random() * len(SCHOOLS))]


def _mother(dice: Random, mother: Named) -> Named:
    """The mother as somebody else tells of her: renamed, misheard, without her age, or a stepmother."""
    roll = dice.random
    given, family, born = mother.given, mother.family, mother.born if roll() < 0.5 else None
    chance = roll()
    if chance < 0.12:
        family = family_name(dice)
    elif chance < 0.2:
        given = typo(dice, given)
    elif chance < 0.24:
        given, family, born = given_name(dice, "female"), family_name(dice), None
    return Named.model_construct(given=given, family=family, born=born)


def _beside(dice: Random, others: tuple[Named, ...]) -> tuple[Named, ...]:
    """The other children as somebody else tells of them: one is left out, or only a half-brother elsewhere is known."""
    if dice.random() < 0.05:
        return (Named.model_construct(given=given_name(dice, "male"), family=family_name(dice)),)
    return tuple(other for other in others if dice.random() < 0.85)


def _names(dice: Random, one: Someone, given: str, family: str) -> tuple[tuple[str, str], ...]:
    roll = dice.random
    changed = family
    chance = roll()
    if chance < (0.06 if one.is_child else 0.16 if one.sex == "female" else 0.02):  # a marriage, a step-parent
        changed = family_name(dice)
    elif chance < 0.18 and one.mother and one.mother.family != family and roll() < 0.3:
        changed = one.mother.family if roll() < 0.5 else f"{one.mother.family} {family}"
    told = given
    chance = roll()
    forms = groups_of(given)
    if forms and chance < 0.15:
        members = GROUPS[min(forms)]
        told = members[int(roll() * len(members))]
    elif chance < 0.22:
        told = typo(dice, given)
    elif chance < 0.24:
        told = given[0]
    elif chance < 0.27:
        told = f"{given} {one.mother.given if one.mother else 'rowan'}"
    if roll() < 0.06:
        changed = typo(dice, changed)
    if roll() < 0.01:
        told, changed = changed, told
    if roll() < 0.01:
        told = ""
    found = {(told, changed)}
    if changed != family and roll() < 0.25:
        found.add((told or given, family))  # "also known as"
    return tuple(sorted(found))


def _born(dice: Random, born: date) -> tuple[date | None, bool]:
    chance = dice.random()
    if chance < 0.08:
        return None, False
    if chance < 0.11 and born.day <= 12:
        return date(born.year, born.day, born.month), False
    if chance < 0.13:
        return date(born.year - 1 + 2 * (dice.random() < 0.5), born.month, min(born.day, 28)), False
    if chance < 0.15:
        return date(born.year, born.month, 1 + int(dice.random() * 28)), False
    if chance < 0.16:
        return date(born.year, born.month, 1), True
    return born, False


def _number(dice: Random, number: str | None, told: float, others: str | None) -> str | None:
    """A number where it is told; one in fifty with a digit that was mistyped, one in three hundred a brother's or sister's."""
    if number is None or dice.random() >= told:
        return None
    if dice.random() < 0.003:
        return others
    if dice.random() < 0.02:
        place = 1 + int(dice.random() * (len(number) - 1))
        return number[:place] + str((int(number[place]) + 1 + int(dice.random() * 8)) % 10) + number[place + 1 :]
    return number


def typo(dice: Random, text: str) -> str:
    """One slip of a hand: a letter beside the right one, one left out, one twice, two that changed place."""
    if len(text) < 3:
        return text
    place = 1 + int(dice.random() * (len(text) - 1))
    kind = int(dice.random() * 4)
    if kind == 0 and text[place] in _KEYS:
        near = _KEYS[text[place]]
        return text[:place] + near[int(dice.random() * len(near))] + text[place + 1 :]
    if kind == 1:
        return (text[:place] + text[place + 1 :]).strip()
    if kind == 2:
        return text[:place] + text[place] + text[place:]
    return text[: place - 1] + text[place] + text[place - 1] + text[place + 1 :]


def typo_of_code(dice: Random, code: str) -> str:
    """A postcode with one of its last two letters wrong."""
    place = len(code) - 1 - int(dice.random() * 2)
    return code[:place] + "ABDEFGHJLN"[int(dice.random() * 10)] + code[place + 1 :]


class Record(NamedTuple):
    """A line of a mixed file: whose it is, and what it says."""

    person: int
    household: int
    is_child: bool
    facts: Facts


def records(seed: int, households: int, *, first: int = 0) -> Iterator[Record]:
    """A mixed file: everybody once as held, half of them retold once, one in eight twice."""
    dice = Random(seed * 7_368_787 + first)  # noqa: S311 - data, not secrets
    for one in people(seed, households, first=first):
        yield Record(one.number, one.household, one.is_child, facts(one))
        chance = dice.random()
        for _ in range(2 if chance < 0.125 else 1 if chance < 0.5 else 0):
            yield Record(one.number, one.household, one.is_child, retold(one, dice))
