"""E-mail through a real mail server: accepted, refused, dropped, busy, away (ST-12)."""

from __future__ import annotations

import asyncio
import email
import socket

import pytest
from pydantic import ValidationError

from icart_common.clock import SystemClock
from icart_common.contracts.base import Actor
from icart_common.contracts.notifications import DeliveryFailed, DeliveryMade, ResendDelivery
from icart_common.contracts.timers import MeetClock
from icart_common.messaging.message import Record
from icart_common.running import Running
from icart_common.service import end
from icart_common.testing import record_of, said
from icart_notifications.sender import MailSender, mail_sender
from icart_notifications.settings import Settings
from services.notifications.tests import examples
from services.notifications.tests.examples import EMPTY, NOON, neighbour

pytestmark = [pytest.mark.broker, pytest.mark.req("ST-12")]
ADDRESS = "quentin.ashbarrow@example.org"


@pytest.fixture
async def waiting(events, database):
    """One e-mail that is due; its delivery's id."""
    await events.run([record_of(examples.taken("halton", neighbour("halton")), "events.intake", at=NOON)])
    return await database.pool.fetchval("select id from delivery where state = 'waiting'")


async def until_settled(sender: MailSender, database) -> None:
    async with asyncio.timeout(10):
        while await database.pool.fetchval("select count(*) from delivery where state = 'waiting'"):
            if not await sender.once():
                await asyncio.sleep(0.002)


async def test_an_accepted_e_mail_is_delivered_with_its_receipt(waiting, mailbox, mail_settings, database, book):
    await MailSender(mail_settings(), database, SystemClock(), book).once()
    (envelope,) = mailbox.taken
    message = email.message_from_bytes(envelope.content)
    assert (envelope.mail_from, envelope.rcpt_tos) == ("frontdoor@example.org", [ADDRESS])
    assert message["Message-ID"] == f"<{waiting}.1@example.org>"
    assert message["Reply-To"] == book.pack("halton").contact_points.secure_mailbox.email
    assert "QK7WM-3HXPA" in message["Subject"]
    assert b"0151 907 8305" in envelope.content
    (receipt,) = await said(database, DeliveryMade)
    assert (receipt.delivery, receipt.channel, receipt.attempts) == (waiting, "smtp", 1)
    assert tuple(await database.pool.fetchrow("select state, attempts, reason from delivery")) == ("made", 1, None)


async def test_a_refused_address_fails_for_good_without_naming_it(waiting, mailbox, mail_settings, database, book):
    mailbox.refuse[ADDRESS] = f"550 no such mailbox {ADDRESS}"
    await MailSender(mail_settings(), database, SystemClock(), book).once()
    (failure,) = await said(database, DeliveryFailed)
    assert (failure.delivery, failure.reason) == (waiting, "recipient-refused 550")
    values = await database.pool.fetch("select headers || encode(value, 'escape') as whole from outbox")
    assert not [row for row in values if ADDRESS in row["whole"]]


async def test_a_dropped_connection_and_a_busy_server_are_tried_again_with_the_same_message_id(
    waiting, mailbox, mail_settings, database, book
):
    mailbox.drop, mailbox.busy = 1, 1
    await until_settled(MailSender(mail_settings(), database, SystemClock(), book), database)
    assert len(mailbox.taken) == 1
    (receipt,) = await said(database, DeliveryMade)
    assert receipt.attempts == 3


async def test_the_last_try_fails_the_delivery(waiting, mailbox, mail_settings, database, book):
    mailbox.busy = 99
    await until_settled(MailSender(mail_settings(smtp_tries=3), database, SystemClock(), book), database)
    (failure,) = await said(database, DeliveryFailed)
    assert (failure.attempts, failure.reason) == (3, "given up after 3 tries: message-refused 451")


async def test_a_server_that_is_away_is_no_try_and_everything_waits(waiting, mail_settings, database, book):
    with socket.socket() as taken_port:
        taken_port.bind(("127.0.0.1", 0))  # bound and not listening: every connection is refused
        away = mail_settings(smtp_port=taken_port.getsockname()[1], smtp_tries=1)
        await MailSender(away, database, SystemClock(), book).once()
    soon = "next_try_at <= now() + interval '1 second'"  # the longest wait of these settings is far less
    row = await database.pool.fetchrow(f"select state, tries, attempts, {soon} as soon from delivery")
    assert tuple(row) == ("waiting", 0, 0, True)


async def test_a_mail_server_without_the_tls_that_is_asked_for_gets_nothing(
    waiting, mailbox, mail_settings, database, book
):
    await MailSender(mail_settings(smtp_starttls=True), database, SystemClock(), book).once()
    assert mailbox.taken == []
    assert await database.pool.fetchval("select state from delivery") == "waiting"


async def test_what_is_sent_again_on_demand_has_a_message_id_of_its_own(
    waiting, notices, mailbox, mail_settings, database, book
):
    sender = MailSender(mail_settings(), database, SystemClock(), book)
    await sender.once()
    command = ResendDelivery(actor=Actor(person="HBC-7", role="contact-officer"), delivery=waiting, reason="lost")
    await notices.run([record_of(command, "commands.notifications", at=NOON)])
    await sender.once()
    ids = [email.message_from_bytes(envelope.content)["Message-ID"] for envelope in mailbox.taken]
    assert ids == [f"<{waiting}.1@example.org>", f"<{waiting}.2@example.org>"]


@pytest.mark.parametrize("receipts_first", [True, False])
@pytest.mark.parametrize("refused", [True, False])
async def test_topics_read_again_send_no_e_mail_again(
    receipts_first, refused, events, notices, mailbox, mail_settings, database, book
):
    """Whatever is read first, and though one was sent again on demand: it is known what became of each."""
    if refused:
        mailbox.refuse[ADDRESS] = "550 no such mailbox"
    cause = [record_of(examples.taken("halton", neighbour("halton")), "events.intake", at=NOON)]
    await events.run(cause)
    waiting = await database.pool.fetchval("select id from delivery where state = 'waiting'")
    sender = MailSender(mail_settings(), database, SystemClock(), book)
    await sender.once()
    command = ResendDelivery(actor=Actor(person="HBC-7", role="contact-officer"), delivery=waiting, reason="lost")
    again = record_of(command, "commands.notifications", at=NOON)
    await notices.run([again])
    await sender.once()
    receipts: list[Record] = []
    while new := [*await said(database, DeliveryFailed), *await said(database, DeliveryMade)]:
        heard = [record_of(one, "events.notifications", at=NOON) for one in new]
        await database.pool.execute("truncate outbox")
        await events.run(heard)  # the failure of one e-mail is told by another
        await sender.once()
        receipts += heard
    assert len(receipts) >= 2
    sent = len(mailbox.taken)
    every = "select * from delivery order by id"
    before = await database.pool.fetch(every)
    await database.pool.execute(EMPTY)
    for batch in (receipts, cause) if receipts_first else (cause, receipts):
        await events.run(batch)
    await notices.run([again])
    await sender.once()
    assert len(mailbox.taken) == sent
    assert await database.pool.fetch(every) == before


async def test_many_senders_send_each_e_mail_once(events, mailbox, mail_settings, database, book):
    batch = [examples.taken("halton", neighbour("halton"), what=number) for number in range(30)]
    await events.run([record_of(one, "events.intake", at=NOON) for one in batch])
    senders = [MailSender(mail_settings(smtp_batch=4), database, SystemClock(), book) for _ in range(3)]
    await asyncio.gather(*(until_settled(sender, database) for sender in senders))
    ids = {email.message_from_bytes(envelope.content)["Message-ID"] for envelope in mailbox.taken}
    assert len(mailbox.taken) == len(ids) == 30
    assert len(await said(database, DeliveryMade)) == 30


async def test_what_a_dead_sender_had_claimed_is_due_again_after_its_lease(
    waiting, mailbox, mail_settings, database, book
):
    await database.pool.execute(
        "update delivery set claim = gen_random_uuid(), next_try_at = clock_timestamp() + interval '50 milliseconds'"
    )
    sender = MailSender(mail_settings(), database, SystemClock(), book)
    assert await sender.once() == 0
    await asyncio.sleep(0.06)
    assert await sender.once() == 1
    assert len(mailbox.taken) == 1


@pytest.mark.req("PV-8", authority="halton")
async def test_a_school_without_a_topic_is_told_when_the_mail_server_took_it(
    events, mailbox, mail_settings, database, book
):
    await events.run([record_of(examples.school_to_be_told(), "events.police-vpa", at=NOON)])
    await database.pool.execute(
        "update delivery set channel = 'smtp', address = 'safeguarding.larkspur@example.org', state = 'waiting'"
    )
    await database.pool.execute("truncate outbox")
    await MailSender(mail_settings(), database, SystemClock(), book).once()
    (met,) = await said(database, MeetClock)
    assert met.clock == examples.an_id("clock", "TM-15")


def test_a_mail_server_needs_an_address_to_send_from():
    with pytest.raises(ValidationError, match="ICART_SMTP_SENDER"):
        Settings(database_url="postgresql://unused", smtp_host="mail.example.org")


async def test_without_a_mail_server_e_mails_wait_and_progress_says_so(waiting, mail_settings, database, book):
    settings = mail_settings(smtp_host=None)
    running = Running("notifications", settings, database, SystemClock(), {})
    work = asyncio.create_task(mail_sender(settings, book)(running))
    async with asyncio.timeout(5):
        while "deliveries" not in running.progress:
            await asyncio.sleep(0)
    told = await running.progress["deliveries"]()
    await end({work})
    assert (told["mails_waiting"], told["failed"]) == (1, 0)
    assert told["mail_server"].startswith("no mail server: e-mails wait. Set ICART_SMTP_HOST")
    assert await database.pool.fetchval("select attempts from delivery") == 0


async def test_the_sender_goes_on_by_itself(waiting, mailbox, mail_settings, database, book):
    settings = mail_settings()
    work = asyncio.create_task(
        mail_sender(settings, book)(Running("notifications", settings, database, SystemClock(), {}))
    )
    async with asyncio.timeout(10):
        while not await said(database, DeliveryMade):
            await asyncio.sleep(0.01)
    await end({work})
    assert len(mailbox.taken) == 1
