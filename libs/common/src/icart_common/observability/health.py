"""The endpoints of a service: `/livez`, `/readyz`, `/progress`, `/metrics`. Plain facts, no personal data.

`/dead-letters` (`letters.py`), and what a service adds, is asked for something, behind a token (`asked.py`).

FastStream's own check asks the admin client only, so that a dead consumer still looks healthy. Here a service is ready
when its database answers, its consumers have partitions, no topic rests and offsets move.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from types import MappingProxyType
from typing import Any, Final

from faststream.asgi import AsgiResponse, get
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from icart_common.messaging.errors import TRANSIENT
from icart_common.observability import metrics
from icart_common.observability.asked import Asked, in_json
from icart_common.observability.letters import LettersAsked
from icart_common.running import Running

_NOTHING: Final[Mapping[str, Callable[[Running], Asked]]] = MappingProxyType({})
_BACKLOG = """
select (select count(*) from outbox) as outbox,
       coalesce(extract(epoch from clock_timestamp() - (select min(written_at) from outbox)), 0)::float8 as oldest,
       (select count(*) from waiting) as waiting,
       coalesce(extract(epoch from clock_timestamp() - (select min(parked_at) from waiting)), 0)::float8 as longest_waiting,
       (select count(*) from dead_letter where state = 'waiting') as dead_letters
"""


class Health:
    """What a service can say of itself."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self._tasks: Sequence[asyncio.Task[None]] = ()
        self.waits_for: str | None = "it has only just started"
        """What the service waits for before it can begin, in words; None when it has begun."""

    def watch(self, tasks: Sequence[asyncio.Task[None]]) -> None:
        """The background tasks without which the service is not alive."""
        self._tasks = tasks

    def alive(self) -> list[str]:
        """Why the process should be started anew; empty when it should not."""
        limit = self.running.settings.stuck_after_seconds
        stuck = [name for name, one in self.running.subscribers.items() if one.stuck_seconds > limit]
        ended = [task.get_name() for task in self._tasks if task.done()]
        return [f"{name} has not moved for {limit:.0f} s" for name in stuck] + [f"{name} has ended" for name in ended]

    async def ready(self) -> list[str]:
        """Why the service cannot do its work now; empty when it can."""
        if self.waits_for:
            return [self.waits_for]
        reasons = self.alive()
        for name, one in self.running.subscribers.items():
            with contextlib.suppress(*TRANSIENT):
                if not (await one.measure())["assigned"]:
                    reasons.append(f"{name} has no partitions yet (another instance may have them all)")
            reasons += [f"{topic} rests: most of what it sends cannot be read" for topic in one.resting]
        try:
            async with self.running.database.connection() as connection:
                await connection.fetchval("select 1")
        except TRANSIENT as error:
            reasons.append(f"the database does not answer ({type(error).__name__})")
        return reasons

    async def progress(self) -> dict[str, Any]:
        """Lag of each consumer, the outbox, what waits, dead letters, and what the service adds."""
        subscribers = self.running.subscribers
        measured = await asyncio.gather(*(one.measure() for one in subscribers.values()))
        consumers = dict(zip(subscribers, measured, strict=True))
        async with self.running.database.connection() as connection:
            row = await connection.fetchrow(_BACKLOG)
        service = self.running.service
        metrics.OUTBOX_ROWS.labels(service).set(row["outbox"])
        metrics.OUTBOX_OLDEST.labels(service).set(row["oldest"])
        metrics.WAITING.labels(service).set(row["waiting"])
        more = {name: await ask() for name, ask in self.running.progress.items()}
        return {"service": service, "release": version("icart-common"), "consumers": consumers, **dict(row), **more}


def health_routes(health: Health, asked: Mapping[str, Callable[[Running], Asked]] = _NOTHING) -> list[tuple[str, Any]]:
    """The ASGI routes of a service's health, and of what it is `asked` for beside dead letters, by their paths."""

    @get(include_in_schema=False)
    async def livez(_scope: Any) -> AsgiResponse:
        reasons = health.alive()
        return in_json(503 if reasons else 200, {"alive": not reasons, "why_not": reasons})

    @get(include_in_schema=False)
    async def readyz(_scope: Any) -> AsgiResponse:
        reasons = await health.ready()
        return in_json(503 if reasons else 200, {"ready": not reasons, "why_not": reasons})

    @get(include_in_schema=False)
    async def progress(_scope: Any) -> AsgiResponse:
        try:
            return in_json(200, await health.progress())
        except TRANSIENT as error:
            return in_json(503, {"why_not": [f"{type(error).__name__}: the database or the broker does not answer"]})

    @get(include_in_schema=False)
    async def scrape(_scope: Any) -> AsgiResponse:
        with contextlib.suppress(*TRANSIENT):
            await health.progress()
        return AsgiResponse(generate_latest(), 200, {"content-type": CONTENT_TYPE_LATEST})

    routes: list[tuple[str, Any]] = [
        ("/livez", livez),
        ("/readyz", readyz),
        ("/progress", progress),
        ("/metrics", scrape),
    ]
    own = [(path, made(health.running)) for path, made in asked.items()]
    return [*routes, ("/dead-letters", LettersAsked(health.running)), *own]
