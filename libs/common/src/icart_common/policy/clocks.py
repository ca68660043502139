"""Clock rules, and the pure answer to: which clocks does this event start, and which does it end? (section 8, TM-1 to TM-18)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from icart_common.contracts.base import AgencyId, Slug
from icart_common.contracts.referral import Channel, ReferrerKind, Urgency
from icart_common.policy.agencies import AgencyKind
from icart_common.policy.base import Part, Sourced, Words
from icart_common.worktime.allowance import Allowance

Moment = Literal[
    "contact_opened", "triaged", "stepped_up", "allocated", "submitted", "sent_back", "authorised", "closed", "contact_stepped",
    "referral_created", "contact_redirected", "acknowledged",
    "notice_recorded", "reply_sent",
    "edt_contact_recorded", "edt_record_completed", "edt_answered",
    "vpa_received", "vpa_exposed", "school_told", "vpa_routed",
    "written_referral_received", "tool_asked", "tool_received", "questions_asked", "questions_answered",
    "meeting_called", "meeting_prepared", "meeting_decided", "decision_needed", "decision_made",
    "absence_marked", "absence_taken_back",
    "strategy_decided", "strategy_held", "step_up_agreed", "step_up_met",
    "missing_returned", "interview_received",
    "check_requested", "check_replied", "check_cancelled",
    "residence_began", "temporary_plan_decided",
    "placement_check_asked", "placement_check_answered", "records_asked", "records_given",
    "disagreement_raised", "disagreement_raised_higher", "disagreement_resolved",
]  # fmt: skip
"""What happens in a service that a clock may start or end on. The names are ours, not message types."""

ClockId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9-]{1,39}$")]


class ClockFacts(Part):
    """What is known when an event happens. A fact that is not known is None and matches no condition."""

    strand: Slug | None = None
    urgency: Urgency | None = None
    referrer_kind: ReferrerKind | None = None
    channel: Channel | None = None
    agency: AgencyId | None = None
    agency_kind: AgencyKind | None = None
    check: Slug | None = None
    """Which of the pack's checks was asked (TM-11)."""
    record_complete: bool | None = None
    """False when the night team still owes the rest of its record (ED-4)."""


class When(Part):
    """Conditions on the facts: every one that is given has to hold; each lists the values that will do."""

    strand: tuple[Slug, ...] = ()
    urgency: tuple[Urgency, ...] = ()
    referrer_kind: tuple[ReferrerKind, ...] = ()
    channel: tuple[Channel, ...] = ()
    agency: tuple[AgencyId, ...] = ()
    agency_kind: tuple[AgencyKind, ...] = ()
    check: tuple[Slug, ...] = ()
    record_complete: tuple[bool, ...] = ()

    def holds(self, facts: ClockFacts) -> bool:
        """Whether every condition given is met."""
        return all(
            not allowed or getattr(facts, name) in allowed
            for name, allowed in ((name, getattr(self, name)) for name in type(self).model_fields)
        )


class ClockRule(Sourced):
    """One clock. It starts on an event when its conditions hold, and is met by any of its ending events."""

    id: ClockId
    """The row of the register, with a suffix where the row has several clocks: `TM-8`, `TM-8-chase`."""
    name: Words
    starts_on: Moment
    counted_from: Literal["received", "event"]
    """`received`: from the arrival of the first message of the matter; `event`: from the event that starts the clock."""
    when: When = When()
    ends_on: tuple[Moment, ...] = Field(min_length=1)
    allowance: Allowance
    warn_at: tuple[Annotated[float, Field(gt=0, lt=1)], ...] = (0.5, 0.8)
    may_pause: bool = False
    alerts: Slug | None = None
    """The role that hears of warnings and breaches; None: whoever holds the work."""

    @property
    def row(self) -> str:
        """The row of docs/requirements.md (`TM-8` of `TM-8-chase`), or the id itself for the pack's own clocks."""
        return "-".join(self.id.split("-")[:2]) if self.id.startswith("TM-") else self.id


def starting(rules: tuple[ClockRule, ...], moment: Moment, facts: ClockFacts) -> tuple[ClockRule, ...]:
    """The clocks that an event starts, in the pack's order."""
    return tuple(rule for rule in rules if rule.starts_on == moment and rule.when.holds(facts))


def ending(rules: tuple[ClockRule, ...], moment: Moment) -> tuple[ClockRule, ...]:
    """The clocks that an event ends when they are running."""
    return tuple(rule for rule in rules if moment in rule.ends_on)


def no_longer(rules: tuple[ClockRule, ...], moment: Moment, facts: ClockFacts) -> tuple[ClockRule, ...]:
    """The clocks that an earlier event of the same kind may have started and that no longer apply.

    A contact that is triaged again, to another strand or urgency, keeps none of the first choice's clocks (SC-1), nor those of
    a step-up (SC-13).
    """
    before = {moment, "stepped_up"} if moment == "triaged" else {moment}
    return tuple(rule for rule in rules if rule.starts_on in before and not rule.when.holds(facts))
