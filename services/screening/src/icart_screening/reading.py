"""A contact's events read for a document; who read them, as whose copy and why, is kept (SC-19)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import groupby
from uuid import UUID

import asyncpg

from icart_common.contracts.base import Message
from icart_common.contracts.catalogue import MESSAGES
from icart_common.contracts.intake import ContactOpened
from icart_common.contracts.screening import ContactAllocated
from icart_common.contracts.undertakings import UndertakingEvent
from icart_common.db.pool import named_sql
from icart_common.policy import PolicyBook
from icart_screening.domain.document.readers import Reader
from icart_screening.domain.document.told import Listed, LogNotWholeError, Told, told

_SQL = named_sql("icart_screening")


async def find(connection: asyncpg.Connection, wanted: str) -> UUID | None:
    """The contact with this id or this reference; None when there is none."""
    try:
        identifier = UUID(wanted)
    except ValueError:
        identifier = None
    found: UUID | None = await connection.fetchval(_SQL["find_contact"], identifier, wanted.strip().upper())
    return found


async def authority_of(connection: asyncpg.Connection, contact: UUID) -> str | None:
    """Whose contact it is; None when there is none."""
    found: str | None = await connection.fetchval(_SQL["authority_of"], contact)
    return found


async def read(
    connection: asyncpg.Connection, book: PolicyBook, contact: UUID, *, reader: Reader, person: str, reason: str
) -> Told:
    """All that happened to the contact. That it was read is kept with it, or nothing is read at all.

    Raises LogNotWholeError when there is no log of the contact from its beginning.
    """
    async with connection.transaction():
        logs = await connection.fetch(_SQL["record_log"], contact)
        beside = await connection.fetch(_SQL["record_undertakings"], contact)
        documents = await connection.fetch(_SQL["documents_of"], contact)
        await connection.execute(_SQL["record_read"], contact, person, reader, reason)
    chain = [tuple(_messages(rows)) for _, rows in groupby(logs, key=lambda row: row["contact"])]
    if not chain:
        raise LogNotWholeError("there is no log of the contact")
    opened = chain[0][0]
    if not isinstance(opened, ContactOpened):
        raise LogNotWholeError("the log does not begin with the contact's opening")
    pack = book.pack(opened.authority, opened.pack_version)
    undertakings = [one for one in _messages(beside) if isinstance(one, UndertakingEvent)]
    return told(chain, undertakings, pack, [Listed(**dict(row)) for row in documents])


def _messages(rows: Iterable[asyncpg.Record]) -> Iterable[Message]:
    for row in rows:
        kind = MESSAGES[row["type"]]
        body = json.loads(row["body"])
        if kind is ContactAllocated:  # how much else the worker had was never the child's record (store.py)
            body.setdefault("workload", 0)
        yield kind.model_validate_json(json.dumps(body))
