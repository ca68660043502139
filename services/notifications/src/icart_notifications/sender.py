"""The mail sender: claims e-mails that are due, hands them over, and settles each with its receipt (ST-12).

An e-mail leaves at least once. Between the mail server's acceptance and our commit a crash brings a second copy, with the
same Message-ID. Several instances share the work: a claimed row is skipped by the others.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from random import uniform
from typing import Any
from uuid import uuid4

import structlog

from icart_common.clock import Clock, monotonic
from icart_common.contracts.timers import MeetClock
from icart_common.db.pool import TRANSIENT_DATABASE, Database
from icart_common.messaging.outbox import Outbox
from icart_common.observability.metrics import DELIVERIES
from icart_common.policy import PolicyBook
from icart_common.running import Running
from icart_notifications import store
from icart_notifications.domain.leaving import failed, made
from icart_notifications.mail import MailServer, MailServerAway, Result, email_of
from icart_notifications.settings import Settings
from icart_notifications.store import SQL, delivery_of

log = structlog.get_logger()


class MailSender:
    """Sends what is due. `once` is one round; `run` goes on until it is cancelled."""

    def __init__(self, settings: Settings, database: Database, clock: Clock, book: PolicyBook) -> None:
        self._settings = settings
        self._database = database
        self._clock = clock
        self._book = book

    async def run(self) -> None:
        """Send whatever becomes due. Without a mail server everything waits.

        Run it when the service has heard its own receipts: what was sent before the topics were read again ends by them.
        """
        heard = False
        while True:
            try:
                if not heard:
                    async with self._database.connection() as connection:
                        await store.settle_heard(connection)
                    heard = True
                if self._settings.smtp_host is None:
                    await asyncio.Event().wait()
                claimed = await self.once()
            except TRANSIENT_DATABASE as error:
                log.warning("database-away", error=type(error).__name__)
                claimed = 0
            if not claimed:
                await asyncio.sleep(self._settings.smtp_poll_seconds)

    async def once(self) -> int:
        """Claim a batch of due e-mails and try each. Returns how many were claimed."""
        settings = self._settings
        claim = uuid4()
        begun = monotonic()
        async with self._database.connection() as connection:
            claimed = await connection.fetch(SQL["claim_mail"], claim, settings.smtp_lease_seconds, settings.smtp_batch)
            ended = await store.settle_heard(connection, [row["id"] for row in claimed]) if claimed else set()
        rows = [row for row in claimed if row["id"] not in ended]
        server = MailServer(settings)
        try:
            for row in rows:
                if monotonic() - begun > settings.smtp_lease_seconds / 2:
                    break  # the claim may run out while the next is sent: let it, the rest is due again then
                await self._settle(row, claim, await self._hand_over(server, row))
        except MailServerAway as away:
            log.warning("mail-server-away", reason_code=str(away), count=len(rows))
            DELIVERIES.labels("smtp", "server-away").inc()
            async with self._database.connection() as connection:
                await connection.execute(SQL["release_mail"], claim, str(away), self._wait_after(0))
        finally:
            await server.close()
        return len(claimed)

    async def _hand_over(self, server: MailServer, row: Any) -> Result:
        delivery = delivery_of(row)
        mailbox = self._book.pack(delivery.authority).contact_points.secure_mailbox.email
        try:
            message = email_of(
                delivery, sender=self._settings.smtp_sender or "", reply_to=mailbox, at=self._clock.now()
            )
        except ValueError:
            return Result("failed", "address-malformed")
        return await server.send(message, delivery.address or "")

    async def _settle(self, row: Any, claim: Any, result: Result) -> None:
        """Write what became of one e-mail and say it, in one transaction."""
        settings = self._settings
        tries = row["tries"] + 1
        if result.outcome == "again" and tries >= settings.smtp_tries:
            result = Result("failed", f"given up after {tries} tries: {result.reason}")
        state = {"made": "made", "failed": "failed", "again": "waiting"}[result.outcome]
        now = self._clock.now()
        async with self._database.transaction() as connection:
            attempts = await connection.fetchval(
                SQL["settle_mail"],
                row["id"],
                claim,
                state,
                result.reason,
                None if state == "waiting" else now,
                self._wait_after(row["tries"]),
            )
            if attempts is None:
                return
            delivery = delivery_of({**dict(row), "attempts": attempts})
            outbox = Outbox("notifications", settings.outbox_buckets)
            if state == "made":
                outbox.say_at(made(delivery, now), now, delivery.id, correlation=delivery.correlation)
                for clock in delivery.meets:
                    met = MeetClock(clock=clock, at=now, by_event=f"{delivery.template} delivered")
                    outbox.say_at(met, now, delivery.id, correlation=delivery.correlation)
            elif state == "failed":
                event = failed(delivery, result.reason or "", now)
                outbox.say_at(event, now, delivery.id, correlation=delivery.correlation)
            await outbox.write(connection)
        DELIVERIES.labels("smtp", state if state != "waiting" else "again").inc()
        if result.reason is not None:
            log.warning(
                "mail-not-sent", delivery=str(delivery.id), reason_code=result.reason, attempt=tries, state=state
            )

    def _wait_after(self, tries: int) -> float:
        """Seconds to the next try: doubled each time, between half and all of it, so that senders do not come as one."""
        settings = self._settings
        longest: float = min(
            settings.smtp_first_wait_seconds * 2.0 ** min(tries, 30), settings.smtp_longest_wait_seconds
        )
        return longest * uniform(0.5, 1.0)  # noqa: S311 - jitter, not a secret


def mail_sender(settings: Settings, book: PolicyBook) -> Callable[[Running], Coroutine[Any, Any, None]]:
    """The background work of the service, which also adds the deliveries to `/progress`."""

    async def send_mail(running: Running) -> None:
        async def deliveries() -> dict[str, Any]:
            async with running.database.connection() as connection:
                row = await connection.fetchrow(SQL["delivery_states"])
            seconds = (running.clock.now() - row["oldest"]).total_seconds() if row["oldest"] else 0.0
            mail = "set"
            if settings.smtp_host is None:
                mail = "no mail server: e-mails wait. Set ICART_SMTP_HOST and ICART_SMTP_SENDER"
            return {
                "mails_waiting": row["waiting"],
                "oldest_mail_seconds": max(0.0, seconds),
                "failed": row["failed"],
                "mail_server": mail,
            }

        running.progress["deliveries"] = deliveries
        for subscriber in running.subscribers.values():
            await subscriber.caught_up.wait()
        await MailSender(settings, running.database, running.clock, book).run()

    return send_mail
