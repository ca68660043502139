"""One look at a document: has it arrived, is it what its sender says it is, is it clean."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass

from icart_common.contracts.attachments import DocumentKind, RefusedFor
from icart_common.policy.documents import DocumentRules
from icart_intake.documents import places
from icart_intake.documents.content import look
from icart_intake.documents.marks import NotTaken
from icart_intake.documents.places import Places
from icart_intake.documents.rows import Row
from icart_intake.documents.scanner import Scanner


@dataclass(frozen=True, slots=True)
class Arrived:
    """A document that is here. `reason` is set when what arrived is not what was named."""

    size: int
    sha256: str
    reason: RefusedFor | None = None
    copied: bool = True
    """Whether we have a copy of it: of what is far too large we keep none."""


class _TooLarge(Exception):
    """More comes than is taken."""


async def take(row: Row, rules: DocumentRules, lying: Places) -> Arrived | None:
    """Copy what its sender put into the arrivals to where they cannot change it. None when nothing is there yet.

    It is measured and hashed on the way, and what is larger than is taken is not read to its end.
    """
    source = places.arrival(row.belonging.agency, row.attachment)
    digest, measured = hashlib.sha256(), 0

    def watch(chunk: bytes) -> None:
        nonlocal measured
        measured += len(chunk)
        if measured > rules.largest:
            raise _TooLarge
        digest.update(chunk)

    try:
        size = await lying.size(source)
        if size > rules.largest:
            return Arrived(size, "", "too-large", copied=False)
        if size == 0:
            return Arrived(0, "", "empty", copied=False)
        await lying.copy_watched(source, places.taken(row.id), watch)
    except FileNotFoundError:
        return None
    except _TooLarge:
        return Arrived(measured, "", "too-large", copied=False)
    reason: RefusedFor | None = None
    if measured != row.declared_size:
        reason = "size-differs"
    elif digest.hexdigest() != row.declared_sha256:
        reason = "digest-differs"
    return Arrived(measured, digest.hexdigest(), reason)


async def judge(
    row: Row, rules: DocumentRules, lying: Places, scanner: Scanner
) -> tuple[DocumentKind | None, RefusedFor | None]:
    """Its kind, or why it is refused. Raises ScannerAway when nobody can say whether it is clean.

    The scanner comes first: nothing is unpacked here that it knows to be malware.
    """
    copy = places.taken(row.id)
    reason = await scanner.scan(lying.chunks(copy))
    if reason:
        return None, reason
    return await asyncio.to_thread(_look, row, rules, lying, copy)


def _look(row: Row, rules: DocumentRules, lying: Places, copy: str) -> tuple[DocumentKind | None, RefusedFor | None]:
    try:
        with lying.open(copy) as file:
            return look(file, row.declared_type, frozenset(rules.kinds.value)), None
    except NotTaken as refused:
        return None, refused.reason
