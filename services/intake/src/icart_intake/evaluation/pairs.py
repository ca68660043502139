"""Pairs of a file of descriptions: those that share a block, those that agree on one thing, and strangers at random."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import combinations
from random import Random

from icart_intake.domain.matching.blocks import MOST_ALONE, blocks_of
from icart_intake.domain.matching.facts import Facts
from icart_intake.domain.matching.learn import Counts, Pass
from icart_intake.domain.matching.levels import ADDRESS, BORN, FAMILY, GIVEN, MOTHER, PHONE, Levels
from icart_intake.domain.matching.likeness import levels_of
from icart_intake.domain.matching.weights import Common

Pair = tuple[int, int]
"""Places of two descriptions in their file, the smaller first."""

LARGEST_BLOCK = 400
"""A block with more descriptions is passed over, and counted: a telephone number of an office, for example."""


def candidates(people: Sequence[Facts], *, between: int | None = None) -> tuple[set[Pair], int]:
    """Pairs that share a block of `MOST_ALONE` or fewer, or two larger ones; and how many blocks were too large.

    `between` links two files: descriptions before that place are compared with those from it on, and with no others.
    """
    blocks: dict[int, list[int]] = defaultdict(list)
    for place, facts in enumerate(people):
        for block in blocks_of("evaluation", facts):
            blocks[block].append(place)
    found: set[Pair] = set()
    once: set[Pair] = set()
    passed_over = 0
    for members in blocks.values():
        if len(members) > LARGEST_BLOCK:
            passed_over += 1
            continue
        pairs = set(combinations(members, 2)) if between is None else {
            (a, b) for a in members if a < between for b in members if b >= between
        }  # fmt: skip
        if len(members) > MOST_ALONE:
            found |= once & pairs
            once |= pairs
        else:
            found |= pairs
    return found, passed_over


def pattern_of(one: Facts, other: Facts, common: Common) -> Levels:
    """The levels of two descriptions, for the names that agree best."""
    return min(levels_of(one.seen, other.seen, common), key=lambda levels: (levels[GIVEN] % 99) + (levels[FAMILY] % 99))


def passes_of(people: Sequence[Facts], common: Common, dice: Random) -> Iterator[Pass]:
    """The passes to learn from: pairs by the same date of birth, postcode, whole name, telephone number, mother."""
    chosen: tuple[tuple[str, frozenset[int], bool, Callable[[Facts], Iterable[Hashable]]], ...] = (
        ("born", frozenset({BORN}), False, lambda one: (one.born,) if one.born else ()),
        ("postcode", frozenset({ADDRESS}), True, lambda one: one.postcodes),
        ("name", frozenset({GIVEN, FAMILY}), False, lambda one: (name for name in one.names if all(name))),
        ("phone", frozenset({PHONE}), True, lambda one: one.phones),
        ("mother", frozenset({MOTHER}), True, lambda one: (one.mother,) if one.mother else ()),
    )
    for name, fields, teaches_kin, key in chosen:
        groups: dict[Hashable, list[int]] = defaultdict(list)
        for place, facts in enumerate(people):
            for value in key(facts):
                groups[value].append(place)
        counts: Counter[Levels] = Counter()
        for members in groups.values():
            if 2 <= len(members) <= LARGEST_BLOCK:
                for a, b in _some(members, dice):
                    counts[pattern_of(people[a], people[b], common)] += 1
        if counts:
            yield Pass(name, fields, counts, teaches_kin)


def _some(members: Sequence[int], dice: Random) -> Iterator[Pair]:
    """All pairs of a small group; of a large one as many drawn at random."""
    if len(members) <= 40:
        yield from combinations(members, 2)
    else:
        for _ in range(780):
            a, b = dice.sample(members, 2)
            yield a, b


def strangers_of(people: Sequence[Facts], common: Common, dice: Random, wanted: int) -> Counts:
    """Patterns of pairs drawn at random that share no block."""
    counts: Counter[Levels] = Counter()
    blocks: dict[int, frozenset[int]] = {}

    def of(place: int) -> frozenset[int]:
        if place not in blocks:
            blocks[place] = frozenset(blocks_of("evaluation", people[place]))
        return blocks[place]

    size = len(people)
    for _ in range(wanted):
        a, b = int(dice.random() * size), int(dice.random() * size)
        if a != b and of(a).isdisjoint(of(b)):
            counts[pattern_of(people[a], people[b], common)] += 1
    return counts


def common_names(people: Iterable[Facts], share: float) -> Common:
    """Names that at least `share` of the descriptions have."""
    given: Counter[str] = Counter()
    family: Counter[str] = Counter()
    count = 0
    for facts in people:
        count += 1
        for a, b in facts.names:
            given[a] += 1
            family[b] += 1
    least = max(2.0, share * count)
    return Common(
        given=frozenset(name for name, times in given.items() if name and times >= least),
        family=frozenset(name for name, times in family.items() if name and times >= least),
    )
