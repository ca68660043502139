"""`icart topics plan|apply`: topics and ACLs as the catalogue and the policy packs say."""

from __future__ import annotations

from collections.abc import Iterator

from confluent_kafka import KafkaException

from icart_cli import exits
from icart_cli.output import Output
from icart_cli.places import Places
from icart_common.deployment import deployment_topics
from icart_common.messaging.provision import Administration, Grant, Plan
from icart_common.policy import load_packs


def topics(output: Output, places: Places, *, apply: bool, with_acls: bool, simulated_time: bool) -> int:
    """Show what would change, and change it with `apply`. Returns the exit code."""
    administration = Administration(places.kafka(), simulated_time=simulated_time)
    try:
        changes = administration.plan(deployment_topics(load_packs()), with_acls=with_acls)
        rows = list(_rows(changes))
        output.table(
            "topic", ("change", "what", "detail"), rows, empty="Topics and rights are what the catalogue says."
        )
        if apply and not changes.empty:
            administration.apply(changes)
            output.line(f"Done: {len(rows)} changes.")
    except KafkaException as error:
        reason = error.args[0]
        raise exits.Stop(
            exits.REFUSED, f"The broker refused or did not answer: {reason.name()}.", "`icart doctor` helps."
        ) from None
    return exits.NOT_AS_EXPECTED if changes.cannot_shrink else exits.OK


def _rows(changes: Plan) -> Iterator[tuple[str, str, str]]:
    for topic in changes.create:
        yield "create", topic.name, f"{topic.partitions} partitions, kept {topic.retention_ms // 86_400_000} days"
    for topic, there in changes.grow:
        yield "grow", topic.name, f"{there} to {topic.partitions} partitions"
    for topic, settings in changes.configure:
        yield "configure", topic.name, ", ".join(f"{name}={value}" for name, value in sorted(settings.items()))
    for topic in changes.cannot_shrink:
        yield "cannot", topic.name, "it has more partitions than the catalogue; Kafka cannot take them away"
    for name in changes.unknown:
        yield "unknown", name, "not in the catalogue; nothing is deleted here"
    for word, grants in (("grant", changes.grant), ("revoke", changes.revoke)):
        for grant in grants:
            yield word, _what(grant), f"{grant.operation} to {grant.principal}"


def _what(grant: Grant) -> str:
    return grant.topic or f"groups {grant.group_prefix}*"
