"""The database and the broker go away and come back under load: it goes on by itself, nothing is lost or done twice."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import asyncpg
import pytest

from icart_common.service import give_up_waiting
from icart_common.testing.probe import HEARD_ON, ProbeHandler, meet
from tests.integration.listening import PARTITIONS, Held, heard_all, listening
from tests.integration.processes import all_heard, loaded, read, service, until

pytestmark = pytest.mark.broker
_END_ITS_SESSIONS = "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'icart-timers'"


async def test_postgres_killed_and_started_again(own, probe_database, feed, tmp_path):
    async with service(tmp_path, own.bootstrap, probe_database) as running:
        await running.until_ready()
        async with loaded(feed):
            await asyncio.sleep(0.3)
            await asyncio.to_thread(own.postgres.kill)
            await _until_it_says(running, "database")
            assert (await running.ask("/livez"))[0] == 200
            await asyncio.to_thread(own.postgres.restart)
            await asyncio.sleep(0.3)
        await all_heard(probe_database, feed)
        await running.until_ready()
        assert await running.leave() == 0


async def test_backends_terminated_again_and_again(own, probe_database, feed, tmp_path):
    async with service(tmp_path, own.bootstrap, probe_database) as running:
        await running.until_ready()
        ended = 0
        async with loaded(feed), asyncio.timeout(60):
            while ended < 12:
                await asyncio.sleep(0.15)
                ended += len(await read(own.postgres_url(), _END_ITS_SESSIONS))
        await all_heard(probe_database, feed)
        await running.until_ready()


async def test_the_broker_restarted(own, probe_database, feed, tmp_path):
    async with service(tmp_path, own.bootstrap, probe_database) as running:
        await running.until_ready()
        async with loaded(feed):
            await asyncio.sleep(0.3)
            await asyncio.to_thread(own.kafka.restart)
            await asyncio.sleep(0.3)
        await all_heard(probe_database, feed)
        await running.until_ready()
        assert await running.leave() == 0


async def test_the_broker_away_at_the_start(own, probe_database, feed, tmp_path):
    await feed.send(200)
    await feed.settle()
    own.kafka.kill_broker(0)
    try:
        async with service(tmp_path, own.bootstrap, probe_database) as running:
            await _until_alive(running)
            status, why = await running.ask("/readyz")
            assert status == 503
            assert why["why_not"]
            await asyncio.to_thread(own.kafka.start_broker, 0)
            await all_heard(probe_database, feed)
            await running.until_ready()
    finally:
        await asyncio.to_thread(own.kafka.start_broker, 0)


async def test_while_the_broker_is_silent_nobody_says_that_all_was_heard(own, probe_database, feed):
    """What was said since stands in another service's outbox, or in the topic: no clock may breach for want of it."""
    async with listening(own, probe_database, f"silent-{feed.run}", ProbeHandler(), feed.run) as running:
        await until(lambda: heard_all(running))
        own.kafka.pause_broker(0)
        try:
            hearing = running.subscribers["probe"]
            for _ in range(2):
                assert await hearing.heard_until(HEARD_ON, PARTITIONS, datetime.now(UTC)) == {}
        finally:
            own.kafka.resume_broker(0)
        await feed.send(20)
        await feed.settle()
        await until(lambda: heard_all(running))


class Expectant:
    """Parks what is about a clock of which nobody has said that it is open."""

    def __init__(self) -> None:
        self.open: set[UUID] = set()
        self.given_up: list[str] = []

    async def __call__(self, batch, transaction) -> None:
        self.open |= {one.body.clock for one in batch if one.body.by_event.endswith("open")}
        for one in batch:
            if one.body.clock not in self.open and not one.last_chance:
                transaction.park(one.body.clock, one)
        self.given_up += [one.body.by_event for one in batch if one.last_chance]
        known = [one for one in batch if one.body.clock in self.open]
        if known:
            await ProbeHandler()(known, transaction)


async def test_what_waits_is_not_given_up_while_its_record_may_stand_unread(own, probe_database, feed):
    """The record is behind a batch that takes long, as in a rebuild: the command would be refused for nothing."""
    handler = Expectant()
    held = Held(handler)
    waits = "select count(*) as waits from waiting"
    async with listening(own, probe_database, f"unread-{feed.run}", held, feed.run) as running:
        runner = running.subscribers["probe"].runner

        async def waiting_are(count: int) -> bool:
            return bool((await read(probe_database, waits))[0]["waits"] == count)

        await until(lambda: heard_all(running))
        await say(feed, "early")
        await until(lambda: waiting_are(1))
        held.go.clear()
        await say(feed, "open")
        await asyncio.sleep(0.2)  # longer than it may wait
        assert await give_up_waiting(running, runner) == 0
        held.go.set()
        await until(lambda: waiting_are(0))
        assert handler.given_up == []
        await say(feed, "nobody", about="nothing")
        await until(lambda: waiting_are(1))
        await until(lambda: give_up_waiting(running, runner))
        assert handler.given_up == [f"{feed.run} nobody"]


async def say(feed, words: str, about: str = "clock") -> None:
    record = meet(f"{feed.run}{about}", f"{feed.run} {words}")
    await feed.client.send_and_wait(HEARD_ON, key=record.key, value=record.value, headers=list(record.headers))


async def test_the_database_away_at_the_start(own, probe_database, feed, tmp_path):
    await feed.send(200)
    await feed.settle()
    await asyncio.to_thread(own.postgres.kill)
    try:
        async with service(tmp_path, own.bootstrap, probe_database) as running:
            await _until_it_says(running, "database")
            assert (await running.ask("/progress"))[0] == 503
            await asyncio.to_thread(own.postgres.restart)
            await all_heard(probe_database, feed)
            await running.until_ready()
            _, progress = await running.ask("/progress")
            assert (progress["outbox"], progress["dead_letters"]) == (0, 0)
            assert progress["consumers"]["probe"] | {"end": 0} == {
                "assigned": 6, "lag": 0, "oldest": 0.0, "end": 0, "resting": [],
            }  # fmt: skip
    finally:
        await asyncio.to_thread(own.postgres.restart)


async def test_a_database_that_was_not_migrated_is_waited_for(own, feed, tmp_path):
    url = own.postgres_url("probe_not_migrated")
    admin = await asyncpg.connect(own.postgres_url())
    await admin.execute("create database probe_not_migrated")
    try:
        async with service(tmp_path, own.bootstrap, url) as running:
            await _until_it_says(running, "migrate")
            assert await running.leave() == 0
    finally:
        await admin.execute("drop database probe_not_migrated with (force)")
        await admin.close()


async def _until_alive(running) -> None:
    async with asyncio.timeout(60):
        while (await running.ask("/livez"))[0] != 200:
            assert running.child.returncode is None, f"it ended with {running.child.returncode}: {running.said()}"
            await asyncio.sleep(0.1)


async def _until_it_says(running, word: str) -> None:
    """Wait until it answers that it is not ready, with the reason: the first answers may come before the reason is known."""
    await _until_alive(running)
    async with asyncio.timeout(60):
        while True:
            status, why = await running.ask("/readyz")
            if status == 503 and any(word in reason for reason in why["why_not"]):
                return
            assert running.child.returncode is None, f"it ended with {running.child.returncode}: {running.said()}"
            await asyncio.sleep(0.05)
