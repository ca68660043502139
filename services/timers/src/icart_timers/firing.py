"""The firing loop: sleeps until the next clock is due, lets what is due warn and breach, and looks for the next.

A clock fires only up to its partition's horizon: the instant until which everything that was said on that partition has
been heard. So a backlog, or a topic that is read again, lets no clock breach whose end is still to be heard.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import Protocol

import asyncpg

from icart_common.clock import Clock as TimeOfDay
from icart_common.messaging.outbox import Outbox
from icart_common.messaging.transaction import Transaction
from icart_common.observability import metrics
from icart_timers import store
from icart_timers.domain.clock import Clock, Firing, fire
from icart_timers.domain.reckoning import Reckoners
from icart_timers.domain.recount import recount
from icart_timers.handlers import say_firing
from icart_timers.recounting import Recounting, say_moved

TOPIC = "commands.timers"
_LOOK_AGAIN_SECONDS = 0.05
"""How soon to look again when something is due and may not be said yet: we are behind, or have no partitions yet."""
_REST_SECONDS = 0.25
"""How long to sleep at most before a look at which partitions are ours, which needs no statement."""


class Hearing(Protocol):
    """What the loop asks of the subscriber to `commands.timers`."""

    def partitions(self, topic: str) -> list[int]: ...
    async def heard_until(self, topic: str, partitions: Collection[int], now: datetime) -> dict[int, datetime]: ...


class FiringLoop:
    """Fires the clocks of the partitions that it hears of: a lane's (see `lanes`)."""

    def __init__(
        self,
        connection: asyncpg.Connection,
        clock: TimeOfDay,
        hearing: Hearing,
        reckoners: Reckoners,
        *,
        buckets: int,
        most: int,
    ) -> None:
        self._connection = connection
        self._clock = clock
        self._hearing = hearing
        self._reckoners = reckoners
        self._recounting = Recounting(connection, reckoners, most=most)
        self._buckets = buckets
        self._most = most
        self._wake = asyncio.Event()

    def wake(self, *_: object) -> None:
        """Look again now: a clock was started, changed or ended. Listens to the database's notices."""
        self._wake.set()

    async def run(self) -> None:
        """Fire for ever. Raises one of `TRANSIENT` when the database is away."""
        while True:
            self._wake.clear()
            now = self._clock.now()
            mine = self._hearing.partitions(TOPIC)
            due_at = await store.next_due(self._connection, mine) if mine else None
            if due_at and due_at <= now and await self._fire_all(mine, now):
                continue
            if await self._count_anew(mine, now):
                continue
            if due_at and due_at <= now:
                await asyncio.sleep(_LOOK_AGAIN_SECONDS)
            else:
                await self._rest(mine, due_at)

    async def _fire_all(self, mine: list[int], now: datetime) -> int:
        """Fire, batch by batch, what is due until now as far as it may: where the partitions end is asked once for all of it."""
        heard = await self._hearing.heard_until(TOPIC, mine, now)
        horizons = {number: min(until, now) for number, until in heard.items()}
        fired = 0
        while horizons and (some := await self.fire_due(horizons)):
            fired += some
        return fired

    async def fire_due(self, horizons: dict[int, datetime]) -> int:
        """Let one batch of due clocks warn and breach, in one transaction. Returns how many clocks there were."""
        fired: list[Firing] = []
        async with self._connection.transaction():
            due = await store.claim(self._connection, horizons, self._most)
            if not due:
                return 0
            transaction = Transaction(self._connection, Outbox("timers", self._buckets))
            now = self._clock.now()
            after: list[Clock] = []
            anew: list[Clock] = []
            for claimed in due:
                clock, moved = recount(claimed, self._reckoners, now)
                if moved:
                    say_moved(transaction, clock, moved)
                changed, said = fire(clock, horizons[clock.partition])
                (after if clock is claimed else anew).append(changed)
                fired.extend(said)
            for firing in sorted(fired, key=lambda one: one.at):
                say_firing(transaction, firing)
            await store.mark(self._connection, after)
            await store.change(self._connection, anew)
            await transaction.outbox.write(self._connection)
        self._note(fired)
        return len(due)

    async def _count_anew(self, mine: list[int], now: datetime) -> bool:
        """Count one batch of clocks anew whose calendar has changed; False when there is none left."""
        left = self._recounting.left(mine)
        if not left:
            return False
        async with self._connection.transaction():
            transaction = Transaction(self._connection, Outbox("timers", self._buckets))
            await self._recounting.some(left[0], transaction, now)
            await transaction.outbox.write(self._connection)
        return True

    def _note(self, fired: list[Firing]) -> None:
        now = self._clock.now()
        for kind, count in Counter(one.message.TYPE for one in fired).items():
            metrics.CLOCKS_FIRED.labels(kind.split(".")[2]).inc(count)
        for one in fired:
            metrics.CLOCK_LATENESS.observe(max(0.0, (now - one.at).total_seconds()))

    async def _rest(self, mine: list[int], due_at: datetime | None) -> None:
        """Sleep until `due_at`, a notice, or a change of the partitions that are ours."""
        while not self._wake.is_set() and self._hearing.partitions(TOPIC) == mine:
            if self._connection.is_closed():
                raise asyncpg.InterfaceError("the connection on which notices of new clocks come is closed")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_REST_SECONDS):
                    await self._clock.wait_until(due_at, self._wake)
                    return
