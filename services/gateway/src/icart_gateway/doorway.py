"""What every page and every call of the API may use: settings, policy, the two databases, the broker, the clock."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol, cast

import asyncpg
from fastapi import Request

from icart_common.clock import Clock, SystemClock
from icart_common.db.pool import Database
from icart_common.messaging.publish import Publisher
from icart_common.policy import PolicyBook
from icart_common.running import Running
from icart_gateway.live import Live
from icart_gateway.rows import reading
from icart_gateway.settings import Settings


class Somebody(Protocol):
    """Whoever reads: somebody who is signed in, or a client of the API."""

    @property
    def authority(self) -> str: ...

    @property
    def person(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Doorway:
    """Made once, when the pages begin to be served."""

    settings: Settings
    book: PolicyBook
    held: Database
    """What no topic holds: sessions, drafts, the trail of reads (schema `public`)."""
    models: Database
    """The generation of the read models that serves. Pages read it and never write it."""
    publisher: Publisher
    live: Live
    clock: Clock
    running: Running
    address: str
    """How browsers reach it, without a slash at the end."""
    wall: Clock = field(default_factory=SystemClock)
    """The time of sessions and tokens: the machine's, also while a story moves its own clock over weeks."""

    def reading(self, who: Somebody) -> AbstractAsyncContextManager[asyncpg.Connection]:
        """A connection to the read models that sees the rows of the person's authority alone."""
        return reading(self.models, who.authority, who.person)


def doorway(request: Request) -> Doorway:
    """For `Depends`."""
    return cast(Doorway, request.app.state.doorway)
