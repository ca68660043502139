"""Clocks that were counted on a calendar that has changed are counted anew, in the hours between two firings.

A holiday that is added late, a closure day, a year whose bank holidays became known: they come with a start of the service, or
with a partition that is taken over from another instance. A clock that is due, or that hears a command, before its turn comes is
counted anew then: none fires by the old calendar.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import asyncpg
import structlog

from icart_common.contracts.timers import ClockMoved
from icart_common.messaging.transaction import Transaction
from icart_common.observability import metrics
from icart_timers import store
from icart_timers.domain.clock import Clock
from icart_timers.domain.reckoning import Reckoners
from icart_timers.domain.recount import NOTHING, recount

log = structlog.get_logger()


class Recounting:
    """What is still to be counted anew on the partitions of one instance."""

    def __init__(self, connection: asyncpg.Connection, reckoners: Reckoners, *, most: int) -> None:
        self._connection = connection
        self._reckoners = reckoners
        self._marks = (*reckoners.counted_on, NOTHING)
        self._most = most
        self._done: set[int] = set()

    def left(self, partitions: Sequence[int]) -> list[int]:
        """The partitions whose clocks were not all looked at since they became ours."""
        self._done &= set(partitions)
        return [number for number in partitions if number not in self._done]

    async def some(self, partition: int, transaction: Transaction, now: datetime) -> int:
        """Count at most one batch of the partition's clocks anew. Returns how many clocks there were; with none it is done."""
        found = await store.outdated(self._connection, partition, self._marks, self._most)
        if not found:
            self._done.add(partition)
            return 0
        counted = [recount(clock, self._reckoners, now) for clock in found]
        for clock, moved in counted:
            if moved:
                say_moved(transaction, clock, moved)
        await store.change(self._connection, [clock for clock, _ in counted])
        count = sum(moved is not None for _, moved in counted)
        metrics.CLOCKS_FIRED.labels("moved").inc(count)
        log.info("clocks-counted-anew", partition=partition, clocks=len(found), moved=count)
        return len(found)


def say_moved(transaction: Transaction, clock: Clock, moved: ClockMoved) -> None:
    """Say that the calendar moved a clock, when no message is the reason."""
    transaction.outbox.say_at(moved, moved.moved_at, clock.id, correlation=clock.correlation)
