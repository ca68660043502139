"""What was found of a document. It is kept beside the document too, so that it can be found again by itself."""

from __future__ import annotations

from typing import Literal

from icart_common.contracts.attachments import DocumentKind, RefusedFor
from icart_common.contracts.base import Instant, Part


class Finding(Part):
    """How the work on a document ended."""

    state: Literal["clean", "refused", "missing"]
    at: Instant
    reason: RefusedFor | None = None
    kind: DocumentKind | None = None
    size: int | None = None
    """Bytes that arrived; None when it did not arrive whole."""
    sha256: str | None = None
    received_at: Instant | None = None
