"""Checks: what an agency, or a worker in our own records, is asked about a child, and what was shared for it (SC-5, CO-8).

A check that leaves carries the pack's own questions and the identifiers that they need. Nobody writes a question: what a
referrer told cannot be in it.
"""

from __future__ import annotations

from typing import ClassVar, Final, Literal
from uuid import UUID

from pydantic import Field

from icart_common.contracts.base import (
    Actor,
    AgencyId,
    AuthorityId,
    Inbound,
    Instant,
    LongText,
    Message,
    Part,
    ShortText,
    Slug,
)
from icart_common.contracts.family import ChildTold
from icart_common.contracts.referral import Consent
from icart_common.contracts.undertakings import BeginForContact, ForContact, UndertakingEvent


class Fact(Part):
    """One thing that an agency's system says as data, beside the answer in words."""

    name: ShortText = Field(min_length=1)
    value: ShortText


class RequestCheck(BeginForContact):
    """Ask one agency or several about the child, or look it up in our own records: one check each (SC-5)."""

    TYPE: ClassVar[str] = "icart.screening.request-check.v1"

    rule: Slug
    """Which of the pack's checks."""
    agencies: tuple[AgencyId, ...] = Field(default=(), max_length=30)
    """Nobody for a check that a worker answers from our own records."""
    questions: tuple[Slug, ...] = ()
    """Which of the check's questions; none is all of them."""
    ground: Slug | None = None
    """A ground of the pack for sharing without consent (CO-3). Not needed where consent is given."""
    parents_told: ShortText | None = None
    """Who told the parents that agencies are asked, and when, if nobody asked them for consent."""


class RecordCheckAnswer(ForContact):
    """An answer that was given by telephone, or found in our own records."""

    TYPE: ClassVar[str] = "icart.screening.record-check-answer.v1"

    answer: LongText = Field(min_length=1)
    facts: tuple[Fact, ...] = Field(default=(), max_length=50)
    answered_by: ShortText | None = None
    """Who said it, at the agency."""


class CancelCheck(ForContact):
    """The answer is no longer needed, and why. The agency is told that it is not, and not why."""

    TYPE: ClassVar[str] = "icart.screening.cancel-check.v1"

    reason: ShortText = Field(min_length=1)


class AuthoriseSharing(BeginForContact):
    """A manager lets agencies be asked without the parents' knowledge, with reasons (CO-4)."""

    TYPE: ClassVar[str] = "icart.screening.authorise-sharing.v1"

    agencies: tuple[AgencyId, ...] = Field(min_length=1, max_length=30)
    ground: Slug
    reasons: LongText = Field(min_length=1)


class WithdrawSharing(ForContact):
    """A manager takes an authorisation back. Checks that wait on the strength of it are cancelled, and their agencies told."""

    TYPE: ClassVar[str] = "icart.screening.withdraw-sharing.v1"

    reason: ShortText = Field(min_length=1)


class DecideNotToShare(BeginForContact):
    """Somebody decides that an agency is not asked or told, and why (CO-8)."""

    TYPE: ClassVar[str] = "icart.screening.decide-not-to-share.v1"

    agency: AgencyId
    rule: Slug | None = None
    """The check that was thought of, when it was one."""
    ground: Slug
    """One of the pack's grounds for not sharing."""
    reasons: LongText = Field(min_length=1)


class CheckAnswered(Inbound):
    """An agency's answer to a check, on `inbound.replies.<agency>`."""

    TYPE: ClassVar[str] = "icart.reply.check-answered.v1"
    SUBJECT: ClassVar[str] = "check"

    check: UUID
    """The id that the question gave as its `check`."""
    answer: LongText = Field(min_length=1)
    facts: tuple[Fact, ...] = Field(default=(), max_length=50)
    answered_by: ShortText | None = None


class Outstanding(Part):
    """A check that nobody has answered when a contact is submitted: the manager decides without it, or waits."""

    check: UUID
    name: ShortText
    agency: AgencyId | None = None
    due: Instant | None = None


class Basis(Part):
    """What a share rests on, as it stood at that moment, and who decided (CO-3, CO-4, CO-8)."""

    kind: Literal["consent", "ground", "authorised"]
    """`ground`: without consent, and the parents know. `authorised`: without their knowledge, by a manager."""
    consents: tuple[Consent, ...] = ()
    """What each person had said then."""
    ground: Slug | None = None
    reasons: LongText | None = None
    parents_told: ShortText | None = None
    authorisation: UUID | None = None
    """The manager's authorisation, an undertaking of its own."""
    decided_by: Actor


class Identifiers(ChildTold):
    """The child as an agency is asked about them. What the pack's check does not name stays None (CO-7)."""

    nhs_number: str | None = None
    upn: str | None = None


class CheckRequested(UndertakingEvent):
    """A check begins. What leaves is made of `about`, `questions` and `due` alone."""

    TYPE: ClassVar[str] = "icart.screening.check-requested.v1"

    by: Actor
    rule: Slug
    name: ShortText
    agency: AgencyId | None = None
    """None: a worker looks in our own records."""
    agency_kind: Slug | None = None
    """As the pack says it."""
    questions: tuple[ShortText, ...]
    about: Identifiers
    basis: Basis | None = None
    """None where nothing is shared."""
    due: Instant | None = None


class CheckReplied(UndertakingEvent):
    TYPE: ClassVar[str] = "icart.screening.check-replied.v1"

    agency: AgencyId | None = None
    way: Literal["message", "telephone", "own-records"]
    by: Actor | None = None
    """Who recorded it; None for the agency's own message."""
    answer: LongText
    facts: tuple[Fact, ...] = ()
    answered_by: ShortText | None = None
    late: bool


class CheckRepliedAgain(UndertakingEvent):
    """Another answer to a check that has ended: it is kept, and says why it came after."""

    TYPE: ClassVar[str] = "icart.screening.check-replied-again.v1"

    agency: AgencyId | None = None
    way: Literal["message", "telephone", "own-records"]
    by: Actor | None = None
    answer: LongText
    facts: tuple[Fact, ...] = ()
    answered_by: ShortText | None = None
    late: bool
    because: Literal["repeat", "more", "after-cancellation"]
    """`repeat`: word for word what stood there; `more`: something else than stood there."""


class CheckCancelled(UndertakingEvent):
    TYPE: ClassVar[str] = "icart.screening.check-cancelled.v1"

    by: Actor | None = None
    """None when it follows from something else."""
    agency: AgencyId | None = None
    because: Literal["person", "consent-withdrawn", "authorisation-withdrawn", "contact-closed"]
    reason: ShortText


class CheckChased(Message):
    """An agency has not answered, and its time is nearly over or is: it is to be reminded (TM-11). No undertaking changes."""

    TYPE: ClassVar[str] = "icart.screening.check-chased.v1"
    SUBJECT: ClassVar[str] = "undertaking"

    undertaking: UUID
    contact: UUID
    authority: AuthorityId
    pack_version: str
    agency: AgencyId
    clock_rule: str
    asked_at: Instant
    due: Instant
    late: bool


class SharingAuthorised(UndertakingEvent):
    TYPE: ClassVar[str] = "icart.screening.sharing-authorised.v1"

    by: Actor
    agencies: tuple[AgencyId, ...]
    ground: Slug
    reasons: LongText


class SharingDeclined(UndertakingEvent):
    TYPE: ClassVar[str] = "icart.screening.sharing-declined.v1"

    by: Actor
    agency: AgencyId
    rule: Slug | None = None
    ground: Slug
    reasons: LongText


class SharingEnded(UndertakingEvent):
    """What was authorised is over."""

    TYPE: ClassVar[str] = "icart.screening.sharing-ended.v1"

    by: Actor | None = None
    because: Literal["person", "contact-closed"]
    reason: ShortText


COMMANDS: Final[tuple[type[Message], ...]] = (
    RequestCheck,
    RecordCheckAnswer,
    CancelCheck,
    AuthoriseSharing,
    WithdrawSharing,
    DecideNotToShare,
)
EVENTS: Final[tuple[type[Message], ...]] = (
    CheckRequested,
    CheckReplied,
    CheckRepliedAgain,
    CheckCancelled,
    CheckChased,
    SharingAuthorised,
    SharingDeclined,
    SharingEnded,
)
