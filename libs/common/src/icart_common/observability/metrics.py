"""Every metric, by name, in one place. Labels are services, runners, topics and reasons: never a person or a thing's id."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from prometheus_client import Counter, Gauge, Histogram

RECORDS: Final = Counter("icart_records_total", "Records read from Kafka and committed", ["service", "runner"])
MESSAGES: Final = Counter(
    "icart_messages_total", "Messages that had their effect (not repeats, not poison)", ["service", "runner"]
)
DEAD_LETTERS: Final = Counter(
    "icart_dead_letters_total", "Messages put aside, by reason", ["service", "runner", "code"]
)
RETRIES: Final = Counter(
    "icart_retries_total", "Batches tried again after a passing error", ["service", "runner", "error"]
)
BATCH_RECORDS: Final = Histogram(
    "icart_batch_records", "Records in a batch", ["service", "runner"], buckets=(1, 5, 25, 100, 250, 500, 1000)
)
BATCH_STATEMENTS: Final = Histogram(
    "icart_batch_statements", "SQL statements run for a batch", ["service", "runner"], buckets=(2, 4, 6, 8, 12, 16, 24)
)
BATCH_SECONDS: Final = Histogram(
    "icart_batch_seconds", "Time from the first statement to the commit", ["service", "runner"]
)
OFFSET_LAG: Final = Gauge("icart_offset_lag", "Records not yet read", ["service", "runner"])
OLDEST_UNPROCESSED: Final = Gauge(
    "icart_oldest_unprocessed_seconds",
    "Age of the oldest record not yet handled; 0 when there is none",
    ["service", "runner"],
)
LAST_PROGRESS: Final = Gauge(
    "icart_last_progress_timestamp_seconds", "When offsets last moved, or the lag was last 0", ["service", "runner"]
)
OUTBOX_ROWS: Final = Gauge("icart_outbox_rows", "Rows waiting in the outbox", ["service"])
OUTBOX_OLDEST: Final = Gauge(
    "icart_outbox_oldest_seconds", "Age of the oldest row of the outbox; 0 when empty", ["service"]
)
RELAYED: Final = Counter("icart_relayed_total", "Outbox rows sent on and removed", ["service"])
FENCED: Final = Counter(
    "icart_relay_fenced_total", "Rows that a relay may no longer remove: its lease was taken", ["service"]
)
TOPICS_ASIDE: Final = Gauge(
    "icart_relay_topics_aside", "Topics whose outbox rows wait because the broker does not have them", ["service"]
)
KEYS_TOO_LARGE: Final = Gauge(
    "icart_relay_keys_too_large", "Keys whose outbox rows wait behind one that the broker will not have", ["service"]
)
LEASES: Final = Gauge("icart_relay_buckets", "Buckets of the outbox that this relay holds", ["service"])
BREAKER_OPEN: Final = Gauge(
    "icart_breaker_open", "1 while a topic rests because most of it is poison", ["service", "topic"]
)
WAITING: Final = Gauge("icart_waiting_commands", "Commands waiting for the record that they are about", ["service"])
CLOCKS_FIRED: Final = Counter("icart_clocks_fired_total", "Warnings, breaches, and moves by a calendar", ["kind"])
CLOCK_LATENESS: Final = Histogram(
    "icart_clock_lateness_seconds",
    "From a clock's due instant to its event in the outbox",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 60),
)
DOCUMENTS: Final = Counter("icart_documents_total", "Documents looked at, by what was found", ["state", "reason"])
DOCUMENTS_OLDEST: Final = Gauge(
    "icart_documents_oldest_waiting_seconds", "Age of the oldest document that arrived and waits for the scanner"
)
DELIVERIES: Final = Counter("icart_deliveries_total", "What left, by channel and result", ["channel", "result"])


def batch_done(
    service: str, runner: str, *, records: int, new: int, poison: Iterable[str], statements: int, seconds: float
) -> None:
    """Take note of a committed batch."""
    RECORDS.labels(service, runner).inc(records)
    MESSAGES.labels(service, runner).inc(new)
    BATCH_RECORDS.labels(service, runner).observe(records)
    BATCH_STATEMENTS.labels(service, runner).observe(statements)
    BATCH_SECONDS.labels(service, runner).observe(seconds)
    for code in poison:
        DEAD_LETTERS.labels(service, runner, code).inc()
