"""Quiet is two quiet looks at every service, one after the other."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest

from icart_cli.health import Quiet

STARTING: dict[str, object] = {"why_not": ["it has only just started"]}


def progress(*, end: int, lag: int = 0, outbox: int = 0) -> dict[str, object]:
    return {"consumers": {"door": {"lag": lag, "end": end}}, "outbox": outbox, "waiting": 0}


async def looks(*answers: dict[str, object]) -> int:
    """How many looks it takes until one service that answers like this, and in the end always the same, is quiet."""
    left: Iterator[dict[str, object]] = iter(answers)
    last = answers[-1]
    count = 0

    def answer(_: httpx2.Request) -> httpx2.Response:
        nonlocal count
        count += 1
        return httpx2.Response(200, json=next(left, last))

    async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer)) as client:
        await Quiet(lambda: {"intake": "http://intake"}, client).wait(seconds=5.0)
    return count


async def test_two_looks_without_a_change_are_quiet() -> None:
    assert await looks(progress(end=5)) == 2


async def test_a_look_that_found_something_to_do_counts_for_nothing() -> None:
    """What was busy may just have spoken to a service that had been asked before it."""
    assert await looks(progress(end=5, outbox=1), progress(end=5)) == 3


async def test_what_came_between_two_looks_starts_anew() -> None:
    assert await looks(progress(end=5), progress(end=6)) == 3


async def test_a_service_that_is_only_starting_is_waited_for() -> None:
    assert await looks(STARTING, progress(end=5)) == 3


async def test_only_who_is_busy_is_asked_until_it_is_done_and_then_everybody_twice() -> None:
    asked: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.host)
        return httpx2.Response(200, json=progress(end=5, lag=int(asked.count("intake") < 4 and asked[-1] == "intake")))

    async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer)) as client:
        await Quiet(lambda: {"intake": "http://intake", "timers": "http://timers"}, client).wait(seconds=5.0)
    assert asked == ["intake", "timers", "intake", "intake", "intake", *["intake", "timers"] * 2]


async def test_what_never_comes_to_rest_is_named() -> None:
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, json=progress(end=5, lag=3)))
    async with httpx2.AsyncClient(transport=transport) as client:
        with pytest.raises(TimeoutError, match="intake/door has 3 records to read"):
            await Quiet(lambda: {"intake": "http://intake"}, client).wait(seconds=0.2)
