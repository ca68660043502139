"""What changes, told to the open pages of this process: one listener on the database, a queue for each open stream."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import structlog

from icart_common.db.pool import TRANSIENT_DATABASE, Database
from icart_common.messaging.backoff import delays
from icart_gateway.model.changes import CHANNEL

log = structlog.get_logger()
_MOST_WAITING = 100


@dataclass(frozen=True, slots=True)
class Change:
    """What one committed batch changed. With `many`, anything may have."""

    contacts: frozenset[UUID]
    lists: frozenset[str]
    answers: frozenset[UUID]
    many: bool

    def touches(self, contact: UUID) -> bool:
        return self.many or contact in self.contacts


_EVERYTHING = Change(frozenset(), frozenset(), frozenset(), many=True)


class Live:
    """Hears the projector's notifications and hands them to whoever is open."""

    def __init__(self) -> None:
        self._open: set[asyncio.Queue[Change]] = set()

    @contextmanager
    def opened(self) -> Iterator[asyncio.Queue[Change]]:
        """A queue of what changes from now on. One that is not read loses its oldest, and is told that anything may have."""
        queue: asyncio.Queue[Change] = asyncio.Queue(_MOST_WAITING)
        self._open.add(queue)
        try:
            yield queue
        finally:
            self._open.discard(queue)

    async def listen(self, models: Database) -> None:
        """Listen until cancelled. After a lost connection everything may have changed, and is said to have."""
        while True:
            for delay in delays(0.2, 5.0):
                with contextlib.suppress(*TRANSIENT_DATABASE):
                    await self._listen(models)
                log.warning("live-listener-lost", state="pages are told to look again")
                await asyncio.sleep(delay)

    async def _listen(self, models: Database) -> None:
        lost = asyncio.Event()
        async with models.connection() as connection:
            connection.add_termination_listener(lambda _: lost.set())
            await connection.add_listener(CHANNEL, self._heard)
            self._tell(_EVERYTHING)
            try:
                await lost.wait()
            finally:
                if not connection.is_closed():
                    await connection.remove_listener(CHANNEL, self._heard)

    def _heard(self, _connection: asyncpg.Connection, _pid: int, _channel: str, payload: Any) -> None:
        told = json.loads(payload)
        self._tell(
            Change(
                frozenset(map(UUID, told["contacts"])),
                frozenset(told["lists"]),
                frozenset(map(UUID, told["answers"])),
                told["many"],
            )
        )

    def _tell(self, change: Change) -> None:
        for queue in self._open:
            if queue.full():
                while not queue.empty():
                    queue.get_nowait()
                queue.put_nowait(_EVERYTHING)
            else:
                queue.put_nowait(change)


async def answered(queue: asyncio.Queue[Change], correlation: UUID, seconds: float) -> bool:
    """Wait until a command was carried out or refused, as far as `queue` (opened before it was sent) tells; False in vain."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while True:
                change = await queue.get()
                if change.many or correlation in change.answers:
                    return True
    return False


async def changes(queue: asyncio.Queue[Change]) -> AsyncIterator[Change]:
    """What changes, one after the other, until whoever asks goes away."""
    while True:
        yield await queue.get()
