"""All that was ever said about a contact and about its undertakings: what the page of a contact is read from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg

from icart_common.contracts.base import Message
from icart_common.contracts.catalogue import FAMILY
from icart_common.contracts.undertakings import UndertakingEvent
from icart_common.db.pool import named_sql
from icart_common.messaging.message import Received
from icart_gateway.model.changes import Changes

_SQL = named_sql("icart_gateway.model")


def of_a_contact(family: str) -> frozenset[type[Message]]:
    """The events of a topic that name the contact which they are about."""
    said = FAMILY[family].messages
    return frozenset(message for message in said if "contact" in message.model_fields)


class Log:
    """Adds every event of a contact, whole, in the order of its time."""

    def __init__(self, said: frozenset[type[Message]]) -> None:
        self.hears = said

    async def __call__(self, batch: Sequence[Received[Any]], connection: asyncpg.Connection, changes: Changes) -> None:
        rows = [(one, found) for one in batch if (found := getattr(one.body, "contact", None)) is not None]
        if not rows:
            return
        changes.contacts |= {contact for _, contact in rows}
        await connection.execute(
            _SQL["tell"],
            [one.message_id for one, _ in rows],
            [contact for _, contact in rows],
            [_undertaking(one.body) for one, _ in rows],
            [one.at for one, _ in rows],
            [getattr(one.body, "version", None) for one, _ in rows],
            [one.body.TYPE for one, _ in rows],
            [one.body.model_dump_json(exclude_none=True) for one, _ in rows],
        )


def _undertaking(body: Message) -> UUID | None:
    return body.undertaking if isinstance(body, UndertakingEvent) else None
