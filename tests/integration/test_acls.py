"""A broker that asks who you are: an agency can write its own topic and read its own answers, and nothing else (S1)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from time import monotonic, sleep

import pytest
from aiokafka.errors import KafkaError, TopicAuthorizationFailedError
from confluent_kafka import Consumer, KafkaException, Message, TopicCollection
from confluent_kafka.admin import (
    AclOperation,
    AdminClient,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)
from pydantic import SecretStr

from icart_common.contracts.catalogue import SERVICES, Topic
from icart_common.deployment import deployment_topics
from icart_common.messaging.kafka import producer
from icart_common.messaging.provision import Administration, admin_settings
from icart_common.policy import load_packs
from icart_common.settings import KafkaSettings
from icart_localstack.kafka import LocalKafka
from tests import load

pytestmark = pytest.mark.broker
SCHOOL, OTHER = "larkspur-lane-primary", "brackenfield-high"
PASSWORD = "only-for-this-broker"


@pytest.fixture(scope="module")
def topics() -> list[Topic]:
    """The services' topics, and those of three partners: rights do not depend on how many there are, a busy broker does."""
    partners = (SCHOOL, OTHER, "cheshire-police", None)
    return [replace(one, partitions=1) for one in deployment_topics(load_packs()) if one.partner in partners]


@pytest.fixture(scope="module")
def secured(tmp_path_factory, topics) -> Iterator[str]:
    """The bootstrap address of a broker with the catalogue's topics and rights, and a user for each principal."""
    with LocalKafka(tmp_path_factory.mktemp("secured"), secured=True) as kafka:
        access = kafka.admin_config
        admin = KafkaSettings(
            kafka_bootstrap=kafka.bootstrap,
            kafka_user=access["sasl.username"],
            kafka_password=SecretStr(access["sasl.password"]),
        )
        client = AdminClient({**access})
        how = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096)
        users = (SCHOOL, OTHER, *SERVICES, "nobody-yet")
        made = client.alter_user_scram_credentials(
            [UserScramCredentialUpsertion(name, how, PASSWORD.encode()) for name in users]
        )
        for future in made.values():
            future.result(60)
        administration = Administration(admin)
        administration.apply(administration.plan(topics, with_acls=True))
        # The controller has the rights when it answers; a broker learns of them a moment later.
        until = monotonic() + 60
        while not administration.plan(topics, with_acls=True).empty:
            assert monotonic() < until, "the broker never had all the rights that it was given"
            sleep(0.2)
        del administration, client
        yield kafka.bootstrap


def _as(bootstrap: str, user: str, password: str = PASSWORD) -> KafkaSettings:
    return KafkaSettings(kafka_bootstrap=bootstrap, kafka_user=user, kafka_password=SecretStr(password))


def _rights(settings: KafkaSettings, topic: Topic, client: AdminClient) -> set[str]:
    """What the broker itself says that this user may do with a topic; nothing when it may not even know of it."""
    (future,) = client.describe_topics(
        TopicCollection([topic.name]), include_authorized_operations=True, request_timeout=60
    ).values()
    try:
        operations = future.result(60).authorized_operations
    except KafkaException as refused:
        if refused.args[0].name() != "TOPIC_AUTHORIZATION_FAILED":
            raise
        return set()
    return {operation.name for operation in operations} - {AclOperation.DESCRIBE.name}


@pytest.mark.parametrize("user", [SCHOOL, OTHER, "intake", "notifications", "nobody-yet"])
def test_the_broker_lets_everybody_do_what_the_catalogue_says_and_nothing_else(secured, topics, user):
    settings = _as(secured, user)
    client = AdminClient(admin_settings(settings))
    for topic in topics:
        expected = {"WRITE"} if user in topic.writers else set()
        expected |= {"READ"} if user in topic.readers else set()
        assert _rights(settings, topic, client) == expected, topic.name


async def test_an_agency_writes_its_own_topic_and_no_other(secured):
    (one,) = load.referrals(5, 1, unnamed=0)
    _, key, value, headers = one.record()
    client = producer(_as(secured, SCHOOL))
    await client.start()
    try:
        await client.send_and_wait(f"inbound.referrals.{SCHOOL}", key=key, value=value, headers=headers)
        for topic in (f"inbound.referrals.{OTHER}", "commands.screening", "events.intake", f"outbound.{SCHOOL}"):
            with pytest.raises(TopicAuthorizationFailedError):
                await client.send_and_wait(topic, key=key, value=value, headers=headers)
    finally:
        await client.stop()


async def test_an_agency_reads_its_own_answers_and_no_other(secured):
    ours = producer(_as(secured, "notifications"))
    await ours.start()
    await ours.send_and_wait(f"outbound.{SCHOOL}", b"for the school", partition=0)
    await ours.send_and_wait(f"outbound.{OTHER}", b"for another school", partition=0)
    await ours.stop()
    # aiokafka looks for a leader for ever where it may not read; the other client says why.
    settings = admin_settings(_as(secured, SCHOOL))
    reader = Consumer({**settings, "group.id": f"icart.{SCHOOL}.test", "auto.offset.reset": "earliest"})
    try:
        own = await asyncio.to_thread(_first, reader, f"outbound.{SCHOOL}")
        assert own.value() == b"for the school"
        for topic in (f"outbound.{OTHER}", f"inbound.referrals.{SCHOOL}", "events.intake", "dead-letters.intake"):
            refused = (await asyncio.to_thread(_first, reader, topic)).error()
            assert refused is not None
            assert refused.name() == "TOPIC_AUTHORIZATION_FAILED"
    finally:
        reader.close()


def _first(reader: Consumer, topic: str) -> Message:
    """The first record of a topic, or the broker's refusal."""
    reader.subscribe([topic])
    found = reader.poll(60)
    assert found is not None
    return found


async def test_a_wrong_password_is_nobody(secured):
    client = producer(_as(secured, SCHOOL, "a guess"))
    with pytest.raises(KafkaError):
        await client.start()
    await client.stop()
