"""Strands, outcomes, sections, levels of need and the statements that a screening has to establish (SC-3 to SC-10)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from icart_common.contracts.base import Slug
from icart_common.contracts.referral import ReferrerKind
from icart_common.policy.base import Named, Part, Sourced, Words

StrandKind = Literal["safeguarding", "early-intervention", "advice"]


class Authorisation(Sourced):
    """How a contact of the strand is closed (SC-10, SC-16)."""

    rule: Literal["required", "worker-may-close"]
    worker_may_close_outcomes: tuple[Slug, ...] = ()
    sampled_percent: Annotated[int, Field(ge=0, le=100)] = 0
    """Share of what workers closed themselves that a manager looks at later (QA-3)."""


class ConsentRule(Sourced):
    """Whether the strand waits for consent, and what lets it go on without (CO-2, CO-3)."""

    rule: Literal["required", "may-proceed-without"]
    exempt_referrers: tuple[ReferrerKind, ...] = ()
    grounds: tuple[Slug, ...] = ()
    """Reasons, one of which is mandatory when proceeding without consent."""


class Strand(Named):
    """A way of screening a contact, with its desktop and people."""

    kind: StrandKind
    desktop: Slug
    authorisation_desktop: Slug
    worker_role: Slug
    manager_role: Slug
    levels: tuple[int, ...]
    sections: tuple[Slug, ...]
    outcomes: tuple[Slug, ...]
    authorisation: Authorisation
    consent: ConsentRule


class Feedback(Part):
    """Templates that tell the referrer the outcome: a professional's, and everybody else's (SC-11, CO-5)."""

    professional: Slug = "outcome-professional"
    others: Slug = "outcome-others"


class Outcome(Named):
    """How a screening ends."""

    level: int
    creates_referral: bool = False
    """True when the referral and information record is loaded and passed to the area team (SC-8, SC-11)."""
    assessment: Literal["s17", "s47"] | None = None
    needs_strategy_discussion: bool = False
    transfers_to: Slug | None = None
    """The strand on which a new, linked contact opens when this one closes (SC-9)."""
    no_further_action: bool = False
    opened_in_error: bool = False
    """How a contact ends that should never have been opened (SC-19). Asked for by abandoning it, never by submitting it."""
    feedback: Feedback | None = Feedback()
    """None when the referrer hears later, from the contact that this one is transferred to."""


class ReferralDates(Sourced):
    """What a statutory assessment has to keep to, counted from its referral (SC-24)."""

    assessment_working_days: Annotated[int, Field(ge=1)]
    conference_working_days: Annotated[int, Field(ge=1)]
    """Of an initial child protection conference: where the assessment is under section 47."""


class Section(Named):
    """A section of the record; the roles that name it fill it (SC-3)."""

    order: Annotated[int, Field(ge=1)]


class RequiredStatement(Sourced):
    """What a screening must have established before it is submitted (SC-6)."""

    id: Slug
    section: Slug | None = None
    """Where it is written; None when any section of the strand may hold it."""
    question: Words


class LevelOfNeed(Sourced):
    """A level of the authority's own framework."""

    number: int
    name: Words
    meaning: Words
