"""The contact's record as it stands: what arrived, what was proposed, what people decided since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypedDict
from uuid import UUID

from pydantic import Field

from icart_common.contracts.base import Actor, Instant, Message, Part, SourceCode
from icart_common.contracts.cases import Case
from icart_common.contracts.checks import Outstanding
from icart_common.contracts.family import ChildTold, DecidedBefore, LeftOut
from icart_common.contracts.intake import Gap, ReplyTo
from icart_common.contracts.joint_work import CopiedDecision
from icart_common.contracts.meetings import BrokeredTask, Outline
from icart_common.contracts.referral import Answer, Channel, Consent, PrivacyShown, Urgency
from icart_common.contracts.screening import ContactEvent, NeedCode, Proposed, Told
from icart_common.contracts.strategy import StrategyOutcome
from icart_common.contracts.timers import ClockMessage
from icart_common.policy.agencies import AgencyKind
from icart_common.policy.running_clocks import RunningClocks


class Child(Part):
    """The child whom the contact is about, as far as a referral and its area team need (SC-11)."""

    ref: str
    person: UUID
    given_name: str | None = None
    family_name: str | None = None
    born: date | None = None
    expected: date | None = None
    postcode: str | None = None
    """Of the address where the child lived when the contact arrived."""
    address: str | None = None
    """The whole of that address, on one line."""
    nhs_number: str | None = None
    upn: str | None = None
    case_number: str | None = None
    """The case system's own id, when it knew the child."""

    def told(self) -> ChildTold:
        """The child as an agency is told of them (CO-7)."""
        return ChildTold.model_validate(self.model_dump())


class Arrival(Part):
    """What screening keeps of the contact as intake opened it; it never changes."""

    submission: UUID
    agency: str
    agency_kind: AgencyKind | None = None
    """None when the pack does not hold the agency."""
    channel: Channel
    source_code: SourceCode
    source_type: str | None = None
    """The finer type of a police or other legal agency's contact (IN-21)."""
    received_at: Instant
    """When the matter first arrived. A contact that follows from another keeps the first one's (SC-9)."""
    reply_to: ReplyTo
    said_immediate: bool = False
    social_worker_first: bool = False
    answered_by_edt: bool = False
    """The night team answered when it arrived (ED-6)."""
    child: Child
    people: dict[str, bool | None] = Field(default_factory=dict)
    """Refs of the family, and whether each is said to hold parental responsibility."""
    siblings: tuple[UUID, ...] = ()
    """The contacts of the child's siblings about the same event."""
    case: Case | None = None
    """The child's case in the case system, when it knew of one."""
    early_help: bool = False
    """The child had an early-help plan then."""
    services: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Which services the case system said know somebody of the family, by ref (SC-22)."""
    re_referral: DecidedBefore | None = None
    """What was decided the last time, when that was not long ago (SC-23)."""
    said_unsafe: bool = False
    """The child was said not to be safe then."""
    open_case: bool = False
    """The case system says that the child has an open case."""
    section_47_begun: bool = False
    """The night team began a section 47 enquiry (ED-2)."""
    outline: Outline | None = None
    """What the daily meeting is told of it, where the pack has one (SC-15)."""
    names_the_child: bool = True
    """False when the submission left the child out: its sender hears nothing of this contact (IN-19)."""


class HeardNotice(Part):
    """Another sender's notice that is worked here (IN-20)."""

    told: Told
    proposed: Proposed
    social_worker_first: bool = False
    consents: tuple[Consent, ...] = ()
    people: dict[str, bool | None] = Field(default_factory=dict)


class Heard(Part):
    """A version that came of what another topic brought. Whoever gave a command before that time cannot have seen it."""

    version: int
    at: Instant
    told_anew: bool = False
    """Somebody's account came with it: nobody closes the contact without having seen it (IN-9, IN-20)."""


class Statement(Part):
    """An answer that the screening has to establish (SC-6), and the section it was written in."""

    section: str
    text: str


class Correction(Part):
    """Who corrected something that was written, when and why (SC-19). What was wrong is in the log."""

    by: Actor
    at: Instant
    reason: str


class Answered(Part):
    """Answers of the referrer to questions that the referral left open."""

    at: Instant
    submission: UUID
    answers: tuple[Answer, ...]
    late: bool = False


class Submission(Part):
    """What the worker submitted for authorisation."""

    by: Actor
    outcome: str
    level: int
    reasons: str
    need_code: NeedCode | None = None
    factors: tuple[str, ...] = ()
    without_consent: str | None = None
    outstanding: tuple[Outstanding, ...] = ()


class Ending(Part):
    """How the contact ended, and what came of it."""

    by: Actor
    outcome: str
    level: int
    authorised: bool
    note: str | None = None
    referral: UUID | None = None
    successor: UUID | None = None


class AtMeeting(Part):
    """What the daily meeting decided: the disposal that the worker submits, the plan, and who does what by when."""

    by: Actor
    outcome: str
    level: int
    reasons: str
    plan: str
    tasks: tuple[BrokeredTask, ...] = ()


class Contact(Part):
    """One contact. It is on exactly one desktop while it is open, and on none when it is closed (SC-2)."""

    id: UUID
    authority: str
    pack_version: str
    reference: str
    version: int = 0
    status: Literal["open", "closed"] = "open"
    desktop: str | None = None
    arrival: Arrival
    proposed: Proposed
    strand: str | None = None
    """None until a person has triaged it (SC-1)."""
    urgency: Urgency | None = None
    instructions: str | None = None
    worker: str | None = None
    sections: dict[str, str] = Field(default_factory=dict)
    statements: dict[str, Statement] = Field(default_factory=dict)
    consents: tuple[Consent, ...] = ()
    """The last that each person said; every one that was recorded is in the log."""
    privacy_notices: tuple[PrivacyShown, ...] = ()
    """The last that was said of each person."""
    gaps: tuple[Gap, ...] = ()
    """What the referrer is still asked, a missing assessment tool among it (IN-3, IN-10)."""
    answers_due: Instant | None = None
    answers: tuple[Answered, ...] = ()
    forms: tuple[UUID, ...] = ()
    """Submissions that were the written form of this contact's telephone call; what they say is in the log (IN-9)."""
    submitted: Submission | None = None
    strategy: StrategyOutcome | None = None
    """What a strategy discussion about the child came to while the contact was open (SC-14)."""
    police_told_at: Instant | None = None
    """When the police were last told of a suspected crime (SC-12)."""
    actions: tuple[str, ...] = ()
    """What the manager still wants done, since the contact was last sent back."""
    ending: Ending | None = None
    follows: UUID | None = None
    """The contact on another strand that this one was opened from (SC-9)."""
    origin: UUID | None = None
    """The contact that was opened at the door, when this one follows from it."""
    meeting_on: date | None = None
    """The day of the daily meeting that discusses it, or did (SC-15)."""
    at_meeting: AtMeeting | None = None
    clocks: RunningClocks = RunningClocks()
    standing_still: tuple[UUID, ...] = ()
    """The clocks that a person paused and nobody let run on; one that ended meanwhile stays among them."""
    notices: tuple[HeardNotice, ...] = ()
    own_proposal: Proposed | None = None
    """What the first notice's words alone led to, while others are worked here too."""
    heard: tuple[Heard, ...] = ()
    """What of its versions no command made (decision 0002)."""
    left_out: tuple[LeftOut, ...] = ()
    """Siblings whom nobody has included or dismissed yet (IN-19)."""
    copied: dict[str, UUID] = Field(default_factory=dict)
    """What was copied from a sibling's contact and stands as it was copied: `section:...`, `statement:...`, `decision`."""
    corrected: dict[str, Correction] = Field(default_factory=dict)
    """The last correction of each part, by the same names."""
    draft: CopiedDecision | None = None
    """A copied level, outcome and reasons, until this contact's worker submits their own."""

    @property
    def social_worker_first(self) -> bool:
        """Whether the police graded any of its notices high (PV-5)."""
        return self.arrival.social_worker_first or any(notice.social_worker_first for notice in self.notices)

    def consents_said(self) -> list[str]:
        """What was said about consent in any of its notices, but for people who are said to hold no responsibility."""
        told = [(self.consents, self.arrival.people), *((one.consents, one.people) for one in self.notices)]
        return [
            consent.status
            for consents, people in told
            for consent in consents
            if people.get(consent.person) is not False
        ]


class Head(TypedDict):
    """What every event about a contact begins with."""

    contact: UUID
    authority: str
    version: int
    at: datetime


def head(contact: Contact, at: datetime) -> Head:
    """The head of the event that happens to the contact next."""
    return {"contact": contact.id, "authority": contact.authority, "version": contact.version + 1, "at": at}


def owes_tool(contact: Contact) -> bool:
    """Whether the referrer still owes an assessment tool (IN-10)."""
    return any(gap.field.startswith("tool-") for gap in contact.gaps)


def open_questions(contact: Contact) -> tuple[str, ...]:
    """What the referrer is still asked in words, each once; tools apart (IN-3)."""
    return tuple(dict.fromkeys(gap.question for gap in contact.gaps if not gap.field.startswith("tool-")))


@dataclass(frozen=True, slots=True)
class Change:
    """A contact after something happened to it, what is said about that, and what others are told to do."""

    contact: Contact
    events: tuple[ContactEvent, ...]
    clocks: tuple[ClockMessage, ...] = ()
    asks: tuple[Message, ...] = ()
    """What intake is asked to open because of it."""
