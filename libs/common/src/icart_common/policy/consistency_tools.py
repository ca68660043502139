"""Screening tools whose bands can each be reached, and lead to a strand (AU-7)."""

from __future__ import annotations

from collections.abc import Iterator

from icart_common.policy.fault import Fault
from icart_common.policy.pack import PolicyPack
from icart_common.policy.screening_tools import BANDS


def tool_faults(pack: PolicyPack) -> Iterator[Fault]:
    """Bands out of order or beyond the points there are, questions that are there twice, strands of no such kind."""
    kinds = {strand.kind for strand in pack.strands}
    for index, tool in enumerate(pack.screening_tools):
        at = ("screening_tools", index)
        ids = [question.id for question in tool.questions]
        if len(set(ids)) != len(ids):
            yield Fault((*at, "questions"), "a question is there twice", "Give each its own id.")
        order = [BANDS.index(rule.band) for rule in tool.bands]
        points = [rule.from_points for rule in tool.bands]
        if points[0] != 0 or points != sorted(set(points)) or order != sorted(set(order)):
            fix = "Write low, medium and high in this order, the first from 0 points."
            yield Fault((*at, "bands"), "the bands are not in order", fix)
        if points[-1] > sum(question.points for question in tool.questions):
            yield Fault((*at, "bands"), "no answers reach the last band", "Lower its points.")
        for place, rule in enumerate(tool.bands):
            if rule.screened_on not in kinds:
                reason = f"no strand is of kind {rule.screened_on!r}"
                yield Fault((*at, "bands", place, "screened_on"), reason, "Name a kind that a strand has.")
