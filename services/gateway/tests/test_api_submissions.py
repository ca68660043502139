"""What partners send by HTTPS: published before it is answered, once, and by whom it may be."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from icart_common.contracts.ids import new_id
from icart_common.deployment import deployment_topics
from icart_common.messaging.kafka import consumer
from icart_common.messaging.publish import Publisher
from icart_common.settings import KafkaSettings
from icart_gateway.api.app import partners_api
from icart_gateway.api.submissions import WAYS
from services.gateway.tests.conftest import make_topics
from services.gateway.tests.partners import HOSPITAL, POLICE, PROBATION, SCHOOL, Partner, example, referral

pytestmark = pytest.mark.broker


@pytest.fixture(scope="session", autouse=True)
def topics(stack, book):
    """The topics that agencies write to."""
    make_topics(stack, [topic for topic in deployment_topics(book) if topic.family.inbound])


async def arrived(gateway, topic: str, subject: str) -> list[Any]:
    """The records of a topic that are about one submission."""
    found = []
    async with consumer(KafkaSettings(kafka_bootstrap=gateway.door.settings.kafka_bootstrap), topic) as reader:
        ends = await reader.end_offsets(reader.assignment())
        while any([await reader.position(place) < end for place, end in ends.items()]):
            for records in (await reader.getmany(timeout_ms=100)).values():
                found += [record for record in records if record.key == subject.encode()]
    return found


@pytest.mark.req("IN-1", authority="halton")
async def test_a_referral_is_on_the_topic_before_the_answer(gateway):
    partner = await Partner.of(gateway)
    body = referral()
    answer = await partner.send(body)
    assert answer.status_code == 202, answer.text
    receipt = answer.json()
    assert receipt["submission"] == body["submission"]
    assert answer.headers["location"] == f"/api/v1/submissions/{receipt['receipt']}"
    (record,) = await arrived(gateway, f"inbound.referrals.{SCHOOL}", body["submission"])
    headers = dict(record.headers)
    assert headers["ce_id"] == receipt["receipt"].encode()
    assert json.loads(record.value)["event"]["what"] == body["event"]["what"]
    standing = (await partner.call("GET", answer.headers["location"].removeprefix("/api/v1"))).json()
    assert standing["state"] == "received"


async def test_every_contract_is_taken_from_whoever_may_send_it(gateway):
    partners = {agency: await Partner.of(gateway, agency) for agency in (SCHOOL, POLICE, PROBATION)}
    senders = {"vpa": POLICE, "notices": PROBATION}
    for way in WAYS:
        partner = partners[senders.get(way.scope, SCHOOL)]
        changes: dict[str, Any] = {"agency": partner.agency, "authority": "halton"}
        if way.path == "/referrals":
            changes |= {"attachments": []}
        answer = await partner.send(example(way.model.TYPE, **changes), way.path)
        assert answer.status_code == 202, (way.path, answer.text)
        for other in partners.values():
            if other.agency != partner.agency:
                refused = await other.send(example(way.model.TYPE, **changes), way.path)
                assert refused.status_code == 403, (way.path, other.agency)


async def test_the_same_key_is_the_same_message_and_another_body_is_refused(gateway):
    partner = await Partner.of(gateway)
    body, key = referral(), str(new_id())
    first = await partner.send(body, key=key)
    again = await partner.send(body, key=key)
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json() == again.json()
    assert (first.headers["idempotency-replayed"], again.headers["idempotency-replayed"]) == ("false", "true")
    other = await partner.send(referral(), key=key)
    assert other.status_code == 422
    assert other.json()["type"] == "urn:icart:problem:key-used"
    assert len(await arrived(gateway, f"inbound.referrals.{SCHOOL}", body["submission"])) == 1


async def test_two_at_once_are_one_message(gateway):
    partner = await Partner.of(gateway)
    body, key = referral(), str(new_id())
    answers = await asyncio.gather(*(partner.send(body, key=key) for _ in range(6)))
    codes = sorted(answer.status_code for answer in answers)
    assert set(codes) <= {202, 409}
    assert 202 in codes
    receipts = {answer.json()["receipt"] for answer in answers if answer.status_code == 202}
    assert len(receipts) == 1
    assert all("retry-after" in answer.headers for answer in answers if answer.status_code == 409)
    assert len(await arrived(gateway, f"inbound.referrals.{SCHOOL}", body["submission"])) == 1


async def test_after_a_gateway_died_the_same_call_goes_on_as_the_same_message(gateway):
    partner = await Partner.of(gateway)
    body, key = referral(), str(new_id())
    first = (await partner.send(body, key=key)).json()
    async with gateway.door.held.connection() as connection:  # it died between the broker's acknowledgement and ours
        await connection.execute("update receipt set received_at = null, correlation = null")
    assert (await partner.send(body, key=key)).status_code == 409
    gateway.clock.set(gateway.clock.now() + timedelta(minutes=5))
    again = await partner.send(body, key=key)
    assert again.status_code == 202
    assert again.json()["receipt"] == first["receipt"]
    records = await arrived(gateway, f"inbound.referrals.{SCHOOL}", body["submission"])
    assert {dict(record.headers)["ce_id"] for record in records} == {first["receipt"].encode()}


async def test_a_broker_that_is_away_is_said_and_nothing_is_kept_as_sent(gateway):
    partner = await Partner.of(gateway)
    body, key = referral(), str(new_id())
    door, real = gateway.door, gateway.door.publisher
    settings = KafkaSettings(kafka_bootstrap="127.0.0.1:1")
    object.__setattr__(
        door, "publisher", Publisher(settings, deployment_topics(door.book), gateway.clock, source="test")
    )
    away = await partner.send(body, key=key)
    object.__setattr__(door, "publisher", real)
    assert away.status_code == 503
    assert away.headers["retry-after"] == "5"
    assert away.headers["content-type"] == "application/problem+json"
    async with door.held.connection() as connection:
        assert await connection.fetchval("select count(*) from receipt") == 0
    assert (await partner.send(body, key=key)).status_code == 202


async def test_an_agency_speaks_for_itself_alone(gateway):
    partner = await Partner.of(gateway)
    answer = await partner.send(referral(HOSPITAL))
    assert answer.status_code == 403
    assert answer.json()["errors"][0]["pointer"] == "#/agency"
    assert HOSPITAL not in answer.text
    other = await partner.send(referral(authority="york"))
    assert other.status_code == 403


async def test_problems_name_each_field_and_repeat_nothing(gateway):
    partner = await Partner.of(gateway)
    body = referral()
    body["people"][0]["born"] = "the canary's birthday"
    body["people"][1]["role"] = "canary"
    del body["event"]
    answer = await partner.send(body)
    assert answer.status_code == 422
    assert {one["pointer"] for one in answer.json()["errors"]} == {"#/people/0/born", "#/people/1/role", "#/event"}
    assert all(one["expected"] and one["fix"] for one in answer.json()["errors"])
    assert "canary" not in answer.text
    whose = await partner.send(referral(consents=[{"person": "canary", "status": "given"}]))
    (error,) = whose.json()["errors"]
    assert error["pointer"] == "#/consents/0/person"
    assert error["fix"] == "send the ref of one of the people whom the referral names: whose consent it is"
    assert "canary" not in whose.text


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        (b"{", "application/json", 422),
        (b"\xff\xfe", "application/json", 422),
        (b"[]", "application/json", 422),
        (b"null", "application/json", 422),
        (b"{}", "text/plain", 415),
        (b"", "application/json", 422),
        (b"[" * 100_000, "application/json", 422),
        (b" " * 1_048_577, "application/json", 413),
    ],
)
async def test_whatever_is_no_referral_is_a_problem(gateway, content, media_type, status):
    partner = await Partner.of(gateway)
    answer = await partner.call("POST", "/referrals", content=content, headers={"Content-Type": media_type})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status


async def test_too_many_calls_wait(gateway):
    partner = await Partner.of(gateway)
    limit = gateway.door.settings.api_calls_a_minute
    left = (await partner.call("GET", "/webhooks")).headers
    assert left["ratelimit-limit"] == str(limit)
    for _ in range(int(left["ratelimit-remaining"])):
        await partner.call("GET", "/webhooks")
    refused = await partner.call("GET", "/webhooks")
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 60


async def test_an_application_is_made_from_the_settings_alone(gateway):
    assert partners_api(gateway.door).state.api.store is None
    partner = await Partner.of(gateway)
    answer = await partner.call("PUT", f"/attachments/{UUID(int=7)}", content=b"x")
    assert answer.status_code == 503
