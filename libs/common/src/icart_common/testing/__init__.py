"""What tests of every service share: a fresh database, records as Kafka would give them, and the outbox read back."""

from icart_common.testing.databases import fresh_database
from icart_common.testing.processes import service_process
from icart_common.testing.records import outbox_messages, record_of, said

__all__ = ["fresh_database", "outbox_messages", "record_of", "said", "service_process"]
