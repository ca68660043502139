"""The settings of the timers service."""

from __future__ import annotations

from pydantic import Field

from icart_common.settings import ServiceSettings


class Settings(ServiceSettings):
    """What it has besides every service's settings."""

    fire_clocks: int = Field(default=2000, ge=1, le=20_000)
    """The most clocks that warn or breach in one transaction."""
