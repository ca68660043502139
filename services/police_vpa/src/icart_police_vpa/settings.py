"""The service's settings: what every service has is all that it needs."""

from __future__ import annotations

from icart_common.settings import ServiceSettings


class Settings(ServiceSettings):
    """From the environment, `ICART_*`."""
