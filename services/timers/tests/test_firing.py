"""The firing loop on real rows: exact, exactly once, never beyond what has been heard."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Collection
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from icart_common.clock import SimulatedClock, SystemClock
from icart_common.contracts.timers import ClockBreached, ClockWarned, MeetClock
from icart_common.messaging.errors import TRANSIENT
from icart_common.policy.book import load_packs
from icart_common.testing import outbox_messages, record_of, said
from icart_timers import store
from icart_timers.domain.reckoning import Reckoners
from icart_timers.firing import FiringLoop
from icart_timers.lanes import Share, fire_in_lanes
from icart_timers.settings import Settings

pytestmark = pytest.mark.broker

RECKONERS = Reckoners(load_packs())
TUESDAY = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
LATER = TUESDAY + timedelta(days=30)


class Ears:
    """What an instance is assigned and has heard, as a test says."""

    def __init__(self, *partitions: int) -> None:
        self.assigned = list(partitions)
        self.heard: dict[int, datetime | None] = {}

    def partitions(self, topic: str) -> list[int]:
        return list(self.assigned)

    async def heard_until(self, topic: str, partitions: Collection[int], now: datetime) -> dict[int, datetime]:
        heard = {number: self.heard.get(number, now) for number in partitions}
        return {number: until for number, until in heard.items() if until is not None}


@pytest.fixture
def simulated(tmp_path) -> SimulatedClock:
    clock = SimulatedClock(tmp_path / "clock")
    clock.set(TUESDAY)
    return clock


@asynccontextmanager
async def firing(service, clock, ears, most=500):
    """A firing loop that runs while the block does."""
    async with service.database.connection() as connection:
        loop = FiringLoop(connection, clock, ears, RECKONERS, buckets=16, most=most)
        await connection.add_listener("clocks", loop.wake)
        task = asyncio.create_task(loop.run())
        try:
            yield task
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            await connection.remove_listener("clocks", loop.wake)


async def until(condition, seconds: float = 10.0) -> None:
    """Wait for `condition`, an async question, to hold."""
    async with asyncio.timeout(seconds):
        while not await condition():
            await asyncio.sleep(0.01)


async def start(service, *commands, at=TUESDAY, partitions=1) -> None:
    for begin in range(0, len(commands), 500):
        batch = commands[begin : begin + 500]
        await service.runner.run(
            [
                record_of(one, "commands.timers", at=at, partition=number % partitions)
                for number, one in enumerate(batch)
            ]
        )


async def overdue(service, now: datetime) -> int:
    async with service.database.connection() as connection:
        return (await store.outlook(connection, now)).overdue


async def test_two_instances_fire_two_thousand_clocks_exactly_once(service, starting, simulated) -> None:
    commands = [starting("TM-2", TUESDAY) for _ in range(2000)]
    await start(service, *commands, partitions=6)
    simulated.set(LATER)
    async with firing(service, simulated, Ears(0, 1, 2)), firing(service, simulated, Ears(3, 4, 5)):
        await until(lambda: _none_overdue(service), 30)
    breaches = Counter(one.clock for one in await said(service.database, ClockBreached))
    warnings = Counter((one.clock, one.fraction) for one in await said(service.database, ClockWarned))
    assert breaches == {command.clock: 1 for command in commands}
    assert warnings == {(command.clock, fraction): 1 for command in commands for fraction in (0.5, 0.8)}


async def test_two_loops_on_the_same_partitions_still_fire_once(service, starting, simulated) -> None:
    """As in a rebalance that the old owner has not heard of yet: the rows' locks keep them apart."""
    commands = [starting("TM-2", TUESDAY) for _ in range(600)]
    await start(service, *commands)
    simulated.set(LATER)
    async with firing(service, simulated, Ears(0), most=50), firing(service, simulated, Ears(0), most=50):
        await until(lambda: _none_overdue(service), 30)
    breaches = Counter(one.clock for one in await said(service.database, ClockBreached))
    assert breaches == {command.clock: 1 for command in commands}


async def test_two_lanes_of_one_instance_share_its_partitions(service, starting, simulated) -> None:
    commands = [starting("TM-2", TUESDAY) for _ in range(600)]
    await start(service, *commands, partitions=6)
    simulated.set(LATER)
    settings = Settings(database_url="postgresql://nobody@127.0.0.1/nothing", fire_lanes=2)
    ears = Ears(0, 2, 3, 5)
    lanes = [Share(ears, lane, 2).partitions("commands.timers") for lane in range(2)]
    assert lanes == [[0, 3], [2, 5]]
    firing = asyncio.create_task(fire_in_lanes(service.database, simulated, ears, RECKONERS, settings))
    try:
        await until(lambda: _overdue_are(service, 200), 30)
        ears.assigned += [1, 4]  # as after a rebalance
        await until(lambda: _none_overdue(service), 30)
    finally:
        firing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await firing
    breaches = Counter(one.clock for one in await said(service.database, ClockBreached))
    assert breaches == {command.clock: 1 for command in commands}


async def _overdue_are(service, count: int) -> bool:
    return bool(await overdue(service, LATER) == count)


async def _none_overdue(service) -> bool:
    return bool(await overdue(service, LATER) == 0)


async def test_it_warns_and_breaches_as_time_goes_by(service, starting, simulated) -> None:
    command = starting("TM-2", TUESDAY)
    await start(service, command)
    async with service.database.transaction() as connection:
        (clock,) = (await store.load(connection, [command.clock])).values()
    async with firing(service, simulated, Ears(0)):
        for count, instant in enumerate((*clock.warns_at, clock.due_at), start=1):
            simulated.set(instant - timedelta(microseconds=1))
            await asyncio.sleep(0.05)
            assert len(await outbox_messages(service.database)) == count, "nothing is said early"
            simulated.set(instant)

            async def one_more(count: int = count) -> bool:
                return len(await outbox_messages(service.database)) == count + 1

            await until(one_more)
    kinds = [type(message) for _, message in await outbox_messages(service.database)][1:]
    assert kinds == [ClockWarned, ClockWarned, ClockBreached]


async def test_a_clock_started_while_it_sleeps_wakes_it(service, starting) -> None:
    """On the machine's own clock: nothing is due for hours, then a clock is started whose instants have passed."""
    async with firing(service, SystemClock(), Ears(0)):
        await asyncio.sleep(0.05)
        await start(service, starting("TM-10", datetime(2026, 1, 6, tzinfo=UTC)))

        async def breached() -> bool:
            return len(await said(service.database, ClockBreached)) == 1

        await until(breached, 5)


async def test_nothing_fires_beyond_what_has_been_heard(service, starting, simulated) -> None:
    """A backlog: the clock is long due, its end is still to be heard. Only when it is caught up may it fire."""
    met, left = starting("TM-2", TUESDAY), starting("TM-2", TUESDAY)
    await start(service, met, left)
    simulated.set(LATER)
    ears = Ears(0)
    ears.heard[0] = TUESDAY + timedelta(minutes=1)
    async with firing(service, simulated, ears):
        await asyncio.sleep(0.15)
        assert await said(service.database, ClockBreached) == []
        end = TUESDAY + timedelta(hours=1)
        await start(service, MeetClock(clock=met.clock, at=end, by_event="authorised"), at=end)
        del ears.heard[0]
        await until(lambda: _none_overdue(service))
    assert [one.clock for one in await said(service.database, ClockBreached)] == [left.clock]


async def test_partitions_that_come_later_are_served(service, starting, simulated) -> None:
    await start(service, starting("TM-2", TUESDAY))
    simulated.set(LATER)
    ears = Ears()
    async with firing(service, simulated, ears):
        await asyncio.sleep(0.1)
        assert await overdue(service, LATER) == 1
        ears.assigned.append(0)
        await until(lambda: _none_overdue(service))


async def test_a_partition_of_which_nothing_is_known_is_left_alone(service, starting, simulated) -> None:
    await start(service, starting("TM-2", TUESDAY))
    simulated.set(LATER)
    ears = Ears(0)
    ears.heard[0] = None
    async with firing(service, simulated, ears):
        await asyncio.sleep(0.15)
        assert await overdue(service, LATER) == 1


@pytest.mark.parametrize("count", [1, 200])
async def test_a_firing_costs_the_same_statements_however_many_it_fires(service, starting, simulated, count) -> None:
    async with service.database.connection() as connection:
        loop = FiringLoop(connection, simulated, Ears(0), RECKONERS, buckets=16, most=500)
        await start(service, starting("TM-2", TUESDAY))
        assert await loop.fire_due({0: LATER}) == 1  # the driver asks a new connection for its types, once
        await start(service, *(starting("TM-2", TUESDAY) for _ in range(count)))
        texts = service.database.count.texts = []
        assert await loop.fire_due({0: LATER}) == count
        await asyncio.sleep(0)  # the driver tells of a statement when the loop next turns
        assert [text.split()[0].lower().strip(";") for text in texts] == ["begin", "--", "update", "insert", "commit"]
        assert await loop.fire_due({0: LATER}) == 0


async def test_the_same_firing_bears_the_same_id_alone_and_in_a_batch(service, starting, simulated) -> None:
    command = starting("TM-2", TUESDAY)
    ids = []
    for steps in (1, 3):
        await start(service, command, at=TUESDAY)
        async with service.database.connection() as connection:
            loop = FiringLoop(connection, simulated, Ears(0), RECKONERS, buckets=16, most=500)
            for step in range(1, steps + 1):
                await loop.fire_due({0: LATER if step == steps else TUESDAY + timedelta(days=step)})
            rows = await connection.fetch("select id from outbox where headers !~ 'started' order by seq")
            ids.append([row["id"] for row in rows])
            await connection.execute("truncate clock, inbox, outbox")
    assert len(ids[0]) == 3
    assert ids[0] == ids[1]


async def test_the_connection_going_away_ends_the_loop_with_a_passing_error(service, simulated) -> None:
    """Whoever runs the loop starts it again on a new connection."""
    async with service.database.connection() as connection:
        loop = FiringLoop(connection, simulated, Ears(0), RECKONERS, buckets=16, most=500)
        task = asyncio.create_task(loop.run())
        await asyncio.sleep(0.05)
        connection.terminate()
        with pytest.raises(TRANSIENT):
            await asyncio.wait_for(task, 5)
