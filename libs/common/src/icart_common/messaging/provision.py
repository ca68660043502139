"""Topics and their ACLs, made what the catalogue says. Administration is the only use of `confluent-kafka`.

`plan` is pure: what there is and what there should be give a list of changes that a person can read before `apply`.
Nothing is ever deleted: a topic that the catalogue no longer has is reported.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from confluent_kafka import KafkaException
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewPartitions,
    NewTopic,
    ResourcePatternType,
    ResourceType,
)

from icart_common.contracts.catalogue import MAXIMUM_MESSAGE_BYTES, Topic
from icart_common.settings import KafkaSettings

_SECONDS = 30.0
_OURS = ("inbound.", "outbound.", "commands.", "events.", "dead-letters.")


@dataclass(frozen=True, slots=True)
class Existing:
    """A topic as the broker has it."""

    partitions: int
    settings: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Grant:
    """One right of one principal: `READ` or `WRITE` on a topic, `READ` on the consumer groups of a prefix."""

    principal: str
    operation: str
    topic: str | None = None
    group_prefix: str | None = None


@dataclass(slots=True)
class Plan:
    """What would be changed."""

    create: list[Topic] = field(default_factory=list)
    grow: list[tuple[Topic, int]] = field(default_factory=list)
    configure: list[tuple[Topic, dict[str, str]]] = field(default_factory=list)
    cannot_shrink: list[Topic] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    grant: list[Grant] = field(default_factory=list)
    revoke: list[Grant] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return not (self.create or self.grow or self.configure or self.grant or self.revoke)


def settings_of(topic: Topic, *, simulated_time: bool = False, replication: int = 1) -> dict[str, str]:
    """A topic's settings on the broker.

    What outsiders write is stamped by the broker, so that nobody sets back a child's clock; under a story's simulated
    clock the writers stamp it themselves.
    """
    stamped = not topic.family.ours and not simulated_time
    settings = {
        "retention.ms": str(topic.retention_ms),
        "max.message.bytes": str(MAXIMUM_MESSAGE_BYTES),
        "message.timestamp.type": "LogAppendTime" if stamped else "CreateTime",
        "min.insync.replicas": str(max(1, replication - 1)),
    }
    if simulated_time and not topic.family.ours:
        settings |= {"message.timestamp.after.max.ms": str(2**63 - 1), "retention.ms": "-1"}
    return settings


def grants_of(topics: Sequence[Topic]) -> list[Grant]:
    """The rights that the catalogue gives: an agency writes its own topics and reads its own alone."""
    grants: dict[Grant, None] = {}
    for topic in topics:
        for writer in topic.writers:
            grants[Grant(writer, "WRITE", topic=topic.name)] = None
        for reader in topic.readers:
            grants[Grant(reader, "READ", topic=topic.name)] = None
            grants[Grant(reader, "READ", group_prefix=f"icart.{reader}.")] = None
    return list(grants)


def plan(
    wanted: Sequence[Topic],
    existing: Mapping[str, Existing],
    granted: Sequence[Grant] | None,
    *,
    simulated_time: bool = False,
    replication: int = 1,
) -> Plan:
    """What has to change for the broker to be what the catalogue says. `granted` is None on a broker without ACLs."""
    found = Plan()
    for topic in wanted:
        there = existing.get(topic.name)
        settings = settings_of(topic, simulated_time=simulated_time, replication=replication)
        if there is None:
            found.create.append(topic)
            continue
        if there.partitions < topic.partitions:
            found.grow.append((topic, there.partitions))
        elif there.partitions > topic.partitions:
            found.cannot_shrink.append(topic)
        different = {name: value for name, value in settings.items() if there.settings.get(name) != value}
        if different:
            found.configure.append((topic, different))
    names = {topic.name for topic in wanted}
    found.unknown = sorted(name for name in existing if name.startswith(_OURS) and name not in names)
    if granted is not None:
        should = grants_of(wanted)
        found.grant = [grant for grant in should if grant not in set(granted)]
        found.revoke = [grant for grant in granted if grant not in set(should)]
    return found


class Administration:
    """A broker's topics and ACLs, read and changed."""

    def __init__(self, settings: KafkaSettings, *, simulated_time: bool = False) -> None:
        self._client = AdminClient(admin_settings(settings))
        self._simulated_time = simulated_time

    def replication(self) -> int:
        """How many copies a topic gets: three where there are three brokers."""
        return min(3, len(self._client.list_topics(timeout=_SECONDS).brokers))

    def existing(self) -> dict[str, Existing]:
        """The topics of ours that the broker has, with their settings."""
        metadata = self._client.list_topics(timeout=_SECONDS)
        names = [name for name in metadata.topics if name.startswith(_OURS)]
        if not names:
            return {}
        asked = self._client.describe_configs([ConfigResource(ResourceType.TOPIC, name) for name in names])
        answered = {resource.name: future.result(_SECONDS) for resource, future in asked.items()}
        return {
            name: Existing(
                len(metadata.topics[name].partitions),
                {setting: entry.value for setting, entry in answered[name].items()},
            )
            for name in names
        }

    def granted(self) -> list[Grant]:
        """The rights that the broker has for our principals."""
        anything: Any = None  # the client's types do not know that a filter may leave these open
        everything = AclBindingFilter(
            ResourceType.ANY,
            anything,
            ResourcePatternType.ANY,
            anything,
            anything,
            AclOperation.ANY,
            AclPermissionType.ANY,
        )
        found = []
        for acl in self._client.describe_acls(everything).result(_SECONDS):
            principal, operation = acl.principal.removeprefix("User:"), acl.operation.name
            if acl.restype == ResourceType.TOPIC and acl.name.startswith(_OURS):
                found.append(Grant(principal, operation, topic=acl.name))
            elif acl.restype == ResourceType.GROUP and acl.name.startswith("icart."):
                found.append(Grant(principal, operation, group_prefix=acl.name))
        return found

    def plan(self, wanted: Sequence[Topic], *, with_acls: bool) -> Plan:
        """What `apply` would change now."""
        return plan(
            wanted,
            self.existing(),
            self.granted() if with_acls else None,
            simulated_time=self._simulated_time,
            replication=self.replication(),
        )

    def apply(self, changes: Plan) -> None:
        """Carry a plan out. Raises `confluent_kafka.KafkaException` naming what the broker refused."""
        replication = self.replication()
        if changes.create:
            new = [
                NewTopic(
                    topic.name,
                    num_partitions=topic.partitions,
                    replication_factor=replication,
                    config=settings_of(topic, simulated_time=self._simulated_time, replication=replication),
                )
                for topic in changes.create
            ]
            # A request that a busy broker was slow to answer is sent again, and finds what the first one made.
            _all(self._client.create_topics(new, operation_timeout=_SECONDS), unless="TOPIC_ALREADY_EXISTS")
        if changes.grow:
            _all(
                self._client.create_partitions(
                    [NewPartitions(topic.name, topic.partitions) for topic, _ in changes.grow]
                )
            )
        if changes.configure:
            resources = []
            for topic, settings in changes.configure:
                entries = [
                    ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET)
                    for name, value in settings.items()
                ]
                resources.append(ConfigResource(ResourceType.TOPIC, topic.name, incremental_configs=entries))
            _all(self._client.incremental_alter_configs(resources))
        if changes.grant:
            _all(self._client.create_acls([_acl(grant) for grant in changes.grant]))
        if changes.revoke:
            _all(self._client.delete_acls([_acl_filter(grant) for grant in changes.revoke]))


def admin_settings(settings: KafkaSettings) -> dict[str, Any]:
    """The settings of the administration client, from the same settings as every other client."""
    found: dict[str, Any] = {"bootstrap.servers": settings.kafka_bootstrap}
    if settings.kafka_user:
        found |= {
            "security.protocol": "SASL_SSL" if settings.kafka_ca_file else "SASL_PLAINTEXT",
            "sasl.mechanism": "SCRAM-SHA-512",
            "sasl.username": settings.kafka_user,
            "sasl.password": settings.kafka_password.get_secret_value() if settings.kafka_password else "",
        }
    if settings.kafka_ca_file:
        found |= {
            "security.protocol": found.get("security.protocol", "SSL"),
            "ssl.ca.location": str(settings.kafka_ca_file),
        }
    return found


def _all(futures: Mapping[Any, Any], *, unless: str = "") -> None:
    for future in futures.values():
        try:
            future.result(_SECONDS)
        except KafkaException as refused:
            if refused.args[0].name() != unless:
                raise


def _acl_arguments(grant: Grant) -> tuple[Any, ...]:
    who = (f"User:{grant.principal}", "*", AclOperation[grant.operation], AclPermissionType.ALLOW)
    if grant.topic:
        return (ResourceType.TOPIC, grant.topic, ResourcePatternType.LITERAL, *who)
    return (ResourceType.GROUP, grant.group_prefix, ResourcePatternType.PREFIXED, *who)


def _acl(grant: Grant) -> AclBinding:
    return AclBinding(*_acl_arguments(grant))


def _acl_filter(grant: Grant) -> AclBindingFilter:
    return AclBindingFilter(*_acl_arguments(grant))
