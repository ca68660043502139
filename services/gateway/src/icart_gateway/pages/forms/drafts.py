"""What somebody is typing: kept on the server, so that nothing is lost by a time-out, a lost connection or a restart (IN-22)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from icart_common.db.pool import named_sql
from icart_gateway.doorway import Doorway
from icart_gateway.signing_in.session import SignedIn

_SQL = named_sql("icart_gateway.pages.forms")
UNDO: Final = timedelta(hours=24)
"""How long what was thrown away can be had back."""
SEEN: Final = "seen_version"
MESSAGE: Final = "message"
"""Kept beside the fields: which version was seen, and the id of the message as it was first sent."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed into a form, by the field's name, and when it was saved last."""

    values: Mapping[str, str]
    saved_at: datetime


async def save(door: Doorway, who: SignedIn, form: str, values: Mapping[str, str]) -> None:
    """Keep the fields. Others of the same form stay."""
    fields = sorted(values)
    async with door.held.connection() as connection:
        await connection.execute(
            _SQL["save_typed"],
            who.authority,
            who.person,
            form,
            fields,
            [values[one] for one in fields],
            door.clock.now(),
        )


async def load(door: Doorway, who: SignedIn, form: str) -> Draft | None:
    """What is kept of a form; None when nothing is."""
    async with door.held.connection() as connection:
        rows = await connection.fetch(_SQL["load_typed"], who.authority, who.person, form)
    if not rows:
        return None
    return Draft({row["field"]: row["value"] for row in rows}, max(row["saved_at"] for row in rows))


async def forget(door: Doorway, who: SignedIn, form: str, message: UUID) -> None:
    """The message was carried out: the words stand in the record now. What was begun since then stays."""
    async with door.held.connection() as connection:
        await connection.execute(_SQL["forget_typed"], who.authority, who.person, form, str(message))


async def discard(door: Doorway, who: SignedIn, form: str) -> None:
    """Throw it away; `take_back` gives it back for a day."""
    now = door.clock.now()
    async with door.held.connection() as connection:
        await connection.execute(_SQL["discard_typed"], who.authority, who.person, form, now)
        await connection.execute(_SQL["clear_discarded"], who.authority, who.person, now - UNDO)


async def take_back(door: Doorway, who: SignedIn, form: str) -> bool:
    """Undo that it was thrown away; False when it is too late."""
    async with door.held.connection() as connection:
        done: str = await connection.execute(
            _SQL["take_back_typed"], who.authority, who.person, form, door.clock.now() - UNDO
        )
    return done != "UPDATE 0"


async def own(door: Doorway, who: SignedIn) -> list[tuple[str, datetime]]:
    """Every form with words of theirs, the newest first."""
    async with door.held.connection() as connection:
        rows = await connection.fetch(_SQL["forms_typed"], who.authority, who.person)
    return [(row["form"], row["saved_at"]) for row in rows]
