"""Rows that are read once a batch, changed by each event in turn, and written once: two statements, however long the batch."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

import asyncpg

from icart_common.contracts.base import Message
from icart_common.messaging.message import Received

Row = dict[str, Any]
Said = TypeVar("Said", bound=Message)


async def fold(
    connection: asyncpg.Connection,
    batch: Sequence[Received[Said]],
    *,
    load: str,
    save: str,
    key: Callable[[Said], UUID],
    change: Callable[[Row | None, Said], Row | None],
) -> None:
    """`change` gives the row after an event, from the row before it (None: there is none yet); None: nothing is known of it.

    `load` takes ids and locks in their order. `save` takes all rows as one JSON array: a row holds nothing that is JSON itself.
    """
    found = await connection.fetch(load, sorted({key(one.body) for one in batch}))
    rows: dict[UUID, Row] = {row["id"]: dict(row) for row in found}
    for one in batch:
        changed = change(rows.get(key(one.body)), one.body)
        if changed is not None:
            rows[key(one.body)] = changed
    await connection.execute(save, json.dumps([rows[one] for one in sorted(rows)], default=str))
