"""The documents that a submission names: which of them are refused unseen, and how a record lists them (IN-14)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from icart_common.contracts.attachments import DocumentState, NamedDocument, RefusedFor
from icart_common.contracts.base import Message
from icart_common.contracts.documents import DocumentRefused
from icart_common.contracts.ids import derived_id
from icart_common.contracts.intake import ReplyTo
from icart_common.contracts.referral import Attachment
from icart_common.policy.documents import DocumentRules
from icart_intake.domain.submission import Submission

_NO_TIME: Final = datetime.fromtimestamp(0, UTC)


def document_id(agency: str, attachment: UUID) -> UUID:
    """Our id of a sender's document: nobody can take, or name, the id of another sender's."""
    return derived_id(_NO_TIME, "document", agency, attachment)


def refused_unseen(attachment: Attachment, place: int, rules: DocumentRules) -> RefusedFor | None:
    """Why a document is refused by what its sender says of it. `place` is how many are with the submission already."""
    if place >= rules.most.value:
        return "too-many"
    if attachment.size > rules.largest:
        return "too-large"
    return None if attachment.size else "empty"


@dataclass(frozen=True, slots=True)
class Belonging:
    """What a document belongs to: the submission that named it first, under which pack, and who is told about it."""

    submission: UUID
    reference: str
    agency: str
    authority: str
    pack_version: str
    reply_to: ReplyTo

    def head(self, document: UUID, attachment: UUID, at: datetime) -> dict[str, Any]:
        """What everything that is said of one of its documents begins with. `attachment` is the sender's id of it."""
        return {
            "document": document,
            "attachment": attachment,
            "submission": self.submission,
            "reference": self.reference,
            "authority": self.authority,
            "agency": self.agency,
            "pack_version": self.pack_version,
            "at": at,
        }


@dataclass(frozen=True, slots=True)
class Document:
    """A document as a message named it."""

    id: UUID
    attachment: Attachment
    belonging: Belonging
    named_at: datetime
    correlation: UUID
    reason: RefusedFor | None = None
    instead_of: UUID | None = None

    @property
    def state(self) -> DocumentState:
        return "refused" if self.reason else "named"

    def refusal(self) -> Message | None:
        """What its sender is told at once; None when it will be looked at."""
        if self.reason is None:
            return None
        return DocumentRefused(
            **self.head(), name=self.attachment.name, reason=self.reason, reply_to=self.belonging.reply_to
        )

    def head(self) -> dict[str, Any]:
        """What everything that is said of it when it is named begins with."""
        return self.belonging.head(self.id, self.attachment.id, self.named_at)


def documents_of(
    attachments: Sequence[Attachment],
    belonging: Belonging,
    rules: DocumentRules,
    *,
    at: datetime,
    correlation: UUID,
    before: Collection[UUID] = (),
    replaced: Collection[UUID] = (),
) -> list[Document]:
    """The documents of one message. `before` are the attachments that the submission has already, `replaced` those that
    newer ones took the place of."""
    counted = set(before) - set(replaced)
    found: list[Document] = []
    for attachment in attachments:
        instead_of: UUID | None = getattr(attachment, "instead_of", None)
        counted -= {attachment.id, instead_of}
        reason = refused_unseen(attachment, len(counted), rules)
        if reason != "too-many":
            counted.add(attachment.id)
        name = document_id(belonging.agency, attachment.id)
        found.append(Document(name, attachment, belonging, at, correlation, reason, instead_of))
    return found


def named_in(submission: Submission, rules: DocumentRules) -> tuple[NamedDocument, ...]:
    """The documents of a submission, as its record lists them before anybody has looked."""
    return tuple(
        NamedDocument(
            document=document_id(submission.agency, attachment.id),
            attachment=attachment.id,
            state="refused" if (reason := refused_unseen(attachment, place, rules)) else "named",
            reason=reason,
            about=attachment.about,
        )
        for place, attachment in enumerate(submission.account.attachments)
    )


def about_child(documents: Iterable[NamedDocument], child: str, others: frozenset[str]) -> tuple[NamedDocument, ...]:
    """The documents of one child's contact: what is about the `others` alone is in theirs."""
    return tuple(one for one in documents if not one.about or child in one.about or not others.issuperset(one.about))
