"""Documents by what was last found of them (`events.intake`, IN-14). Their names may hold personal data, and stay elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

import asyncpg

from icart_common.contracts.base import Message
from icart_common.contracts.documents import (
    DocumentClean,
    DocumentEvent,
    DocumentMissing,
    DocumentNamed,
    DocumentReceived,
    DocumentRefused,
)
from icart_common.db.pool import named_sql
from icart_common.messaging.message import Received
from icart_gateway.model.changes import Changes
from icart_gateway.model.fold import Row, fold

_SQL = named_sql("icart_gateway.model")


class Documents:
    """A row for each document of which anything was found."""

    hears: frozenset[type[Message]] = frozenset(
        {DocumentNamed, DocumentReceived, DocumentClean, DocumentRefused, DocumentMissing}
    )

    async def __call__(
        self, batch: Sequence[Received[DocumentEvent]], connection: asyncpg.Connection, changes: Changes
    ) -> None:
        await fold(
            connection, batch, load=_SQL["load_documents"], save=_SQL["save_documents"],
            key=lambda said: said.document, change=_after,
        )  # fmt: skip


def _after(row: Row | None, body: DocumentEvent) -> Row:
    begun: Row = {
        "id": body.document,
        "authority": body.authority,
        "submission": body.submission,
        "attachment": body.attachment,
        "kind": None,
        "size": None,
        "sha256": None,
        "reason": None,
        "about": [],
    }
    return (row or begun) | {"at": body.at, **_found(body)}


def _found(body: DocumentEvent) -> Row:
    match body:
        case DocumentReceived():
            return {"state": "waiting", "size": body.size}
        case DocumentClean():
            return {"state": "clean", "kind": body.kind, "size": body.size, "sha256": body.sha256}
        case DocumentRefused():
            return {"state": "refused", "reason": body.reason}
        case DocumentMissing():
            return {"state": "missing"}
        case DocumentNamed():
            return {"state": "named", "about": list(body.about)}
    return {}
