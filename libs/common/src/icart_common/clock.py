"""What time it is. One port with two clocks behind it: the machine's, and the story's simulated one.

A simulated clock is a small file (named by `ICART_CLOCK_FILE`) that holds the current instant; every process of a try-out
reads the same file, so a three-day deadline takes a moment and the code that runs is the code of production.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import struct
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

_INSTANT = struct.Struct("<q")
_LOOK_AGAIN_SECONDS = 0.01


class Clock(Protocol):
    """The time, and a way to wait for it."""

    def now(self) -> datetime:
        """The current instant, in UTC."""
        ...

    async def wait_until(self, instant: datetime | None, wake: asyncio.Event) -> None:
        """Return when `instant` has come or `wake` is set, whichever is first; with None, when `wake` is set."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def wait_until(self, instant: datetime | None, wake: asyncio.Event) -> None:
        if instant is None:
            await wake.wait()
            return
        seconds = (instant - self.now()).total_seconds()
        if seconds > 0:
            # An hour at most, so that a clock that was set does not leave us asleep.
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(wake.wait(), min(seconds, 3600))


class SimulatedClock:
    """The instant in a file, in microseconds since 1970. `set` moves it; it never moves by itself."""

    def __init__(self, path: Path) -> None:
        self._path = path
        if not path.exists():
            self.set(datetime.now(UTC))

    def now(self) -> datetime:
        (microseconds,) = _INSTANT.unpack(self._path.read_bytes())
        return datetime.fromtimestamp(microseconds / 1_000_000, UTC)

    def set(self, instant: datetime) -> None:
        """Move the clock to `instant`. The file is replaced whole, so that no reader sees half of it."""
        whole = round(instant.timestamp() * 1_000_000)
        beside = self._path.with_suffix(f".{os.getpid()}")
        beside.write_bytes(_INSTANT.pack(whole))
        beside.replace(self._path)

    async def wait_until(self, instant: datetime | None, wake: asyncio.Event) -> None:
        if instant is None:
            await wake.wait()
            return
        woken = asyncio.ensure_future(wake.wait())
        try:
            while not wake.is_set() and self.now() < instant:
                await asyncio.wait((woken,), timeout=_LOOK_AGAIN_SECONDS)
        finally:
            woken.cancel()


def clock_from(path: Path | None) -> Clock:
    """The simulated clock of `path`, or the machine's when there is none."""
    return SimulatedClock(path) if path else SystemClock()


def monotonic() -> float:
    """Seconds for measuring how long something took; unrelated to the story's time."""
    return time.monotonic()
