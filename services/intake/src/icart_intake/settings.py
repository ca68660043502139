"""The settings of the intake service: those that every service has."""

from __future__ import annotations

from icart_common.settings import ServiceSettings


class Settings(ServiceSettings):
    """Nothing of its own: what differs between authorities is in their packs."""
