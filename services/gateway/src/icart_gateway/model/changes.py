"""What a batch changed, told to the open pages when it is committed: ids alone, never what is in them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import asyncpg

CHANNEL: Final = "icart_changed"
"""With the schema's name behind it: a generation that is being filled does not stir the pages of the one that serves."""
_MOST = 200
"""Ids in one notification, whose limit is 8,000 bytes; when more changed, pages are told that everything may have."""


@dataclass(slots=True)
class Changes:
    """Which contacts (their undertakings and clocks counted in), which authorities' lists, and which answers there are now."""

    contacts: set[UUID] = field(default_factory=set)
    lists: set[str] = field(default_factory=set)
    """Authorities whose desktops look different now."""
    answers: set[UUID] = field(default_factory=set)
    """Correlations of commands that were carried out or refused: the id of the command's message."""


async def announce(connection: asyncpg.Connection, changes: Changes) -> None:
    """Notify, in the transaction, so that a page which asks finds it. Nothing when nothing changed."""
    if not (changes.contacts or changes.lists or changes.answers):
        return
    many = len(changes.contacts) + len(changes.answers) > _MOST
    told = {
        "contacts": [] if many else sorted(map(str, changes.contacts)),
        "lists": sorted(changes.lists),
        "answers": [] if many else sorted(map(str, changes.answers)),
        "many": many,
    }
    await connection.execute("select pg_notify($1 || '_' || current_schema(), $2)", CHANNEL, json.dumps(told))
