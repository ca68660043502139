"""Dead letters of every service, and what became of each: where from and why, never what it said. From `dead-letters.*`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

import asyncpg

from icart_common.contracts.base import Message
from icart_common.contracts.deadletters import DeadLettered, DeadLetterSettled
from icart_common.db.pool import named_sql
from icart_common.messaging.message import Received
from icart_gateway.model.changes import Changes

_SQL: Final = named_sql("icart_gateway.model")


class Letters:
    """One row a dead letter."""

    hears: frozenset[type[Message]] = frozenset({DeadLettered, DeadLetterSettled})

    async def __call__(
        self,
        batch: Sequence[Received[DeadLettered | DeadLetterSettled]],
        connection: asyncpg.Connection,
        changes: Changes,
    ) -> None:
        # A letter is recorded before it is settled, whatever the clocks of two machines say.
        for kind, statement in ((DeadLettered, "add_letters"), (DeadLetterSettled, "settle_letters")):
            said = {one.body.dead_letter: one.body for one in batch if type(one.body) is kind}
            if said:
                rows = [said[key].model_dump(mode="json") for key in sorted(said)]
                await connection.execute(_SQL[statement], json.dumps(rows))
