"""The work on documents as background work of the service, and what `/progress` says of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from icart_common.observability.metrics import DOCUMENTS_OLDEST
from icart_common.policy.book import PolicyBook
from icart_common.running import Running
from icart_intake.documents.places import Places
from icart_intake.documents.rows import SQL
from icart_intake.documents.scanner import Scanner, ScannerAway, scanner_at
from icart_intake.documents.work import DocumentWork
from icart_intake.settings import Settings

_NO_STORE = "no store: documents wait. Set ICART_DOCUMENTS_URL"


def document_work(settings: Settings, book: PolicyBook) -> Callable[[Running], Coroutine[Any, Any, None]]:
    """Raises ValueError for a store or a scanner that cannot be one."""
    lying = Places(settings.documents_url) if settings.documents_url else None
    scanner = scanner_at(settings.scanner, settings.scanner_seconds)

    async def look_at_documents(running: Running) -> None:
        async def progress() -> dict[str, Any]:
            return await _progress(running, scanner, has_store=lying is not None)

        running.progress["documents"] = progress
        if lying is None:
            await asyncio.Event().wait()
            return
        await DocumentWork(settings, running.database, running.clock, book, lying, scanner).run()

    return look_at_documents


async def _progress(running: Running, scanner: Scanner, *, has_store: bool) -> dict[str, Any]:
    """How many documents wait, for how long, and whether somebody can scan them."""
    async with running.database.connection() as connection:
        row = await connection.fetchrow(SQL["document_states"])
    seconds = max(0.0, (running.clock.now() - row["oldest"]).total_seconds()) if row["oldest"] else 0.0
    DOCUMENTS_OLDEST.set(seconds)
    try:
        scans, says = True, await scanner.version()
    except ScannerAway as away:
        scans, says = False, f"away ({away}): documents wait"
    return {
        "named": row["named"],
        "waiting": row["waiting"],
        "oldest_waiting_seconds": seconds,
        "store": "set" if has_store else _NO_STORE,
        "scans": scans,
        "scanner": says,
    }
