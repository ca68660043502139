"""Instances come, go and die under load: every message has its effect once, and each key keeps its order."""

from __future__ import annotations

import asyncio
import signal
from datetime import UTC, datetime

import pytest

from icart_common.testing.probe import HEARD_ON, ProbeHandler
from tests.integration.listening import PARTITIONS, Held, heard_all, listening
from tests.integration.processes import all_heard, loaded, read, service, until

pytestmark = pytest.mark.broker


async def test_a_second_instance_joins_and_leaves_under_load(own, probe_database, feed, tmp_path):
    async with service(tmp_path, own.bootstrap, probe_database) as first:
        await first.until_ready()
        async with loaded(feed), service(tmp_path, own.bootstrap, probe_database) as second:
            await second.until_ready()
            assert (await second.ask("/progress"))[1]["consumers"]["probe"]["assigned"] > 0
            await asyncio.sleep(0.5)
            assert await second.leave() == 0
            await asyncio.sleep(0.3)
        await all_heard(probe_database, feed)
        assert (await first.ask("/progress"))[1]["consumers"]["probe"]["assigned"] == 6


async def test_killed_between_the_commit_of_the_batch_and_that_of_its_offsets(own, probe_database, feed, tmp_path):
    """The batch comes again to whoever is next, and has had its effect already."""
    await feed.send(2000)
    await feed.settle()
    async with service(tmp_path, own.bootstrap, probe_database, probe_dies_after=700, batch_records=250) as dying:
        assert await dying.ended() == -signal.SIGKILL
    (row,) = await read(probe_database, "select count(*) as committed from heard")
    assert 700 <= row["committed"] < 2000
    async with service(tmp_path, own.bootstrap, probe_database) as following:
        await all_heard(probe_database, feed)
        (again,) = await read(probe_database, "select count(*) - count(distinct id) as twice from heard")
        assert again["twice"] == 0
        await following.until_ready()


async def test_a_batch_that_outlasts_a_rebalance_leaves_no_old_place_behind(own, probe_database, feed, monkeypatch):
    """What it reached is passed by whoever has the partition meanwhile. When that comes back, its clocks must not stand still."""
    monkeypatch.setattr("icart_common.messaging.subscriber._DRAIN_SECONDS", 0.1)
    group, held = f"slow-{feed.run}", Held(ProbeHandler())
    async with listening(own, probe_database, group, held, feed.run) as slow:
        await until(lambda: heard_all(slow))
        consumer = slow.subscribers["probe"]._consumer()
        assert consumer is not None
        consumer.pause(*consumer.assignment())
        await feed.send(200)
        await feed.settle()
        held.go.clear()
        consumer.resume(*consumer.assignment())
        await until(lambda: asyncio.sleep(0, held.batches))
        async with listening(own, probe_database, group, ProbeHandler(), feed.run) as other:
            theirs = other.subscribers["probe"]
            await until(lambda: asyncio.sleep(0, theirs.partitions(HEARD_ON)))
            held.go.set()
            await feed.send(200)
            await feed.settle()
            await until(lambda: heard_between(slow, other))
        await until(lambda: heard_all(slow), seconds=30)


async def heard_between(*instances) -> bool:
    """Whether the instances have heard all that was said until now, each of its own partitions."""
    now = datetime.now(UTC)
    heard = [await one.subscribers["probe"].heard_until(HEARD_ON, PARTITIONS, now) for one in instances]
    return sorted(number for one in heard for number, moment in one.items() if moment == now) == list(PARTITIONS)


async def test_sigterm_under_load_leaves_nothing_half_done(own, probe_database, feed, tmp_path):
    async with service(tmp_path, own.bootstrap, probe_database) as first, loaded(feed):
        await first.until_ready()
        await asyncio.sleep(0.5)
        assert await first.leave() == 0, first.said()
    (left,) = await read(
        probe_database,
        """select (select count(*) from heard) as heard, (select count(*) from inbox) as inbox,
           (select count(*) from outbox_relay) as relays,
           (select count(*) from outbox_lease where expires_at > clock_timestamp()) as leases""",
    )
    assert left["heard"] == left["inbox"] > 0
    assert (left["relays"], left["leases"]) == (0, 0)
    async with service(tmp_path, own.bootstrap, probe_database):
        await all_heard(probe_database, feed)
