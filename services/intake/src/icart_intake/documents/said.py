"""What is said of a document when it arrives and when the work on it ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from icart_common.contracts.documents import (
    DocumentClean,
    DocumentEvent,
    DocumentMissing,
    DocumentReceived,
    DocumentRefused,
)
from icart_intake.documents.finding import Finding
from icart_intake.documents.rows import Row


def received(row: Row, size: int, at: datetime) -> DocumentReceived:
    """It has arrived whole."""
    return DocumentReceived(**_head(row, at), size=size)


def settled(row: Row, finding: Finding) -> Iterator[DocumentEvent]:
    """What came of it. It is said to have arrived first, when that was not said before."""
    if row.state == "named" and finding.received_at is not None:
        yield received(row, finding.size or 0, finding.received_at)
    if finding.state == "missing":
        yield DocumentMissing(**_head(row, finding.at), name=row.name, reply_to=row.belonging.reply_to)
    elif finding.reason is not None:
        yield DocumentRefused(
            **_head(row, finding.at), name=row.name, reason=finding.reason, reply_to=row.belonging.reply_to
        )
    elif finding.kind is not None:
        clean = {"kind": finding.kind, "size": finding.size, "sha256": finding.sha256}
        yield DocumentClean.model_validate(_head(row, finding.at) | clean)


def _head(row: Row, at: datetime) -> dict[str, Any]:
    return row.belonging.head(row.id, row.attachment, at)
