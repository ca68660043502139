"""Three brokers that replicate, and a broker that asks who is there."""

import asyncio
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAuthorizationFailedError
from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)
from confluent_kafka.admin import NewTopic as TopicToMake

from icart_localstack import LocalKafka

pytestmark = pytest.mark.broker


@pytest.fixture
def folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="icart-localstack-test-"))
    yield folder
    shutil.rmtree(folder)


async def test_three_brokers_go_on_with_one_killed_and_one_frozen_for_a_while(folder: Path) -> None:
    with LocalKafka(folder, brokers=3) as kafka:
        admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
        await admin.start()
        await admin.create_topics([NewTopic("replicated", 3, 3)])
        await admin.close()
        async with AIOKafkaProducer(
            bootstrap_servers=kafka.bootstrap,
            acks="all",
            enable_idempotence=True,
            retry_backoff_ms=200,
            request_timeout_ms=4000,
        ) as producer:

            async def send_to_all() -> None:
                await asyncio.gather(
                    *[producer.send_and_wait("replicated", b"x", partition=partition) for partition in range(3)]
                )

            await send_to_all()
            kafka.kill_broker(0)
            began = time.monotonic()
            await send_to_all()
            assert time.monotonic() - began < 30
            kafka.start_broker(0)
            kafka.pause_broker(1)
            await send_to_all()
            kafka.resume_broker(1)
            await send_to_all()


async def test_a_secured_broker_keeps_to_its_acls(folder: Path) -> None:
    with LocalKafka(folder, secured=True) as kafka:
        admin = AdminClient({**kafka.admin_config})
        admin.create_topics([TopicToMake("guarded", 1, 1)])["guarded"].result(20)
        info = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096)
        for user in ("school", "stranger"):
            change = UserScramCredentialUpsertion(user, info, b"not-a-secret")
            admin.alter_user_scram_credentials([change])[user].result(20)
        acl = AclBinding(
            ResourceType.TOPIC,
            "guarded",
            ResourcePatternType.LITERAL,
            "User:school",
            "*",
            AclOperation.WRITE,
            AclPermissionType.ALLOW,
        )
        admin.create_acls([acl])[acl].result(20)

        async def send_as(user: str) -> None:
            producer = AIOKafkaProducer(
                bootstrap_servers=kafka.bootstrap,
                security_protocol="SASL_PLAINTEXT",
                sasl_mechanism="SCRAM-SHA-512",
                sasl_plain_username=user,
                sasl_plain_password="not-a-secret",
            )
            async with producer:
                await producer.send_and_wait("guarded", b"x")

        await send_as("school")
        with pytest.raises(TopicAuthorizationFailedError):
            await send_as("stranger")
