"""Documents that come with a submission: named in a message, looked at by intake, shut until they are clean (IN-14)."""

from __future__ import annotations

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AfterValidator, Field

from icart_common.contracts.attachments import DocumentKind, RefusedFor
from icart_common.contracts.base import AgencyId, AuthorityId, Inbound, Instant, Message, ShortText
from icart_common.contracts.intake import ReplyTo
from icart_common.contracts.referral import MAXIMUM_ATTACHMENTS, Attachment, LocalRef, once


class AddedAttachment(Attachment):
    """A document that is sent after its submission."""

    instead_of: UUID | None = None
    """The sender's id of the document that it takes the place of: that one no longer counts towards the most."""


class AttachmentsAdded(Inbound):
    """Documents that a sender adds to a submission later, or sends again mended under a new id."""

    TYPE: ClassVar[str] = "icart.referral.attachments-added.v1"
    SUBJECT: ClassVar[str] = "submission"

    submission: UUID
    """The submission that they belong to, by the id that it was sent with."""
    attachments: Annotated[tuple[AddedAttachment, ...], AfterValidator(once)] = Field(
        min_length=1, max_length=MAXIMUM_ATTACHMENTS
    )


class DocumentEvent(Message):
    """Something that was found of a document, at the time of the finding."""

    SUBJECT: ClassVar[str] = "document"

    document: UUID
    attachment: UUID
    """The sender's own id of it."""
    submission: UUID
    reference: str
    """The submission's."""
    authority: AuthorityId
    agency: AgencyId
    pack_version: str
    at: Instant


class DocumentNamed(DocumentEvent):
    """A document was added to a submission that is here already."""

    TYPE: ClassVar[str] = "icart.document.named.v1"

    about: tuple[LocalRef, ...] = ()


class DocumentReceived(DocumentEvent):
    """It has arrived whole, and is not yet looked into: nobody can fetch it."""

    TYPE: ClassVar[str] = "icart.document.received.v1"

    size: int
    """Bytes."""


class DocumentClean(DocumentEvent):
    """It is of a kind that is taken, and the scanner found nothing: it can be fetched."""

    TYPE: ClassVar[str] = "icart.document.clean.v1"

    kind: DocumentKind
    size: int
    """Bytes."""
    sha256: str


class DocumentRefused(DocumentEvent):
    """It is kept away from everybody, and its sender is told why."""

    TYPE: ClassVar[str] = "icart.document.refused.v1"

    name: ShortText
    """As the sender calls it, so that they know which one is meant."""
    reason: RefusedFor
    reply_to: ReplyTo


class DocumentMissing(DocumentEvent):
    """It was named and did not arrive within the pack's time; its sender is told what to do."""

    TYPE: ClassVar[str] = "icart.document.missing.v1"

    name: ShortText
    """As the sender calls it, so that they know which one is meant."""
    reply_to: ReplyTo
