"""The trail of reads: a row each time that a child's record is opened, each with the hash of the one before (S4; QA-4)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal
from uuid import UUID

import asyncpg

from icart_common.db.pool import named_sql

What = Literal["contact", "documents", "form", "search", "list", "meeting", "report", "print", "broke-glass", "lifted"]
"""How it was read. `form`: as part of a form about it. `search`: its name was found, never what was looked for. `list`: its name
stood on a list, said once an hour. `meeting`: in the pack of a meeting. `report`: a report of the police, whose id stands for the
contact's. `print`: taken away as a file. `lifted`: who opened a shut record again."""
_FIRST: Final = bytes(32)
_SQL = named_sql("icart_gateway.guarding")


@dataclass(frozen=True, slots=True)
class Read:
    """Somebody read something of a child."""

    authority: str
    at: datetime
    person: str
    role: str
    what: str
    contact: UUID | None
    child: UUID | None
    glass: UUID | None = None


@dataclass(frozen=True, slots=True)
class BadRow:
    """The first row of an authority's trail that does not fit."""

    authority: str
    place: int
    why: str


async def add_reads(connection: asyncpg.Connection, reads: Sequence[Read]) -> None:
    """Add rows of one authority, in the caller's transaction. Two statements, however many rows.

    Whoever adds next waits for its end, so that the chain has no forks.
    """
    if not reads:
        return
    authority = reads[0].authority
    head = await connection.fetchrow(_SQL["hold_head"], authority, _FIRST)
    places = range(head["place"] + 1, head["place"] + 1 + len(reads))
    hashes: list[bytes] = []
    for place, read in zip(places, reads, strict=True):
        hashes.append(link(hashes[-1] if hashes else head["hash"], place, read))
    await connection.execute(
        _SQL["add_reads"], authority, list(places), [one.at for one in reads], [one.person for one in reads],
        [one.role for one in reads], [one.what for one in reads], [one.contact for one in reads],
        [one.child for one in reads], [one.glass for one in reads], hashes, places[-1], hashes[-1],
    )  # fmt: skip


def link(before: bytes, place: int, read: Read) -> bytes:
    """The hash of a row: of the one before and of everything that the row says."""
    said = [
        read.authority, place, read.at.astimezone(UTC).isoformat(timespec="microseconds"), read.person, read.role, read.what,
        *(str(one) if one else None for one in (read.contact, read.child, read.glass)),
    ]  # fmt: skip
    return hashlib.sha256(before + json.dumps(said, separators=(",", ":")).encode()).digest()


async def bad_rows(connection: asyncpg.Connection) -> AsyncIterator[BadRow]:
    """The first row that does not fit, of each authority whose trail has one. Reads all of it, in one transaction."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        kept = await heads(connection)
        ends: dict[str, tuple[int, bytes]] = dict.fromkeys(kept, (0, _FIRST))
        found: set[str] = set()
        async for row in connection.cursor(_SQL["trail"], prefetch=2000):
            authority = row["authority"]
            if authority in found:
                continue
            place, before = ends.get(authority, (0, _FIRST))
            if why := _why_bad(row, place + 1, before):
                found.add(authority)
                yield BadRow(authority, row["place"], why)
            ends[authority] = (row["place"], row["hash"])
        for authority, end in sorted(ends.items()):
            if authority not in found and end != kept.get(authority):
                yield BadRow(
                    authority, end[0] + 1, "rows at the end are missing, or the last place is not the one on record"
                )


async def heads(connection: asyncpg.Connection) -> dict[str, tuple[int, bytes]]:
    """By authority: how many reads its trail holds, and the last hash."""
    return {row["authority"]: (row["place"], row["hash"]) for row in await connection.fetch(_SQL["heads"])}


def _why_bad(row: asyncpg.Record, place: int, before: bytes) -> str | None:
    if row["place"] != place:
        return f"rows are missing before it: {place} was to come"
    read = Read(
        row["authority"], row["at"], row["person"], row["role"], row["what"], row["contact"], row["child"], row["glass"]
    )
    return None if link(before, place, read) == row["hash"] else "it, or the row before it, was changed later"
