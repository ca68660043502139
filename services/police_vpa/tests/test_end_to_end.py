"""The process itself, on real Kafka: from the force's topic to a child's way out."""

import asyncio
from uuid import uuid4

import pytest

from icart_common.contracts.base import Message
from icart_common.contracts.envelope import read_body, read_envelope
from icart_common.contracts.ids import derived_id
from icart_common.contracts.intake import IdentifyPeople, SubmitAccount
from icart_common.contracts.police_vpa import VpaAssessed, VpaProposed, VpaRecorded, VpaRouted
from icart_common.deployment import deployment_topics
from icart_common.messaging.kafka import consumer, producer
from icart_common.messaging.provision import Administration
from icart_common.settings import KafkaSettings
from icart_common.testing import record_of, service_process
from icart_police_vpa.app import HEARD
from services.police_vpa.tests.referral_unit import BOOK, MONDAY, Unit, child, primary, route

pytestmark = pytest.mark.broker

TOPICS = (
    *HEARD,
    "commands.intake",
    "events.police-vpa",
    "dead-letters.police-vpa",
)
"""By family. Every topic that the process hears has to be there, or it waits for it."""


async def heard(reader, about: set[object], count: int) -> list[type[Message]]:
    """Types of the next `count` messages about these things."""
    found: list[type[Message]] = []
    async with asyncio.timeout(90):
        while len(found) < count:
            record = await reader.getone()
            message = read_body(read_envelope(record.headers).type, record.value)
            if message.subject_id in about:
                found.append(type(message))
    return found


@pytest.mark.req("PV-1", "PV-2", "PV-3", "PV-7", authority="halton")
async def test_an_assessment_is_proposed_for_decided_and_routed(stack) -> None:
    unit = Unit("halton")
    settings = KafkaSettings(kafka_bootstrap=stack.bootstrap)
    administration = Administration(settings, simulated_time=True)
    wanted = [topic for topic in deployment_topics(BOOK) if topic.family.name in TOPICS]
    administration.apply(administration.plan(wanted, with_acls=False))
    vpa = unit.proposed(child("c1"), child("c2"), vpa=uuid4())
    routes = (route("c1"), route("c2", "education", "contact-information"))
    command = record_of(primary(vpa, "refer", *routes), "commands.police-vpa", at=MONDAY, message_id=uuid4())
    answer = record_of(unit.identified(vpa), "events.intake", at=MONDAY, message_id=uuid4())
    submission = derived_id(MONDAY, dict(command.headers)["ce_id"].decode(), "submission")  # type: ignore[union-attr]

    async with (
        producer(settings) as sender,
        consumer(settings, "events.police-vpa") as events,
        consumer(settings, "commands.intake") as asked,
        service_process(stack, "icart_police_vpa"),
    ):
        # The command comes first and waits for the proposal that it is about.
        for record in (command, record_of(vpa.submitted, "inbound.vpa.cheshire-police", at=MONDAY), answer):
            at = int(MONDAY.timestamp() * 1000)
            await sender.send_and_wait(
                record.topic, record.value, record.key, headers=list(record.headers), timestamp_ms=at
            )
        said = await heard(events, {vpa.id}, 5)
        to_intake = await heard(asked, {vpa.id, submission}, 2)
    assert said == [VpaRecorded, VpaProposed, VpaAssessed, VpaRouted, VpaRouted]
    assert set(to_intake) == {IdentifyPeople, SubmitAccount}  # of two keys, so in no order between them
