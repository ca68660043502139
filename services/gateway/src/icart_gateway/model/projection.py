"""How read models are made: a projection hears message types and writes its own tables, a whole batch at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import asyncpg

from icart_common.contracts.base import Message
from icart_common.messaging.message import Received
from icart_common.messaging.transaction import Transaction
from icart_gateway.model.changes import Changes, announce


class Projection(Protocol):
    """One subject of the read models. It is called in the batch's transaction, with what it hears, in the order of
    the topic: what is said of one thing is in one partition, so that topics read again in other batches give the same rows."""

    @property
    def hears(self) -> frozenset[type[Message]]: ...

    async def __call__(
        self, batch: Sequence[Received[Any]], connection: asyncpg.Connection, changes: Changes
    ) -> None: ...


class Projector:
    """The handler of a subscription: gives each projection its messages, then tells the open pages what changed."""

    def __init__(self, projections: Sequence[Projection]) -> None:
        self._projections = projections
        self.hears: frozenset[type[Message]] = frozenset().union(*(one.hears for one in projections))

    async def __call__(self, batch: Sequence[Received[Any]], transaction: Transaction) -> None:
        changes = Changes()
        batch = sorted(batch, key=_place)
        for projection in self._projections:
            if mine := [one for one in batch if type(one.body) in projection.hears]:
                await projection(mine, transaction.connection, changes)
        await announce(transaction.connection, changes)


def _place(received: Received[Any]) -> tuple[str, int, int]:
    record = received.record
    assert record is not None, "what is projected was read from a topic"
    return (record.topic, record.partition, record.offset)
