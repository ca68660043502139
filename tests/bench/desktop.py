"""P3: from the moment a referral is published until it stands on the operators' desktop, four services on.

All services run as processes of their own, as `icart up` runs them, with the desktops open in a browser's place. Stops on the
way: screening's word of it on its topic; the gateway's read models, from which every page that is asked for from then on
shows it; the stream by which an open page hears of it, where what comes close together is told together.
Measured at a pace that keeps two processors busy, and at one that lets each message find nobody before it.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx2

from icart_cli.places import PACKAGES
from icart_cli.platform import Platform, platform
from icart_common.contracts.intake import ContactOpened
from icart_common.contracts.screening import ContactReceived
from icart_common.messaging.kafka import consumer, producer
from icart_gateway.generations import in_force, model_url
from tests.bench.open_page import OpenPage
from tests.bench.report import Row
from tests.load import Load, referrals

_WARM = 600
"""Referrals that are sent before the measurement: every service has prepared its statements."""
_LOOK_SECONDS = 0.5
Say = Callable[[str, int, int], None]


@dataclass(slots=True)
class _Watch:
    """Who was published when, in seconds of the monotonic clock, and what has arrived at screening."""

    published: dict[UUID, float] = field(default_factory=dict)
    """By submission."""
    submissions: dict[UUID, UUID] = field(default_factory=dict)
    """By contact."""
    received: dict[UUID, float] = field(default_factory=dict)
    """By contact."""

    def waits(self, stop: Iterable[tuple[UUID, float]]) -> list[float]:
        """Milliseconds from publishing until that stop, of every contact that reached it."""
        return [
            (at - self.published[self.submissions[contact]]) * 1000
            for contact, at in stop
            if self.submissions.get(contact) in self.published
        ]


async def measure(paces: Iterable[tuple[int, int]], say: Say) -> list[Row]:
    """The lines of P3. `paces`: referrals a second, and for how many seconds; the first is held to the targets."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="icart-bench-", ignore_cleanup_errors=True) as folder:
        say("starting the services", 0, 0)
        async with platform(Path(folder)) as running, httpx2.AsyncClient(trust_env=False, timeout=30) as client:
            url = urlsplit(running.postgres_url)._replace(path=f"/{PACKAGES['gateway']}").geturl()
            page = OpenPage(running.pages, model_url(url, await in_force(url)), client)
            await page.sign_in()
            for number, (a_second, seconds) in enumerate(paces):
                rows += await _at(running, page, number, a_second, seconds, say)
    return rows


async def _at(running: Platform, page: OpenPage, number: int, a_second: int, seconds: int, say: Say) -> list[Row]:
    watch = _Watch()
    async with _beside(_read(running, watch), page.watch(_LOOK_SECONDS)):
        if number == 0:
            await _publish(running, list(referrals(2, _WARM, repeats=0)), a_second, None, say)
            await running.quiet.wait(seconds=60)
        await _publish(running, list(referrals(3 + number, a_second * seconds, repeats=0)), a_second, watch, say)
        await running.quiet.wait(seconds=120)
        await asyncio.sleep(0.5)
    return _rows(watch, page, a_second, seconds, target=number == 0)


def _rows(watch: _Watch, page: OpenPage, a_second: int, seconds: int, *, target: bool) -> list[Row]:
    opened = [one for one, submission in watch.submissions.items() if submission in watch.published]
    told = {one: at for one in opened if (at := page.told(one))}
    pace = f"{a_second} a second for {seconds} s"
    shown = watch.waits(page.shown.items())
    cuts = quantiles(shown, n=100)
    rows = [
        Row("P3", f"referral to desktop, {pace}, p50", cuts[49], "ms", target="P3-p50" if target else None),
        Row("P3", "the same, p99", cuts[98], "ms", target="P3-p99" if target else None),
        Row("P3", "the same, the slowest", max(shown), "ms"),
    ]
    for name, waits in (
        ("of it, until screening has said so", watch.waits(watch.received.items())),
        ("until an open page's stream has told it", watch.waits(told.items())),
        (
            "a contact's page that is asked for meanwhile",
            [page.looked[one] * 1000 for one in opened if one in page.looked],
        ),
    ):
        if len(waits) > 1:
            cuts = quantiles(waits, n=100)
            rows.append(Row("P3", f"{name}, p50 ({len(waits):,} of them; p99 {cuts[98]:,.0f} ms)", cuts[49], "ms"))
    lost = len(opened) - len(shown)
    return [*rows, Row("P3", f"contacts of {len(watch.published):,} referrals that did not arrive", lost, "contacts")]


@asynccontextmanager
async def _beside(*work: Coroutine[Any, Any, None]) -> Any:
    """Work that goes on as long as the block does."""
    async with AsyncExitStack() as undo:
        for one in work:
            undo.push_async_callback(_ended, asyncio.create_task(one))
        yield


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def _publish(running: Platform, load: list[Load], a_second: int, watch: _Watch | None, say: Say) -> None:
    """Publish at a steady pace; what falls behind is sent at once."""
    client = producer(running.kafka, linger_ms=0)
    await client.start()
    try:
        began = time.perf_counter()
        for number, one in enumerate(load):
            await asyncio.sleep(max(0.0, began + number / a_second - time.perf_counter()))
            topic, key, value, headers = one.record()
            if watch:
                watch.published[UUID(key.decode())] = time.perf_counter()
            await client.send(topic, key=key, value=value, headers=headers)
            if number % a_second == 0:
                say(f"publishing {a_second} a second" if watch else "warming up", number, len(load))
        await client.flush()
    finally:
        await client.stop()


async def _read(running: Platform, watch: _Watch) -> None:
    client = consumer(running.kafka, "events.intake", "events.screening")
    await client.start()
    try:
        while True:
            parts = await client.getmany(timeout_ms=200)
            now = time.perf_counter()
            for record in (one for part in parts.values() for one in part):
                kind = dict(record.headers)["ce_type"].decode()
                contact = UUID(record.key.decode())
                if kind == ContactOpened.TYPE:
                    watch.submissions[contact] = UUID(json.loads(record.value)["submission"])
                elif kind == ContactReceived.TYPE:
                    watch.received.setdefault(contact, now)
    finally:
        await client.stop()
