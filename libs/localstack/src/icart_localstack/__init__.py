"""PostgreSQL and Apache Kafka on loopback, and Keycloak, for the try-out and the tests."""

from icart_localstack.errors import (
    FolderInUseError,
    JarsError,
    LocalStackError,
    PortTakenError,
    StartFailedError,
)
from icart_localstack.kafka import LocalKafka
from icart_localstack.postgres import LocalPostgres
from icart_localstack.stack import LocalStack

__all__ = [
    "FolderInUseError",
    "JarsError",
    "LocalKafka",
    "LocalPostgres",
    "LocalStack",
    "LocalStackError",
    "PortTakenError",
    "StartFailedError",
]
