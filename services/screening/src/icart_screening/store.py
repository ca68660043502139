"""Screening's reads and writes, each one statement for a whole batch."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from icart_common.contracts.base import Message
from icart_common.contracts.screening import ContactAllocated
from icart_common.contracts.undertakings import UndertakingEvent
from icart_common.db.pool import named_sql
from icart_screening.domain.clock_view import ClockView
from icart_screening.domain.contact import Contact
from icart_screening.domain.undertakings.kinds import BY_NAME
from icart_screening.domain.undertakings.screening_tool import ToolOfChild
from icart_screening.domain.undertakings.undertaking import Undertaking

_SQL = named_sql("icart_screening")


@dataclass(frozen=True, slots=True)
class Logged:
    """A line of a contact's log."""

    contact: UUID
    version: int
    ordinal: int
    """Its place among what happened in one version."""
    at: datetime
    message: Message


async def load_contacts(connection: asyncpg.Connection, ids: Collection[UUID]) -> dict[UUID, Contact]:
    """The contacts that are there, locked until the transaction ends."""
    rows = await connection.fetch(_SQL["load_contacts"], sorted(ids))
    return {row["id"]: Contact.model_validate_json(row["state"]) for row in rows}


async def load_undertakings(
    connection: asyncpg.Connection, ids: Collection[UUID], contacts: Collection[UUID]
) -> dict[UUID, Undertaking]:
    """Those undertakings, and the open ones of those contacts, locked until the transaction ends."""
    rows = await connection.fetch(_SQL["load_undertakings"], sorted(ids), sorted(contacts))
    return {row["id"]: BY_NAME[row["kind"]].holds.model_validate_json(row["body"]) for row in rows}


async def contacts_meant(
    connection: asyncpg.Connection, undertakings: Collection[UUID], references: Collection[str]
) -> set[UUID]:
    """The contacts of those undertakings, and those that people know by these references. Nothing is locked: neither changes."""
    rows = await connection.fetch(_SQL["contacts_meant"], sorted(undertakings), sorted(references))
    return {row["contact"] for row in rows}


async def tools_of_person(connection: asyncpg.Connection, authority: str, person: UUID) -> list[ToolOfChild]:
    """The screening tools of a child, across contacts, the newest first (SC-21)."""
    rows = await connection.fetch(_SQL["tools_of_person"], authority, person)
    return [ToolOfChild.model_validate_json(row["body"]) for row in rows]


async def save_undertakings(connection: asyncpg.Connection, undertakings: Sequence[Undertaking]) -> None:
    """Write the undertakings as they are now, those that are new among them."""
    await connection.execute(
        _SQL["save_undertakings"],
        [one.id for one in undertakings],
        [one.LIFE.kind for one in undertakings],
        [one.authority for one in undertakings],
        [one.contact for one in undertakings],
        [one.state for one in undertakings],
        [one.open for one in undertakings],
        [one.version for one in undertakings],
        [one.begun_at for one in undertakings],
        [one.model_dump_json(exclude_none=True) for one in undertakings],
    )


async def log_undertakings(connection: asyncpg.Connection, events: Sequence[tuple[int, UndertakingEvent]]) -> None:
    """Add to the undertakings' logs, each with its place in the log."""
    await connection.execute(
        _SQL["log_undertakings"],
        [event.undertaking for _, event in events],
        [event.version for _, event in events],
        [ordinal for ordinal, _ in events],
        [event.TYPE for _, event in events],
        [event.at for _, event in events],
        [event.model_dump_json(exclude_none=True) for _, event in events],
    )


async def count_open(
    connection: asyncpg.Connection, workers: Collection[str], *, without: Collection[UUID]
) -> dict[tuple[str, str], int]:
    """How many open contacts each worker has, by authority and worker, those of `without` not counted."""
    rows = await connection.fetch(_SQL["count_open"], sorted(workers), list(without))
    return {(row["authority"], row["worker"]): row["contacts"] for row in rows}


async def save_contacts(connection: asyncpg.Connection, contacts: Sequence[Contact]) -> None:
    """Write the contacts as they are now, those that are new among them."""
    await connection.execute(
        _SQL["save_contacts"],
        [contact.id for contact in contacts],
        [contact.authority for contact in contacts],
        [contact.pack_version for contact in contacts],
        [contact.version for contact in contacts],
        [contact.status for contact in contacts],
        [contact.desktop for contact in contacts],
        [contact.strand for contact in contacts],
        [contact.worker for contact in contacts],
        [contact.arrival.received_at for contact in contacts],
        [contact.model_dump_json(exclude_none=True) for contact in contacts],
    )


async def log_events(connection: asyncpg.Connection, lines: Sequence[Logged]) -> None:
    """Add to the contacts' logs."""
    await connection.execute(
        _SQL["log_events"],
        [line.contact for line in lines],
        [line.version for line in lines],
        [line.ordinal for line in lines],
        [line.message.TYPE for line in lines],
        [line.at for line in lines],
        [_body(line.message) for line in lines],
    )


def _body(message: Message) -> str:
    # A worker's workload was the desktop's of that moment: it is no part of the child's record, and read again from the topics
    # it could differ by what other partitions had brought.
    left_out = {"workload"} if isinstance(message, ContactAllocated) else None
    return message.model_dump_json(exclude=left_out, exclude_none=True)


async def add_clocks(connection: asyncpg.Connection, clocks: Iterable[tuple[UUID, UUID, str]]) -> None:
    """Make a row for each clock (its id, its contact, its rule) that has none."""
    heard = sorted(set(clocks))
    await connection.execute(
        _SQL["add_clocks"],
        [clock for clock, _, _ in heard],
        [contact for _, contact, _ in heard],
        [rule for _, _, rule in heard],
    )


async def load_clocks(connection: asyncpg.Connection, clocks: Collection[UUID]) -> dict[UUID, ClockView]:
    """How the clocks stand, locked until the transaction ends."""
    rows = await connection.fetch(_SQL["load_clocks"], sorted(clocks))
    return {row["clock"]: ClockView.model_validate_json(row["view"]) for row in rows}


async def save_clocks(connection: asyncpg.Connection, views: Mapping[UUID, ClockView]) -> None:
    """Write how the clocks stand now."""
    clocks = sorted(views)
    standings = [views[clock].standing for clock in clocks]
    dues = [views[clock].due for clock in clocks]
    await connection.execute(
        _SQL["save_clocks"],
        clocks,
        [standing.state if standing else "unknown" for standing in standings],
        [due.due_at if due else None for due in dues],
        [due.sum or None if due else None for due in dues],
        [views[clock].model_dump_json(exclude_none=True) for clock in clocks],
    )
