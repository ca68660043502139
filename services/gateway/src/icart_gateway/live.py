"""What changes, told to the open pages of this process: a listener on each database, a queue for each open stream."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
from collections import deque
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import asyncpg
import structlog

from icart_common.clock import monotonic
from icart_common.db.pool import TRANSIENT_DATABASE, Database
from icart_common.messaging.backoff import delays
from icart_gateway.model.changes import CHANNEL

log = structlog.get_logger()
_MOST_WAITING = 100
_REMEMBERED = 500


@dataclass(frozen=True, slots=True)
class Change:
    """What one committed batch changed. With `many`, anything may have."""

    contacts: frozenset[UUID]
    lists: frozenset[str]
    answers: frozenset[UUID]
    many: bool
    present: frozenset[UUID] = frozenset()
    """Records that somebody has opened or left, or begun to write in."""
    place: str = ""
    """Where it stands among all that this process has told: whoever was here before it has missed it."""

    def touches(self, contact: UUID) -> bool:
        return self.many or contact in self.contacts


_EVERYTHING = Change(frozenset(), frozenset(), frozenset(), many=True)


class Live:
    """Hears the projector's notifications and hands them to whoever is open."""

    def __init__(self) -> None:
        self._open: set[asyncio.Queue[Change]] = set()
        self._process = secrets.token_hex(4)
        self._told = 0
        self._last: deque[Change] = deque(maxlen=_REMEMBERED)

    @property
    def place(self) -> str:
        """Where a page stands that is read now: what changes later is after it."""
        return f"{self._process}-{self._told}"

    def since(self, place: str) -> Change | None:
        """All that changed after a place, as one; None when nothing did. After a place long ago anything may have."""
        process, _, number = place.partition("-")
        if process != self._process or not number.isdecimal() or int(number) < self._told - len(self._last):
            return replace(_EVERYTHING, place=self.place)
        missed = list(self._last)[len(self._last) - (self._told - int(number)) :]
        return together(missed) if missed and int(number) <= self._told else None

    @contextmanager
    def opened(self) -> Iterator[asyncio.Queue[Change]]:
        """A queue of what changes from now on. One that is not read loses its oldest, and is told that anything may have."""
        queue: asyncio.Queue[Change] = asyncio.Queue(_MOST_WAITING)
        self._open.add(queue)
        try:
            yield queue
        finally:
            self._open.discard(queue)

    async def listen(self, database: Database, channel: str = CHANNEL) -> None:
        """Listen until cancelled. After a lost connection everything may have changed, and is said to have."""
        while True:
            for delay in delays(0.2, 5.0):
                with contextlib.suppress(*TRANSIENT_DATABASE):
                    await self._listen(database, channel)
                log.warning("live-listener-lost", state="pages are told to look again")
                await asyncio.sleep(delay)

    async def _listen(self, database: Database, channel: str) -> None:
        lost = asyncio.Event()
        async with database.connection() as connection:
            connection.add_termination_listener(lambda _: lost.set())
            if channel == CHANNEL:  # each generation of the read models has its own
                channel = f"{CHANNEL}_{await connection.fetchval('select current_schema()')}"
            await connection.add_listener(channel, self._heard)
            self._tell(_EVERYTHING)
            try:
                await lost.wait()
            finally:
                if not connection.is_closed():
                    await connection.remove_listener(channel, self._heard)

    def _heard(self, _connection: asyncpg.Connection, _pid: int, _channel: str, payload: Any) -> None:
        told = json.loads(payload)
        self._tell(
            Change(
                frozenset(map(UUID, told.get("contacts", ()))),
                frozenset(told.get("lists", ())),
                frozenset(map(UUID, told.get("answers", ()))),
                told.get("many", False),
                frozenset(map(UUID, told.get("present", ()))),
            )
        )

    def _tell(self, change: Change) -> None:
        self._told += 1
        change = replace(change, place=self.place)
        self._last.append(change)
        for queue in self._open:
            if queue.full():
                while not queue.empty():
                    queue.get_nowait()
                queue.put_nowait(replace(_EVERYTHING, place=self.place))
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


def together(changes: Sequence[Change]) -> Change:
    """Several changes as one, at the place of the last."""
    return Change(
        frozenset().union(*(one.contacts for one in changes)),
        frozenset().union(*(one.lists for one in changes)),
        frozenset().union(*(one.answers for one in changes)),
        any(one.many for one in changes),
        frozenset().union(*(one.present for one in changes)),
        changes[-1].place,
    )


async def changes(queue: asyncio.Queue[Change], together_seconds: float, seconds: float) -> AsyncIterator[Change]:
    """What changes in so many seconds; what comes within `together_seconds` of each other is told together."""
    until = monotonic() + seconds
    while (left := until - monotonic()) > 0:
        try:
            found = [await asyncio.wait_for(queue.get(), left)]
        except TimeoutError:
            return
        await asyncio.sleep(together_seconds)
        while not queue.empty():
            found.append(queue.get_nowait())
        yield together(found)
