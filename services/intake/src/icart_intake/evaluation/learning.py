"""Learning from a file of descriptions: from facts to a file of weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from random import Random

from icart_intake.domain.matching.common import COMMON_FAMILY, COMMON_GIVEN
from icart_intake.domain.matching.facts import Facts
from icart_intake.domain.matching.learn import learn
from icart_intake.domain.matching.made import thresholds_for, weights_from
from icart_intake.domain.matching.weights import Common, Learned, Thresholds, Weights
from icart_intake.evaluation.pairs import common_names, passes_of, strangers_of

COMMON_SHARE = 0.002
"""A name that one in five hundred has is common."""
WRONG = 0.0001
"""The chance that a match which is just certain is wrong."""
OFFERED = 0.05
"""The chance that a match which is just offered is right: a worker sees at most twenty for one."""
MARGIN = 10.0
"""Bits: somebody a thousand times less likely is not nearly as likely."""


def learned_from(
    people: Sequence[Facts],
    *,
    version: str,
    source: str,
    on: date,
    among: int,
    kin: float = 3.0,
    invented: bool = False,
    seed: int = 1,
    strangers: int = 400_000,
    thresholds: Thresholds | None = None,
    step: Callable[[str], None] = lambda _: None,
) -> Weights:
    """Learn from descriptions of people, among whom some are described more than once; nobody says who.

    `among` is the number of people among whom somebody will be looked for, `kin` the brothers and sisters that somebody has
    there (0 for data without families). Which names are common is counted, unless they are `invented`.
    `step` is told what is being done.
    """
    dice = Random(seed)  # noqa: S311 - which pairs are drawn, no secret
    step("counting names")
    common = common_names(people, COMMON_SHARE)
    common = Common(given=common.given | COMMON_GIVEN, family=common.family | COMMON_FAMILY)
    step("drawing strangers")
    others = strangers_of(people, common, dice, strangers)
    step("choosing pairs")
    passes = list(passes_of(people, common, dice))
    step("expectation-maximisation")
    lesson = learn(passes, others, kin=kin > 0)
    return weights_from(
        version,
        lesson.shares,
        people=among,
        kin=kin,
        learned=Learned(source=source, on=on, records=len(people), pairs=lesson.pairs, rounds=lesson.rounds),
        thresholds=thresholds or thresholds_for(among, wrong=WRONG, offered=OFFERED, margin=MARGIN),
        common=Common(given=COMMON_GIVEN, family=COMMON_FAMILY) if invented else common,
    )
