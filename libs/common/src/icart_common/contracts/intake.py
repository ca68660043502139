"""What intake says: who this is about, the contact opened for each child, and what the referrer is still asked."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from icart_common.contracts.attachments import NamedDocument
from icart_common.contracts.base import (
    AgencyId,
    AuthorityId,
    Instant,
    LongText,
    Message,
    Part,
    ShortText,
    Slug,
    SourceCode,
    StaffId,
)
from icart_common.contracts.cases import Case, Happened, Services
from icart_common.contracts.family import ChronologyLine, HeldAddress, LeftOut, Linked, Relative
from icart_common.contracts.people import MatchTerm
from icart_common.contracts.referral import (
    Account,
    Answer,
    Channel,
    Concern,
    Consent,
    Person,
    PrivacyShown,
    Referrer,
    ReferrerKind,
    Relationship,
    Safety,
    Tried,
    WhatHappened,
)


class Gap(Part):
    """A field that a good referral has and this one has not, as a question for the referrer (IN-3)."""

    field: Slug
    question: ShortText
    person: str | None = None
    """The ref of the person whom the question is about, when it is about one."""


class Known(Part):
    """What is known of a person named in a message: nothing (`new`), or of the one person who certainly is meant."""

    ref: str
    person: UUID
    """Our id of the person: the known person's, or a new one."""
    match: Literal["exact", "certain", "new"]
    """`exact`: an identifier, or full name and date, agree to the letter. `certain`: the evidence weighs enough (IN-17)."""
    mention: UUID | None = None
    """What was said of the person here; its link can be undone."""
    terms: tuple[MatchTerm, ...] = ()
    """Why the person is certainly meant."""
    possible: tuple[UUID, ...] = ()
    """Offers to a worker: somebody known may be meant."""
    addresses: tuple[HeldAddress, ...] = ()
    relatives: tuple[Relative, ...] = ()
    household: tuple[UUID, ...] = ()
    """Other people who live at the same address now."""
    case: Case | None = None
    services: Services = Services()
    history: tuple[Happened, ...] = ()


class SubmitAccount(Message):
    """Another service asks intake to open contacts (the police's VPA for iCART, PV-3). On `commands.intake`."""

    TYPE: ClassVar[str] = "icart.intake.submit-account.v1"
    SUBJECT: ClassVar[str] = "submission"

    submission: UUID
    authority: AuthorityId
    agency: AgencyId
    channel: Channel
    received_at: Instant
    account: Account
    vpa_grade: Literal["standard", "medium", "high"] | None = None
    social_worker_first: bool = False
    """A high-graded VPA is screened by a social worker, never EI first (PV-5)."""


class IdentifyPeople(Message):
    """Another service asks who these people are. On `commands.intake`; answered by `PeopleIdentified`."""

    TYPE: ClassVar[str] = "icart.intake.identify-people.v1"
    SUBJECT: ClassVar[str] = "request"

    request: UUID
    authority: AuthorityId
    asked_by: Slug
    """The service that asks: the others pass the answer by."""
    people: tuple[Person, ...]


class PeopleIdentified(Message):
    """The answer to `IdentifyPeople`."""

    TYPE: ClassVar[str] = "icart.intake.people-identified.v1"
    SUBJECT: ClassVar[str] = "request"

    request: UUID
    authority: AuthorityId
    asked_by: Slug
    people: tuple[Known, ...]


class ContactOpened(Message):
    """A contact about one child (IN-1, IN-6, IN-7, IN-19), with all that intake knows for the screening."""

    TYPE: ClassVar[str] = "icart.intake.contact-opened.v1"
    SUBJECT: ClassVar[str] = "contact"

    contact: UUID
    reference: str
    authority: AuthorityId
    pack_version: str
    """The pack under which the contact was opened; it keeps it (AU-6)."""
    submission: UUID
    agency: AgencyId
    channel: Channel
    source_code: SourceCode
    source_type: Slug | None = None
    """What kind of police or other legal agency's contact it is, under the codes 6 and 7 (IN-21)."""
    received_at: Instant
    out_of_hours: bool
    answered_by_edt: bool = False
    section_47_begun: bool = False
    """The night team began a section 47 enquiry (ED-2)."""
    action_taken: LongText | None = None
    """What the night team has done already."""
    referrer: Referrer
    child: Person
    child_known: Known
    family: tuple[Person, ...] = ()
    family_known: tuple[Known, ...] = ()
    relationships: tuple[Relationship, ...] = ()
    siblings: tuple[UUID, ...] = ()
    """The contacts opened from the same submission for the child's siblings."""
    event: WhatHappened
    concerns: tuple[Concern, ...] = ()
    child_views: LongText | None = None
    safety: Safety = Safety()
    tried: Tried = Tried()
    why_now: LongText | None = None
    expected: LongText | None = None
    consents: tuple[Consent, ...] = ()
    privacy_notices: tuple[PrivacyShown, ...] = ()
    tools: tuple[ShortText, ...] = ()
    requested: Literal["safeguarding", "early-intervention", "advice"] | None = None
    vpa_grade: Literal["standard", "medium", "high"] | None = None
    social_worker_first: bool = False
    earlier_contacts: tuple[UUID, ...] = ()
    """Contacts opened before about the same child (IN-15: a new event is a new contact linked to the first)."""
    gaps: tuple[Gap, ...] = ()
    answers_due: Instant | None = None
    """By when the referrer is asked to close the gaps."""
    incident: UUID | None = None
    """The event that its notices tell of (IN-20): the contacts of one event have it in common."""
    opened_for: Literal["child", "sibling", "young-parent", "alleged-to-have-harmed", "left-out-sibling"] = "child"
    """Why there is a contact about this person (IN-7, IN-8)."""
    linked: tuple[Linked, ...] = ()
    chronology: tuple[ChronologyLine, ...] = ()
    """The newest lines, the oldest first."""
    left_out: tuple[LeftOut, ...] = ()
    after: UUID | None = None
    """The contact that this one was part of, when a notice was taken out of it or came after it had closed (IN-20)."""
    documents: tuple[NamedDocument, ...] = ()


class CaseRedirected(Message):
    """The child is open and allocated: the information goes to the worker, and no contact is opened (IN-5, ED-1)."""

    TYPE: ClassVar[str] = "icart.intake.case-redirected.v1"
    SUBJECT: ClassVar[str] = "redirection"

    redirection: UUID
    authority: AuthorityId
    submission: UUID
    reference: str
    agency: AgencyId
    received_at: Instant
    person: UUID
    child: Person
    case: Case
    event: WhatHappened
    concerns: tuple[Concern, ...] = ()
    safety: Safety = Safety()
    section_47_begun: bool = False
    action_taken: LongText | None = None
    documents: tuple[NamedDocument, ...] = ()


class ReplyTo(Part):
    """Where and how the referrer is answered."""

    agency: AgencyId
    kind: ReferrerKind
    name: ShortText | None = None
    email: ShortText | None = None
    person_concerned: bool = False
    """True for the child, a parent or a carer writing about their own family (IN-16)."""


class AdviceGiven(Message):
    """Nobody could be identified: advice, not a contact (IN-4)."""

    TYPE: ClassVar[str] = "icart.intake.advice-given.v1"
    SUBJECT: ClassVar[str] = "submission"

    submission: UUID
    reference: str
    authority: AuthorityId
    pack_version: str
    received_at: Instant
    reply_to: ReplyTo
    call_police_now: bool
    words: tuple[str, ...] = ()
    """The words that indicated significant risk."""
    ask: tuple[Gap, ...]


class OpenedFor(Part):
    contact: UUID
    reference: str
    child: str
    """The ref that the submission gave the child: the referrer knows whom it means, and nobody else does."""


class JoinedTo(Part):
    """A child whose event had an open contact already (IN-20)."""

    notice: UUID
    contact: UUID
    reference: str
    """The sender's own: nobody learns the reference of another sender."""
    child: str


class SubmissionTaken(Message):
    """What became of a submission, child by child, and what its referrer is still asked (IN-3, IN-16)."""

    TYPE: ClassVar[str] = "icart.intake.submission-taken.v1"
    SUBJECT: ClassVar[str] = "submission"

    submission: UUID
    reference: str
    authority: AuthorityId
    pack_version: str
    channel: Channel
    received_at: Instant
    out_of_hours: bool
    reply_to: ReplyTo
    opened: tuple[OpenedFor, ...] = ()
    joined: tuple[JoinedTo, ...] = ()
    redirected: tuple[str, ...] = ()
    """Refs of the children who are open and allocated."""
    put_to: tuple[OpenedFor, ...] = ()
    """Contacts of a telephone call that this is the written form of (IN-9); their reference is the acknowledgement's."""
    gaps: tuple[Gap, ...] = ()
    answers_due: Instant | None = None
    """By when the questions are to be answered; None when nothing is asked."""
    tools_missing: tuple[str, ...] = ()
    score: int
    """How complete the referral is, 0 to 100 (IN-3)."""
    documents: tuple[NamedDocument, ...] = ()


class SubmissionRepeated(Message):
    """The same submission again: acknowledged as a repeat of the first, and nothing else happens (IN-15)."""

    TYPE: ClassVar[str] = "icart.intake.submission-repeated.v1"
    SUBJECT: ClassVar[str] = "submission"

    submission: UUID
    """The first submission's id."""
    reference: str
    authority: AuthorityId
    pack_version: str
    received_at: Instant
    first_received_at: Instant
    same: Literal["message-id", "content"]
    reply_to: ReplyTo


class EdtRecordReceived(Message):
    """An outstanding record of the night team is complete (ED-4)."""

    TYPE: ClassVar[str] = "icart.intake.edt-record-received.v1"
    SUBJECT: ClassVar[str] = "submission"

    submission: UUID
    authority: AuthorityId
    worker: StaffId
    received_at: Instant
    notes: LongText | None = None
    """The rest of the record, as the night team wrote it."""


class AnswerTaken(Part):
    """What became of one answer."""

    question: Slug
    person: str | None = None
    state: Literal["taken", "late", "again"]
    """`late`: after it was due; `again`: the question had been answered before. Every answer is passed on."""


class AnswersTaken(Message):
    """The receipt for answers: what each one closed, and what is still asked (IN-3)."""

    TYPE: ClassVar[str] = "icart.intake.answers-taken.v1"
    SUBJECT: ClassVar[str] = "submission"

    submission: UUID
    reference: str
    authority: AuthorityId
    pack_version: str
    received_at: Instant
    reply_to: ReplyTo
    answers: tuple[AnswerTaken, ...]
    still_open: tuple[Gap, ...] = ()
    answers_due: Instant | None = None


class QuestionsAnswered(Message):
    """Answers about one contact: what was said, which of its questions that closes, which stay open (IN-3, IN-10)."""

    TYPE: ClassVar[str] = "icart.intake.questions-answered.v1"
    SUBJECT: ClassVar[str] = "contact"

    contact: UUID
    authority: AuthorityId
    submission: UUID
    agency: AgencyId
    received_at: Instant
    answers: tuple[Answer, ...]
    """With the contact's own refs of people."""
    closed: tuple[Gap, ...] = ()
    late: bool = False
    notice: UUID | None = None
    """The joined notice whose sender answers (IN-20): then the refs are that notice's, not the contact's."""


class WrittenReferralReceived(Message):
    """The form that a telephone call promised: put to the contact that the call opened (IN-9, TM-18)."""

    TYPE: ClassVar[str] = "icart.intake.written-referral-received.v1"
    SUBJECT: ClassVar[str] = "contact"

    contact: UUID
    authority: AuthorityId
    submission: UUID
    """The form's own."""
    first: UUID
    """The call's."""
    agency: AgencyId
    channel: Channel
    received_at: Instant
    account: Account
    """What is written, with the contact's refs for everybody whom the call had named."""
    closed: tuple[Gap, ...] = ()
    """Questions of the call that the form answers."""
    gaps: tuple[Gap, ...] = ()
    """What both leave open."""
    notice: UUID | None = None
    """The joined notice that the call was (IN-20): then the refs are that notice's, not the contact's."""
    documents: tuple[NamedDocument, ...] = ()
    """What came with it about this child."""
    own: UUID
    """The contact that is opened for the form after all, when the call's has closed by the time it gets there."""


class ReferralReturned(Message):
    """A professional's referral that the pack does not accept as it is: returned with what is missing (IN-11)."""

    TYPE: ClassVar[str] = "icart.intake.referral-returned.v1"
    SUBJECT: ClassVar[str] = "submission"

    submission: UUID
    reference: str
    authority: AuthorityId
    pack_version: str
    channel: Channel
    received_at: Instant
    reply_to: ReplyTo
    missing: tuple[Literal["plan", "tool"], ...]
    tools: tuple[str, ...] = ()
    """The tools of which one has to come, where the concern says which."""
    gaps: tuple[Gap, ...] = ()
