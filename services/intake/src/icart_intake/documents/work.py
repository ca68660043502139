"""The work on documents, apart from the batches of messages: lease what is due, look, write down what was found and say it.

Whatever is done to the store can be done again: a document is copied to where it belongs, what was found is written beside
it, then the row is changed and the event said in one transaction, and only then is it removed from where it arrived. An
instance that ends anywhere in between leaves a lease that runs out; the next one finds what was found, or looks again.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from random import uniform
from uuid import uuid4

import structlog

from icart_common.clock import Clock
from icart_common.contracts.documents import DocumentEvent
from icart_common.db.pool import TRANSIENT_DATABASE, Database
from icart_common.messaging.outbox import Outbox
from icart_common.observability.metrics import DOCUMENTS
from icart_common.policy.book import PolicyBook
from icart_intake.documents import places, rows, said
from icart_intake.documents.finding import Finding
from icart_intake.documents.looking import Arrived, judge, take
from icart_intake.documents.places import STORE_AWAY, Places
from icart_intake.documents.rows import Row
from icart_intake.documents.scanner import Scanner, ScannerAway
from icart_intake.settings import Settings

log = structlog.get_logger()
_FIRST_WAIT_SECONDS = 0.5
_SHARE_OF_LEASE = 0.8


class _NotYet(Exception):
    """The document has to be looked at again later. The argument says why, when somebody should know."""


class DocumentWork:
    """Looks at what is due. `once` is one round; `run` goes on until it is cancelled."""

    def __init__(
        self, settings: Settings, database: Database, clock: Clock, book: PolicyBook, lying: Places, scanner: Scanner
    ) -> None:
        self._settings = settings
        self._database = database
        self._clock = clock
        self._book = book
        self._places = lying
        self._scanner = scanner

    async def run(self) -> None:
        """Look at whatever becomes due."""
        while True:
            try:
                claimed = await self.once()
            except TRANSIENT_DATABASE as error:
                log.warning("database-away", error=type(error).__name__)
                claimed = 0
            if not claimed:
                await asyncio.sleep(self._settings.documents_poll_seconds)

    async def once(self) -> int:
        """Lease the documents that are due and see to each. Returns how many there were."""
        settings = self._settings
        async with self._database.connection() as connection:
            leased = await rows.claim(connection, uuid4(), settings.documents_lease_seconds, settings.documents_at_once)
        await asyncio.gather(*(self._see_to(row) for row in leased))
        return len(leased)

    async def _see_to(self, row: Row) -> None:
        try:
            async with asyncio.timeout(self._settings.documents_lease_seconds * _SHARE_OF_LEASE):
                if row.state in ("named", "waiting"):
                    await self._look(row)
                await self._clear_away(row)
        except _NotYet as later:
            await self._leave(row, str(later))
        except ScannerAway as away:
            await self._leave(row, f"scanner: {away}")
        except STORE_AWAY as error:
            await self._leave(row, f"store: {type(error).__name__}")
        except asyncio.CancelledError:  # we are told to stop: nobody has to wait for our lease
            async with self._database.connection() as connection:
                await rows.leave(connection, row, 0, row.tries)
            raise

    async def _look(self, row: Row) -> None:
        """Find out what a document is, and write it down. Raises when it has to be looked at again later."""
        finding = await self._places.finding(row.id)
        if finding is None:
            finding = await self._find(row)
            await self._places.find(row.id, finding)
        if not await self._settle(row, finding):
            raise _NotYet("lease-lost")
        DOCUMENTS.labels(finding.state, finding.reason or "").inc()
        log.info("document-settled", document=str(row.id), state=finding.state, reason_code=finding.reason)

    async def _find(self, row: Row) -> Finding:
        rules = self._book.pack(row.belonging.authority, row.belonging.pack_version).documents
        if row.state == "named":
            arrived = await take(row, rules, self._places)
            if arrived is None:
                return self._missing(row, rules.waits.total_seconds())
            if arrived.reason:
                return await self._refused_as_it_came(row, arrived)
            row = await self._received(row, arrived)
        kind, reason = await judge(row, rules, self._places, self._scanner)
        copy, digest = places.taken(row.id), row.sha256 or ""
        await self._places.copy(copy, places.kept(digest) if kind else places.refused(row.id))
        return Finding(
            state="clean" if kind else "refused",
            at=self._clock.now(),
            reason=reason,
            kind=kind,
            size=row.size,
            sha256=digest,
            received_at=row.received_at,
        )

    def _missing(self, row: Row, waits_seconds: float) -> Finding:
        now = self._clock.now()
        if (now - row.named_at).total_seconds() < waits_seconds:
            raise _NotYet
        return Finding(state="missing", at=now)

    async def _refused_as_it_came(self, row: Row, arrived: Arrived) -> Finding:
        if arrived.copied:
            await self._places.copy(places.taken(row.id), places.refused(row.id))
        return Finding(state="refused", at=self._clock.now(), reason=arrived.reason, size=arrived.size)

    async def _received(self, row: Row, arrived: Arrived) -> Row:
        """It has arrived whole: that is said before anybody knows whether it is clean."""
        now = self._clock.now()
        async with self._database.transaction() as connection:
            if not await rows.receive(connection, row, arrived.size, arrived.sha256, now):
                raise _NotYet("lease-lost")
            outbox = Outbox("intake", self._settings.outbox_buckets)
            _say(outbox, row, said.received(row, arrived.size, now))
            await outbox.write(connection)
        return replace(row, state="waiting", size=arrived.size, sha256=arrived.sha256, received_at=now)

    async def _settle(self, row: Row, finding: Finding) -> bool:
        """Write down what was found and say it, in one transaction. False when somebody else holds the document by now."""
        async with self._database.transaction() as connection:
            before = await rows.settle(connection, row, finding)
            if before is None:
                return False
            outbox = Outbox("intake", self._settings.outbox_buckets)
            for event in said.settled(replace(row, state=before), finding):
                _say(outbox, row, event)
            await outbox.write(connection)
        return True

    async def _clear_away(self, row: Row) -> None:
        """What was found is committed: remove what is left of the document where it arrived."""
        await self._places.remove(places.arrival(row.belonging.agency, row.attachment))
        await self._places.remove(places.taken(row.id))
        async with self._database.connection() as connection:
            await rows.clear(connection, row)

    async def _leave(self, row: Row, why: str) -> None:
        if why:
            log.warning("document-waits", document=str(row.id), reason_code=why, attempt=row.tries + 1)
        settings = self._settings
        seconds = min(_FIRST_WAIT_SECONDS * 2.0 ** min(row.tries, 30), settings.documents_longest_wait_seconds)
        async with self._database.connection() as connection:
            await rows.leave(connection, row, seconds * uniform(0.5, 1.0), row.tries + 1)  # noqa: S311 - jitter


def _say(outbox: Outbox, row: Row, event: DocumentEvent) -> None:
    outbox.say_at(event, event.at, row.id, correlation=row.correlation)
