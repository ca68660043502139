"""The process itself, on real Kafka: a contact in, a command in, what follows out."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from icart_common.contracts.base import Actor, Message
from icart_common.contracts.envelope import read_body, read_envelope
from icart_common.contracts.screening import ContactMoved, ContactReceived, ContactTriaged, Triage
from icart_common.deployment import deployment_topics
from icart_common.messaging.kafka import consumer, producer
from icart_common.messaging.message import Record
from icart_common.messaging.provision import Administration
from icart_common.settings import KafkaSettings
from icart_common.testing import record_of, service_process
from services.screening.tests.front_door import BOOK, MONDAY, contact_opened

pytestmark = pytest.mark.broker


async def send(sender: Any, record: Record) -> None:
    await sender.send_and_wait(record.topic, record.value, key=record.key, headers=list(record.headers))


@pytest.mark.req("SC-1", "SC-2", authority="halton")
async def test_a_contact_is_received_and_triaged(stack: Any) -> None:
    settings = KafkaSettings(kafka_bootstrap=stack.bootstrap)
    administration = Administration(settings)
    names = ("events.intake", "commands.screening", "events.timers", "events.screening", "commands.timers")
    families = (*names, "inbound.replies.{agency}", "dead-letters.screening")
    wanted = [topic for topic in deployment_topics(BOOK) if topic.family.name in families]
    administration.apply(administration.plan(wanted, with_acls=False))
    opened = contact_opened("halton", int(uuid4()) % 10**9)
    triage = Triage(
        contact=opened.contact,
        seen_version=1,
        actor=Actor(person="m1", role="social-work-manager"),
        strand="safeguarding",
        urgency="urgent",
        reason="two earlier contacts",
    )
    heard: list[Message] = []
    async with (
        producer(settings) as sender,
        consumer(settings, "events.screening") as reader,
        service_process(stack, "icart_screening"),
        asyncio.timeout(90),
    ):
        # The command first: it waits for its contact.
        await send(sender, record_of(triage, "commands.screening", message_id=uuid4()))
        await send(sender, record_of(opened, "events.intake", at=MONDAY, message_id=uuid4()))
        while len(heard) < 4:
            record = await reader.getone()
            message = read_body(read_envelope(record.headers).type, record.value)
            if message.subject_id == opened.contact:
                heard.append(message)
    assert [type(message) for message in heard] == [ContactReceived, ContactMoved, ContactTriaged, ContactMoved]
