"""When one of several is certainly the one who is meant (decision 0010)."""

from __future__ import annotations

from collections.abc import Sequence

from icart_intake.domain.matching.bands import Band
from icart_intake.domain.matching.levels import NHS, SAME, UPN
from icart_intake.domain.matching.likeness import Likeness


def stands_out(likenesses: Sequence[Likeness], margin: float) -> int | None:
    """The place of the one who is certainly meant, or None: certain, and nobody else nearly as likely.

    Somebody else is nearly as likely who is less than `margin` bits below, or is certain as well. An identifier goes before
    names: the only one who is certain with the same NHS number or UPN is not held up by those who have none.
    """
    certain = [place for place, one in enumerate(likenesses) if one.band is Band.CERTAIN]
    by_number = [
        place for place in certain if likenesses[place].levels[NHS] == SAME or likenesses[place].levels[UPN] == SAME
    ]
    chosen = by_number or certain
    if len(chosen) != 1:
        return None
    (best,) = chosen
    if by_number:
        return best
    near = likenesses[best].score - margin
    return None if any(one.score > near for place, one in enumerate(likenesses) if place != best) else best
