"""The batch runner: a batch of records becomes one transaction, and only then are its offsets committed.

In one transaction it records the ids (inbox), keeps what is poison (dead letters), lets the handler change its state, and
writes what follows (outbox). Transient errors roll all of it back and try again; a defect that one message brings out puts
that message aside.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import accumulate, takewhile
from typing import Any, Final
from uuid import UUID

import structlog

from icart_common.clock import monotonic
from icart_common.contracts.base import Message
from icart_common.contracts.catalogue import ServiceId, Topic
from icart_common.db.pool import Database
from icart_common.messaging import deadletters, inbox, waiting
from icart_common.messaging.aside import defective, put_aside, where_of
from icart_common.messaging.backoff import delays
from icart_common.messaging.errors import DEFECTS, TRANSIENT
from icart_common.messaging.message import Received, Record
from icart_common.messaging.outbox import Outbox
from icart_common.messaging.screen import Poison, screen
from icart_common.messaging.transaction import Handler, Transaction
from icart_common.observability import metrics
from icart_common.observability.tracing import batch_span

log = structlog.get_logger()
_MOST_BYTES: Final = 2 * 1024 * 1024
"""Of records that one transaction handles, unless one alone is larger: five hundred ordinary referrals are less."""


class BatchRunner:
    """Runs one handler over batches of records. Knows nothing of how records are fetched or acknowledged."""

    def __init__(
        self,
        name: str,
        service: ServiceId,
        database: Database,
        topics: Mapping[str, Topic],
        handler: Handler,
        *,
        buckets: int,
        parks: bool = False,
        hears: Collection[type[Message]] | None = None,
        passes_over: Callable[[Message], bool] | None = None,
    ) -> None:
        self.name = name
        self.topics = topics
        self._service = service
        self._database = database
        self._handler = handler
        self._buckets = buckets
        self._parks = parks
        self._hears = hears
        self._passes_over = passes_over
        self._at_once: int | None = None
        """Records that a transaction handles at most, after one took too long; None: as many as there are."""

    async def run(self, records: Sequence[Record], *, patience_seconds: float = 30.0) -> list[Poison]:
        """Handle a batch, trying again on transient errors. Returns what was poison.

        Raises the last of `TRANSIENT` when it has not passed within `patience_seconds`: seek back and poll again.
        """
        give_up = monotonic() + patience_seconds
        for delay in delays():
            try:
                return await self._in_parts(records)
            except TRANSIENT as error:
                metrics.RETRIES.labels(self._service, self.name, type(error).__name__).inc()
                log.warning("batch-retried", runner=self.name, error=type(error).__name__, records=len(records))
                if monotonic() + delay > give_up:
                    raise
            await asyncio.sleep(delay)
        raise AssertionError("delays never end")  # pragma: no cover

    async def _in_parts(self, records: Sequence[Record]) -> list[Poison]:
        """A transaction for the batch, or several where it is heavy. Raises TimeoutError when a part took too long: half
        as many are tried the next time, so that no batch is too heavy for ever. What was committed is passed over then."""
        poison: list[Poison] = []
        place = 0
        while place < len(records):
            part = _light(records[place : place + self._at_once] if self._at_once else records[place:])
            try:
                poison += await self._run_or_isolate(part)
            except TimeoutError:
                if (
                    len(part) == 1
                ):  # nothing smaller can be tried: it stands here, in the retries, and soon in `/readyz`
                    at = part[0]
                    log.error("record-too-heavy", topic=at.topic, partition=at.partition, offset=at.offset)
                self._at_once = max(1, len(part) // 2)
                raise
            place += len(part)
        if self._at_once:
            self._at_once = self._at_once * 2 if self._at_once < len(records) else None
        return poison

    async def _run_or_isolate(self, records: Sequence[Record], left: set[UUID] | None = None) -> list[Poison]:
        try:
            return await self._once(records, left)
        except DEFECTS as defect:
            if isinstance(defect, TRANSIENT):
                raise
            self._log_defect(defect, len(records))
            if self._parks and left is None:
                # Perhaps of one that waited and came back with them: those come after the batch then, each alone.
                left = set()
                poison = await self._run_or_isolate(records, left)
                await self._one_by_one(left)
                return poison
            if len(records) == 1:
                return await self._once(records, left, defect=defect)
            # Half and half again until the one message that brings it out stands alone.
            middle = len(records) // 2
            first = await self._run_or_isolate(records[:middle], left)
            return first + await self._run_or_isolate(records[middle:], left)

    def _log_defect(self, defect: Exception, records: int) -> None:
        log.error("defect", runner=self.name, defect=type(defect).__name__, where=where_of(defect), records=records)

    async def _once(
        self, records: Sequence[Record], left: set[UUID] | None, *, defect: Exception | None = None
    ) -> list[Poison]:
        """One transaction. What waited for something in it comes back with it; with `left`, that is named there instead."""
        started = time.perf_counter()
        before = self._database.count.statements
        again = _sent_again(records)
        good, poison = self._screen(records, {}) if not again else ([], [])
        if not (again or good or poison):  # nothing here is for us: the database need not hear of it
            metrics.batch_done(
                self._service, self.name, records=len(records), new=0, poison=(), statements=0, seconds=0.0
            )
            return []
        async with self._database.transaction() as connection:
            if again:
                good, poison = self._screen(records, await deadletters.first_received(connection, again))
            if defect:
                poison += [defective(one, defect) for one in good]
                good = []
            transaction = Transaction(connection, Outbox(self._service, self._buckets))
            await put_aside(poison, transaction, self._service, self.topics)
            new = await self._new(connection, good)
            if self._parks and new:
                back = await self._back((one.body.subject_id for one in new), transaction, left)
                new = sorted([*new, *back], key=lambda one: one.at) if back else new
            if new:
                with batch_span(self.name, new):
                    await self._handle(new, transaction, left)
            await waiting.park(connection, transaction.parked)
            await transaction.outbox.write(connection)
        metrics.batch_done(
            self._service,
            self.name,
            records=len(records),
            new=len(new),
            poison=[one.code for one in poison],
            statements=self._database.count.statements - before,
            seconds=time.perf_counter() - started,
        )
        return poison

    def _screen(
        self, records: Sequence[Record], replays: Mapping[UUID, Any] | None
    ) -> tuple[list[Received[Any]], list[Poison]]:
        good: list[Received[Any]] = []
        poison: list[Poison] = []
        for record in records:
            seen = screen(record, self.topics, replays, self._hears, self._passes_over)
            if isinstance(seen, Poison):
                poison.append(seen)
            elif seen is not None:
                good.append(seen)
        return good, poison

    async def _new(self, connection: Any, good: Sequence[Received[Any]]) -> list[Received[Any]]:
        """What the inbox has not seen, each id once, in the order of the messages' own time."""
        if not good:
            return []
        unseen = await inbox.remember(connection, (one.id for one in good))
        first: dict[UUID, Received[Any]] = {}
        for one in good:
            if one.id in unseen:
                first.setdefault(one.id, one)
        return sorted(first.values(), key=lambda one: one.at)

    async def _back(
        self, subjects: Iterable[object], transaction: Transaction, left: set[UUID] | None
    ) -> list[Received[Any]]:
        """What waited for these subjects, to be handled now; nothing when they are `left` to be seen to afterwards."""
        named = [subject for subject in subjects if isinstance(subject, UUID)]
        if left is not None:
            left.update(named)
            return []
        return await self._readable(await waiting.take(transaction.connection, named), transaction)

    async def _readable(self, waited: Sequence[Record], transaction: Transaction) -> list[Received[Any]]:
        """Of what waited, what can still be read. A release may have made poison of the rest: it is kept as such."""
        good, poison = self._screen(waited, None)
        await self._put_aside_of_waiting(poison, transaction)
        return good

    async def _put_aside_of_waiting(self, poison: Sequence[Poison], transaction: Transaction) -> None:
        """As what is put aside at once; but the inbox knows it, and it must have its effect when it is handled again."""
        if not poison:
            return
        await put_aside(poison, transaction, self._service, self.topics)
        await inbox.forget(transaction.connection, (key for one in poison for key in (one.id, one.message_id) if key))
        for one in poison:
            metrics.DEAD_LETTERS.labels(self._service, self.name, one.code).inc()

    async def _handle(self, new: list[Received[Any]], transaction: Transaction, left: set[UUID] | None = None) -> None:
        """Let the handler have the batch, and then what waited for something that began in it."""
        while new:
            await self._handler(new, transaction)
            woken, transaction.woken = transaction.woken, set()
            new = await self._back(woken, transaction, left) if self._parks and woken else []

    async def expire(self, seconds: float) -> int:
        """Give the handler what has waited too long, to decide it now. Returns how many there were."""
        late = await self.late(seconds)
        if not late:
            return 0
        try:
            await self._decide(late, None, last_chance=True)
        except DEFECTS as defect:
            if isinstance(defect, TRANSIENT):
                raise
            self._log_defect(defect, len(late))
            left: set[UUID] = set()
            for one in late:
                await self._decide_alone(one, left, last_chance=True)
            await self._one_by_one(left)
        return len(late)

    async def late(self, seconds: float) -> list[UUID]:
        """What has waited for longer than `seconds`, by their own ids."""
        async with self._database.connection() as connection:
            return await waiting.expired(connection, seconds)

    async def _one_by_one(self, subjects: set[UUID]) -> None:
        """Handle what waited for these subjects, and for what begins with that, each in a transaction of its own."""
        while subjects:
            async with self._database.connection() as connection:
                waited = await waiting.ids_of(connection, subjects)
            subjects = set()
            for one in waited:
                await self._decide_alone(one, subjects)

    async def _decide_alone(self, waited: UUID, left: set[UUID], *, last_chance: bool = False) -> None:
        """One that waited, alone: a defect is its own, and it becomes a dead letter."""
        try:
            await self._decide([waited], left, last_chance=last_chance)
        except DEFECTS as defect:
            if isinstance(defect, TRANSIENT):
                raise
            self._log_defect(defect, 1)
            await self._decide([waited], left, defect=defect)

    async def _decide(
        self,
        waited: Collection[UUID],
        left: set[UUID] | None,
        *,
        last_chance: bool = False,
        defect: Exception | None = None,
    ) -> None:
        """Handle messages that waited, by their ids, in one transaction; with a defect, put them aside for it."""
        async with self._database.transaction() as connection:
            transaction = Transaction(connection, Outbox(self._service, self._buckets))
            back = await self._readable(await waiting.take_these(connection, waited), transaction)
            if defect:
                await self._put_aside_of_waiting([defective(one, defect) for one in back], transaction)
            else:
                await self._handle([one._replace(last_chance=last_chance) for one in back], transaction, left)
            await waiting.park(connection, transaction.parked)  # what our own services ask is never given up
            await transaction.outbox.write(connection)


def _light(records: Sequence[Record]) -> Sequence[Record]:
    """As many of the first of them as weigh `_MOST_BYTES`, and at least one."""
    weights = accumulate(len(record.value or b"") for record in records)
    fit = sum(1 for _ in takewhile(_MOST_BYTES.__ge__, weights))
    return records if fit == len(records) else records[: max(1, fit)]


def _sent_again(records: Sequence[Record]) -> list[UUID]:
    """The dead letters that these records are sent again for."""
    return [
        UUID(value.decode())
        for record in records
        for name, value in record.headers
        if name == "ce_replayof" and value is not None and len(value) == 36 and value.isascii()
        and all(character in b"0123456789abcdef-" for character in value)
    ]  # fmt: skip
