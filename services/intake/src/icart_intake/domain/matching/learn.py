"""Weights are learned here: expectation-maximisation over patterns of levels, with three kinds of pairs.

Nobody says which pairs are one person. Strangers are known well enough: two people drawn at random who share no block. For the
other two kinds, one person and brothers and sisters, pairs are taken that agree on something (a pass, for example the same
date of birth); what they agree on is left out, and the rest is split among the three kinds, again and again, until nothing moves.
Each pass teaches the fields that it did not choose its pairs by (Fellegi and Sunter 1969; Winkler 1988 for the method).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log2

from icart_intake.domain.matching.levels import BLANK, FIELDS, Levels
from icart_intake.domain.matching.start import START, Shares

Counts = Mapping[Levels, int]
"""How often each pattern of levels was seen."""

_NAMES = tuple(FIELDS)
_STILL = 1e-5
"""No share moves more than this any more: learned."""
_MOST_ROUNDS = 200
_BELIEF = 4.0
"""Pairs that the start counts for, in a field: a level that was never seen keeps a share."""
_ENOUGH = 30.0
"""Pairs of a kind that a pass needs to teach a field."""


@dataclass(frozen=True)
class Pass:
    """Pairs that were chosen because they agree on `chosen_by` (numbers of fields)."""

    name: str
    chosen_by: frozenset[int]
    counts: Counts
    teaches_kin: bool


@dataclass(frozen=True)
class Lesson:
    """What was learned: the shares of levels, and how many rounds each pass took."""

    shares: Shares
    rounds: int
    pairs: int


def learn(passes: Sequence[Pass], strangers: Counts, *, kin: bool = True) -> Lesson:
    """Learn the shares of all levels. `kin` is false for data without families: then what is believed of them stays."""
    shares = _with_strangers(strangers)
    taught_same: dict[str, list[tuple[float, tuple[float, ...]]]] = {field: [] for field in FIELDS}
    taught_kin: dict[str, list[tuple[float, tuple[float, ...]]]] = {field: [] for field in FIELDS}
    rounds = pairs = 0
    for one in passes:
        learned, weights, took = _expectation_maximisation(one, shares, kin=kin)
        rounds += took
        pairs += sum(one.counts.values())
        for number, field in enumerate(FIELDS):
            if number in one.chosen_by:
                continue
            same, brothers = weights[number]
            if same >= _ENOUGH:
                taught_same[field].append((same, tuple(learned[field][name][0] for name in FIELDS[field])))
            if kin and one.teaches_kin and brothers >= _ENOUGH:
                taught_kin[field].append((brothers, tuple(learned[field][name][1] for name in FIELDS[field])))
    return Lesson(_joined(shares, taught_same, taught_kin), rounds, pairs)


def expected_matches(scores: Iterable[float], all_pairs: float) -> float:
    """How many of `all_pairs` are one person, as far as the scores of those that share a block tell. At least 1."""
    bits = list(scores)
    matches = max(1.0, len(bits) / 10)
    for _ in range(50):
        prior = log2(matches / max(1.0, all_pairs - matches))
        found = sum(1.0 / (1.0 + 2.0 ** -max(-60.0, min(60.0, score + prior))) for score in bits)
        if abs(found - matches) < 0.01:
            break
        matches = max(1.0, found)
    return matches


def _with_strangers(strangers: Counts) -> Shares:
    """The start, with the strangers' column counted."""
    seen: list[Counter[int]] = [Counter() for _ in FIELDS]
    for levels, count in strangers.items():
        for number, level in enumerate(levels):
            if level != BLANK:
                seen[number][level] += count
    found: Shares = {}
    for number, (field, names) in enumerate(FIELDS.items()):
        total = sum(seen[number].values()) + _BELIEF
        found[field] = {
            name: (
                START[field][name][0],
                START[field][name][1],
                (seen[number][level] + _BELIEF * START[field][name][2]) / total
                if field != "listed"
                else START[field][name][2],
            )
            for level, name in enumerate(names)
        }
    return found


def _expectation_maximisation(one: Pass, start: Shares, *, kin: bool) -> tuple[Shares, list[tuple[float, float]], int]:
    """The shares that one pass leads to; how many pairs of each kind taught each field; the rounds that it took."""
    patterns: Counter[Levels] = Counter()
    for levels, count in one.counts.items():
        patterns[tuple(BLANK if n in one.chosen_by else level for n, level in enumerate(levels))] += count
    shares, kinds = start, (0.2, 0.2 if kin else 0.0, 0.6 if kin else 0.8)
    weights: list[tuple[float, float]] = [(0.0, 0.0)] * len(FIELDS)
    for round_ in range(1, _MOST_ROUNDS + 1):
        sums, kind_sums = _expect(patterns, shares, kinds)
        moved, shares, weights = _maximise(sums, shares, start, teach_kin=kin and one.teaches_kin)
        total = sum(kind_sums) or 1.0
        kinds = (kind_sums[0] / total, kind_sums[1] / total, kind_sums[2] / total)
        if moved < _STILL:
            return shares, weights, round_
    return shares, weights, _MOST_ROUNDS


_Sums = list[list[list[float]]]
"""By field and level: expected pairs of one person, of kin."""


def _expect(patterns: Counts, shares: Shares, kinds: tuple[float, float, float]) -> tuple[_Sums, list[float]]:
    table = [[shares[field][name] for name in names] for field, names in FIELDS.items()]
    sums: _Sums = [[[0.0, 0.0] for _ in levels] for levels in table]
    kind_sums = [0.0, 0.0, 0.0]
    for levels, count in patterns.items():
        same, kin, stranger = kinds
        for number, level in enumerate(levels):
            if level != BLANK:
                a, b, c = table[number][level]
                same, kin, stranger = same * a, kin * b, stranger * c
        total = same + kin + stranger
        if total <= 0.0:
            continue
        expected = same * count / total, kin * count / total, stranger * count / total
        for place in range(3):
            kind_sums[place] += expected[place]
        for number, level in enumerate(levels):
            if level != BLANK:
                cell = sums[number][level]
                cell[0] += expected[0]
                cell[1] += expected[1]
    return sums, kind_sums


def _maximise(
    sums: _Sums, shares: Shares, start: Shares, *, teach_kin: bool
) -> tuple[float, Shares, list[tuple[float, float]]]:
    """New shares from expected counts; the largest move; what each field was taught by."""
    found: Shares = {}
    weights = []
    moved = 0.0
    for number, (field, names) in enumerate(FIELDS.items()):
        same, kin = (sum(cell[kind] for cell in sums[number]) for kind in (0, 1))
        weights.append((same, kin))
        found[field] = {}
        for level, name in enumerate(names):
            before = shares[field][name]
            believed = start[field][name]
            a, b = before[0], before[1]
            if field != "listed":
                a = (sums[number][level][0] + _BELIEF * believed[0]) / (same + _BELIEF)
                if teach_kin:
                    b = (sums[number][level][1] + _BELIEF * believed[1]) / (kin + _BELIEF)
            moved = max(moved, abs(a - before[0]), abs(b - before[1]))
            found[field][name] = (a, b, before[2])
    return moved, found, weights


def _joined(
    shares: Shares,
    same: Mapping[str, Sequence[tuple[float, tuple[float, ...]]]],
    kin: Mapping[str, Sequence[tuple[float, tuple[float, ...]]]],
) -> Shares:
    """The mean of what the passes taught, each counted by its pairs; what none taught stays as it was believed."""
    found: Shares = {}
    for field, names in FIELDS.items():
        by_same, by_kin = _mean(same[field]), _mean(kin[field])
        found[field] = {
            name: (
                by_same[level] if by_same else shares[field][name][0],
                by_kin[level] if by_kin else shares[field][name][1],
                shares[field][name][2],
            )
            for level, name in enumerate(names)
        }
    return found


def _mean(lessons: Sequence[tuple[float, tuple[float, ...]]]) -> tuple[float, ...]:
    total = sum(weight for weight, _ in lessons)
    if not total:
        return ()
    width = len(lessons[0][1])
    return tuple(sum(weight * shares[place] for weight, shares in lessons) / total for place in range(width))
