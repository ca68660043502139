"""The authority's threshold document as statements that a matcher can find in a contact (SC-1, SC-25)."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from icart_common.contracts.base import Slug
from icart_common.contracts.referral import Concern, Urgency
from icart_common.policy.base import Part, Sourced, Words

Sign = Literal[
    "child-not-safe-now", "harm-reported", "vpa-standard", "vpa-medium", "vpa-high", "told-first-hand",
    "early-help-plan-in-place", "s47-begun", "referrer-says-immediate", "asks-advice-only",
]  # fmt: skip
"""A structured fact of a contact that a statement may rest on."""


class ThresholdStatement(Sourced):
    """One statement. It matches when any of its words, concerns or signs is there."""

    id: Slug
    text: Words
    level: int
    strand: Slug
    urgency: Urgency = "routine"
    any_words: tuple[Words, ...] = ()
    """Words or phrases, whole words, any case; a star at the end stands for any ending (`bruis*`)."""
    concerns: tuple[Concern, ...] = ()
    signs: tuple[Sign, ...] = ()
    significant_harm: bool = False
    """The child may be at risk of significant harm: of a child nobody can identify, the police are called now (IN-4)."""
    tell_police: bool = False
    """A crime against a child is suspected (SC-12)."""

    @model_validator(mode="after")
    def _can_match(self) -> ThresholdStatement:
        if not (self.any_words or self.concerns or self.signs):
            raise ValueError("a statement needs any_words, concerns or signs, or it could never match")
        return self


class Otherwise(Sourced):
    """What is proposed when no statement matches."""

    strand: Slug
    level: int
    urgency: Urgency = "routine"
    reason: Words


class Thresholds(Part):
    """The statements in the order of the authority's document, and what to propose when none matches."""

    statements: tuple[ThresholdStatement, ...]
    otherwise: Otherwise
