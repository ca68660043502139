"""The process itself, on real Kafka and PostgreSQL: a case is held, a referral comes in, and the answers go out."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from uuid import UUID, uuid4

import asyncpg
import pytest

from icart_common.contracts.base import Message
from icart_common.contracts.envelope import read_body, read_envelope
from icart_common.contracts.intake import CaseRedirected, ContactOpened, SubmissionRepeated, SubmissionTaken
from icart_common.contracts.referral import ReferralSubmitted
from icart_common.deployment import deployment_topics
from icart_common.messaging.kafka import consumer, producer
from icart_common.messaging.provision import Administration
from icart_common.settings import KafkaSettings
from icart_common.testing import record_of, service_process

pytestmark = pytest.mark.broker


async def answers(reader, submission: UUID, count: int) -> list[Message]:
    """What is said about one submission, until there are so many."""
    heard: list[Message] = []
    async with asyncio.timeout(90):
        while len(heard) < count:
            record = await reader.getone()
            message = read_body(read_envelope(record.headers).type, record.value)
            if getattr(message, "submission", None) == submission:
                heard.append(message)
    return heard


async def in_place(url: str) -> None:
    """Wait until the case system's feed was heard."""
    connection = await asyncpg.connect(url)
    async with asyncio.timeout(90):
        while not await connection.fetchval("select count(*) from person where number is not null"):
            await asyncio.sleep(0.05)
    await connection.close()


@pytest.mark.req("IN-1", "IN-5", "IN-15", authority="halton")
async def test_from_the_topic_to_the_events(stack, writer):
    settings = KafkaSettings(kafka_bootstrap=stack.bootstrap)
    wanted = [topic for topic in deployment_topics(writer.book) if topic.family.owner in ("intake", "screening")]
    administration = Administration(settings)
    administration.apply(administration.plan(wanted, with_acls=False))
    held = writer.held(f"c-{uuid4().hex[:8]}", case=writer.open_case())
    sibling = writer.child("p2", role="sibling", given_name="Ivo", born="2015-05-05")
    referral: ReferralSubmitted = writer.referral(people=[writer.child(), sibling])
    async with (
        producer(settings) as sender,
        consumer(settings, "events.intake") as reader,
        service_process(stack, "icart_intake") as url,
    ):

        async def send(message, topic: str) -> None:
            record = record_of(message, topic, at=datetime.now(UTC))
            await sender.send_and_wait(topic, record.value, record.key, headers=list(record.headers))

        await send(held, f"inbound.cases.{held.authority}")
        await in_place(url)
        await send(referral, f"inbound.referrals.{referral.agency}")
        said = await answers(reader, referral.submission, 3)
        await send(referral, f"inbound.referrals.{referral.agency}")
        said += await answers(reader, referral.submission, 1)
    assert {type(message) for message in said[:3]} == {CaseRedirected, ContactOpened, SubmissionTaken}
    assert isinstance(said[3], SubmissionRepeated)
