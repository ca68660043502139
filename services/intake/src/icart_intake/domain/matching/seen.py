"""A person's facts laid out for comparing: made once for each, so that a pair costs microseconds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from icart_intake.domain.matching.identifiers import nhs_number_checks, upn_checks

if TYPE_CHECKING:
    from icart_intake.domain.matching.facts import Facts

_NUMBERS: Final = re.compile(r"\b[0-9]+[a-z]?\b")


def is_initial(given: str) -> bool:
    """Whether a given name is a letter that stands for one. A letter of a script without an alphabet may be a whole name."""
    return len(given) == 1 and given.isascii()


@dataclass(frozen=True, slots=True)
class SeenPlace:
    """An address: its lines, the numbers in them (house, flat), its postcode."""

    lines: str
    numbers: frozenset[str]
    postcode: str


@dataclass(frozen=True, slots=True)
class Seen:
    """Facts laid out for comparing. Numbers that do not check are not here."""

    names: tuple[tuple[str, str], ...]
    full: tuple[str, ...]
    whole: frozenset[str]
    """Those of `full` whose given name is more than an initial: two of a family may share one of those."""
    born: date | None
    day: int
    """The date of birth as a count of days; 0 without one."""
    estimated: bool
    expected: int
    sex: str | None
    nhs: str | None
    upn: str | None
    places: tuple[SeenPlace, ...]
    postcodes: frozenset[str]
    household: str | None
    phones: tuple[str, ...]
    school: str
    mother: tuple[str, str, date | None] | None
    beside: frozenset[str]
    """The given names of the children beside."""
    nhs_fails: bool
    upn_fails: bool

    @classmethod
    def of(cls, facts: Facts) -> Seen:
        """Lay out what is compared."""
        nhs, upn = facts.nhs_number, facts.upn
        nhs_checks, upn_checks_ = bool(nhs and nhs_number_checks(nhs)), bool(upn and upn_checks(upn))
        mother = facts.mother
        return cls(
            names=facts.names,
            full=tuple(sorted({f"{given} {family}".strip() for given, family in facts.names})),
            whole=frozenset(f"{given} {family}".strip() for given, family in facts.names if not is_initial(given)),
            born=facts.born,
            day=facts.born.toordinal() if facts.born else 0,
            estimated=facts.estimated,
            expected=facts.expected.toordinal() if facts.expected else 0,
            sex=facts.sex,
            nhs=nhs if nhs_checks else None,
            upn=upn if upn_checks_ else None,
            places=tuple(
                SeenPlace(place.lines, frozenset(_NUMBERS.findall(place.lines)), place.postcode)
                for place in facts.places
            ),
            postcodes=frozenset(place.postcode for place in facts.places if place.postcode),
            household=facts.household,
            phones=facts.phones,
            school=facts.school,
            mother=(mother.given, mother.family, mother.born) if mother and (mother.given or mother.family) else None,
            beside=frozenset(one.given for one in facts.beside if one.given),
            nhs_fails=bool(nhs) and not nhs_checks,
            upn_fails=bool(upn) and not upn_checks_,
        )
