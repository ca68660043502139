"""The service's reads and writes, a whole batch to a statement."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import asyncpg

from icart_common.contracts.notifications import DeliveryFailed, DeliveryMade
from icart_common.db.pool import named_sql
from icart_notifications.domain.leaving import Delivery
from icart_notifications.domain.notices import Notice

SQL = named_sql("icart_notifications")


def delivery_of(row: Any) -> Delivery:
    """A row of the deliveries."""
    fields = {name: row[name] for name in Delivery.__slots__ if name not in ("view", "text", "meets")}
    return Delivery(view=json.loads(row["view"]), text=row["body"], meets=tuple(row["meets"]), **fields)


async def insert_deliveries(connection: asyncpg.Connection, new: Sequence[Delivery]) -> None:
    """Keep deliveries with their renderings. One statement; nothing when there are none."""
    if not new:
        return
    rows = sorted(new, key=lambda one: one.id)
    await connection.execute(
        SQL["insert_deliveries"],
        [one.id for one in rows],
        [one.authority for one in rows],
        [one.pack_version for one in rows],
        [one.template for one in rows],
        [json.dumps(one.view) for one in rows],
        [one.subject for one in rows],
        [one.text for one in rows],
        [one.channel for one in rows],
        [one.recipient for one in rows],
        [one.address for one in rows],
        [one.about for one in rows],
        [one.reference for one in rows],
        [one.in_reply_to for one in rows],
        ["{" + ",".join(map(str, one.meets)) + "}" for one in rows],  # an array of arrays cannot be ragged
        [one.correlation for one in rows],
        [one.created_at for one in rows],
        [one.state for one in rows],
        [one.attempts for one in rows],
        [one.sendings for one in rows],
    )


async def hear_receipts(connection: asyncpg.Connection, receipts: Sequence[DeliveryMade | DeliveryFailed]) -> None:
    """Keep what became of e-mails. One statement; none when nothing is to keep."""
    if not receipts:
        return
    await connection.execute(
        SQL["hear_receipts"],
        [one.delivery for one in receipts],
        [one.sendings for one in receipts],
        [one.attempts for one in receipts],
        ["made" if isinstance(one, DeliveryMade) else "failed" for one in receipts],
        [None if isinstance(one, DeliveryMade) else one.reason for one in receipts],
        [one.delivered_at if isinstance(one, DeliveryMade) else one.failed_at for one in receipts],
    )


async def settle_heard(connection: asyncpg.Connection, deliveries: Sequence[UUID] | None = None) -> set[UUID]:
    """End the e-mails that were sent before by what was heard of them: these, or all. Returns which."""
    return {row["id"] for row in await connection.fetch(SQL["settle_heard"], deliveries)}


async def load_deliveries(connection: asyncpg.Connection, ids: Iterable[UUID]) -> dict[UUID, Delivery]:
    """Deliveries by id, locked. One statement; none when nothing is asked for."""
    wanted = sorted(set(ids))
    rows = await connection.fetch(SQL["load_deliveries"], wanted) if wanted else []
    return {row["id"]: delivery_of(row) for row in rows}


async def resend_deliveries(connection: asyncpg.Connection, again: Sequence[tuple[Delivery, Any]]) -> None:
    """Write deliveries that are sent again, each with its instant. One statement."""
    if not again:
        return
    rows = sorted(again, key=lambda pair: pair[0].id)
    await connection.execute(
        SQL["resend_deliveries"],
        [one.id for one, _ in rows],
        [one.state for one, _ in rows],
        [one.attempts for one, _ in rows],
        [one.sendings for one, _ in rows],
        [at for _, at in rows],
    )


async def load_notices(connection: asyncpg.Connection, ids: Iterable[UUID]) -> dict[UUID, Notice]:
    """Notices by id, locked. One statement; none when nothing is asked for."""
    wanted = sorted(set(ids))
    rows = await connection.fetch(SQL["load_notices"], wanted) if wanted else []
    notices = [Notice.model_validate_json(row["whole"]) for row in rows]
    return {notice.id: notice for notice in notices}


async def write_notices(connection: asyncpg.Connection, changed: Iterable[Notice]) -> None:
    """Write new and changed notices. One statement; nothing when there are none."""
    rows = sorted(changed, key=lambda notice: notice.id)
    if not rows:
        return
    await connection.execute(
        SQL["write_notices"],
        [notice.id for notice in rows],
        [notice.authority for notice in rows],
        [notice.state for notice in rows],
        [notice.version for notice in rows],
        [notice.model_dump_json() for notice in rows],
    )
