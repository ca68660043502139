"""A batch becomes one transaction: nothing twice, nothing lost, one bad message does not hold up the others."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from icart_common.contracts.deadletters import DeadLettered
from icart_common.contracts.timers import ClockRefused, MeetClock, PauseClock
from icart_common.messaging import deadletters
from icart_common.messaging.message import Record
from icart_common.testing import outbox_messages, record_of, said
from icart_common.testing.probe import HEARD_ON, NOON, ProbeHandler, clock_named, heard, meet

pytestmark = pytest.mark.broker


async def test_a_batch_read_twice_has_its_effect_once(runner, database):
    batch = [meet("a"), meet("b"), meet("a", "again", seconds=1)]
    await runner().run(batch)
    await runner().run(batch)
    assert [words for _, words in await heard(database)] == ["a", "b", "again"]
    assert len(await said(database, ClockRefused)) == 3


async def test_the_same_message_twice_in_one_batch_has_its_effect_once(runner, database):
    one = meet("a")
    await runner().run([one, one])
    assert len(await heard(database)) == 1


async def test_messages_are_handled_in_the_order_of_their_own_time(runner, database):
    await runner().run([meet("later", seconds=5), meet("sooner", seconds=1)])
    assert [words for _, words in await heard(database)] == ["sooner", "later"]


async def test_a_batch_that_takes_too_long_is_handled_in_smaller_parts(runner, database):
    """What is too heavy for one transaction is not tried whole for ever, and nothing of it happens twice."""
    sizes = []

    class Slow(ProbeHandler):
        async def __call__(self, batch, transaction):
            sizes.append(len(batch))
            await transaction.connection.execute("select pg_sleep($1::float8)", len(batch) * 0.5, timeout=1.6)
            await super().__call__(batch, transaction)

    names = list("abcdefgh")
    handle = runner(Slow())
    assert await handle.run([meet(name, seconds=place) for place, name in enumerate(names)]) == []
    assert [words for _, words in await heard(database)] == names
    assert sizes[0] == 8
    assert all(size <= 4 for size in sizes[1:])
    assert await handle.run([meet("later", seconds=9)]) == []


async def test_what_the_database_will_not_have_is_put_aside_and_holds_nobody_up(runner, database):
    """Its own error, for example of text that is too long for a notification: no reason to try the same for ever."""

    class Refused(ProbeHandler):
        async def __call__(self, batch, transaction):
            await super().__call__(batch, transaction)
            if any(one.body.by_event == "bad" for one in batch):
                await transaction.connection.execute("select pg_notify('x', repeat('x', 8000))")

    poison = await runner(Refused()).run([meet("a"), meet("bad", seconds=1), meet("b", seconds=2)])
    assert [one.code for one in poison] == ["handler-defect"]
    assert [words for _, words in await heard(database)] == ["a", "b"]


async def test_records_that_weigh_much_are_not_handled_in_one_transaction(runner, database):
    sizes = []
    handle = runner(ProbeHandler(before=lambda batch: sizes.append(len(batch))))
    heavy = [one._replace(value=(one.value or b"") + b" " * 900_000) for one in map(meet, "abcde")]
    await handle.run(heavy)
    assert sizes == [2, 2, 1]
    assert len(await heard(database)) == 5


async def test_what_follows_has_ids_that_follow_from_the_cause(runner, database):
    await runner().run([meet("a", offset=7)])
    first = await database.pool.fetchval("select id from outbox")
    await database.pool.execute("truncate inbox, outbox, heard")
    await runner().run([meet("a", offset=7)])
    assert await database.pool.fetchval("select id from outbox") == first
    assert first.version == 7


async def test_what_the_handler_does_not_hear_is_passed_over_without_asking_the_database(runner, database):
    before = database.count.statements
    pause = record_of(PauseClock(clock=clock_named("a"), at=NOON, reason="for somebody else"), HEARD_ON, at=NOON)
    unread = Record(**pause._asdict() | {"value": b"{"})
    assert await runner(hears={MeetClock}).run([pause, unread]) == []
    assert database.count.statements == before
    assert await runner(hears={MeetClock}).run([pause, unread, meet("a")]) == []
    assert [words for _, words in await heard(database)] == ["a"]
    assert await database.pool.fetchval("select count(*) from inbox") == 1


async def test_what_the_handler_passes_over_is_read_without_asking_the_database(runner, database):
    def is_of_b(message):
        return message.clock == clock_named("b")

    before = database.count.statements
    assert await runner(passes_over=is_of_b).run([meet("b")]) == []
    assert database.count.statements == before
    await runner(passes_over=is_of_b).run([meet("b"), meet("a")])
    assert [words for _, words in await heard(database)] == ["a"]
    assert await database.pool.fetchval("select count(*) from inbox") == 1


async def test_of_what_the_handler_hears_poison_is_still_kept(runner, database):
    broken = Record(**meet("a")._asdict() | {"value": b"{"})
    (poison,) = await runner(hears={MeetClock}).run([broken])
    assert poison.code == "not-json"


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"value": b"\xff\xfe"}, "not-utf8", "$"),
        ({"value": b"{"}, "not-json", "$"),
        ({"value": b"[" * 1000 + b"]" * 1000}, "not-json", "$"),
        ({"value": None}, "empty", "$"),
        ({"value": b"{}"}, "wrong-schema", "$.clock"),
        ({"headers": [("ce_id", None)]}, "bad-header", "header ce_id"),
        ({"headers": [("ce_id", b"\xff")]}, "bad-header", "header ce_id"),
        ({"headers": []}, "bad-header", "header ce_id"),
    ],
)
async def test_poison_is_kept_whole_with_its_reason_and_the_batch_goes_on(runner, database, change, code, path):
    good, bad = meet("good"), meet("bad", seconds=1)
    fields = bad._asdict() | change
    poison = await runner().run([Record(**fields), good])
    assert [one.code for one in poison] == [code]
    assert [words for _, words in await heard(database)] == ["good"]
    async with database.connection() as connection:
        (listed,) = await deadletters.listed(connection)
        whole = await deadletters.look(connection, listed.id, by="ops-1", reason="checking the sender's export")
    assert (listed.code, listed.problems[0]["path"], listed.offset) == (code, path, bad.offset)
    assert whole is not None
    assert (whole.value, list(whole.headers)) == (fields["value"], [tuple(pair) for pair in fields["headers"]])
    (told,) = await said(database, DeadLettered)
    assert told.code == code


async def test_an_unknown_type_is_poison_and_says_so(runner, database):
    record = meet("a")
    headers = [(name, b"icart.timers.meet.v9" if name == "ce_type" else value) for name, value in record.headers]
    (poison,) = await runner().run([Record(**record._asdict() | {"headers": headers})])
    assert poison.code == "unknown-type"


async def test_a_type_of_another_topic_is_poison(runner):
    record = meet("a")
    headers = [(name, b"icart.referral.submitted.v1" if name == "ce_type" else value) for name, value in record.headers]
    (poison,) = await runner().run([Record(**record._asdict() | {"headers": headers})])
    assert poison.code == "unknown-type"


async def test_a_defect_that_one_message_brings_out_puts_that_message_aside(runner, database):
    def trip(batch):
        if any(one.body.by_event == "bad" for one in batch):
            raise KeyError("a name that must not be logged")

    batch = [meet(n, "bad" if n == 13 else "") for n in range(40)]
    poison = await runner(ProbeHandler(before=trip)).run(batch)
    assert [(one.code, one.record.offset) for one in poison] == [("handler-defect", batch[13].offset)]
    assert "must not be logged" not in str(poison[0].problems)
    assert len(await heard(database)) == 39


async def test_a_passing_error_rolls_everything_back_and_is_tried_again(runner, database):
    tries = []

    def away_twice(batch):
        tries.append(len(batch))
        if len(tries) < 3:
            raise asyncpg.ConnectionDoesNotExistError("gone")

    await runner(ProbeHandler(before=away_twice)).run([meet("a"), meet("b")])
    assert tries == [2, 2, 2]
    assert len(await heard(database)) == 2


async def test_when_patience_ends_the_error_goes_to_the_caller_and_nothing_is_written(runner, database):
    def away(_batch):
        raise asyncpg.ConnectionDoesNotExistError("gone")

    with pytest.raises(asyncpg.ConnectionDoesNotExistError):
        await runner(ProbeHandler(before=away)).run([meet("a")], patience_seconds=0.2)
    assert await outbox_messages(database) == []
    assert await database.pool.fetchval("select count(*) from inbox") == 0


async def test_the_statements_of_a_batch_do_not_grow_with_its_size(runner, database):
    async def statements(batch):
        before = database.count.statements
        await runner().run(batch)
        return database.count.statements - before

    await statements([meet("first")])  # the driver asks for the types once a connection
    one = await statements([meet("a")])
    many = await statements([meet(n) for n in range(500)])
    # begin, inbox, the handler's own insert, outbox, commit
    assert one == many == 5


async def test_two_runners_of_one_batch_have_its_effect_once(runner, database):
    batch = [meet(n) for n in range(50)]
    await asyncio.gather(runner().run(batch), runner().run(list(reversed(batch))))
    assert len(await heard(database)) == 50


class Early:
    """Parks what is about a clock that nobody has opened yet; "open" opens it."""

    def __init__(self) -> None:
        self.open: set[UUID] = set()
        self.refused: list[str] = []

    async def __call__(self, batch, transaction) -> None:
        done = []
        for one in batch:
            if one.body.by_event == "open":
                self.open.add(one.body.clock)
            if one.body.clock in self.open:
                done.append(one)
            elif one.last_chance:
                self.refused.append(one.body.by_event)
            else:
                transaction.park(one.body.clock, one)
        if done:
            await ProbeHandler()(done, transaction)


async def test_a_command_that_comes_too_early_waits_for_its_record(runner, database):
    handler = Early()
    early = runner(handler, parks=True)
    await early.run([meet("a", "first", seconds=1), meet("a", "second", seconds=2), meet("b", "other", seconds=1)])
    assert await heard(database) == []
    await early.run([meet("a", "open", seconds=0)])
    assert [words for _, words in await heard(database)] == ["open", "first", "second"]
    assert await database.pool.fetchval("select count(*) from waiting") == 1


async def test_a_command_that_waited_long_enough_is_decided(runner, database):
    handler = Early()
    early = runner(handler, parks=True)
    await early.run([meet("nobody", "late")])
    assert await early.expire(60) == 0
    assert await early.expire(0) == 1
    assert handler.refused == ["late"]
    assert await database.pool.fetchval("select count(*) from waiting") == 0


class Tripped(Early):
    """As that, with a defect that one message brings out whenever it comes back."""

    came = False

    async def __call__(self, batch, transaction) -> None:
        if any(one.body.by_event == "bad" for one in batch):
            if self.came:
                raise KeyError("a defect")
            self.came = True
        await super().__call__(batch, transaction)


async def waiting_codes(database) -> dict[str, int]:
    """The dead letters, by their code; nothing else waits any more."""
    rows = await database.pool.fetch("select code, count(*) from dead_letter where state = 'waiting' group by code")
    assert await database.pool.fetchval("select count(*) from waiting") == 0
    return {row["code"]: row["count"] for row in rows}


async def test_a_defect_of_what_waited_is_not_laid_at_the_door_of_what_brings_it_back(runner, database):
    early = runner(Tripped(), parks=True)
    bad = meet("a", "bad", seconds=2)
    await early.run([meet("a", "first", seconds=1), bad, meet("a", "third", seconds=3)])
    assert await early.run([meet("other", "open"), meet("a", "open")]) == []
    assert sorted(words for _, words in await heard(database)) == ["first", "open", "open", "third"]
    assert await waiting_codes(database) == {"handler-defect": 1}
    assert await database.pool.fetchval('select "offset" from dead_letter') == bad.offset
    assert [one.code for one in await said(database, DeadLettered)] == ["handler-defect"]
    # After the release that mends it, it is handled again: it has had no effect yet, and it kept its key.
    async with database.connection() as connection:
        (listed,) = await deadletters.listed(connection)
        again = await deadletters.original(connection, listed.id)
    assert again is not None
    assert again.key == str(clock_named("a")).encode()
    await runner().run([again])
    assert (await heard(database))[-1] == (clock_named("a"), "bad")


async def test_a_defect_of_what_waited_too_long_becomes_a_dead_letter_and_the_others_are_decided(runner, database):
    handler = Tripped()
    early = runner(handler, parks=True)
    await early.run([meet("a", "one"), meet("b", "bad", seconds=1), meet("c", "two", seconds=2)])
    assert await early.expire(0) == 3
    assert sorted(handler.refused) == ["one", "two"]
    assert await waiting_codes(database) == {"handler-defect": 1}


@pytest.mark.parametrize("way", ["back", "too-long"])
async def test_what_waited_and_can_no_longer_be_read_is_kept_as_a_dead_letter(runner, database, way):
    early = runner(Early(), parks=True)
    await early.run([meet("a", "waits", seconds=1)])
    await database.pool.execute("update waiting set value = '{}'")  # as after a release with another schema
    if way == "back":
        assert await early.run([meet("a", "open")]) == []
    else:
        assert await early.expire(0) == 1
    assert await waiting_codes(database) == {"wrong-schema": 1}
    assert [one.code for one in await said(database, DeadLettered)] == ["wrong-schema"]


async def test_what_would_follow_and_cannot_be_sent_is_a_fault_of_that_message_alone(runner, database):
    class Long(ProbeHandler):
        async def __call__(self, batch, transaction):
            await super().__call__(batch, transaction)
            for one in batch:
                words = "x" * 1_048_000 if one.body.by_event == "bad" else "x"
                fields = {"clock": one.body.clock, "command": "meet", "code": "probe", "why": words}
                transaction.say(ClockRefused.model_construct(**fields), one)

    poison = await runner(Long()).run([meet("a"), meet("bad", seconds=1), meet("b", seconds=2)])
    assert [(one.code, one.problems[0].expected) for one in poison] == [("too-large-to-say", "at most 1046528 bytes")]
    assert [words for _, words in await heard(database)] == ["a", "b"]
    (told,) = await said(database, DeadLettered)
    assert "icart.timers.refused.v1 of 10" in told.problems[0].found


async def test_what_follows_and_weighs_much_is_written_in_several_statements(runner, database):
    class Long(ProbeHandler):
        async def __call__(self, batch, transaction):
            for one in batch:
                fields = {
                    "clock": one.body.clock,
                    "command": "meet",
                    "code": "probe",
                    "why": one.body.by_event * 900_000,
                }
                transaction.say(ClockRefused.model_construct(**fields), one)

    written = database.count.texts = []
    await runner(Long()).run([meet(name, seconds=place) for place, name in enumerate("abcdefghij")])
    rows = await database.pool.fetch("select key from outbox order by seq")
    assert sum("insert into outbox" in text for text in written) == 3
    assert [row["key"] for row in rows] == [str(clock_named(name)) for name in "abcdefghij"]


async def test_a_dead_letter_sent_again_counts_from_when_it_first_came(runner, database):
    broken = meet("a")
    fields = broken._asdict()
    (poison,) = await runner().run([Record(**fields | {"value": b"{"})])
    times: list[datetime] = []
    again = Record(
        **fields
        | {
            "offset": 99_999,
            "timestamp": NOON + timedelta(days=3),
            "headers": [*broken.headers, ("ce_replayof", str(poison.id).encode())],
        }
    )
    await runner(ProbeHandler(before=lambda batch: times.extend(one.at for one in batch))).run([again])
    assert times == [NOON]


def test_a_message_says_what_it_is_about():
    assert MeetClock(clock=clock_named("a"), at=NOON, by_event="x").subject_id == clock_named("a")
