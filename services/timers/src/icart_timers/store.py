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
_WARNS_AT, _FRACTIONS, _PAUSES = map(Clock._fields.index, ("warns_at", "fractions", "pauses"))


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
    ordered = sorted(clocks, key=lambda clock: clock.id.int)
    await connection.execute(
        _SQL["add"],
        *_columns(
            ordered, "id", "partition", "authority", "pack_version", "rule", "owner", "subject", "correlation",
            "received_at", "counted_from", "due_at", "sum",
        ),
        [_instants(clock.warns_at) for clock in ordered],
        ["{" + ",".join(map(repr, clock.fractions)) + "}" for clock in ordered],
        *_columns(ordered, "counted_on", "warned", "breached", "state", "paused_at"),
        [_instants(_flat(clock)) for clock in ordered],
        *_columns(ordered, "ended_at", "next_at"),
    )  # fmt: skip


async def change(connection: asyncpg.Connection, clocks: Sequence[Clock]) -> None:
    """Write back clocks that `load` gave; those that wait for the next due instant are woken when this commits."""
    if not clocks:
        return
    await connection.execute(
        _SQL["change"],
        *_columns(clocks, "id", "counted_from", "due_at", "sum"),
        [_instants(clock.warns_at) for clock in clocks],
        *_columns(clocks, "counted_on", "warned", "breached", "state", "paused_at"),
        [_instants(_flat(clock)) for clock in clocks],
        *_columns(clocks, "ended_at", "next_at"),
    )


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


def _instants(instants: Iterable[datetime]) -> str:
    # An array in an array has to be rectangular; each clock has its own number of warnings, so theirs go as text.
    return "{" + ",".join(instant.isoformat() for instant in instants) + "}"


def _flat(clock: Clock) -> Iterable[datetime]:
    return (instant for pause in clock.pauses for instant in pause)


def _clock(row: Any) -> Clock:
    # The statements name the columns in the order of the fields.
    values = list(row.values())
    values[_WARNS_AT], values[_FRACTIONS] = tuple(values[_WARNS_AT]), tuple(values[_FRACTIONS])
    pauses = values[_PAUSES]
    values[_PAUSES] = tuple(zip(pauses[::2], pauses[1::2], strict=True))
    return Clock._make(values)
