"""The relay on real Kafka: every row once, each key in its order, with several relays and through failures."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from uuid import UUID, uuid4

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from prometheus_client import REGISTRY

from icart_common.contracts.envelope import read_body
from icart_common.contracts.timers import ClockRefused
from icart_common.messaging import leases
from icart_common.messaging.kafka import producer
from icart_common.messaging.provision import Administration
from icart_common.messaging.relay import PLAN, READ, Relay
from icart_common.settings import KafkaSettings
from icart_common.testing.probe import TOPICS, meet

pytestmark = pytest.mark.broker
BUCKETS = 4


@pytest.fixture
def settings(stack) -> KafkaSettings:
    found = KafkaSettings(kafka_bootstrap=stack.bootstrap)
    administration = Administration(found)
    administration.apply(administration.plan(list(TOPICS.values()), with_acls=False))
    return found


def relay(database, settings, *, lease_seconds: float = 2.0) -> Relay:
    return Relay(
        "timers",
        database,
        lambda: producer(settings),
        buckets=BUCKETS,
        lease_seconds=lease_seconds,
        batch_rows=500,
    )


async def read_all(settings: KafkaSettings, run: str, count: int) -> dict[UUID, list[str]]:
    """The words of each clock in the order of its partition, until `count` different messages of `run` were seen."""
    words: dict[UUID, list[str]] = defaultdict(list)
    seen: set[str] = set()
    consumer = AIOKafkaConsumer(
        "events.timers",
        bootstrap_servers=settings.kafka_bootstrap,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    await consumer.start()
    try:
        async with asyncio.timeout(60):
            while len(seen) < count:
                for records in (await consumer.getmany(timeout_ms=200)).values():
                    for record in records:
                        headers = {name: value.decode() for name, value in record.headers}
                        if headers["ce_type"] != ClockRefused.TYPE:
                            continue  # another test's: they share the broker
                        body = read_body(ClockRefused.TYPE, record.value)
                        assert isinstance(body, ClockRefused)
                        identifier = headers["ce_id"]
                        if body.why.startswith(run) and identifier not in seen:
                            seen.add(identifier)
                            words[body.clock].append(body.why)
    finally:
        await consumer.stop()
    return words


async def empty(database) -> None:
    async with asyncio.timeout(60):
        while await database.pool.fetchval("select exists (select from outbox)"):
            await asyncio.sleep(0.02)


async def test_two_relays_send_everything_and_keep_the_order_of_every_key(runner, database, settings):
    run = uuid4().hex[:8]
    relays = [relay(database, settings), relay(database, settings)]
    tasks = [asyncio.create_task(one.run()) for one in relays]
    for batch in range(20):
        await runner().run([meet(f"{run}{n % 7}", f"{run} {batch:03}-{n:03}", seconds=batch) for n in range(50)])
    await empty(database)
    held = await database.pool.fetch(
        "select owner, count(*) from outbox_lease where expires_at > clock_timestamp() group by owner"
    )
    for one in relays:
        one.stop()
    await asyncio.gather(*tasks)
    words = await read_all(settings, run, 1000)
    assert sum(len(said) for said in words.values()) == 1000
    for said in words.values():
        assert said == sorted(said)
    assert sum(row["count"] for row in held) == BUCKETS


async def test_a_relay_that_dies_is_followed_by_another(runner, database, settings):
    run = uuid4().hex[:8]
    first = asyncio.create_task(relay(database, settings, lease_seconds=1.0).run())
    await runner().run([meet(f"{run}a", f"{run} before")])
    await empty(database)
    first.cancel()  # as if killed: it may not have given its leases back
    await asyncio.gather(first, return_exceptions=True)
    await runner().run([meet(f"{run}a", f"{run} later", seconds=1)])
    second = relay(database, settings, lease_seconds=1.0)
    task = asyncio.create_task(second.run())
    await empty(database)
    second.stop()
    await task
    (said,) = (await read_all(settings, run, 2)).values()
    assert said == [f"{run} before", f"{run} later"]


async def test_leases_are_shared_fairly_and_an_old_token_is_worth_nothing(database):
    one, other = uuid4(), uuid4()
    async with database.connection() as connection:
        alone = await leases.renew(connection, one, BUCKETS, 5)
        assert sorted(alone) == [0, 1, 2, 3]
        assert await leases.renew(connection, other, BUCKETS, 5) == {}
        kept = await leases.renew(connection, one, BUCKETS, 5)
        taken = await leases.renew(connection, other, BUCKETS, 5)
        assert len(kept) == len(taken) == 2
        assert not set(kept) & set(taken)
        assert all(taken[bucket] > alone[bucket] for bucket in taken)
        await leases.leave(connection, one)
        assert len(await leases.renew(connection, other, BUCKETS, 5)) == BUCKETS


async def test_rows_of_a_lost_lease_are_not_removed(runner, database, settings):
    run = uuid4().hex[:8]
    await runner().run([meet(f"{run}a", run)])
    slow = relay(database, settings)
    async with database.connection() as connection:
        tokens = await leases.renew(connection, slow._owner, BUCKETS, 5)
        await connection.execute("update outbox_lease set owner = gen_random_uuid(), token = token + 1")
        rows = await connection.fetch("select seq, bucket, topic, key, headers, value from outbox")
        sender = producer(settings)
        await sender.start()
        await slow._send_and_remove(connection, sender, rows, tokens)
        await sender.stop()
    assert await database.pool.fetchval("select count(*) from outbox") == 1


async def test_a_topic_that_is_missing_holds_up_its_own_rows_alone(runner, database, settings, monkeypatch):
    monkeypatch.setattr("icart_common.messaging.relay._ASIDE_SECONDS", 0.5)
    run, missing = uuid4().hex[:8], f"outbound.nobody-{uuid4().hex[:8]}"
    await runner().run([meet(f"{run}{n}", f"{run} early", seconds=n) for n in range(10)])
    await database.pool.execute("update outbox set topic = $1 where seq % 2 = 0", missing)
    await runner().run([meet(f"{run}{n}", f"{run} later", seconds=100 + n) for n in range(10)])
    one = relay(database, settings)
    task = asyncio.create_task(one.run())
    async with asyncio.timeout(60):
        while await database.pool.fetchval("select exists (select from outbox where topic <> $1)", missing):
            await asyncio.sleep(0.02)
    assert await database.pool.fetchval("select count(*) from outbox where topic = $1", missing) == 5
    administrator = AIOKafkaAdminClient(bootstrap_servers=settings.kafka_bootstrap)
    await administrator.start()
    try:
        await administrator.create_topics([NewTopic(missing, 2, 1)])
        await empty(database)
    finally:
        await administrator.delete_topics([missing])
        await administrator.close()
    one.stop()
    await task
    assert sum(len(said) for said in (await read_all(settings, run, 15)).values()) == 15


async def test_a_row_that_the_broker_will_not_have_holds_up_its_own_key_alone_and_is_kept(
    runner, database, settings, monkeypatch
):
    monkeypatch.setattr("icart_common.messaging.relay._TOO_LARGE_SECONDS", 0.5)
    topic = f"outbound.narrow-{uuid4().hex[:8]}"
    administrator = AIOKafkaAdminClient(bootstrap_servers=settings.kafka_bootstrap)
    await administrator.start()
    await administrator.create_topics([NewTopic(topic, 1, 1, topic_configs={"max.message.bytes": "4000"})])
    for second in range(3):
        await runner().run([meet(n, f"{second}", seconds=second) for n in range(10)])
    large, key = await database.pool.fetchrow("select seq, key from outbox order by seq offset 13 limit 1")
    await database.pool.execute("update outbox set topic = $1", topic)
    await database.pool.execute("update outbox set value = value || repeat(' ', 200000)::bytea where seq = $1", large)
    one = relay(database, settings)
    task = asyncio.create_task(one.run())
    try:
        async with asyncio.timeout(60):
            while await database.pool.fetchval("select count(*) from outbox") > 2:
                await asyncio.sleep(0.02)
        rows = await database.pool.fetch("select seq, key from outbox order by seq")
        assert [(row["seq"], row["key"]) for row in rows] == [(large, key), (large + 10, key)]
        assert (await one.standing())["keys_too_large"] == {topic: 1}
        assert REGISTRY.get_sample_value("icart_relay_keys_too_large", {"service": "timers"}) == 1
        wider = ConfigResource(ConfigResourceType.TOPIC, topic, {"max.message.bytes": "1048576"})
        await administrator.alter_configs([wider])
        await empty(database)
        assert (await one.standing())["keys_too_large"] == {}
    finally:
        one.stop()
        await task
        words = await words_by_key(settings, topic)
        await administrator.delete_topics([topic])
        await administrator.close()
    assert {tuple(dict.fromkeys(said)) for said in words.values()} == {("0", "1", "2")}  # some were sent more than once
    assert len(words) == 10


async def words_by_key(settings: KafkaSettings, topic: str) -> dict[bytes, list[str]]:
    """All that is on a topic of one partition, of each key in its order."""
    words: dict[bytes, list[str]] = defaultdict(list)
    place = TopicPartition(topic, 0)
    consumer = AIOKafkaConsumer(bootstrap_servers=settings.kafka_bootstrap, enable_auto_commit=False)
    await consumer.start()
    try:
        consumer.assign([place])
        await consumer.seek_to_beginning(place)
        end = (await consumer.end_offsets([place]))[place]
        while await consumer.position(place) < end:
            for record in (await consumer.getmany(timeout_ms=200)).get(place, []):
                body = read_body(ClockRefused.TYPE, record.value)
                assert isinstance(body, ClockRefused)
                words[record.key].append(body.why)
    finally:
        await consumer.stop()
    return words


async def test_what_was_sent_long_ago_is_not_read_again(database):
    """Between two vacuums tens of thousands of rows come and go: the outbox is read as if they had never been there."""
    async with database.connection() as connection:
        await connection.execute("alter table outbox set (autovacuum_enabled = off)")
        await connection.execute(PLAN)
        for _ in range(12):
            await connection.execute(
                "insert into outbox (bucket, id, topic, key, headers, value) select n % 16, gen_random_uuid(), "
                "'events.timers', 'k', '[]', convert_to(repeat('x', 1300), 'utf8') from generate_series(1, 250) as n"
            )
            rows = await connection.fetch(READ, list(range(16)), 2000, [], [])
            await connection.execute("delete from outbox where seq = any($1::bigint[])", [row["seq"] for row in rows])
        await connection.fetch(READ, list(range(16)), 2000, [], [])  # finds the last ones gone
        pages = await connection.fetchval("select pg_relation_size('outbox') / 8192")
        found = await connection.fetchval(
            f"explain (analyze, buffers, format json) {READ}", list(range(16)), 2000, [], []
        )
    assert pages > 500
    assert json.loads(found)[0]["Plan"]["Shared Hit Blocks"] < 40
