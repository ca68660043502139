"""How services, the command line and the tests connect to Kafka: the one place with the client's settings."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from faststream.kafka import KafkaBroker
from faststream.security import SASLScram512

from icart_common.settings import KafkaSettings

_PATIENCE_MS: Final = 1_000


def client_settings(settings: KafkaSettings) -> dict[str, Any]:
    """The arguments that every aiokafka client of ours gets."""
    arguments: dict[str, Any] = {
        "bootstrap_servers": settings.kafka_bootstrap,
        "retry_backoff_ms": 100,
        "metadata_max_age_ms": 30_000,
    }
    if settings.kafka_user:
        arguments |= {
            "security_protocol": "SASL_SSL" if settings.kafka_ca_file else "SASL_PLAINTEXT",
            "sasl_mechanism": "SCRAM-SHA-512",
            "sasl_plain_username": settings.kafka_user,
            "sasl_plain_password": settings.kafka_password.get_secret_value() if settings.kafka_password else "",
        }
    if settings.kafka_ca_file:
        arguments |= {"security_protocol": arguments.get("security_protocol", "SSL"), "ssl_context": _tls(settings)}
    return arguments


def _tls(settings: KafkaSettings) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(settings.kafka_ca_file))


def producer(settings: KafkaSettings, *, linger_ms: int = 2) -> AIOKafkaProducer:
    """A producer that is told of a message only when every in-sync replica has it, and never writes it twice."""
    return AIOKafkaProducer(
        **client_settings(settings),
        acks="all",
        enable_idempotence=True,
        linger_ms=linger_ms,
        max_batch_size=131_072,
        max_request_size=1_048_576,
        request_timeout_ms=30_000,
    )


def consumer(settings: KafkaSettings, *topics: str, group: str | None = None) -> AIOKafkaConsumer:
    """A consumer that reads from the start and commits nothing by itself."""
    return AIOKafkaConsumer(
        *topics,
        **client_settings(settings),
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )


class PatientConsumer(AIOKafkaConsumer):  # type: ignore[misc]  # aiokafka has no types
    """Answers as soon as there are records, and not before a second has passed without any.

    FastStream asks for the time that an idle consumer sleeps, and sleeps as long again after an empty answer. Without patience a
    service that has nothing to do wakes 25 times a second for each of its consumers, and half of what comes lies meanwhile.
    """

    async def getmany(
        self, *partitions: TopicPartition, timeout_ms: int = 0, max_records: int | None = None
    ) -> dict[TopicPartition, list[Any]]:
        patience = max(timeout_ms, _PATIENCE_MS)
        found: dict[TopicPartition, list[Any]] = await super().getmany(
            *partitions, timeout_ms=patience, max_records=max_records
        )
        return found


class _Broker(KafkaBroker):
    """Reads by patient consumers, and writes nothing."""

    async def _connect(self) -> Callable[..., AIOKafkaConsumer]:
        await super()._connect()
        config = self.config.broker_config
        assert isinstance(config.builder, partial)
        config.builder = partial(PatientConsumer, **config.builder.keywords)
        return config.builder


def stream_broker(settings: KafkaSettings, client: str) -> KafkaBroker:
    """FastStream's broker for a service's subscribers. What it publishes goes through the outbox, not through this."""
    security = None
    if settings.kafka_user:
        security = SASLScram512(
            username=settings.kafka_user,
            password=settings.kafka_password.get_secret_value() if settings.kafka_password else "",
            use_ssl=settings.kafka_ca_file is not None,
            ssl_context=_tls(settings) if settings.kafka_ca_file else None,
        )
    return _Broker(
        settings.kafka_bootstrap.split(","),
        client_id=client,
        retry_backoff_ms=100,
        metadata_max_age_ms=30_000,
        consumer_only=True,
        security=security,
        allow_auto_create_topics=False,
        graceful_timeout=15.0,
        logger=None,
    )
