"""The settings that every service has in common, from the environment (`ICART_*`). Every field names its unit."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class KafkaSettings(BaseSettings):
    """How to reach Kafka."""

    model_config = SettingsConfigDict(env_prefix="ICART_", frozen=True, hide_input_in_errors=True)

    kafka_bootstrap: str = "127.0.0.1:9092"
    """`host:port[,host:port…]`."""
    kafka_user: str | None = None
    """SASL SCRAM-SHA-512 principal; none means a plain listener (loopback only)."""
    kafka_password: SecretStr | None = None
    kafka_ca_file: Path | None = None
    """Certificate authority of the brokers; with it the connection is TLS."""


class ServiceSettings(KafkaSettings):
    """What a service needs to run; a service's own class adds its own fields."""

    database_url: SecretStr
    """`postgresql://…` of this service's own database."""
    database_connections: int = Field(default=8, ge=3, le=100)
    """Connections in the pool: one for each subscriber, the relay's two, and the pages'."""
    database_wait_seconds: float = Field(default=5.0, gt=0)
    """How long to wait for a free connection before the batch is tried again."""
    batch_records: int = Field(default=500, ge=1, le=5000)
    """The most records in one batch and transaction."""
    batch_wait_ms: int = Field(default=20, ge=1)
    """How long a consumer to which nothing came for a second sleeps before it looks again, in milliseconds."""
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=0, ge=0, le=65535)
    """Where `/livez`, `/readyz`, `/progress` and `/metrics` answer; 0 takes any free port."""
    clock_file: Path | None = None
    """A simulated clock (the story's); none is the machine's own."""
    packs_folder: Path | None = None
    """Policy packs; none is the packs that come with the release."""
    outbox_buckets: int = Field(default=16, ge=1, le=256)
    """Into how many buckets keys are dealt; each bucket has one relay at a time. The same for all instances."""
    relay_lease_seconds: float = Field(default=5.0, gt=0)
    relay_batch_rows: int = Field(default=2000, ge=1)
    breaker_share: float = Field(default=0.5, gt=0, le=1)
    """The share of poison among a topic's last records that opens its breaker."""
    breaker_records: int = Field(default=200, ge=10)
    """How many of a topic's last records the breaker looks at."""
    breaker_rest_seconds: float = Field(default=30.0, gt=0)
    """How long a topic rests when its breaker has opened."""
    stuck_after_seconds: float = Field(default=120.0, gt=0)
    """No progress for so long while there is work, and the service is not ready."""
    waiting_seconds: float = Field(default=10.0, gt=0)
    """How long a command waits for the record that it is about before it is refused as unknown."""
    ops_token: SecretStr | None = Field(default=None, min_length=20)
    """What the operations pages show a service's `/dead-letters`, which hands out originals; without one it is shut."""
    log_level: str = "INFO"
    otlp_endpoint: str | None = None
    """Where spans are sent (OTLP over HTTP); none keeps tracing to the headers alone."""
