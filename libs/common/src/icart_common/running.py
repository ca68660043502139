"""A service as it runs: what its background work and its health pages may use."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from icart_common.clock import Clock
from icart_common.contracts.catalogue import ServiceId
from icart_common.db.pool import Database
from icart_common.messaging.subscriber import Subscriber
from icart_common.settings import ServiceSettings


@dataclass(slots=True)
class Running:
    """What background work of a service may use."""

    service: ServiceId
    settings: ServiceSettings
    database: Database
    clock: Clock
    subscribers: dict[str, Subscriber]
    progress: dict[str, Callable[[], Awaitable[Any]]] = field(default_factory=dict)
    """More facts for `/progress`, by name."""
