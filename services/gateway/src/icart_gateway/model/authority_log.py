"""All that was ever said about undertakings that belong to no contact: meetings, the chain of managers, nights."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

import asyncpg

from icart_common.contracts.base import Message
from icart_common.contracts.undertakings import UndertakingEvent
from icart_common.db.pool import named_sql
from icart_common.messaging.message import Received
from icart_common.policy.lives import daily_meeting, decision_chain, handover
from icart_gateway.model.changes import Changes

_SQL = named_sql("icart_gateway.model")
_LIVES: Final = (daily_meeting.LIFE, decision_chain.LIFE, handover.LIFE)
_KIND: Final[dict[type[Message], str]] = {step.event: life.kind for life in _LIVES for step in life.steps}


class AuthorityLog:
    """Adds every event of such an undertaking, whole."""

    hears: frozenset[type[Message]] = frozenset(_KIND)

    async def __call__(
        self, batch: Sequence[Received[UndertakingEvent]], connection: asyncpg.Connection, changes: Changes
    ) -> None:
        changes.contacts |= {one.body.undertaking for one in batch}
        changes.lists |= {one.body.authority for one in batch}
        rows = [
            {
                "id": one.message_id,
                "undertaking": one.body.undertaking,
                "authority": one.body.authority,
                "kind": _KIND[type(one.body)],
                "at": one.at,
                "version": one.body.version,
                "type": one.body.TYPE,
                "body": one.body.model_dump(mode="json", exclude_none=True),
            }
            for one in batch
        ]
        await connection.execute(_SQL["tell_of_authority"], json.dumps(rows, default=str))
