"""How a record lists its documents: what each is, how it stands, and why it was refused (IN-14)."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from icart_common.contracts.base import Part
from icart_common.contracts.referral import LocalRef

DocumentKind = Literal[
    "pdf", "jpeg", "png", "gif", "tiff", "heic", "webp", "text", "docx", "xlsx", "pptx", "odt", "ods", "odp", "eml",
]  # fmt: skip
"""What a document is, by its content."""
DocumentState = Literal["named", "waiting", "clean", "refused", "missing"]
"""Named in a message; arrived and not yet found clean; clean; refused; never arrived."""
RefusedFor = Literal[
    "too-many", "too-large", "empty", "size-differs", "digest-differs", "type-differs", "type-not-taken", "old-office",
    "executable", "archive", "archive-within", "expands-too-far", "encrypted", "macros", "damaged", "malware",
]  # fmt: skip


class NamedDocument(Part):
    """A document as a record lists it: by id and state, and about whom it is."""

    document: UUID
    attachment: UUID
    """The sender's own id of it."""
    state: DocumentState = "named"
    reason: RefusedFor | None = None
    about: tuple[LocalRef, ...] = ()
