"""The settings of one Kafka node: broker and controller in one, on loopback."""

from dataclasses import dataclass
from pathlib import Path

from icart_localstack.ports import LOOPBACK

ADMIN = "admin"
_SASL = "SASL_PLAINTEXT"
_SCRAM_LOGIN = "org.apache.kafka.common.security.scram.ScramLoginModule"
_PLAIN_LOGIN = "org.apache.kafka.common.security.plain.PlainLoginModule"


@dataclass(frozen=True)
class Node:
    """One node of the cluster: its number from 1, its two ports, its folder."""

    number: int
    port: int
    controller_port: int
    folder: Path

    @property
    def settings(self) -> Path:
        """Its server.properties; the path also marks its process among others."""
        return self.folder / "server.properties"

    @property
    def log(self) -> Path:
        """What it says."""
        return self.folder / "server.log"


def settings_of(node: Node, cluster: list[Node], *, admin_password: str | None) -> str:
    """The server.properties of a node.

    One node: nothing replicated. Three: everything three times, two must have a write before it is acknowledged.
    With a password: SCRAM for clients and brokers, PLAIN between controllers (whose SCRAM users are known only once
    they run), access by ACL, the admin allowed everything.
    """
    copies = min(3, len(cluster))
    enough = 2 if copies == 3 else 1
    protocol = "PLAINTEXT" if admin_password is None else _SASL
    lines = {
        "process.roles": "broker,controller",
        "node.id": node.number,
        "controller.quorum.voters": ",".join(f"{n.number}@{LOOPBACK}:{n.controller_port}" for n in cluster),
        "listeners": f"CLIENTS://{LOOPBACK}:{node.port},CONTROLLER://{LOOPBACK}:{node.controller_port}",
        "advertised.listeners": f"CLIENTS://{LOOPBACK}:{node.port}",
        "listener.security.protocol.map": f"CLIENTS:{protocol},CONTROLLER:{protocol}",
        "inter.broker.listener.name": "CLIENTS",
        "controller.listener.names": "CONTROLLER",
        "log.dirs": node.folder / "data",
        "auto.create.topics.enable": "false",
        "default.replication.factor": copies,
        "min.insync.replicas": enough,
        "unclean.leader.election.enable": "false",
        "offsets.topic.num.partitions": 4,
        "offsets.topic.replication.factor": copies,
        "transaction.state.log.num.partitions": 2,
        "transaction.state.log.replication.factor": copies,
        "transaction.state.log.min.isr": enough,
        "share.coordinator.state.topic.num.partitions": 2,
        "share.coordinator.state.topic.replication.factor": copies,
        "share.coordinator.state.topic.min.isr": enough,
        "group.initial.rebalance.delay.ms": 0,
        # A broker that is gone is noticed after this; the default of 9 s stops writes for 11. Alone, a broker has nobody to
        # hand over to, and on a busy machine a short session would only fence it.
        "broker.session.timeout.ms": 9000 if len(cluster) == 1 else 3000,
        "broker.heartbeat.interval.ms": 500,
        # A frozen leader or controller keeps its connections open: how long the others wait for its answer (30 s).
        "replica.socket.timeout.ms": 3000,
        "controller.socket.timeout.ms": 3000,
        # Their defaults take 128 MB of the heap and wait a minute before topics are really deleted.
        "log.cleaner.dedupe.buffer.size": 16 * 1024 * 1024,
        "file.delete.delay.ms": 1000,
    }
    text = "".join(f"{name}={value}\n" for name, value in lines.items())
    return text if admin_password is None else text + _secured(admin_password)


def _secured(password: str) -> str:
    login = f'required username="{ADMIN}" password="{password}"'
    lines = {
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": f"User:{ADMIN}",
        "sasl.mechanism.inter.broker.protocol": "SCRAM-SHA-512",
        "sasl.mechanism.controller.protocol": "PLAIN",
        "listener.name.clients.sasl.enabled.mechanisms": "SCRAM-SHA-512",
        "listener.name.clients.scram-sha-512.sasl.jaas.config": f"{_SCRAM_LOGIN} {login};",
        "listener.name.controller.sasl.enabled.mechanisms": "PLAIN",
        "listener.name.controller.plain.sasl.jaas.config": f'{_PLAIN_LOGIN} {login} user_{ADMIN}="{password}";',
    }
    return "".join(f"{name}={value}\n" for name, value in lines.items())


def scram_user(password: str) -> str:
    """The admin as an argument of the storage tool, which makes the user before the first start."""
    return f"SCRAM-SHA-512=[name={ADMIN},password={password}]"
