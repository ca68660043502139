"""Somebody who has the desktops open: signed in at the gateway as a browser is, with its live stream, and looking anew."""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg
import httpx2

from icart_gateway.model.changes import CHANNEL

_AUTHORITY = "halton"
PERSON = f"{_AUTHORITY}.social-work-manager"
"""Of the try-out's own people."""


@dataclass(slots=True)
class OpenPage:
    """What a page showed and when, in seconds of the monotonic clock, by contact."""

    pages: str
    models: str
    """The URL of the read models."""
    client: httpx2.AsyncClient
    shown: dict[UUID, float] = field(default_factory=dict)
    """Since when a page that is asked for shows the contact on a desktop: its row was committed."""
    named: dict[UUID, list[float]] = field(default_factory=lambda: defaultdict(list))
    """When the open page's stream named the contact."""
    everything: list[float] = field(default_factory=list)
    """When the stream said that anything may have changed, as it does when a batch changed too many to name."""
    looked: dict[UUID, float] = field(default_factory=dict)
    """How many seconds the contact's own page took to arrive, of some contacts alone: it has to show what was committed."""

    def told(self, contact: UUID) -> float | None:
        """When the open page was first told to look for a contact that was there; None when it never was."""
        there = self.shown.get(contact)
        return min(
            (at for at in (*self.named.get(contact, ()), *self.everything) if there and at >= there), default=None
        )

    async def sign_in(self) -> None:
        """As a browser does with the try-out's identity provider."""
        asked = await self.client.get(f"{self.pages}/sign-in?to=/desktops", follow_redirects=True)
        form = {**asked.url.params, "person": PERSON}
        answer = await self.client.post(f"{self.pages}/local-sign-in/authorize", data=form, follow_redirects=True)
        if answer.status_code != 200 or not answer.url.path.startswith("/desktops"):
            raise RuntimeError(f"signing in ends with {answer.status_code} at {answer.url.path}")

    async def watch(self, every: float) -> None:
        """Until cancelled: the rows as they are committed, the stream as it tells them, and a page every so many seconds."""
        committed: asyncio.Queue[tuple[float, str]] = asyncio.Queue()
        listening, asking = await asyncpg.connect(self.models), await asyncpg.connect(self.models)

        def heard(_connection: object, _pid: int, _channel: str, payload: object) -> None:
            committed.put_nowait((time.perf_counter(), str(payload)))

        await listening.add_listener(f"{CHANNEL}_{await asking.fetchval('select current_schema()')}", heard)
        stream, looking = asyncio.create_task(self._stream()), asyncio.create_task(self._look(every))
        try:
            while True:
                at, change = await committed.get()
                for row in await asking.fetch(*_rows_of(json.loads(change), self.shown)):
                    self.shown.setdefault(row["id"], at)
        finally:
            for task in (stream, looking):
                task.cancel()
            await asyncio.gather(stream, looking, return_exceptions=True)
            await listening.close()
            await asking.close()

    async def _stream(self) -> None:
        async with self.client.stream("GET", f"{self.pages}/live", timeout=None) as stream:
            async for line in stream.aiter_lines():
                if line.startswith("data: {"):
                    now = time.perf_counter()
                    change = json.loads(line.removeprefix("data: "))
                    if change["many"]:
                        self.everything.append(now)
                    for contact in change["contacts"]:
                        self.named[UUID(contact)].append(now)

    async def _look(self, every: float) -> None:
        while True:
            await asyncio.sleep(every)
            newest = next((one for one in reversed(self.shown) if one in self.named and one not in self.looked), None)
            if newest is not None:
                before = time.perf_counter()
                answer = await self.client.get(f"{self.pages}/contacts/{newest}")
                if answer.status_code == 200:
                    self.looked[newest] = time.perf_counter() - before


def _rows_of(change: dict[str, Any], shown: Collection[UUID]) -> tuple[str, list[UUID]]:
    """The statement, and its argument, that finds the contacts of a change: all that are not known yet, when it names none."""
    if change["many"]:
        return "select id from contact where id <> all($1::uuid[])", list(shown)
    return "select id from contact where id = any($1::uuid[])", list(map(UUID, change["contacts"]))
