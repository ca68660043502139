"""Commands to screening and what it says, from triage to an authorised outcome (SC-1 to SC-11; S1, S4)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from icart_common.contracts.base import (
    Actor,
    AgencyId,
    AuthorityId,
    Command,
    Instant,
    LongText,
    Message,
    Part,
    ShortText,
    Slug,
    SourceCode,
    StaffId,
)
from icart_common.contracts.cases import CaseNumber
from icart_common.contracts.checks import Outstanding
from icart_common.contracts.family import DecidedBefore, LeftOut
from icart_common.contracts.intake import Gap, ReplyTo
from icart_common.contracts.referral import Account, Answer, Consent, PrivacyShown, Urgency

Level = Annotated[int, Field(ge=0, le=5)]
"""A level of need of the authority's own framework; the pack says which there are."""
NeedCode = Literal["N0", "N1", "N2", "N3", "N4", "N5", "N6", "N7", "N8"]


class Matched(Part):
    """A threshold statement that the contact matched, with the words that did it (SC-25)."""

    statement: Slug
    text: ShortText
    level: Level
    words: tuple[str, ...] = ()


class Proposed(Part):
    """What the rules propose. Nothing but a person acts on it (SC-1), nor tells the police of a suspected crime (SC-12)."""

    strand: Slug
    urgency: Urgency
    level: Level
    rule: ShortText
    matched: tuple[Matched, ...] = ()
    would_change: tuple[Slug, ...] = ()
    """Statements that were not matched and would have changed the proposal (SC-25)."""
    tell_police: bool = False


class ContactCommand(Command):
    SUBJECT: ClassVar[str] = "contact"

    contact: UUID
    seen_version: int = Field(ge=1, le=2_147_483_647)


class Triage(ContactCommand):
    """A manager decides the strand and the urgency (SC-1). Decided again, it changes them, with a reason."""

    TYPE: ClassVar[str] = "icart.screening.triage.v1"

    strand: Slug
    urgency: Urgency
    reason: ShortText = Field(min_length=1)
    instructions: LongText | None = None


class Allocate(ContactCommand):
    """A manager gives the contact to a worker of its strand (SC-4), or takes it from one and gives it to another (SC-19)."""

    TYPE: ClassVar[str] = "icart.screening.allocate.v1"

    worker: StaffId
    instructions: LongText | None = None
    reason: ShortText | None = None
    """Why it goes to another worker: needed where one has it already."""


class RecordSection(ContactCommand):
    """Write one of the record's sections (SC-3) and the statements that the screening must establish (SC-6)."""

    TYPE: ClassVar[str] = "icart.screening.record-section.v1"

    section: Slug
    text: LongText = ""
    statements: dict[Slug, LongText] = Field(default_factory=dict)


class RecordConsent(ContactCommand):
    """Consent that was given, refused or not sought after the contact was opened (CO-1)."""

    TYPE: ClassVar[str] = "icart.screening.record-consent.v1"

    consent: Consent


class RecordPrivacyNotice(ContactCommand):
    """Somebody of the family was shown the privacy notice at the first visit: who, by whom, when (CO-6)."""

    TYPE: ClassVar[str] = "icart.screening.record-privacy-notice.v1"

    notice: PrivacyShown


class Submit(ContactCommand):
    """The worker submits level and outcome for authorisation (SC-3, SC-6)."""

    TYPE: ClassVar[str] = "icart.screening.submit.v1"

    outcome: Slug
    level: Level
    reasons: LongText = Field(min_length=1)
    need_code: NeedCode | None = None
    factors: tuple[ShortText, ...] = ()
    without_consent: ShortText | None = None
    """Why safeguarding goes on without consent (CO-3)."""


class Authorise(ContactCommand):
    """A manager authorises what was submitted; never their own work (SC-10)."""

    TYPE: ClassVar[str] = "icart.screening.authorise.v1"

    note: LongText | None = None


class SendBack(ContactCommand):
    """The manager sends it back with what is still to be done (SC-10)."""

    TYPE: ClassVar[str] = "icart.screening.send-back.v1"

    actions: tuple[ShortText, ...] = Field(min_length=1)


class CloseAdvice(ContactCommand):
    """A worker closes a contact that needed only advice, where the pack lets a worker do so (SC-10, York)."""

    TYPE: ClassVar[str] = "icart.screening.close-advice.v1"

    outcome: Slug
    reasons: LongText = Field(min_length=1)


class ContactEvent(Message):
    """What every word about a contact carries."""

    SUBJECT: ClassVar[str] = "contact"

    contact: UUID
    authority: AuthorityId
    version: int
    """The version that the contact's record has after this."""
    at: Instant


class ContactReceived(ContactEvent):
    """The contact is on its first desktop, with a proposal (SC-1, SC-2)."""

    TYPE: ClassVar[str] = "icart.screening.received.v1"

    reference: str
    pack_version: str
    desktop: Slug
    proposed: Proposed
    agency: AgencyId
    received_at: Instant
    gaps: int
    siblings: tuple[UUID, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    """Siblings whom the referral does not name, each to be included or dismissed (IN-19)."""
    re_referral: DecidedBefore | None = None


class ContactTriaged(ContactEvent):
    TYPE: ClassVar[str] = "icart.screening.triaged.v1"

    by: Actor
    strand: Slug
    urgency: Urgency
    reason: ShortText
    instructions: LongText | None = None
    proposed: Proposed
    """What had been proposed, kept beside what was decided (design promise 2)."""
    meeting_on: date | None = None


class ContactAllocated(ContactEvent):
    TYPE: ClassVar[str] = "icart.screening.allocated.v1"

    by: Actor
    worker: StaffId
    strand: Slug
    instructions: LongText | None = None
    before: StaffId | None = None
    """Who had it until now, when it was taken from somebody, and why it was (SC-19)."""
    reason: ShortText | None = None
    workload: int
    """How many open contacts the worker has, this one counted (SC-4)."""


class ContactMoved(ContactEvent):
    """A move from one desktop to another (SC-2)."""

    TYPE: ClassVar[str] = "icart.screening.moved.v1"

    from_desktop: Slug | None = None
    to_desktop: Slug | None = None
    """None when the contact is closed and stands on no desktop."""
    because: ShortText


class SubjectChanged(ContactEvent):
    """The contact is about another person record from now on; nothing that was written in it changes (IN-17)."""

    TYPE: ClassVar[str] = "icart.screening.subject-changed.v1"

    person: UUID
    before: UUID
    because: Literal["people-merged", "merge-undone", "mention-moved"]
    case_number: CaseNumber | None = None


class SectionRecorded(ContactEvent):
    TYPE: ClassVar[str] = "icart.screening.section-recorded.v1"

    by: Actor
    section: Slug
    text: LongText = ""
    statements: dict[Slug, LongText] = Field(default_factory=dict)


class ConsentRecorded(ContactEvent):
    TYPE: ClassVar[str] = "icart.screening.consent-recorded.v1"

    by: Actor
    consent: Consent


class PrivacyNoticeRecorded(ContactEvent):
    TYPE: ClassVar[str] = "icart.screening.privacy-notice-recorded.v1"

    by: Actor
    notice: PrivacyShown


class AnswersRecorded(ContactEvent):
    """The referrer answered questions: the answers stand in the record, and the gaps that they close are gone (IN-3)."""

    TYPE: ClassVar[str] = "icart.screening.answers-recorded.v1"

    submission: UUID
    agency: AgencyId
    answers: tuple[Answer, ...]
    closed: tuple[Gap, ...] = ()
    gaps: int
    """How many questions are still open."""
    late: bool = False
    notice: UUID | None = None
    """The joined notice whose sender answered (IN-20)."""


class WrittenReferralAdded(ContactEvent):
    """The form of a telephone call stands in the contact's record (IN-9), with what the rules propose now."""

    TYPE: ClassVar[str] = "icart.screening.written-referral-added.v1"

    submission: UUID
    agency: AgencyId
    account: Account
    gaps: tuple[Gap, ...] = ()
    notice: UUID | None = None
    """The joined notice that the call was (IN-20)."""
    proposed: Proposed
    """What the form's words point to, where that is more serious than what stood there; a person decides."""


class Told(Part):
    """Another sender's notice that is worked in this contact, and how its sender is answered (IN-20)."""

    notice: UUID
    submission: UUID
    reference: str
    """The sender's own."""
    received_at: Instant
    reply_to: ReplyTo
    child: str
    """The ref that this submission gave the child."""


class ContactSubmitted(ContactEvent):
    TYPE: ClassVar[str] = "icart.screening.submitted.v1"

    by: Actor
    outcome: Slug
    level: Level
    reasons: LongText
    need_code: NeedCode | None = None
    factors: tuple[ShortText, ...] = ()
    without_consent: ShortText | None = None
    outstanding: tuple[Outstanding, ...] = ()


class ContactSentBack(ContactEvent):
    TYPE: ClassVar[str] = "icart.screening.sent-back.v1"

    by: Actor
    actions: tuple[ShortText, ...]


class ContactClosed(ContactEvent):
    """The authorised outcome (SC-10, SC-11), or York's advice closed by the worker. Carries what the feedback needs."""

    TYPE: ClassVar[str] = "icart.screening.closed.v1"

    by: Actor
    submitted_by: Actor
    authorised: bool
    """False only where the pack lets a worker close advice; those are sampled (QA-3)."""
    strand: Slug
    outcome: Slug
    level: Level
    reasons: LongText
    submission: UUID
    reference: str
    pack_version: str
    reply_to: ReplyTo
    child: str
    """The ref that the submission gave the child."""
    also: tuple[Told, ...] = ()
    """The other senders of the same event: each is told the outcome (IN-20)."""
    feedback: bool = True
    """False when the submission never named this child: then its sender is told nothing of them (IN-19)."""
    note: LongText | None = None
    """What the manager wrote on authorising: for the record, never for the referrer."""
    referral: UUID | None = None
    successor: UUID | None = None
    """The new contact, when this one was transferred to another strand (SC-9)."""
    case_number: CaseNumber | None = None


class ContactStepped(ContactEvent):
    """A new contact that follows from one that closed by transfer; its clock counts from the first one's arrival (SC-9)."""

    TYPE: ClassVar[str] = "icart.screening.stepped.v1"

    first: UUID
    origin: UUID
    """The contact that was opened at the door, however many transfers ago: what came is told there."""
    pack_version: str
    strand: Slug
    urgency: Urgency
    desktop: Slug
    reference: str
    received_at: Instant
    meeting_on: date | None = None


class ReferralCreated(ContactEvent):
    """The referral and information record of a statutory assessment (SC-11), its dates worked out where they can be (SC-24)."""

    TYPE: ClassVar[str] = "icart.screening.referral-created.v1"

    referral: UUID
    reference: str
    pack_version: str
    outcome: Slug
    source_code: SourceCode
    need_code: NeedCode
    factors: tuple[ShortText, ...] = ()
    area_team: ShortText
    case_system: AgencyId
    person: UUID
    case_number: CaseNumber | None = None
    child_given_name: ShortText | None = None
    child_family_name: ShortText | None = None
    child_born: date | None = None
    child_expected: date | None = None
    reasons: LongText
    received_at: Instant
    assessment_due: date | None = None
    conference_due: date | None = None
