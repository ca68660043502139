"""Consumer groups, for whoever reads topics again from their start."""

from __future__ import annotations

from collections.abc import Sequence
from time import sleep

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from icart_common.clock import monotonic
from icart_common.messaging.provision import admin_settings
from icart_common.settings import KafkaSettings

_PASSES = (
    "NON_EMPTY_GROUP", "COORDINATOR_LOAD_IN_PROGRESS", "COORDINATOR_NOT_AVAILABLE", "NOT_COORDINATOR", "_TIMED_OUT"
)  # fmt: skip
"""What a broker answers while members leave, or while it has only just started or has a great deal to do."""


def forget_offsets(settings: KafkaSettings, groups: Sequence[str], *, seconds: float = 60) -> None:
    """Let consumer groups begin at the start of their topics again; waits until their members have left.

    Raises `KafkaException` when a group is still not empty after `seconds`.
    """
    client = AdminClient({**admin_settings(settings), "log_level": 0})
    until = monotonic() + seconds
    for group in groups:
        while True:
            try:
                client.delete_consumer_groups([group], request_timeout=10)[group].result(30)
                break
            except KafkaException as refused:
                name = refused.args[0].name()
                if name == "GROUP_ID_NOT_FOUND":
                    break
                if name not in _PASSES or monotonic() > until:
                    raise
            sleep(0.5)
