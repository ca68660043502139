"""The story's clock stands still until it is moved, for every process that reads its file."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from icart_common.clock import SimulatedClock, SystemClock, clock_from

MORNING = datetime(2026, 12, 22, 9, 5, tzinfo=UTC)


def test_two_readers_of_one_file_agree(tmp_path):
    mine, theirs = SimulatedClock(tmp_path / "clock"), SimulatedClock(tmp_path / "clock")
    mine.set(MORNING)
    assert theirs.now() == MORNING == mine.now()


async def test_waiting_ends_when_the_clock_is_moved(tmp_path):
    clock = SimulatedClock(tmp_path / "clock")
    clock.set(MORNING)
    waiting = asyncio.create_task(clock.wait_until(MORNING + timedelta(days=3), asyncio.Event()))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    clock.set(MORNING + timedelta(days=3))
    await asyncio.wait_for(waiting, 2)


async def test_waiting_ends_when_something_else_comes_first(tmp_path):
    for clock in (SimulatedClock(tmp_path / "clock"), SystemClock()):
        wake = asyncio.Event()
        waiting = asyncio.create_task(clock.wait_until(clock.now() + timedelta(hours=5), wake))
        wake.set()
        await asyncio.wait_for(waiting, 2)


async def test_the_machines_clock_wakes_when_it_is_time():
    clock = SystemClock()
    until = clock.now() + timedelta(milliseconds=30)
    await asyncio.wait_for(clock.wait_until(until, asyncio.Event()), 2)
    assert clock.now() >= until


def test_without_a_file_it_is_the_machines_clock():
    assert isinstance(clock_from(None), SystemClock)
