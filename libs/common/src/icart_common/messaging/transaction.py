"""What a handler is given: the open transaction, the outbox, and a place to park what came too early."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

import asyncpg

from icart_common.contracts.base import Message
from icart_common.messaging.message import Received
from icart_common.messaging.outbox import Outbox


@dataclass(slots=True)
class Transaction:
    """One batch's transaction. A handler never commits: the runner does, when everything is written."""

    connection: asyncpg.Connection
    outbox: Outbox
    parked: list[tuple[UUID, Received[Any]]] = field(default_factory=list)
    woken: set[UUID] = field(default_factory=set)

    def say(self, message: Message, because: Received[Any], **where: str) -> UUID:
        """Say a message in consequence of a received one (see `Outbox.say`)."""
        return self.outbox.say(message, because, **where)

    def park(self, subject: UUID, received: Received[Any]) -> None:
        """Let a message wait until something else is heard about `subject`; it comes back in that batch."""
        self.parked.append((subject, received))

    def wake(self, subject: UUID) -> None:
        """Something new that messages may have waited for under its own id: those come back before this batch ends."""
        self.woken.add(subject)


class Handler(Protocol):
    """Messages in, changes and messages out, for a whole batch in one transaction."""

    async def __call__(self, batch: Sequence[Received[Any]], transaction: Transaction) -> None: ...
