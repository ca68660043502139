"""The same contract by both doors: the stories' referrals, by Kafka and by HTTPS, open the same contacts at intake (S1)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from icart_cli.story.model import Submit
from icart_cli.story.script import read_story, with_own_id
from icart_common.contracts.base import InboundRefused, Message
from icart_common.contracts.ids import derived_id
from icart_common.contracts.intake import ContactOpened, SubmissionRepeated
from icart_common.contracts.referral import ReferralSubmitted
from icart_common.deployment import deployment_topics
from icart_common.messaging.message import Record
from icart_common.messaging.runner import BatchRunner
from icart_common.testing import fresh_database, outbox_messages, record_of
from icart_intake.handlers.door import Door
from services.gateway.tests.partners import Partner, referral
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
    """What intake says of the records, one after the other, in a database of its own."""
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


@pytest.mark.req("IN-15", authority="halton")
async def test_new_words_under_a_used_id_are_refused_by_both_doors_and_the_sender_sees_it(gateway, stack, book):
    partner = await Partner.of(gateway)
    body = referral()
    more = body | {"event": body["event"] | {"what": "Today she says that her stepfather hits her."}}
    receipts, records = [], []
    for number, sent in enumerate((body, more, body)):
        answer = await partner.send(sent, key=f"call-{number}")
        assert answer.status_code == 202, answer.text
        receipts.append(answer.json()["receipt"])
    topic = f"inbound.referrals.{partner.agency}"
    for number, record in enumerate(await arrived(gateway, topic, body["submission"])):
        records.append(Record(topic, 0, number, AT, record.key, record.headers, record.value))
    by_kafka = [
        record_of(ReferralSubmitted.model_validate(sent), topic, at=AT, offset=number)
        for number, sent in enumerate((body, more, body))
    ]
    for door in (records, by_kafka):
        said = await opened(stack, book, door)
        (refused,) = [one for one in said if isinstance(one, InboundRefused)]
        assert refused.offset == 1
        assert any(isinstance(one, ContactOpened) for one in said)
        assert sum(isinstance(one, SubmissionRepeated) for one in said) == 1
    (refused,) = [one for one in await opened(stack, book, records) if isinstance(one, InboundRefused)]
    await gateway.hear(refused, correlation=await partner.correlation(receipts[1]))
    standing = (await partner.call("GET", f"/submissions/{receipts[1]}")).json()
    assert (standing["state"], [one["pointer"] for one in standing["problems"]]) == ("refused", ["#/submission"])
    assert "new UUID" in standing["problems"][0]["fix"]
    assert (await partner.call("GET", f"/submissions/{receipts[0]}")).json()["state"] == "received"
