"""The same pair from images, where a container engine is there: what production runs, tested as it is."""

import time

from docker.errors import DockerException  # type: ignore[import-untyped]
from testcontainers.community.postgres import PostgresContainer
from testcontainers.core.container import DockerContainer
from testcontainers.core.docker_client import DockerClient

from icart_localstack import kafka_probe
from icart_localstack.errors import StartFailedError
from icart_localstack.ports import LOOPBACK, choose_port
from icart_localstack.stack import BOOTSTRAP, POSTGRES_URL
from icart_localstack.startable import Startable

_KAFKA_IMAGE = "apache/kafka:4.3.1"
_POSTGRES_IMAGE = "postgres:18"
_START_SECONDS = 120.0


def engine_answers() -> bool:
    """Whether a container engine is there and talks to us."""
    try:
        client = DockerClient().client
    except DockerException:
        return False
    try:
        return bool(client.ping())
    except DockerException:
        return False
    finally:
        client.close()


class ContainerStack(Startable):
    """One broker and one database in containers, reached through ports of 127.0.0.1. Not kept."""

    def __init__(self) -> None:
        self._port = choose_port()
        self._kafka = (
            DockerContainer(_KAFKA_IMAGE)
            # A client is sent to the advertised address, so the port outside has to be known before the start.
            .with_bind_ports(9092, self._port)
            .with_envs(
                KAFKA_NODE_ID="1",
                KAFKA_PROCESS_ROLES="broker,controller",
                KAFKA_LISTENERS="CLIENTS://:9092,CONTROLLER://:9093",
                KAFKA_ADVERTISED_LISTENERS=f"CLIENTS://{LOOPBACK}:{self._port}",
                KAFKA_LISTENER_SECURITY_PROTOCOL_MAP="CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT",
                KAFKA_INTER_BROKER_LISTENER_NAME="CLIENTS",
                KAFKA_CONTROLLER_LISTENER_NAMES="CONTROLLER",
                KAFKA_CONTROLLER_QUORUM_VOTERS="1@localhost:9093",
                KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR="1",
                KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR="1",
                KAFKA_TRANSACTION_STATE_LOG_MIN_ISR="1",
                KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS="0",
                KAFKA_AUTO_CREATE_TOPICS_ENABLE="false",
            )
        )
        self._postgres = PostgresContainer(_POSTGRES_IMAGE, username="postgres", dbname="postgres", driver=None)

    def start(self) -> None:
        """Start both. Raises: StartFailedError, docker's own errors."""
        self._postgres.start()
        self._kafka.start()
        until = time.monotonic() + _START_SECONDS
        while not kafka_probe.answers(self._port):
            if time.monotonic() > until:
                self.stop()
                raise StartFailedError(f"{_KAFKA_IMAGE} did not answer on {self.bootstrap} in {_START_SECONDS:.0f} s.")
            time.sleep(0.1)

    def stop(self) -> None:
        """Remove both."""
        self._kafka.stop()
        self._postgres.stop()

    @property
    def bootstrap(self) -> str:
        """Kafka's address."""
        return f"{LOOPBACK}:{self._port}"

    def postgres_url(self, database: str = "postgres") -> str:
        """The administrator's address of a database."""
        address: str = self._postgres.get_connection_url(driver=None)
        return f"{address.rsplit('/', 1)[0]}/{database}"

    def environment(self) -> dict[str, str]:
        """The variables by which every part of the system finds both."""
        return {BOOTSTRAP: self.bootstrap, POSTGRES_URL: self.postgres_url()}
