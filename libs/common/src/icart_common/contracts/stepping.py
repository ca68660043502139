"""Step-up of an early-help case to social care, and step-down to early help (SC-17, SC-18; S1, "Steps Ups"; S3; S4)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Final
from uuid import UUID

from pydantic import Field

from icart_common.contracts.base import Actor, AgencyId, Instant, LongText, ShortText, Slug
from icart_common.contracts.family import ChildTold
from icart_common.contracts.screening import Level, NeedCode
from icart_common.contracts.undertakings import BeginForContact, ForContact, UndertakingCommand, UndertakingEvent


class AskStepUp(BeginForContact):
    """A contact is an early-help group's written request to step its case up. One that came as such needs no command."""

    TYPE: ClassVar[str] = "icart.screening.ask-step-up.v1"

    agency: AgencyId
    """The lead professional's."""
    lead_professional: ShortText = Field(min_length=1)


class ReviewStepUp(ForContact):
    """A social worker reviewed the case: its level, and either advice or the meeting that the level calls for."""

    TYPE: ClassVar[str] = "icart.screening.review-step-up.v1"

    level: Level
    reasons: LongText = Field(min_length=1)
    advice: LongText = ""
    """For the group that goes on with its plan."""


class RecordStepUpMeeting(ForContact):
    """The step-up meeting took place: who came from the front door, and what was recommended."""

    TYPE: ClassVar[str] = "icart.screening.record-step-up-meeting.v1"

    held_at: Instant
    attended: tuple[Actor, ...] = ()
    recommendations: tuple[LongText, ...] = Field(min_length=1)
    assessment: bool
    """Whether a social work assessment is recommended; otherwise the group's plan goes on."""
    reasons: LongText = Field(min_length=1)


class AuthoriseStepUp(ForContact):
    """A manager authorises the recommended assessment: the referral is made and passed to the area team."""

    TYPE: ClassVar[str] = "icart.screening.authorise-step-up.v1"

    need_code: NeedCode
    factors: tuple[ShortText, ...] = ()


class OverrideStepUp(ForContact):
    """Immediate risk: the case goes straight to safeguarding, wherever the step-up stands."""

    TYPE: ClassVar[str] = "icart.screening.override-step-up.v1"

    because: LongText = Field(min_length=1)
    followed_by: UUID | None = None
    """The contact in which the risk is dealt with, when the step-up's own has closed."""


class StepDown(BeginForContact):
    """A case goes down to early help, with its plan and lead professional; the receiving service is told."""

    TYPE: ClassVar[str] = "icart.screening.step-down.v1"

    service: AgencyId
    """Who takes it on."""
    plan_kind: Slug
    """One of the pack's early-help plans."""
    plan: LongText = ""
    lead_professional: ShortText = ""
    lead_agency: AgencyId | None = None
    because: LongText = Field(min_length=1)
    agreed_by: ShortText = ""
    """Who of the family agreed to it, when their consent is not in the contact's record."""


class TakeUpStepDown(ForContact):
    """The receiving service has taken the case on."""

    TYPE: ClassVar[str] = "icart.screening.take-up-step-down.v1"

    first_meeting: date | None = None


class ReturnStepDown(ForContact):
    """The receiving service gives the case back, and says why."""

    TYPE: ClassVar[str] = "icart.screening.return-step-down.v1"

    because: LongText = Field(min_length=1)


class StepUpAsked(UndertakingEvent):
    TYPE: ClassVar[str] = "icart.screening.step-up-asked.v1"

    by: Actor | None = None
    """None: the contact came as a request for a step-up."""
    agency: AgencyId
    lead_professional: ShortText | None = None
    reference: str
    """The contact's."""


class StepUpAdvised(UndertakingEvent):
    """The group goes on with its plan, with advice."""

    TYPE: ClassVar[str] = "icart.screening.step-up-advised.v1"

    by: Actor
    agency: AgencyId
    reference: str
    level: Level
    reasons: LongText
    advice: LongText | None = None
    """None: the outcome of the contact says it."""


class StepUpAgreed(UndertakingEvent):
    """A step-up meeting is to be held (TM-7): the lead professional arranges it."""

    TYPE: ClassVar[str] = "icart.screening.step-up-agreed.v1"

    by: Actor
    agency: AgencyId
    reference: str
    level: Level
    reasons: LongText
    meet_by: Instant


class StepUpMet(UndertakingEvent):
    TYPE: ClassVar[str] = "icart.screening.step-up-met.v1"

    by: Actor
    held_at: Instant
    attended: tuple[Actor, ...]
    recommendations: tuple[LongText, ...]
    assessment: bool
    reasons: LongText


class StepUpPlanContinues(UndertakingEvent):
    """The meeting recommended no assessment."""

    TYPE: ClassVar[str] = "icart.screening.step-up-plan-continues.v1"

    by: Actor


class StepUpTransferred(UndertakingEvent):
    """The referral was made and the case passed to the area team."""

    TYPE: ClassVar[str] = "icart.screening.step-up-transferred.v1"

    by: Actor
    referral: UUID


class StepUpOverridden(UndertakingEvent):
    """The case went to safeguarding, or to an assessment, without waiting for the step-up."""

    TYPE: ClassVar[str] = "icart.screening.step-up-overridden.v1"

    by: Actor
    because: LongText
    followed_by: UUID | None = None


class SteppedDown(UndertakingEvent):
    """All that the receiving service is told."""

    TYPE: ClassVar[str] = "icart.screening.stepped-down.v1"

    by: Actor
    service: AgencyId
    reference: str
    """The contact's."""
    child: ChildTold
    plan_kind: Slug
    plan: LongText
    lead_professional: ShortText
    lead_agency: AgencyId | None = None
    because: LongText
    agreed_by: ShortText | None = None


class StepDownTakenUp(UndertakingEvent):
    TYPE: ClassVar[str] = "icart.screening.step-down-taken-up.v1"

    by: Actor
    first_meeting: date | None = None


class StepDownReturned(UndertakingEvent):
    TYPE: ClassVar[str] = "icart.screening.step-down-returned.v1"

    by: Actor
    because: LongText


COMMANDS: Final[tuple[type[BeginForContact | UndertakingCommand], ...]] = (
    AskStepUp, ReviewStepUp, RecordStepUpMeeting, AuthoriseStepUp, OverrideStepUp,
    StepDown, TakeUpStepDown, ReturnStepDown,
)  # fmt: skip
EVENTS: Final[tuple[type[UndertakingEvent], ...]] = (
    StepUpAsked, StepUpAdvised, StepUpAgreed, StepUpMet, StepUpPlanContinues, StepUpTransferred, StepUpOverridden,
    SteppedDown, StepDownTakenUp, StepDownReturned,
)  # fmt: skip
