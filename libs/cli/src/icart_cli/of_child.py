"""`icart shares` and `icart tools`: what is kept of a child, whichever contact it came with (CO-8, SC-21). No names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import asyncpg

from icart_cli.database import connect
from icart_cli.describe import shown
from icart_cli.output import Output
from icart_cli.places import Places
from icart_cli.records import found
from icart_common.contracts.checks import (
    CheckCancelled,
    CheckRequested,
    SharingAuthorised,
    SharingDeclined,
    SharingEnded,
)
from icart_common.contracts.undertakings import UndertakingEvent
from icart_screening import store
from icart_screening.shares import shares_of

_SHARES = ("when", "what", "agencies", "about", "ground", "decided by", "role", "contact")
_TOOLS = ("when", "tool", "band", "score", "route", "filled in on", "contact")


async def show_shares(output: Output, places: Places, contact: str) -> None:
    """Each share and each decision about one, the oldest first, with its ground and who decided."""
    async with connect(places, "screening") as connection:
        authority, person = await _child(connection, await found(connection, contact))
        listed = await shares_of(connection, authority, person)
    rows = ((shown(event.at), *_share(event), str(event.contact)) for event in listed)
    output.table("share", _SHARES, rows, empty="Nothing was shared about this child, and nothing decided about it.")


async def show_tools(output: Output, places: Places, contact: str) -> None:
    """Each screening tool of the child, the newest first."""
    async with connect(places, "screening") as connection:
        authority, person = await _child(connection, await found(connection, contact))
        listed = await store.tools_of_person(connection, authority, person)
    rows = (
        (
            shown(one.begun_at), one.tool, one.band, one.score, one.route,
            one.filled_in_on and one.filled_in_on.isoformat(), str(one.contact),
        )
        for one in listed
    )  # fmt: skip
    output.table("tool", _TOOLS, rows, empty="No screening tool was filled in for this child.")


async def _child(connection: asyncpg.Connection, contact: UUID) -> tuple[str, UUID]:
    held = (await store.load_contacts(connection, [contact]))[contact]
    return held.authority, held.arrival.child.person


def _share(event: UndertakingEvent) -> tuple[Any, ...]:
    """What happened, to whom, about what, on which ground, by whom and in which role."""
    match event:
        case CheckRequested():
            basis = event.basis
            ground = basis and (basis.ground or basis.kind)
            return ("asked", event.agency, event.rule, ground, *_by(basis and basis.decided_by))
        case CheckCancelled():
            return ("told that it is not needed", event.agency, None, event.because, *_by(event.by))
        case SharingAuthorised():
            return (
                "authorised without the parents' knowledge",
                ", ".join(event.agencies),
                None,
                event.ground,
                *_by(event.by),
            )
        case SharingDeclined():
            return ("not shared", event.agency, event.rule, event.ground, *_by(event.by))
        case SharingEnded():
            return ("authorisation over", None, None, event.because, *_by(event.by))
    raise TypeError(f"{type(event).__name__} is no share")


def _by(actor: Any) -> Iterator[str | None]:
    yield actor.person if actor else None
    yield actor.role if actor else None
