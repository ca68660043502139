"""The process itself on real Kafka: an event in, the agency's topic and the mail server out, and what it says of itself."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from icart_common.contracts.base import Message
from icart_common.contracts.envelope import read_body, read_envelope
from icart_common.contracts.intake import SubmissionTaken
from icart_common.contracts.notifications import DeliveryMade, OutboundNotice
from icart_common.deployment import deployment_topics
from icart_common.messaging.kafka import consumer, producer
from icart_common.messaging.provision import Administration
from icart_common.settings import KafkaSettings
from icart_common.testing import record_of, service_process
from services.notifications.tests import examples
from services.notifications.tests.examples import NOON, neighbour, professional

pytestmark = pytest.mark.broker


async def heard(reader: Any, about: SubmissionTaken) -> Message:
    """The next message on a topic that is about this submission."""
    async with asyncio.timeout(90):
        while True:
            record = await reader.getone()
            message = read_body(read_envelope(record.headers).type, record.value)
            if about.submission in (getattr(message, "about", None), getattr(message, "in_reply_to", None)):
                return message


@pytest.mark.req("ST-12", "IN-16", authority="halton")
async def test_an_acknowledgement_reaches_the_agencys_topic_and_a_neighbours_mailbox(
    stack, book, mailbox, mail_port
) -> None:
    settings = KafkaSettings(kafka_bootstrap=stack.bootstrap)
    administration = Administration(settings, simulated_time=True)
    # All of them: what other tests have said on events.* goes to other agencies, and a relay waits for a topic that is missing.
    wanted = deployment_topics(book)
    administration.apply(administration.plan(wanted, with_acls=False))
    school = examples.taken("halton", professional("halton"), what=uuid4())
    address = f"quentin.{uuid4().hex[:12]}@example.org"  # nobody else's: other tests speak on the same broker
    public = examples.taken("halton", neighbour("halton", address), what=uuid4())

    async with (
        producer(settings) as sender,
        consumer(settings, "outbound.larkspur-lane-primary") as schools,
        consumer(settings, "events.notifications") as receipts,
        service_process(
            stack,
            "icart_notifications",
            ICART_SMTP_HOST="127.0.0.1",
            ICART_SMTP_PORT=str(mail_port),
            ICART_SMTP_STARTTLS="false",
            ICART_SMTP_SENDER="frontdoor@example.org",
        ),
    ):
        for event in (school, public):
            record = record_of(event, "events.intake", at=NOON)
            await sender.send_and_wait(record.topic, record.value, record.key, headers=list(record.headers))
        notice = await heard(schools, school)
        assert isinstance(notice, OutboundNotice)
        assert notice.template == "acknowledgement"
        receipt = await heard(receipts, public)
        assert isinstance(receipt, DeliveryMade)
        assert receipt.channel == "smtp"
    assert [envelope.rcpt_tos for envelope in mailbox.taken if address in envelope.rcpt_tos] == [[address]]
