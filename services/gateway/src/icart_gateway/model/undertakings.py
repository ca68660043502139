"""Every undertaking as it stands, by the lives of the policy (`events.screening`; decision 0013)."""

from __future__ import annotations

from collections.abc import Sequence

import asyncpg

from icart_common.contracts.base import Message
from icart_common.contracts.undertakings import UndertakingEvent
from icart_common.db.pool import named_sql
from icart_common.messaging.message import Received
from icart_common.policy.lives import LIFE_OF, LIFE_WITH, UNDERTAKING_EVENTS
from icart_common.policy.lives.life import Life
from icart_gateway.model.changes import Changes
from icart_gateway.model.fold import Row, fold

_SQL = named_sql("icart_gateway.model")


class Undertakings:
    """A row for each undertaking that ever began."""

    hears: frozenset[type[Message]] = frozenset(UNDERTAKING_EVENTS)

    async def __call__(
        self, batch: Sequence[Received[UndertakingEvent]], connection: asyncpg.Connection, changes: Changes
    ) -> None:
        changes.contacts |= {one.body.contact or one.body.undertaking for one in batch}
        await fold(
            connection, batch, load=_SQL["load_undertakings"], save=_SQL["save_undertakings"],
            key=lambda said: said.undertaking, change=_after,
        )  # fmt: skip


def _after(row: Row | None, body: UndertakingEvent) -> Row | None:
    life = LIFE_OF[row["kind"]] if row else LIFE_WITH.get(type(body))
    if life is None:
        return None
    step = life.taken(row["state"] if row else None, type(body))
    if row is None:
        return _begun(life, step.reaches, body) if step and step.reaches else None
    state = step.reaches if step and step.reaches else row["state"]
    return row | {"version": body.version, "state": state, "over": state in life.ends, "at": body.at}


def _begun(life: Life, state: str, body: UndertakingEvent) -> Row:
    return {
        "id": body.undertaking,
        "authority": body.authority,
        "kind": life.kind,
        "contact": body.contact,
        "pack_version": body.pack_version,
        "version": body.version,
        "state": state,
        "over": state in life.ends,
        "begun_at": body.at,
        "at": body.at,
    }
