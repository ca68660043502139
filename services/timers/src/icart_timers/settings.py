"""The settings of the timers service."""

from __future__ import annotations

from pydantic import Field

from icart_common.settings import ServiceSettings


class Settings(ServiceSettings):
    """What it has besides every service's settings."""

    fire_clocks: int = Field(default=2000, ge=1, le=20_000)
    """The most clocks that warn or breach in one transaction."""
    fire_lanes: int = Field(default=2, ge=1, le=16)
    """Firing loops of an instance, each with its share of the partitions and a connection of the pool."""
