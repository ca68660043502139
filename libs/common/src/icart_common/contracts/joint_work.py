"""One event, several notices and several children: what intake and screening say and ask of each other (IN-19, IN-20)."""

from __future__ import annotations

from typing import ClassVar, Final, Literal
from uuid import UUID

from pydantic import Field

from icart_common.contracts.base import Actor, AgencyId, AuthorityId, Instant, LongText, Message, Part, ShortText, Slug
from icart_common.contracts.intake import ContactOpened
from icart_common.contracts.referral import Consent
from icart_common.contracts.screening import ContactCommand, ContactEvent, Level, Proposed, Told


class SeparateNotice(ContactCommand):
    """A notice that joined this contact tells of something else: it gets a contact of its own (IN-20)."""

    TYPE: ClassVar[str] = "icart.screening.separate-notice.v1"

    notice: UUID
    reason: ShortText = Field(min_length=1)


class IncludeSibling(ContactCommand):
    """A sibling whom the referral left out gets a contact from the same submission (IN-19)."""

    TYPE: ClassVar[str] = "icart.screening.include-sibling.v1"

    person: UUID
    reason: ShortText = Field(min_length=1)


class DismissSibling(ContactCommand):
    """A sibling whom the referral left out needs no contact, and why (IN-19)."""

    TYPE: ClassVar[str] = "icart.screening.dismiss-sibling.v1"

    person: UUID
    reason: ShortText = Field(min_length=1)


class CopyFromSibling(ContactCommand):
    """Take over chosen parts of what was written in a sibling's contact (IN-19). Nothing is ever copied by itself."""

    TYPE: ClassVar[str] = "icart.screening.copy-from-sibling.v1"

    source: UUID
    """The sibling's contact."""
    source_seen_version: int = Field(ge=1, le=2_147_483_647)
    sections: tuple[Slug, ...] = ()
    statements: tuple[Slug, ...] = ()
    decision: bool = False
    """Also the level, the outcome and the reasons that were submitted: as a draft, until this contact's worker submits it."""


class NoticeAdded(ContactEvent):
    """Another sender's words are in the record: what they told, why they are here, and what the rules make of them."""

    TYPE: ClassVar[str] = "icart.screening.notice-added.v1"

    told: Told
    agency: AgencyId
    because: tuple[ShortText, ...]
    proposed: Proposed
    social_worker_first: bool = False
    consents: tuple[Consent, ...] = ()
    people: dict[str, bool | None] = Field(default_factory=dict)
    """Refs of that submission's family, and whether each is said to hold parental responsibility."""


class NoticeSeparated(ContactEvent):
    TYPE: ClassVar[str] = "icart.screening.notice-separated.v1"

    by: Actor
    notice: UUID
    reason: ShortText


class SiblingIncluded(ContactEvent):
    TYPE: ClassVar[str] = "icart.screening.sibling-included.v1"

    by: Actor
    person: UUID
    reason: ShortText


class SiblingDismissed(ContactEvent):
    TYPE: ClassVar[str] = "icart.screening.sibling-dismissed.v1"

    by: Actor
    person: UUID
    reason: ShortText


class CopiedDecision(Part):
    """Level, outcome and reasons of a sibling's contact, as a draft."""

    outcome: Slug
    level: Level
    reasons: LongText


class CopiedFromSibling(ContactEvent):
    """What somebody chose to copy, marked with the contact that it came from (IN-19)."""

    TYPE: ClassVar[str] = "icart.screening.copied-from-sibling.v1"

    by: Actor
    source: UUID
    sections: dict[Slug, LongText] = Field(default_factory=dict)
    statements: dict[Slug, LongText] = Field(default_factory=dict)
    written_in: dict[Slug, Slug] = Field(default_factory=dict)
    """The section that each statement is written in."""
    decision: CopiedDecision | None = None


class NoticeJoined(Message):
    """Another sender's notice of an event that has an open contact already: it is worked there (IN-20)."""

    TYPE: ClassVar[str] = "icart.intake.notice-joined.v1"
    SUBJECT: ClassVar[str] = "contact"

    contact: UUID
    """The open contact that it joins."""
    authority: AuthorityId
    because: tuple[ShortText, ...] = Field(min_length=1)
    """Which time and which concerns they have in common, in words."""
    notice: ContactOpened
    """The contact that would have been opened for it, and is when it is taken out again: its id is the notice's id."""


class NoticeParted(Message):
    """A joined notice tells of another person than its contact is about since people were told apart: it has its own (IN-17)."""

    TYPE: ClassVar[str] = "icart.intake.notice-parted.v1"
    SUBJECT: ClassVar[str] = "contact"

    contact: UUID
    """The contact that it had joined, as that was opened first."""
    authority: AuthorityId
    at: Instant
    notice: UUID
    """The contact that the notice has from now on."""
    because: Literal["people-merged", "merge-undone", "mention-moved"]
    by: Actor
    """Whoever told the people apart."""
    reason: ShortText


class OpenAfterAll(Message):
    """Screening asks for a contact of a notice's own: a person took it out, or its contact had closed. On `commands.intake`.

    The same of the form of a telephone call whose contact has closed (IN-9): `notice` is what it would be opened as.
    """

    TYPE: ClassVar[str] = "icart.intake.open-after-all.v1"
    SUBJECT: ClassVar[str] = "notice"

    notice: UUID
    submission: UUID
    authority: AuthorityId
    contact: UUID
    """The contact that it had joined."""
    because: Literal["separated", "closed", "another-strand"]
    successor: UUID | None = None
    """Where the work goes on, when the contact closed by a transfer: the notice joins that one instead."""


class OpenForSibling(Message):
    """Screening asks for a contact about a sibling whom the submission left out (IN-19). On `commands.intake`."""

    TYPE: ClassVar[str] = "icart.intake.open-for-sibling.v1"
    SUBJECT: ClassVar[str] = "contact"

    contact: UUID
    """The contact that offered the sibling."""
    submission: UUID
    authority: AuthorityId
    person: UUID


COMMANDS: Final[tuple[type[Message], ...]] = (SeparateNotice, IncludeSibling, DismissSibling, CopyFromSibling)
EVENTS: Final[tuple[type[Message], ...]] = (
    NoticeAdded,
    NoticeSeparated,
    SiblingIncluded,
    SiblingDismissed,
    CopiedFromSibling,
)
