"""How deliveries ended (ST-12): one row each, the last sending counts. From `events.notifications`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import asyncpg

from icart_common.contracts.base import Message
from icart_common.contracts.notifications import DeliveryFailed, DeliveryMade
from icart_common.db.pool import named_sql
from icart_common.messaging.message import Received
from icart_gateway.model.changes import Changes

_SQL: Final = named_sql("icart_gateway.model")
Ended = DeliveryMade | DeliveryFailed


class Deliveries:
    """One row a delivery."""

    hears: frozenset[type[Message]] = frozenset({DeliveryMade, DeliveryFailed})

    async def __call__(
        self, batch: Sequence[Received[Ended]], connection: asyncpg.Connection, changes: Changes
    ) -> None:
        last: dict[UUID, dict[str, Any]] = {}
        for row in (_row(one.body) for one in batch):
            before = last.get(row["id"])
            if before is None or (before["sendings"], before["at"]) <= (row["sendings"], row["at"]):
                last[row["id"]] = row
        await connection.execute(_SQL["save_deliveries"], json.dumps([last[key] for key in sorted(last)], default=str))


def _row(body: Ended) -> dict[str, Any]:
    failed = isinstance(body, DeliveryFailed)
    return {
        "id": body.delivery, "authority": body.authority, "template": body.template, "channel": body.channel,
        "agency": body.recipient, "about": body.about, "failed": failed, "attempts": body.attempts,
        "sendings": body.sendings, "reason": body.reason if isinstance(body, DeliveryFailed) else None,
        "at": body.failed_at if isinstance(body, DeliveryFailed) else body.delivered_at,
    }  # fmt: skip
