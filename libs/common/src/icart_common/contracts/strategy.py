"""Strategy discussions: decided, partners asked and heard, actions agreed, held, closed, actions carried out (SC-14; S3, S4)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Final, Literal
from uuid import UUID

from pydantic import Field

from icart_common.contracts.base import Actor, AgencyId, Instant, LongText, Message, Part, ShortText, Slug
from icart_common.contracts.family import ChildTold
from icart_common.contracts.screening import ContactEvent
from icart_common.contracts.undertakings import BeginForContact, ForContact, UndertakingEvent

StrategyOutcome = Literal["s47-single", "s47-joint", "no-s47"]
"""Enquiries under section 47 by social care alone, together with the police, or none."""
TookPart = Literal["came", "by-telephone", "absent"]
Settled = Literal["done", "withdrawn"]


class Seat(Part):
    """Who sits at the discussion: a partner of the pack's rules, and the agency that takes the seat."""

    partner: Slug
    agency: AgencyId | None = None
    """None: the authority's own social care."""


class ActionOwner(Part):
    """Who carries an action out."""

    agency: AgencyId | None = None
    """None: the authority itself."""
    who: ShortText = Field(min_length=1)
    """The person or the post, as the agency calls it."""


class AgreedAction(Part):
    """An action that the discussion agreed on. It may be noted without an owner or a day, and then holds up the closing."""

    number: int
    what: LongText
    owner: ActionOwner | None = None
    due: date | None = None
    settled: Settled | None = None
    settled_at: Instant | None = None
    note: LongText | None = None


class Attendance(Part):
    """Whether a seat was taken, by whom, and what they knew."""

    seat: Seat
    took_part: TookPart
    who: ShortText | None = None
    brought: LongText | None = None


class DecideStrategyDiscussion(BeginForContact):
    """A manager decides that a strategy discussion is held, within 24 hours (SC-14, TM-6)."""

    TYPE: ClassVar[str] = "icart.screening.decide-strategy-discussion.v1"

    because: LongText = Field(min_length=1)
    also: tuple[Slug, ...] = ()
    """Partners whom this case needs beside those who are always needed."""


class ReconveneStrategyDiscussion(BeginForContact):
    """A second discussion that follows one which was held."""

    TYPE: ClassVar[str] = "icart.screening.reconvene-strategy-discussion.v1"

    undertaking: UUID
    """The discussion that it follows."""
    because: LongText = Field(min_length=1)
    also: tuple[Slug, ...] = ()


class InviteToStrategyDiscussion(ForContact):
    """Agencies are asked to come; each is told the child, the time and the place, and nothing else (CO-7)."""

    TYPE: ClassVar[str] = "icart.screening.invite-to-strategy-discussion.v1"

    seats: tuple[Seat, ...] = Field(min_length=1)
    meets_at: Instant
    how: ShortText = Field(min_length=1)
    """Where, or by which means."""
    also: tuple[Slug, ...] = ()
    """Partners whom this case turns out to need."""


class ShareForStrategyDiscussion(ForContact):
    """Something that an invited agency is given beforehand, with the ground for it (CO-8)."""

    TYPE: ClassVar[str] = "icart.screening.share-for-strategy-discussion.v1"

    agency: AgencyId
    information: LongText = Field(min_length=1)
    ground: Slug
    """`consent`, or one of the pack's grounds for going on without it."""


class RecordStrategyAttendance(ForContact):
    """Somebody came, was consulted by telephone or stayed away, and what they knew. What is said last stands."""

    TYPE: ClassVar[str] = "icart.screening.record-strategy-attendance.v1"

    seat: Seat
    took_part: TookPart
    who: ShortText | None = None
    brought: LongText | None = None


class NoteStrategyAction(ForContact):
    """An action that was agreed; with the number of one that was noted, what it says now."""

    TYPE: ClassVar[str] = "icart.screening.note-strategy-action.v1"

    number: int | None = Field(default=None, ge=1)
    what: LongText = Field(min_length=1)
    owner: ActionOwner | None = None
    due: date | None = None


class SettleStrategyAction(ForContact):
    """An action was carried out, or is not wanted any more, and why."""

    TYPE: ClassVar[str] = "icart.screening.settle-strategy-action.v1"

    number: int = Field(ge=1)
    how: Settled
    note: LongText = Field(min_length=1)


class HoldStrategyDiscussion(ForContact):
    """The discussion took place."""

    TYPE: ClassVar[str] = "icart.screening.hold-strategy-discussion.v1"

    held_at: Instant


class CloseStrategyDiscussion(ForContact):
    """What the discussion came to, with the reasons. Everybody who was asked gets the record."""

    TYPE: ClassVar[str] = "icart.screening.close-strategy-discussion.v1"

    outcome: StrategyOutcome
    reasons: LongText = Field(min_length=1)


class CallOffStrategyDiscussion(ForContact):
    """The decision is taken back before anybody met, with the reasons. Who was asked is told that it does not take place."""

    TYPE: ClassVar[str] = "icart.screening.call-off-strategy-discussion.v1"

    reasons: LongText = Field(min_length=1)


class StrategyDiscussionDecided(UndertakingEvent):
    TYPE: ClassVar[str] = "icart.screening.strategy-discussion-decided.v1"

    by: Actor
    because: LongText
    also: tuple[Slug, ...] = ()
    outcome: Slug | None = None
    """The contact's outcome that asked for it, when it was authorised."""


class StrategyDiscussionReconvened(UndertakingEvent):
    TYPE: ClassVar[str] = "icart.screening.strategy-discussion-reconvened.v1"

    by: Actor
    because: LongText
    also: tuple[Slug, ...] = ()
    follows: UUID


class StrategyPartnersInvited(UndertakingEvent):
    TYPE: ClassVar[str] = "icart.screening.strategy-partners-invited.v1"

    by: Actor
    seats: tuple[Seat, ...]
    meets_at: Instant
    how: ShortText
    also: tuple[Slug, ...] = ()
    reference: str
    """The contact's."""
    child: ChildTold
    reconvened: bool = False


class StrategyInformationShared(UndertakingEvent):
    TYPE: ClassVar[str] = "icart.screening.strategy-information-shared.v1"

    by: Actor
    agency: AgencyId
    information: LongText
    ground: Slug
    reference: str
    child: ChildTold


class StrategyAttendanceRecorded(UndertakingEvent):
    TYPE: ClassVar[str] = "icart.screening.strategy-attendance-recorded.v1"

    by: Actor
    attendance: Attendance


class StrategyActionNoted(UndertakingEvent):
    TYPE: ClassVar[str] = "icart.screening.strategy-action-noted.v1"

    by: Actor
    number: int
    what: LongText
    owner: ActionOwner | None = None
    due: date | None = None


class StrategyActionSettled(UndertakingEvent):
    TYPE: ClassVar[str] = "icart.screening.strategy-action-settled.v1"

    by: Actor
    number: int
    how: Settled
    note: LongText


class StrategyDiscussionHeld(UndertakingEvent):
    TYPE: ClassVar[str] = "icart.screening.strategy-discussion-held.v1"

    by: Actor
    held_at: Instant


class StrategyDiscussionClosed(UndertakingEvent):
    """The outcome, and the record that everybody who was asked is given."""

    TYPE: ClassVar[str] = "icart.screening.strategy-discussion-closed.v1"

    by: Actor
    outcome: StrategyOutcome
    reasons: LongText
    reference: str
    child: ChildTold
    held_at: Instant
    attendance: tuple[Attendance, ...]
    actions: tuple[AgreedAction, ...]
    told: tuple[AgencyId, ...]
    """The agencies that were asked or took part."""


class StrategyDiscussionCalledOff(UndertakingEvent):
    """The decision was taken back before anybody met. The reasons stay with us."""

    TYPE: ClassVar[str] = "icart.screening.strategy-discussion-called-off.v1"

    by: Actor
    reasons: LongText
    reference: str
    child: ChildTold
    told: tuple[AgencyId, ...]
    """The agencies that were asked."""


class StrategyActionsFinished(UndertakingEvent):
    """The last action of a closed discussion was settled."""

    TYPE: ClassVar[str] = "icart.screening.strategy-actions-finished.v1"


class StrategyConcluded(ContactEvent):
    """What a strategy discussion about an open contact came to, shown on the contact (SC-14)."""

    TYPE: ClassVar[str] = "icart.screening.strategy-concluded.v1"

    by: Actor
    discussion: UUID
    outcome: StrategyOutcome


COMMANDS: Final[tuple[type[Message], ...]] = (
    DecideStrategyDiscussion,
    ReconveneStrategyDiscussion,
    InviteToStrategyDiscussion,
    ShareForStrategyDiscussion,
    RecordStrategyAttendance,
    NoteStrategyAction,
    SettleStrategyAction,
    HoldStrategyDiscussion,
    CloseStrategyDiscussion,
    CallOffStrategyDiscussion,
)
EVENTS: Final[tuple[type[Message], ...]] = (
    StrategyDiscussionDecided,
    StrategyDiscussionReconvened,
    StrategyPartnersInvited,
    StrategyInformationShared,
    StrategyAttendanceRecorded,
    StrategyActionNoted,
    StrategyActionSettled,
    StrategyDiscussionHeld,
    StrategyDiscussionClosed,
    StrategyDiscussionCalledOff,
    StrategyActionsFinished,
    StrategyConcluded,
)
