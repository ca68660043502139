"""The clocks' rows: read and written for whole batches, one statement each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from icart_common.db.pool import named_sql
from icart_timers.domain.clock import Clock

_SQL = named_sql("icart_timers")
_WARNS_AT, _FRACTIONS, _COUNTED_ON, _PAUSES = map(
    Clock._fields.index, ("warns_at", "fractions", "counted_on", "pauses")
)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is to come, on all partitions."""

    next_due: datetime | None
    pending: int
    """Clocks that still have something to say."""
    overdue: int
    """Clocks that should have said something by now."""


async def load(connection: asyncpg.Connection, ids: Iterable[UUID]) -> dict[UUID, Clock]:
    """The clocks with these ids, each locked until the transaction ends."""
    rows = await connection.fetch(_SQL["load"], list(set(ids)))
    return {row["id"]: _clock(row) for row in rows}


async def add(connection: asyncpg.Connection, clocks: Sequence[Clock]) -> None:
    """Keep new clocks; those that wait for the next due instant are woken when this commits."""
    if not clocks:
        return
    await connection.execute(_SQL["add"], [_row(clock) for clock in sorted(clocks, key=lambda clock: clock.id.int)])


async def change(connection: asyncpg.Connection, clocks: Sequence[Clock]) -> None:
    """Write back clocks that `load` gave; those that wait for the next due instant are woken when this commits."""
    if not clocks:
        return
    await connection.execute(_SQL["change"], [_row(clock) for clock in clocks])


async def claim(connection: asyncpg.Connection, horizons: Mapping[int, datetime], most: int) -> list[Clock]:
    """Clocks that are due by the horizon of their partition, locked; at most about `most`, shared among the partitions."""
    share = -(-most // len(horizons))
    rows = await connection.fetch(_SQL["claim"], list(horizons), list(horizons.values()), share)
    return [_clock(row) for row in rows]


async def outdated(connection: asyncpg.Connection, partition: int, marks: Sequence[str], most: int) -> list[Clock]:
    """At most `most` clocks of a partition that are not over and bear none of these marks of a calendar, locked."""
    return [_clock(row) for row in await connection.fetch(_SQL["outdated"], partition, marks, most)]


async def mark(connection: asyncpg.Connection, clocks: Sequence[Clock]) -> None:
    """Write down what claimed clocks have said."""
    if not clocks:
        return
    await connection.execute(_SQL["mark"], *_columns(clocks, "id", "warned", "breached", "next_at"))


async def next_due(connection: asyncpg.Connection, partitions: Sequence[int]) -> datetime | None:
    """When the next clock of these partitions warns or breaches."""
    found: datetime | None = await connection.fetchval(_SQL["next"], partitions)
    return found


async def outlook(connection: asyncpg.Connection, now: datetime) -> Outlook:
    """What is to come, on all partitions."""
    return Outlook(**dict(await connection.fetchrow(_SQL["outlook"], now)))


def _columns(clocks: Sequence[Clock], *names: str) -> list[list[Any]]:
    return [[getattr(clock, name) for clock in clocks] for name in names]


def _row(clock: Clock) -> tuple[Any, ...]:
    """The clock as a row of its table, whose columns are in the order in which migrations made them."""
    pauses = [instant for pause in clock.pauses for instant in pause]
    return (
        *clock[:_COUNTED_ON],
        *clock[_COUNTED_ON + 1 : _PAUSES],
        pauses,
        clock.ended_at,
        clock.next_at,
        clock.counted_on,
    )


def _clock(row: Any) -> Clock:
    # The statements name the columns in the order of the fields.
    values = list(row.values())
    values[_WARNS_AT], values[_FRACTIONS] = tuple(values[_WARNS_AT]), tuple(values[_FRACTIONS])
    pauses = values[_PAUSES]
    values[_PAUSES] = tuple(zip(pauses[::2], pauses[1::2], strict=True)) if pauses else ()
    return Clock._make(values)
