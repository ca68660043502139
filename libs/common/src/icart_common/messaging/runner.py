"""The batch runner: a batch of records becomes one transaction, and only then are its offsets committed.

In one transaction it records the ids (inbox), keeps what is poison (dead letters), lets the handler change its state, and
writes what follows (outbox). Transient errors roll all of it back and try again; a defect that one message brings out puts
that message aside.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import accumulate, takewhile
from typing import Any, Final
from uuid import UUID

import structlog

from icart_common.clock import monotonic
from icart_common.contracts.base import InboundRefused, Message, Problem
from icart_common.contracts.catalogue import ServiceId, Topic
from icart_common.contracts.deadletters import DeadLettered
from icart_common.contracts.ids import derived_id
from icart_common.db.pool import Database
from icart_common.messaging import deadletters, inbox, waiting
from icart_common.messaging.backoff import delays
from icart_common.messaging.errors import DEFECTS, TRANSIENT
from icart_common.messaging.message import Received, Record
from icart_common.messaging.outbox import Outbox
from icart_common.messaging.screen import Poison, screen, whose
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
                self._at_once = max(1, len(part) // 2)
                raise
            place += len(part)
        if self._at_once:
            self._at_once = self._at_once * 2 if self._at_once < len(records) else None
        return poison

    async def _run_or_isolate(self, records: Sequence[Record]) -> list[Poison]:
        try:
            return await self._once(records)
        except DEFECTS as defect:
            if isinstance(defect, TRANSIENT):
                raise
            log.error(
                "defect", runner=self.name, defect=type(defect).__name__, where=_where(defect), records=len(records)
            )
            if len(records) == 1:
                return await self._once(records, defect=defect)
            # Half and half again until the one message that brings it out stands alone.
            middle = len(records) // 2
            first = await self._run_or_isolate(records[:middle])
            return first + await self._run_or_isolate(records[middle:])

    async def _once(self, records: Sequence[Record], *, defect: Exception | None = None) -> list[Poison]:
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
                poison += [_defective(one, defect) for one in good]
                good = []
            outbox = Outbox(self._service, self._buckets)
            for one in await deadletters.keep(connection, poison):
                self._tell(outbox, one)
            new = await self._new(connection, good)
            if self._parks and new:
                new = await self._with_waiting(connection, new)
            transaction = Transaction(connection, outbox)
            if new:
                with batch_span(self.name, new):
                    await self._handle(new, transaction)
            await waiting.park(connection, transaction.parked)
            await outbox.write(connection)
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

    async def _with_waiting(self, connection: Any, new: list[Received[Any]]) -> list[Received[Any]]:
        subjects = [one.body.subject_id for one in new if isinstance(one.body.subject_id, UUID)]
        back, _ = self._screen(await waiting.take(connection, subjects), None)
        return sorted([*new, *back], key=lambda one: one.at) if back else new

    async def _handle(self, new: list[Received[Any]], transaction: Transaction) -> None:
        """Let the handler have the batch, and then what waited for something that began in it."""
        while new:
            await self._handler(new, transaction)
            woken, transaction.woken = transaction.woken, set()
            new = []
            if self._parks and woken:
                new, _ = self._screen(await waiting.take(transaction.connection, woken), None)

    async def expire(self, seconds: float) -> int:
        """Give the handler what has waited too long, to decide it now. Returns how many there were."""
        async with self._database.transaction() as connection:
            records = await waiting.take_expired(connection, seconds)
            late, _ = self._screen(records, None)
            if late:
                outbox = Outbox(self._service, self._buckets)
                transaction = Transaction(connection, outbox)
                await self._handle([_final(one) for one in late], transaction)
                await waiting.park(connection, transaction.parked)  # what our own services ask is never given up
                await outbox.write(connection)
        return len(records)

    def _tell(self, outbox: Outbox, one: Poison) -> None:
        record = one.record
        outbox.say_at(
            DeadLettered(
                dead_letter=one.id,
                service=self._service,
                topic=record.topic,
                partition=record.partition,
                offset=record.offset,
                authority=whose(record, self.topics[record.topic]),
                code=one.code,
                problems=one.problems,
                size=len(record.value or b""),
                received_at=record.timestamp,
            ),
            record.timestamp,
            one.id,
            topic=f"dead-letters.{self._service}",
        )
        topic = self.topics[record.topic]
        if not topic.family.inbound or one.code == "handler-defect":
            return
        agency = topic.partner if topic.partner in topic.agencies else topic.agencies[0]
        outbox.say_at(
            InboundRefused(
                refusal=one.id,
                agency=str(agency),
                authority=topic.authorities[0] if len(topic.authorities) == 1 else None,
                topic=record.topic,
                partition=record.partition,
                offset=record.offset,
                message_id=str(one.message_id) if one.message_id else None,
                problems=one.problems,
            ),
            record.timestamp,
            one.id,
        )


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


def _final(one: Received[Any]) -> Received[Any]:
    return one._replace(last_chance=True)


def _where(defect: BaseException) -> str:
    """File and line of the innermost frame: enough to find a defect, and nothing of what was handled."""
    trace = defect.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}" if trace else "unknown"


def _defective(one: Received[Any], defect: Exception) -> Poison:
    record = one.record
    assert record is not None
    problem = Problem(
        path="$",
        found=f"a defect of this service ({type(defect).__name__} at {_where(defect)})",
        expected="a message that it can handle",
        fix="report it; after the release that mends it, send the dead letter again",
    )
    return Poison(
        derived_id(record.timestamp, record.topic, record.partition, record.offset),
        record,
        "handler-defect",
        (problem,),
        one.message_id,
    )
