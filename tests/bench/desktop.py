"""P3: from the moment a referral is published until it stands on the operators' desktop, three services away.

All five services run as processes of their own, as `icart up` runs them. A contact stands on a desktop when a consumer of
`events.screening` can read that screening has received it.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from uuid import UUID

from icart_cli.platform import Platform, platform
from icart_common.contracts.intake import ContactOpened
from icart_common.contracts.screening import ContactReceived
from icart_common.messaging.kafka import consumer, producer
from tests.bench.report import Row
from tests.load import Load, referrals

_WARM = 600
"""Referrals that are sent before the measurement: every service has prepared its statements."""
Say = Callable[[str, int, int], None]


@dataclass(slots=True)
class _Watch:
    """Who was published when, and what has arrived."""

    published: dict[UUID, float] = field(default_factory=dict)
    """By submission, in seconds of the monotonic clock."""
    submissions: dict[UUID, UUID] = field(default_factory=dict)
    """By contact."""
    arrived: dict[UUID, float] = field(default_factory=dict)
    """By contact."""

    def waits(self) -> list[float]:
        """Milliseconds of every contact that was opened and has arrived."""
        return [
            (arrived - self.published[self.submissions[contact]]) * 1000
            for contact, arrived in self.arrived.items()
            if self.submissions.get(contact) in self.published
        ]


async def measure(a_second: int, seconds: int, say: Say) -> list[Row]:
    """The lines of P3: `a_second` referrals for so many seconds."""
    with tempfile.TemporaryDirectory(prefix="icart-bench-", ignore_cleanup_errors=True) as folder:
        say("starting five services", 0, 0)
        async with platform(Path(folder)) as running:
            watch = _Watch()
            watching = asyncio.create_task(_read(running, watch))
            try:
                await _publish(running, list(referrals(2, _WARM, repeats=0)), a_second, None, say)
                await running.quiet.wait(seconds=60)
                await _publish(running, list(referrals(3, a_second * seconds, repeats=0)), a_second, watch, say)
                await running.quiet.wait(seconds=120)
                await asyncio.sleep(0.5)
            finally:
                watching.cancel()
                with suppress(asyncio.CancelledError):
                    await watching
    waits = watch.waits()
    expected = sum(submission in watch.published for submission in watch.submissions.values())
    cuts = quantiles(waits, n=100)
    return [
        Row("P3", f"referral to desktop, {a_second} a second for {seconds} s, p50", cuts[49], "ms", target="P3-p50"),
        Row("P3", "the same, p99", cuts[98], "ms", target="P3-p99"),
        Row("P3", "the same, the slowest", max(waits), "ms"),
        Row(
            "P3",
            f"contacts of {len(watch.published):,} referrals that did not arrive",
            expected - len(waits),
            "contacts",
        ),
    ]


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
                say("publishing" if watch else "warming up", number, len(load))
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
                    watch.arrived.setdefault(contact, now)
    finally:
        await client.stop()
