"""Instances come, go and die under load: every message has its effect once, and each key keeps its order."""

from __future__ import annotations

import asyncio
import signal

import pytest

from tests.integration.processes import all_heard, loaded, read, service

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
