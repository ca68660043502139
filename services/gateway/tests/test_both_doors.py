"""The same contract by both doors: the stories' referrals, by Kafka and by HTTPS, open the same contacts at intake (S1)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from icart_cli.story.model import Submit
from icart_cli.story.script import read_story, with_own_id
from icart_common.contracts.base import Message
from icart_common.contracts.ids import derived_id
from icart_common.contracts.referral import ReferralSubmitted
from icart_common.deployment import deployment_topics
from icart_common.messaging.message import Record
from icart_common.messaging.runner import BatchRunner
from icart_common.testing import fresh_database, outbox_messages, record_of
from icart_intake.handlers.door import Door
from services.gateway.tests.partners import Partner
from services.gateway.tests.test_api_submissions import arrived, topics

pytestmark = [pytest.mark.broker, pytest.mark.usefixtures(topics.__name__)]
__all__ = ["topics"]
STORIES = Path(__file__).resolve().parents[3] / "docs" / "stories"
AT = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)


def referrals(name: str) -> list[dict[str, Any]]:
    """The referrals that agencies send in a story, each with an id."""
    script, problems = read_story(STORIES / f"{name}.yaml")
    assert script is not None, problems
    sent = [one for step in script.story.steps for one in step.do if isinstance(one, Submit)]
    return [
        json.loads(json.dumps(with_own_id(script.story, one, str(derived_id(AT, name, number))), default=str))
        for number, one in enumerate(sent)
        if one.submit == ReferralSubmitted.TYPE and one.on is None
    ]


async def opened(stack, book, records: list[Record]) -> list[Message]:
    """What intake says of the records, in a database of its own."""
    wanted = {topic.name: topic for topic in deployment_topics(book) if topic.family.owner == "intake"}
    async with fresh_database(stack, "icart_intake") as database:
        runner = BatchRunner("referrals", "intake", database, wanted, Door(book), buckets=16, parks=True)
        for record in records:
            await runner.run([record])
        return [message for _, message in await outbox_messages(database)]


@pytest.mark.req("IN-1", "IN-15", authority="halton")
@pytest.mark.req("IN-1", "IN-15", authority="cheshire-west")
@pytest.mark.req("IN-1", "IN-15", authority="york")
@pytest.mark.parametrize("story", ["halton", "cheshire-west", "york"])
async def test_both_doors_give_the_same(gateway, stack, book, story):
    partners: dict[str, Partner] = {}
    by_kafka, by_https = [], []
    for number, body in enumerate(referrals(story)):
        agency = body["agency"]
        partner = partners[agency] = partners.get(agency) or await Partner.of(gateway, agency)
        answer = await partner.send(body)
        assert answer.status_code == 202, answer.text
        topic = f"inbound.referrals.{agency}"
        (record,) = await arrived(gateway, topic, body["submission"])
        # The same place and time, which alone are the broker's, so that ids that are derived of them can be compared.
        by_https.append(Record(topic, 0, number, AT, record.key, record.headers, record.value))
        message = ReferralSubmitted.model_validate(body)
        by_kafka.append(record_of(message, topic, at=AT, offset=number))
    assert len(by_https) > 2
    assert await opened(stack, book, by_https) == await opened(stack, book, by_kafka)
