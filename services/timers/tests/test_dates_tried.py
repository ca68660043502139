"""R7: every date of the table, through the runner and the firing loop: due then, each thing said once, never early."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta

import pytest

from icart_common.clock import SimulatedClock
from icart_common.contracts.timers import ClockBreached, ClockMoved, ClockWarned, StartClock
from icart_common.testing import record_of, said
from icart_common.worktime import LONDON
from icart_timers.domain import decide
from icart_timers.domain.recount import recount
from icart_timers.firing import FiringLoop
from services.timers.tests.conftest import Service, Starting
from services.timers.tests.dates_tried import PAGE, TRIED, Tried, page
from services.timers.tests.test_counted_anew import BEFORE, closed_on

SHUT = tuple(sorted({one.shut for one in TRIED if one.shut}))
MINUTE = timedelta(minutes=1)


class Ears:
    """All is ours, and all is heard."""

    def partitions(self, topic: str) -> list[int]:
        return [0]

    async def heard_until(self, topic: str, partitions: Collection[int], now: datetime) -> dict[int, datetime]:
        return dict.fromkeys(partitions, now)


@pytest.mark.parametrize("one", TRIED, ids=lambda one: f"{one.authority}-{one.rule}-{one.received}")
def test_each_is_due_then(one: Tried, starting: Starting) -> None:
    command = starting(one.rule, one.received_at, authority=one.authority)
    clock = decide.start(None, command, BEFORE, partition=0, correlation=command.subject).clock
    assert clock is not None
    if one.shut:
        clock, _ = recount(clock, closed_on(one.shut), one.received_at)
    assert clock.due_at == one.due_at
    assert clock.due_at.astimezone(LONDON).strftime("%Y-%m-%d %H:%M") == one.due
    assert clock.sum.endswith(tuple(f"{one.due[-5:]}{zone}" for zone in ("", " GMT", " BST")))


def test_the_page_holds_the_table() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), (
        "write it again: .venv/bin/python services/timers/tests/dates_tried.py > docs/clocks.md"
    )


def small_steps(instants: list[datetime]) -> Iterator[datetime]:
    for instant in instants:
        yield instant - timedelta(microseconds=1)
        yield instant


def jumping_forward(instants: list[datetime]) -> Iterator[datetime]:
    yield from instants[::7]
    yield instants[-1]


def jumping_back(instants: list[datetime]) -> Iterator[datetime]:
    """Two steps on and one back, as a clock that somebody sets; then the rest."""
    for number, instant in enumerate(instants):
        yield instant
        if number % 2 and number > 4:
            yield instants[number - 4]
    yield instants[-1]


@pytest.mark.broker
@pytest.mark.parametrize("time_goes", [small_steps, jumping_forward, jumping_back])
async def test_each_warns_and_breaches_once_and_never_early(
    service: Service, starting: Starting, tmp_path, time_goes
) -> None:
    commands = [starting(one.rule, one.received_at, authority=one.authority) for one in TRIED if not one.shut]
    late = [starting(one.rule, one.received_at, authority=one.authority) for one in TRIED if one.shut]
    await service.runner.run([_record(command) for command in (*commands, *late)])
    simulated = SimulatedClock(tmp_path / "clock")
    due = {command.clock: one.due_at for command, one in zip(commands, _not_shut(), strict=True)}
    due |= {command.clock: one.due_at for command, one in zip(late, _shut(), strict=True)}
    rows = await _warnings(service)
    instants = sorted({*due.values(), *(instant for warns in rows.values() for instant in warns)})
    said_at: dict[object, datetime] = {}
    async with service.database.connection() as connection:
        loop = FiringLoop(connection, simulated, Ears(), closed_on(*SHUT), buckets=16, most=500)
        for now in time_goes(instants):
            simulated.set(now)
            while await loop.fire_due({0: now}):
                for row in await connection.fetch("select id from clock where breached"):
                    said_at.setdefault(row["id"], now)
    breaches = await said(service.database, ClockBreached)
    warnings = await said(service.database, ClockWarned)
    assert {one.clock: one.due_at for one in breaches} == due
    assert len(breaches) == len(due)
    assert Counter((one.clock, one.fraction) for one in warnings) == {
        (clock, fraction): 1 for clock, fractions in (await _fractions(service)).items() for fraction in fractions
    }
    assert all(said_at[clock] >= instant for clock, instant in due.items()), "one breached early"
    assert {one.clock for one in await said(service.database, ClockMoved)} <= {one.clock for one in late}


def _not_shut() -> list[Tried]:
    return [one for one in TRIED if not one.shut]


def _shut() -> list[Tried]:
    return [one for one in TRIED if one.shut]


def _record(command: StartClock):
    return record_of(command, "commands.timers", at=command.counted_from)


async def _warnings(service: Service) -> dict[object, list[datetime]]:
    async with service.database.connection() as connection:
        return {row["id"]: row["warns_at"] for row in await connection.fetch("select id, warns_at from clock")}


async def _fractions(service: Service) -> dict[object, list[float]]:
    async with service.database.connection() as connection:
        return {row["id"]: row["fractions"] for row in await connection.fetch("select id, fractions from clock")}


def test_the_days_that_are_added_late_are_days_that_were_worked() -> None:
    for day in SHUT:
        assert isinstance(day, date)
        assert all(BEFORE.of(a, "2026.1", "TM-10").calendar.is_working_day(day) for a in ("halton", "york"))
