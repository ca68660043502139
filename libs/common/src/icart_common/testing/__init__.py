"""What tests of every service share: a fresh database, records as Kafka would give them, and the outbox read back."""

from icart_common.testing.databases import drop_models, fresh_database, migrated_database
from icart_common.testing.examples import example
from icart_common.testing.processes import service_process
from icart_common.testing.records import outbox_messages, record_of, said

__all__ = [
    "drop_models",
    "example",
    "fresh_database",
    "migrated_database",
    "outbox_messages",
    "record_of",
    "said",
    "service_process",
]
