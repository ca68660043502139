"""The rows of documents: named in the batches of messages, changed by whoever holds their lease."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from icart_common.contracts.attachments import DocumentState
from icart_common.contracts.intake import ReplyTo
from icart_common.db.pool import named_sql
from icart_intake.documents.finding import Finding
from icart_intake.domain.documents import Belonging, Document

SQL = named_sql("icart_intake")


@dataclass(slots=True)
class WithDocuments:
    """A submission, with the attachments that were named for it and those that newer ones replaced."""

    belonging: Belonging
    before: set[UUID]
    replaced: set[UUID]

    def is_of(self, agency: str, authority: str) -> bool:
        """Whether this sender sent it to this authority."""
        return (self.belonging.agency, self.belonging.authority) == (agency, authority)


@dataclass(frozen=True, slots=True)
class Row:
    """A document as the table has it, leased to us."""

    id: UUID
    attachment: UUID
    belonging: Belonging
    correlation: UUID
    name: str
    declared_type: str
    declared_size: int
    declared_sha256: str
    named_at: datetime
    state: DocumentState
    size: int | None
    sha256: str | None
    received_at: datetime | None
    tries: int
    lease: UUID


async def name(connection: asyncpg.Connection, documents: Sequence[Document]) -> set[UUID]:
    """Write documents down; returns the ids of those that were not known. One statement."""
    found = await connection.fetch(
        SQL["name_documents"],
        [one.id for one in documents],
        [one.belonging.agency for one in documents],
        [one.attachment.id for one in documents],
        [one.belonging.submission for one in documents],
        [one.belonging.reference for one in documents],
        [one.belonging.authority for one in documents],
        [one.belonging.pack_version for one in documents],
        [one.belonging.reply_to.model_dump_json(exclude_defaults=True) for one in documents],
        [one.correlation for one in documents],
        [one.attachment.name for one in documents],
        [one.attachment.type for one in documents],
        [one.attachment.size for one in documents],
        [one.attachment.sha256 for one in documents],
        [one.instead_of for one in documents],
        [one.named_at for one in documents],
        [one.state for one in documents],
        [one.reason for one in documents],
        [one.named_at if one.reason else None for one in documents],
    )
    return {row["id"] for row in found}


async def submissions(connection: asyncpg.Connection, ids: Iterable[UUID]) -> dict[UUID, WithDocuments]:
    """By the id that the sender gave: the submission that it means, locked. One statement."""
    found = await connection.fetch(SQL["submissions_with_documents"], sorted(set(ids)))
    of: dict[UUID, WithDocuments] = {}
    for row in found:
        belonging = Belonging(
            row["id"],
            row["reference"],
            row["agency"],
            row["authority"],
            row["pack_version"],
            ReplyTo(agency=row["agency"], kind="professional"),
        )
        of.setdefault(row["id"], WithDocuments(belonging, set(row["before"]), set(row["replaced"])))
    return {row["asked"]: of[row["id"]] for row in found}


async def claim(connection: asyncpg.Connection, lease: UUID, seconds: float, most: int) -> list[Row]:
    """Lease documents that are due, at most `most`, for so many seconds."""
    return [_row(row) for row in await connection.fetch(SQL["claim_documents"], lease, seconds, most)]


async def receive(connection: asyncpg.Connection, row: Row, size: int, sha256: str, at: datetime) -> bool:
    """A document has arrived whole. False when somebody else holds it by now."""
    found = await connection.fetchval(SQL["receive_document"], row.id, row.lease, size, sha256, at)
    return found is not None


async def settle(connection: asyncpg.Connection, row: Row, finding: Finding) -> DocumentState | None:
    """What was found of a document. Returns its state before; None when somebody else holds it by now."""
    before: DocumentState | None = await connection.fetchval(
        SQL["settle_document"],
        row.id,
        row.lease,
        finding.state,
        finding.reason,
        finding.kind,
        finding.size,
        finding.sha256,
        finding.received_at,
        finding.at,
    )
    return before


async def clear(connection: asyncpg.Connection, row: Row) -> None:
    """Nothing of it is left where it arrived: the work on it is over."""
    await connection.execute(SQL["clear_document"], row.id, row.lease)


async def leave(connection: asyncpg.Connection, row: Row, seconds: float, tries: int) -> None:
    """Give a document back until it is due again."""
    await connection.execute(SQL["leave_document"], row.id, row.lease, seconds, tries)


def _row(row: Any) -> Row:
    fields = {name: row[name] for name in Row.__slots__ if name != "belonging"}
    belonging = {name: row[name] for name in Belonging.__slots__ if name != "reply_to"}
    reply_to = ReplyTo.model_validate_json(row["reply_to"])
    return Row(**fields, belonging=Belonging(**belonging, reply_to=reply_to))
