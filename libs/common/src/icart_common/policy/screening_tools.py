"""Screening tools that a child's answers are scored with: questions, points, bands, and where a band sends the child (SC-21)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from icart_common.contracts.base import Slug
from icart_common.policy.base import Named, Part, Words
from icart_common.policy.screening import StrandKind

Band = Literal["low", "medium", "high"]
BANDS: tuple[Band, ...] = ("low", "medium", "high")


class ToolQuestion(Part):
    """A question, and the points of a yes."""

    id: Slug
    text: Words
    points: Annotated[int, Field(ge=0, le=100)]


class BandRule(Part):
    """From how many points on a band counts, and the kind of strand that screens the child then."""

    band: Band
    from_points: Annotated[int, Field(ge=0)]
    screened_on: StrandKind


class ScreeningTool(Named):
    """One tool. Its bands are in the order of their points; the first counts from none."""

    questions: Annotated[tuple[ToolQuestion, ...], Field(min_length=1)]
    bands: Annotated[tuple[BandRule, ...], Field(min_length=1)]

    def score(self, yes: frozenset[str]) -> int:
        """The points of the questions that were answered with yes."""
        return sum(question.points for question in self.questions if question.id in yes)

    def band(self, score: int) -> BandRule:
        """The highest band that the score reaches."""
        return [rule for rule in self.bands if rule.from_points <= score][-1]
