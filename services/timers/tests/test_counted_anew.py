"""A holiday that is added late (R7): running clocks move, and each warning and breach is still said once."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icart_common.clock import SimulatedClock
from icart_common.contracts.catalogue import topics
from icart_common.contracts.timers import (
    ClockBreached,
    ClockMet,
    ClockMoved,
    ClockWarned,
    MeetClock,
    PauseClock,
    ResumeClock,
    StartClock,
)
from icart_common.messaging.runner import BatchRunner
from icart_common.policy.book import PolicyBook, load_packs
from icart_common.policy.hours import Closure
from icart_common.testing import record_of, said
from icart_common.worktime import Elapsed
from icart_timers.domain import decide
from icart_timers.domain.clock import Clock, fire
from icart_timers.domain.reckoning import Reckoners
from icart_timers.domain.recount import recount
from icart_timers.firing import FiringLoop
from icart_timers.handlers import ClockCommands
from services.timers.tests.conftest import Service

TUESDAY = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
WEDNESDAY = date(2026, 11, 25)
BEFORE = Reckoners(load_packs())


def closed_on(*days: date) -> Reckoners:
    """The packs, but that every authority is shut on these days, as a later version of each says."""
    packs = []
    for pack in load_packs().packs():
        shut = (*pack.closures, *(Closure(on=day, name="a late holiday", source="assumed: this test") for day in days))
        packs += [
            pack,
            pack.model_copy(update={"version": "2027.1", "applies_from": date(2027, 1, 1), "closures": shut}),
        ]
    return Reckoners(PolicyBook(packs))


AFTER = closed_on(WEDNESDAY)


def started(rule: str = "TM-3", at: datetime = TUESDAY, authority: str = "halton") -> Clock:
    command = StartClock(
        clock=UUID(int=7), authority=authority, pack_version="2026.1", rule=rule, owner="screening", subject=UUID(int=8),
        counted_from=at,
    )  # fmt: skip
    clock = decide.start(None, command, BEFORE, partition=0, correlation=UUID(int=8)).clock
    assert clock is not None
    return clock


@pytest.mark.req("AU-5", "AU-6", authority="halton")
def test_a_clock_moves_by_the_day_and_says_from_when_to_when_and_how() -> None:
    clock = started()
    moved, said_of_it = recount(clock, AFTER, TUESDAY + timedelta(hours=1))
    assert said_of_it is not None
    assert said_of_it.was_due_at == clock.due_at == datetime(2026, 11, 27, 16, 40, tzinfo=UTC)
    assert said_of_it.due_at == moved.due_at == datetime(2026, 11, 30, 17, 30, tzinfo=UTC)
    assert "not counting Wed 25 Nov" in said_of_it.sum
    assert moved.warns_at == said_of_it.warns_at
    assert all(later > first for later, first in zip(moved.warns_at, clock.warns_at, strict=True))
    assert recount(moved, AFTER, TUESDAY) == (moved, None), "counted anew once"
    back, again = recount(moved, BEFORE, TUESDAY)
    assert again is not None
    assert back == clock, "a day that is taken back moves it back"


def test_what_does_not_rest_on_the_day_is_only_marked() -> None:
    clock = started("TM-10")
    counted, moved = recount(clock, AFTER, TUESDAY)
    assert moved is None
    assert counted._replace(counted_on=clock.counted_on) == clock


def test_a_clock_that_is_over_stays_as_it_is_and_one_whose_pack_is_gone_runs_on() -> None:
    clock = started()
    met = decide.meet(clock, MeetClock(clock=clock.id, at=TUESDAY, by_event="done"), BEFORE, TUESDAY).clock
    assert met is not None
    assert recount(met, AFTER, TUESDAY) == (met, None)
    gone, moved = recount(clock, Reckoners(PolicyBook([])), TUESDAY)
    assert (gone.due_at, gone.counted_on, moved) == (clock.due_at, "nothing", None)


def test_a_breach_that_was_said_stays_said_and_whether_it_was_late_is_judged_by_the_calendar_as_it_is() -> None:
    clock = started()
    breached, _ = fire(clock, clock.due_at)
    moved, _ = recount(breached, AFTER, clock.due_at)
    assert moved.next_at is None, "nothing is said twice"
    at = clock.due_at + timedelta(hours=1)
    (met,) = decide.meet(moved, MeetClock(clock=clock.id, at=at, by_event="done"), AFTER, at).said
    assert isinstance(met, ClockMet)
    assert not met.late


def test_a_paused_clock_is_counted_anew_with_its_pauses() -> None:
    clock = started()
    stops, goes_on = TUESDAY + timedelta(hours=1), TUESDAY + timedelta(hours=2)
    still = decide.pause(clock, PauseClock(clock=clock.id, at=stops, reason="waits for consent"), BEFORE, stops).clock
    assert still is not None
    again = decide.resume(still, ResumeClock(clock=clock.id, at=goes_on, reason="consent came"), BEFORE).clock
    assert again is not None
    moved, said_of_it = recount(again, AFTER, goes_on)
    assert said_of_it is not None
    late, _ = recount(still, AFTER, stops)
    assert decide.resume(late, ResumeClock(clock=clock.id, at=goes_on, reason="x"), AFTER).clock == moved


@settings(max_examples=150, deadline=None)
@given(
    rule=st.sampled_from(["TM-1", "TM-2", "TM-3", "TM-9", "TM-10"]),
    shut=st.sets(st.dates(date(2026, 11, 23), date(2026, 12, 4)), max_size=3),
    looks=st.lists(st.tuples(st.integers(1, 60), st.booleans()), min_size=1, max_size=12),
)
def test_whenever_the_day_is_heard_of_each_thing_is_said_once_and_never_early(
    rule: str, shut: set[date], looks: list[tuple[int, bool]]
) -> None:
    """At each look a firing loop comes by, of an instance that knows the days or of one that does not."""
    clock, now, given_fractions, breaches = started(rule), TUESDAY, list[float](), 0
    later = closed_on(*shut)
    for hours, knows in [*looks, (2000, True)]:
        now += timedelta(hours=hours)
        clock, moved = recount(clock, later if knows else BEFORE, now)
        assert moved is None or moved.due_at == clock.due_at
        clock, fired = fire(clock, now)
        for one in fired:
            assert one.at <= now
            if isinstance(one.message, ClockWarned):
                given_fractions.append(one.message.fraction)
            else:
                assert one.at == clock.due_at
                breaches += 1
    assert given_fractions == [0.5, 0.8]
    assert breaches == 1


def told(service: Service, reckoners: Reckoners) -> BatchRunner:
    """The runner of an instance with these calendars."""
    handler = ClockCommands(reckoners)
    return BatchRunner("clocks", "timers", service.database, _COMMANDS, handler, buckets=16, parks=True)


class _Ears:
    def partitions(self, topic: str) -> list[int]:
        return [0, 1]

    async def heard_until(self, topic: str, partitions: Collection[int], now: datetime) -> dict[int, datetime]:
        return dict.fromkeys(partitions, now)


@contextlib.asynccontextmanager
async def firing(service: Service, clock: SimulatedClock, reckoners: Reckoners, most: int = 40):
    async with service.database.connection() as connection:
        loop = FiringLoop(connection, clock, _Ears(), reckoners, buckets=16, most=most)
        await connection.add_listener("clocks", loop.wake)
        task = asyncio.create_task(loop.run())
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            await connection.remove_listener("clocks", loop.wake)


async def count(service: Service, sql: str) -> int:
    async with service.database.connection() as connection:
        found: int = await connection.fetchval(sql)
    return found


async def until(service: Service, sql: str) -> None:
    async with asyncio.timeout(20):
        while await count(service, sql):
            await asyncio.sleep(0.02)


_OUTDATED = "select count(*) from clock where counted_on !~ '{}' and ended_at is null"
_COMMANDS = {topic.name: topic for topic in topics([]) if topic.name == "commands.timers"}


@pytest.mark.broker
async def test_two_instances_that_start_with_a_new_calendar_move_every_clock_once(service, starting, tmp_path) -> None:
    simulated = SimulatedClock(tmp_path / "clock")
    commands = [starting("TM-3", TUESDAY) for _ in range(300)]
    await service.runner.run(
        [record_of(one, "commands.timers", at=TUESDAY, partition=n % 2) for n, one in enumerate(commands)]
    )
    simulated.set(TUESDAY + timedelta(hours=1))
    mark = AFTER.of("halton", "2026.1", "TM-3").counted_on.rsplit(" ", 1)[1]
    async with firing(service, simulated, AFTER), firing(service, simulated, AFTER):
        await until(service, _OUTDATED.format(mark))
        moves = await said(service.database, ClockMoved)
        assert Counter(move.clock for move in moves) == {one.clock: 1 for one in commands}
        simulated.set(datetime(2026, 11, 27, 16, 40, tzinfo=UTC) + timedelta(hours=2))
        await until(service, "select count(*) from clock where warned = 0")
        assert await said(service.database, ClockBreached) == [], "nothing fires by the old calendar"
        simulated.set(datetime(2026, 11, 30, 17, 30, tzinfo=UTC))
        await until(service, "select count(*) from clock where not breached")
    breaches = Counter(one.clock for one in await said(service.database, ClockBreached))
    warnings = Counter((one.clock, one.fraction) for one in await said(service.database, ClockWarned))
    assert breaches == {one.clock: 1 for one in commands}
    assert warnings == {(one.clock, fraction): 1 for one in commands for fraction in (0.5, 0.8)}


@pytest.mark.broker
async def test_a_clock_that_is_due_before_its_turn_to_be_counted_does_not_fire_early(
    service, starting, tmp_path
) -> None:
    simulated = SimulatedClock(tmp_path / "clock")
    (one,) = commands = [starting("TM-3", TUESDAY)]
    await service.runner.run([record_of(command, "commands.timers", at=TUESDAY) for command in commands])
    simulated.set(datetime(2026, 11, 27, 16, 41, tzinfo=UTC))
    async with service.database.connection() as connection:
        loop = FiringLoop(connection, simulated, _Ears(), AFTER, buckets=16, most=10)
        assert await loop.fire_due({0: simulated.now()}) == 1
        assert await loop.fire_due({0: simulated.now()}) == 0
    (moved,) = await said(service.database, ClockMoved)
    assert moved.clock == one.clock
    assert await said(service.database, ClockBreached) == []
    assert [warning.warned_at for warning in await said(service.database, ClockWarned)] == [moved.warns_at[0]]


@pytest.mark.broker
async def test_a_command_finds_its_clock_counted_on_the_calendar_as_it_is(service, starting) -> None:
    command = starting("TM-3", TUESDAY)
    await service.runner.run([record_of(command, "commands.timers", at=TUESDAY)])
    at = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)
    end = record_of(MeetClock(clock=command.clock, at=at, by_event="authorised"), "commands.timers", at=at)
    await told(service, AFTER).run([end])
    (moved,) = await said(service.database, ClockMoved)
    (met,) = await said(service.database, ClockMet)
    assert (met.late, met.due_at) == (False, moved.due_at)
    assert await said(service.database, ClockBreached) == []


@pytest.mark.broker
@pytest.mark.parametrize(
    "authority",
    [pytest.param(one, marks=pytest.mark.req("AU-6", "TM-6", authority=one)) for one in load_packs().authorities],
)
async def test_a_clock_goes_on_under_the_version_that_it_was_started_under_when_the_pack_allows_less(
    service, starting, tmp_path, authority
) -> None:
    """The first version allows 24 hours, the next 12. The one that runs already keeps its day, and says by which version."""
    packs = []
    for pack in load_packs().packs():
        shorter = tuple(
            rule.model_copy(update={"allowance": Elapsed(hours=12)}) if rule.id == "TM-6" else rule
            for rule in pack.clocks
        )
        since = {"version": "2026.2", "applies_from": TUESDAY.date(), "clocks": shorter}
        packs += [pack, pack.model_copy(update=since)]
    reckoners = Reckoners(PolicyBook(packs))
    old, new = (starting("TM-6", TUESDAY, authority=authority, version=one) for one in ("2026.1", "2026.2"))
    await service.runner.run([record_of(old, "commands.timers", at=TUESDAY)])
    await told(service, reckoners).run([record_of(new, "commands.timers", at=TUESDAY)])
    simulated = SimulatedClock(tmp_path / "clock")
    found = []
    async with service.database.connection() as connection:
        loop = FiringLoop(connection, simulated, _Ears(), reckoners, buckets=16, most=10)
        for hours in (12, 24):
            simulated.set(TUESDAY + timedelta(hours=hours))
            while await loop.fire_due({0: simulated.now()}):
                pass
            found.append({one.clock: one.pack_version for one in await said(service.database, ClockBreached)})
    assert found == [{new.clock: "2026.2"}, {new.clock: "2026.2", old.clock: "2026.1"}]
    assert await said(service.database, ClockMoved) == []
