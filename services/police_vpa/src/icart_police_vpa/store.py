"""The service's reads and writes, each one statement for a whole batch."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

import asyncpg

from icart_common.db.pool import named_sql
from icart_police_vpa.domain.vpa import Vpa

_SQL = named_sql("icart_police_vpa")


async def lock_arrivals(connection: asyncpg.Connection, ids: Collection[UUID]) -> None:
    """Hold the ids of assessments that come in, so that no other transaction takes in the same ones meanwhile."""
    await connection.execute(_SQL["lock_arrivals"], sorted(ids))


async def load_vpas(connection: asyncpg.Connection, ids: Collection[UUID]) -> dict[UUID, Vpa]:
    """The assessments that are there, locked until the transaction ends."""
    rows = await connection.fetch(_SQL["load_vpas"], sorted(ids))
    return {row["id"]: Vpa.model_validate_json(row["state"]) for row in rows}


async def save_vpas(connection: asyncpg.Connection, vpas: Collection[Vpa]) -> None:
    """Write the assessments as they are now, those that are new among them."""
    rows = sorted(vpas, key=lambda vpa: vpa.id)
    await connection.execute(
        _SQL["save_vpas"],
        [vpa.id for vpa in rows],
        [vpa.submitted.authority for vpa in rows],
        [vpa.submitted.agency for vpa in rows],
        [vpa.pack_version for vpa in rows],
        [vpa.submitted.grade for vpa in rows],
        [vpa.version for vpa in rows],
        [vpa.status for vpa in rows],
        [vpa.received_at for vpa in rows],
        [vpa.model_dump_json(exclude_none=True) for vpa in rows],
    )
