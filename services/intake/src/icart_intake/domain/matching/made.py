"""From shares of levels to weights: bits, in order, and never more for brothers and sisters than for one person."""

from __future__ import annotations

from math import log2

from icart_intake.domain.matching.levels import FIELDS
from icart_intake.domain.matching.start import LIMITS, Shares
from icart_intake.domain.matching.weights import Common, Learned, Level, Thresholds, Weights, weight_of

FEW = 1e-9
"""The smallest share that is written."""


def levels_of_field(field: str, shares: dict[str, tuple[float, float, float]]) -> dict[str, Level]:
    """The levels of one field with their weights, from the best to the worst kept in order.

    A level never weighs more than a better one: those that do are weighed as one. What brothers and sisters gain from a better
    level is never more than what one person gains: so more that agrees never lowers a score.
    """
    found: dict[str, Level] = {}
    above: Level | None = None
    for names in _in_order(field, shares):
        sums = [sum(shares[name][kind] for name in names) for kind in range(3)]
        same, kin, stranger = (min(max(share, FEW), 1 - FEW) for share in sums)
        weight = weight_of(same, stranger, LIMITS[field])
        pull = weight_of(kin, stranger, LIMITS[field])
        if above is not None:
            weight = min(weight, above.weight)
            pull = max(pull, round(above.pull - above.weight + weight, 2))
        if weight >= 0:
            pull = min(pull, weight)
        for name in names:
            same, kin, stranger = (min(max(share, FEW), 1 - FEW) for share in shares[name])
            found[name] = above = Level(same=same, kin=kin, stranger=stranger, weight=weight, pull=pull)
    return found


def _in_order(field: str, shares: dict[str, tuple[float, float, float]]) -> list[list[str]]:
    """The levels, from the best on, with neighbours put together until none weighs more than the one before it."""
    groups: list[list[str]] = []

    def ratio(names: list[str]) -> float:
        return sum(shares[name][0] for name in names) / max(FEW, sum(shares[name][2] for name in names))

    for name in FIELDS[field]:
        groups.append([name])
        while len(groups) > 1 and ratio(groups[-1]) > ratio(groups[-2]):
            groups[-2:] = [groups[-2] + groups[-1]]
    return groups


def thresholds_for(people: int, *, wrong: float, offered: float, margin: float) -> Thresholds:
    """Scores at which a match among `people`, one of whom is as likely as not meant, is wrong or offered so often.

    `wrong` is the chance that a certain match is wrong, `offered` the chance that one that is just offered is right.
    """
    prior = log2(people)
    return Thresholds(
        certain=round(prior + log2((1 - wrong) / wrong), 1),
        possible=round(prior + log2(offered / (1 - offered)), 1),
        margin=margin,
    )


def weights_from(
    version: str, shares: Shares, *, people: int, kin: float, learned: Learned, thresholds: Thresholds, common: Common
) -> Weights:
    """A whole file of weights."""
    return Weights(
        version=version,
        learned=learned,
        people=people,
        kin=kin,
        thresholds=thresholds,
        fields={field: levels_of_field(field, shares[field]) for field in FIELDS},
        common=common,
    )
