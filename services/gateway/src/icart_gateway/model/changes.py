"""What a batch changed, told to the open pages when it is committed: ids alone, never what is in them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import asyncpg

CHANNEL: Final = "icart_changed"
"""With the schema's name behind it: a generation that is being filled does not stir the pages of the one that serves."""
_MOST_BYTES: Final = 7_900
"""Of one notification, which Postgres takes below 8,000; when more changed, pages are told that everything may have."""


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
    told = _told(sorted(map(str, changes.contacts)), sorted(map(str, changes.answers)), changes.lists)
    if len(told) > _MOST_BYTES:
        told = _told([], [], changes.lists, many=True)
    await connection.execute("select pg_notify($1 || '_' || current_schema(), $2)", CHANNEL, told)


def _told(contacts: list[str], answers: list[str], lists: set[str], *, many: bool = False) -> str:
    return json.dumps({"contacts": contacts, "lists": sorted(lists), "answers": answers, "many": many})
