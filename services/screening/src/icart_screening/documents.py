"""The documents that contacts' records list, by id and state: from what intake says of them (IN-14)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg

from icart_common.contracts.attachments import DocumentState
from icart_common.contracts.documents import (
    DocumentClean,
    DocumentEvent,
    DocumentMissing,
    DocumentNamed,
    DocumentReceived,
    DocumentRefused,
)
from icart_common.contracts.intake import ContactOpened, WrittenReferralReceived
from icart_common.contracts.joint_work import NoticeJoined
from icart_common.db.pool import named_sql
from icart_common.messaging.message import Received

STATES: Final[dict[type[DocumentEvent], DocumentState]] = {
    DocumentNamed: "named",
    DocumentReceived: "waiting",
    DocumentClean: "clean",
    DocumentRefused: "refused",
    DocumentMissing: "missing",
}
SQL: Final = named_sql("icart_screening")
_LATER: Final = ("named", "waiting")


@dataclass(frozen=True, slots=True)
class _Stands:
    """How a document stands after a message."""

    document: UUID
    submission: UUID
    state: DocumentState
    reason: str | None
    kind: str | None
    at: datetime

    def rank(self) -> int:
        """The place of its state in a document's life."""
        return _LATER.index(self.state) if self.state in _LATER else len(_LATER)


async def keep_documents(connection: asyncpg.Connection, batch: Sequence[Received[Any]]) -> None:
    """Keep what a batch says of documents. One statement, and none when it says nothing."""
    stands: dict[UUID, _Stands] = {}
    of_contacts: set[tuple[UUID, UUID]] = set()
    of_submissions: set[tuple[UUID, UUID]] = set()
    for received in batch:
        body = received.body
        if isinstance(body, ContactOpened | NoticeJoined | WrittenReferralReceived):
            opened = body.notice if isinstance(body, NoticeJoined) else body
            of_contacts |= {(body.contact, one.document) for one in opened.documents}
            for one in opened.documents:
                _put(stands, _Stands(one.document, opened.submission, one.state, one.reason, None, received.at))
        elif isinstance(body, DocumentEvent):
            reason, kind = getattr(body, "reason", None), getattr(body, "kind", None)
            _put(stands, _Stands(body.document, body.submission, STATES[type(body)], reason, kind, body.at))
            if isinstance(body, DocumentNamed):
                of_submissions.add((body.submission, body.document))
    if not stands:
        return
    found = list(stands.values())
    await connection.execute(
        SQL["save_documents"],
        [one.document for one in found],
        [one.submission for one in found],
        [one.state for one in found],
        [one.reason for one in found],
        [one.kind for one in found],
        [one.at for one in found],
        [contact for contact, _ in of_contacts],
        [document for _, document in of_contacts],
        [submission for submission, _ in of_submissions],
        [document for _, document in of_submissions],
    )


def _put(stands: dict[UUID, _Stands], now: _Stands) -> None:
    before = stands.get(now.document)
    if before is None or before.rank() < now.rank():
        stands[now.document] = now
