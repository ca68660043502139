"""Commands as records of the topic, through the runner, into real rows and a real outbox."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from icart_common.contracts.ids import derived_id
from icart_common.contracts.timers import (
    CancelClock,
    ClockBreached,
    ClockCancelled,
    ClockMessage,
    ClockMet,
    ClockPaused,
    ClockRefused,
    ClockResumed,
    ClockStarted,
    ClockWarned,
    MeetClock,
    PauseClock,
    ResumeClock,
)
from icart_common.messaging.message import Record
from icart_common.testing import outbox_messages, record_of, said
from icart_timers import store

pytestmark = pytest.mark.broker

TUESDAY = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def record(message: ClockMessage, at: datetime, partition: int = 0) -> Record:
    return record_of(message, "commands.timers", at=at, partition=partition)


async def held(service, identifier):
    async with service.database.transaction() as connection:
        return (await store.load(connection, [identifier])).get(identifier)


@pytest.mark.req("TM-3", authority="halton")
async def test_started_paused_resumed_met(service, starting) -> None:
    start = starting("TM-3", TUESDAY)
    hours = [TUESDAY + timedelta(hours=n) for n in range(5)]
    await service.runner.run([record(start, hours[0], partition=4)])
    started = await held(service, start.clock)
    assert (started.partition, started.next_at) == (4, started.warns_at[0])

    await service.runner.run([record(PauseClock(clock=start.clock, at=hours[1], reason="consent"), hours[1])])
    assert (await held(service, start.clock)).next_at is None
    await service.runner.run([record(ResumeClock(clock=start.clock, at=hours[3], reason="consent"), hours[3])])
    resumed = await held(service, start.clock)
    assert resumed.pauses == ((hours[1], hours[3]),)
    assert resumed.next_at == resumed.warns_at[0] == started.warns_at[0] + timedelta(hours=2)

    await service.runner.run([record(MeetClock(clock=start.clock, at=hours[4], by_event="authorised"), hours[4])])
    over = await held(service, start.clock)
    assert (over.state, over.ended_at, over.next_at) == ("met", hours[4], None)
    kinds = [type(message) for _, message in await outbox_messages(service.database)]
    assert kinds == [ClockStarted, ClockPaused, ClockResumed, ClockMet]


async def test_everything_about_one_clock_in_one_batch_is_written_once(service, starting) -> None:
    start = starting("TM-2", TUESDAY)
    after = TUESDAY + timedelta(days=9)
    await service.runner.run(
        [
            record(start, TUESDAY),
            record(start, TUESDAY),
            record(MeetClock(clock=start.clock, at=after, by_event="closed"), after),
        ]
    )
    messages = [message for _, message in await outbox_messages(service.database)]
    assert [type(message) for message in messages] == [ClockStarted, ClockWarned, ClockWarned, ClockBreached, ClockMet]
    assert isinstance(messages[-1], ClockMet)
    assert messages[-1].late
    assert (await held(service, start.clock)).breached


async def test_an_end_that_bears_an_earlier_time_than_the_start_still_ends_it(service, starting) -> None:
    start = starting("TM-2", TUESDAY)
    before = TUESDAY - timedelta(seconds=1)
    await service.runner.run(
        [record(start, TUESDAY), record(CancelClock(clock=start.clock, at=before, reason="no longer applies"), before)]
    )
    assert len(await said(service.database, ClockCancelled)) == 1


async def test_an_end_that_comes_before_its_start_waits_for_it(service, starting) -> None:
    start = starting("TM-2", TUESDAY)
    end = MeetClock(clock=start.clock, at=TUESDAY + timedelta(hours=1), by_event="authorised")
    await service.runner.run([record(end, end.at)])
    assert await outbox_messages(service.database) == []
    await service.runner.run([record(start, TUESDAY)])
    messages = [message for _, message in await outbox_messages(service.database)]
    assert [message.TYPE for message in messages] == [ClockStarted.TYPE, ClockMet.TYPE]


async def test_an_end_whose_start_never_comes_is_refused(service) -> None:
    end = CancelClock(clock=uuid4(), at=TUESDAY, reason="no longer applies")
    await service.runner.run([record(end, TUESDAY)])
    assert await service.runner.expire(0) == 1
    (refusal,) = await said(service.database, ClockRefused)
    assert (refusal.clock, refusal.code, refusal.command) == (end.clock, "unknown-clock", "icart.timers.cancel.v1")


async def test_a_refused_start_leaves_no_row_and_no_dead_letter(service, starting) -> None:
    start = starting("TM-2", datetime(2099, 3, 2, tzinfo=UTC))
    assert await service.runner.run([record(start, TUESDAY)]) == []
    assert await held(service, start.clock) is None
    (refusal,) = await said(service.database, ClockRefused)
    assert refusal.code == "no-due-date"


async def test_read_again_from_the_start_gives_the_same_rows_and_the_same_messages(service, starting) -> None:
    """The firing loop came by the first time and not the second; what the commands ended is the same to the byte (R4)."""
    records = []
    for number in range(20):
        start = starting("TM-2", TUESDAY, clock=derived_id(TUESDAY, "clock", number))
        end = TUESDAY + timedelta(hours=number * 3)
        records += [record(start, TUESDAY), record(MeetClock(clock=start.clock, at=end, by_event="closed"), end)]
    tables = []
    for batches in ([records[:20], records[20:]], [[one] for one in records]):
        for batch in batches:
            await service.runner.run(batch)
        async with service.database.connection() as connection:
            rows = await connection.fetch("select * from clock order by id")
            events = await connection.fetch("select id, key, headers, value from outbox order by id")
            tables.append(([dict(row) for row in rows], [dict(event) for event in events]))
            await connection.execute("truncate clock, inbox, outbox")
    assert tables[0] == tables[1]


async def statements_of(service, records) -> list[str]:
    """The first word of each statement that a batch costs."""
    texts = service.database.count.texts = []
    await service.runner.run(records)
    await asyncio.sleep(0)  # the driver tells of a statement when the loop next turns
    words = [text.split()[0].lower().strip(";") for text in texts]
    return words[: words.index("commit") + 1]


@pytest.mark.parametrize("count", [1, 200])
async def test_a_batch_costs_the_same_statements_however_large_it_is(service, starting, count) -> None:
    starts = [starting("TM-2", TUESDAY) for _ in range(count)]
    end = TUESDAY + timedelta(days=9)
    # The inbox, what waits, the clocks read, the clocks written, the outbox.
    expected = ["begin", "insert", "delete", "select", "written", "insert", "commit"]
    warm = starting("TM-2", TUESDAY)  # the driver asks a new connection for its types, once
    await service.runner.run([record(warm, TUESDAY)])
    await service.runner.run([record(MeetClock(clock=warm.clock, at=end, by_event="closed"), end)])
    begun = await statements_of(service, [record(start, TUESDAY) for start in starts])
    ended = await statements_of(
        service, [record(MeetClock(clock=one.clock, at=end, by_event="closed"), end) for one in starts]
    )
    assert begun == [word.replace("written", "--") for word in expected]
    assert ended == [word.replace("written", "with") for word in expected]
