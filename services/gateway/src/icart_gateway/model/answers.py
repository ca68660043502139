"""What became of commands: refused and why, or carried out, which an event by a person says."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from icart_common.contracts.base import CommandRefused, Message
from icart_common.contracts.catalogue import FAMILY
from icart_common.db.pool import named_sql
from icart_common.messaging.message import Received
from icart_gateway.model.changes import Changes

_SQL = named_sql("icart_gateway.model")

Row = dict[str, Any]


class Answers:
    """Keeps one answer a command and topic. That it was carried out is known by an event in consequence that says who acted."""

    def __init__(self, family: str) -> None:
        self._family = family
        said = FAMILY[family].messages
        by_a_person = (message for message in said if "by" in message.model_fields)
        self.hears: frozenset[type[Message]] = frozenset({CommandRefused, *by_a_person})

    async def __call__(self, batch: Sequence[Received[Any]], connection: asyncpg.Connection, changes: Changes) -> None:
        rows: dict[UUID, Row] = {}
        for one in batch:
            if isinstance(one.body, CommandRefused):
                rows[one.body.command] = _refused(one.body, one.at)
            elif one.body.by is not None:
                first = rows.get(one.correlation)
                if first is None or one.at < first["at"]:
                    rows[one.correlation] = {"command": one.correlation, "at": one.at}
        if not rows:
            return
        changes.answers |= rows.keys()
        told = [{**rows[command], "family": self._family} for command in sorted(rows)]
        await connection.execute(_SQL["add_answers"], json.dumps(told, default=str))


def _refused(refused: CommandRefused, at: datetime) -> Row:
    return {
        "command": refused.command,
        "at": at,
        "code": refused.code,
        "why": refused.why,
        "allowed": list(refused.allowed),
        "version": refused.version,
    }
