"""How good a way of matching is on a set: what it found, what it missed, what it put together wrongly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from icart_intake.domain.matching.bands import Band
from icart_intake.domain.matching.learn import expected_matches
from icart_intake.domain.matching.likeness import compare
from icart_intake.domain.matching.made import thresholds_for
from icart_intake.domain.matching.weights import Weights
from icart_intake.evaluation.learning import MARGIN, OFFERED, WRONG, learned_from
from icart_intake.evaluation.pairs import Pair, candidates
from icart_intake.evaluation.sets import Described

Step = Callable[[str], None]
"""Told what is being done."""


class Figures(NamedTuple):
    """What one way of matching came to on one set, in one band or with everything from that band on."""

    set_name: str
    way: str
    band: str
    right: int
    wrong: int
    missed: int
    same_household: int
    """Of the wrong: two people of one household (brothers and sisters, a parent and a child)."""
    twins: int
    """Of the wrong: two people of one household born on one day."""

    @property
    def precision(self) -> float:
        """Of what was put together, the share that is one person; 1 when nothing was."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Of what is one person, the share that was put together."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.right / (2 * self.right + self.wrong + self.missed) if self.right else 0.0

    @property
    def false_rate(self) -> float:
        """Of what was put together, the share that is two people."""
        return 1.0 - self.precision


def figures(data: Described, way: str, band: str, found: set[Pair], true: set[Pair]) -> Figures:
    """Count what was found against the truth."""
    wrong = found - true
    kin = [(a, b) for a, b in wrong if data.households and data.households[a] == data.households[b]]
    twins = sum(1 for a, b in kin if data.people[a].born and data.people[a].born == data.people[b].born)
    right = len(found) - len(wrong)
    return Figures(data.name, way, band, right, len(wrong), len(true) - right, len(kin), twins)


def ours(data: Described, weights: Weights | None, step: Step) -> list[Figures]:
    """Our own matching: with the weights given, or with weights learned from the set itself, whose truth is not looked at.

    The first line says how many true pairs share a block: nothing else can be found.
    """
    true = data.true_pairs()
    step(f"{data.name}: blocks")
    pairs, _ = candidates(data.people, between=data.between)
    if weights is None:
        way = "iCART, learned on the set"
        weights = _learned(data, pairs, step)
    else:
        way = f"iCART, weights {weights.version}"
    step(f"{data.name}: {len(pairs)} pairs compared")
    bands: dict[Band, set[Pair]] = {band: set() for band in Band}
    for a, b in pairs:
        bands[compare(data.people[a], data.people[b], weights).band].add((a, b))
    return [
        figures(data, way, "candidates", pairs, true),
        figures(data, way, "certain", bands[Band.CERTAIN], true),
        figures(data, way, "possible", bands[Band.POSSIBLE], true),
        figures(data, way, "certain or possible", bands[Band.CERTAIN] | bands[Band.POSSIBLE], true),
    ]


def _learned(data: Described, pairs: set[Pair], step: Step) -> Weights:
    weights = learned_from(
        data.people,
        version="learned",
        source=data.name,
        on=date(2026, 1, 1),
        among=len(data.people),
        kin=3.0 if data.households else 0.0,
        strangers=50_000,
        step=lambda what: step(f"{data.name}: {what}"),
    )
    scores = [compare(data.people[a], data.people[b], weights).score for a, b in pairs]
    among = round(data.all_pairs() / expected_matches(scores, data.all_pairs()))
    thresholds = thresholds_for(among, wrong=WRONG, offered=OFFERED, margin=MARGIN)
    return weights.among(among, thresholds)


def by_exact_fields(data: Described, step: Step) -> list[Figures]:
    """Rules by exact fields: the same identifier, or the same whole name with the same date of birth."""
    step(f"{data.name}: exact fields")
    found: set[Pair] = set()
    for key in (_number, _name_and_date):
        places: dict[object, list[int]] = {}
        for place in range(len(data.people)):
            if value := key(data, place):
                places.setdefault(value, []).append(place)
        for members in places.values():
            found |= _pairs_within(members, data.between)
    return [figures(data, "exact fields", "found", found, data.true_pairs())]


def _number(data: Described, place: int) -> object:
    return data.plain[place]["soc_sec_id"]


def _name_and_date(data: Described, place: int) -> object:
    row = data.plain[place]
    whole = (row["given_name"], row["surname"], row["date_of_birth"])
    return whole if all(whole) else None


def _pairs_within(members: Sequence[int], between: int | None) -> set[Pair]:
    return {
        (a, b) for turn, a in enumerate(members) for b in members[turn + 1 :] if between is None or a < between <= b
    }
