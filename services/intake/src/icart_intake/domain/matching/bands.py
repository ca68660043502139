"""Three bands (decision 0010)."""

from __future__ import annotations

from enum import StrEnum

from icart_intake.domain.matching.levels import (
    BLANK,
    BORN,
    BORN_DIFFER,
    GIVEN,
    GIVEN_WORDS,
    LISTED,
    NHS,
    SAME,
    SEX,
    UPN,
    Levels,
)
from icart_intake.domain.matching.weights import Thresholds


class Band(StrEnum):
    """What follows from a comparison."""

    CERTAIN = "certain"
    """Linked, when nobody else is nearly as likely."""
    POSSIBLE = "possible"
    """Offered to a worker with the terms."""
    DIFFERENT = "different"
    """Nothing is said."""


def band_of(score: float, levels: Levels, is_exact: bool, thresholds: Thresholds) -> Band:
    """The band of a comparison. An exact match is certain as long as the score would at least offer it."""
    if score < thresholds.possible:
        return Band.POSSIBLE if is_exact else Band.DIFFERENT
    if is_exact or (score >= thresholds.certain and may_be_certain(levels)):
        return Band.CERTAIN
    return Band.POSSIBLE


def may_be_certain(levels: Levels) -> bool:
    """Whether what is personal agrees, so that the rest may make it certain.

    The given name agrees (so does a short form, another spelling, or one with a further name), there is a date or a number, and
    nothing personal contradicts. So a twin is never certain, whatever else a twin shares: only a given name tells twins apart,
    and one that is merely alike does not.
    """
    if levels[NHS] > SAME or levels[UPN] > SAME or levels[BORN] == BORN_DIFFER or levels[SEX] > SAME:
        return False
    identified = levels[NHS] == SAME or levels[UPN] == SAME or levels[BORN] != BLANK
    return SAME <= levels[GIVEN] <= GIVEN_WORDS and identified and levels[LISTED] == BLANK
