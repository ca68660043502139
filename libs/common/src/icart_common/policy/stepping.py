"""How early-help cases step up to social care and down again, and when a child has come back (SC-17, SC-18, SC-23)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from icart_common.contracts.base import Slug
from icart_common.policy.base import Named, Part, Sourced, Words


class StepUpMeeting(Sourced):
    """The meeting with the early-help group that a case of a certain level calls for."""

    level: int
    attended_by: Annotated[tuple[Slug, ...], Field(min_length=1)]
    """Roles, one of which has to be there."""
    outcome: Slug
    """The assessment that it may recommend."""


class StepUpRule(Sourced):
    """What becomes of an early-help group's request to step its case up."""

    meeting: StepUpMeeting | None = None
    instead: Annotated[tuple[Words, ...], Field(min_length=1)]
    """What is done where there is no meeting, or where there is immediate risk."""


class EarlyHelpPlan(Named):
    """A plan that agencies make together, with a lead professional."""


class StepDownRule(Sourced):
    """What a case goes down to."""

    plans: Annotated[tuple[EarlyHelpPlan, ...], Field(min_length=1)]
    needs_consent: bool


class ReReferralRule(Sourced):
    """Within how many months of a decision the next contact about the child is flagged (SC-23)."""

    within_months: Annotated[int, Field(ge=1, le=120)]


class SteppingRules(Part):
    """The three together: a child comes, goes and comes back."""

    step_up: StepUpRule
    step_down: StepDownRule
    re_referral: ReReferralRule
