"""Where documents lie for intake: the store that senders and readers share, and what is its own there.

    arrivals/<agency>/<attachment>   its sender puts it here, and nobody believes it
    taken/<document>                 our copy of it, which its sender cannot change while we look
    kept/<sha256>                    clean
    refused/<document>               everything else that arrived
    findings/<document>              what was found

An agency writes under its own arrivals alone, readers read `kept` alone, and this service everything: README, "Documents".
"""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from icart_common.documents import CHUNK, STORE_AWAY, NoSuchStore, Store, arrival, file_chunks, kept
from icart_intake.documents.finding import Finding

__all__ = [
    "CHUNK", "STORE_AWAY", "NoSuchStore", "Places", "arrival", "file_chunks", "kept", "refused", "taken",
]  # fmt: skip


def taken(document: UUID) -> str:
    return f"taken/{document}"


def refused(document: UUID) -> str:
    return f"refused/{document}"


def _finding(document: UUID) -> str:
    return f"findings/{document}"


class Places(Store):
    """The store, with what was found of each document."""

    async def finding(self, document: UUID) -> Finding | None:
        """What was found of a document before."""
        with suppress(FileNotFoundError):
            return Finding.model_validate_json(b"".join([chunk async for chunk in self.chunks(_finding(document))]))
        return None

    async def find(self, document: UUID, finding: Finding) -> None:
        """Keep what was found."""
        await self.put(_finding(document), iter([finding.model_dump_json(exclude_none=True).encode()]))
