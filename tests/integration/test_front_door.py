"""The intake service as a process: bad senders delay nobody else, and what was read once can be read again."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from icart_cli import exits
from icart_cli.sending import Sender, sending
from icart_common.clock import SystemClock
from icart_common.contracts.base import Message
from icart_common.db.migrate import migrate
from icart_common.messaging.groups import forget_offsets
from icart_common.messaging.publish import Published
from icart_common.settings import KafkaSettings
from tests import load
from tests.faults.tables import differences, dump
from tests.integration.processes import Service, feeding, read, service, until

pytestmark = pytest.mark.broker
GROUPS = ("icart.intake.referrals", "icart.intake.cases", "icart.intake.outcomes")
SEED = 20261122


async def _send(feed, loads, *, broken: bool = False) -> None:
    futures = []
    for one in loads:
        topic, key, value, headers = one.record()
        futures.append(await feed.client.send(topic, key=key, value=b"{" if broken else value, headers=headers))
    await asyncio.gather(*futures)


async def _quiet(running: Service) -> None:
    async def done() -> bool:
        _, said = await running.ask("/progress")
        consumers = (said or {}).get("consumers", {}).values()
        return bool(consumers) and said["outbox"] == 0 and all(one["lag"] == 0 for one in consumers)

    await until(done)


async def test_a_topic_full_of_poison_rests_and_the_others_go_on(own, intake_database, tmp_path):
    spoilt, sound = ("larkspur-lane-primary", "halton"), ("hawthorn-gate-school", "york")
    only = {"repeats": 0, "unnamed": 0}
    settings = {"breaker_records": 50, "breaker_rest_seconds": 4, "batch_records": 60}
    async with (
        feeding(own.bootstrap) as feed,
        service(tmp_path, own.bootstrap, intake_database, "icart_intake", **settings) as running,
    ):
        await running.until_ready()

        async def rests() -> bool:
            _, why = await running.ask("/readyz")
            return any(spoilt[0] in reason and "rests" in reason for reason in why["why_not"])

        async def taken(agency: str) -> int:
            question = "select count(*) from submission where agency = $1"
            return int((await read(intake_database, question, agency))[0][0])

        await _send(feed, load.referrals(1, 100, senders=[spoilt], **only), broken=True)
        await until(rests)
        await _send(feed, load.referrals(2, 30, senders=[spoilt], **only))
        await _send(feed, load.referrals(3, 30, senders=[sound], **only))

        async def others_went_on() -> bool:
            return await taken(sound[0]) == 30

        await until(others_went_on)
        assert await rests(), "what was sound was waited for longer than the breaker rested"
        assert await taken(spoilt[0]) == 0

        async def resumed() -> bool:
            return await taken(spoilt[0]) == 30

        await until(resumed)
        (letters,) = await read(intake_database, "select count(*), min(code), max(code) from dead_letter")
        assert tuple(letters) == (100, "not-json", "not-json")
        await running.until_ready()


async def test_ten_megabytes_are_refused_at_the_sender_and_nothing_else_is_delayed(own):
    one, other = load.referrals(4, 2, repeats=0)
    huge = one.body.model_copy(update={"why_now": "x" * 10_000_000})
    async with sending(KafkaSettings(kafka_bootstrap=own.bootstrap), SystemClock()) as sender:
        meanwhile = asyncio.create_task(_send_one(sender, other.topic, other.body))
        with pytest.raises(exits.Stop, match="larger than a topic takes") as refused:
            await _send_one(sender, one.topic, huge)
        assert refused.value.code == exits.REFUSED
        assert (await meanwhile).topic == other.topic
        assert (await _send_one(sender, one.topic, one.body)).topic == one.topic


async def _send_one(sender: Sender, topic: str, body: Message) -> Published:
    return await sender.send(topic, body, kind=body.TYPE, source="/test", subject=str(body.subject_id))


async def test_every_topic_read_again_from_the_start_gives_the_same_tables(own, tmp_path):
    """R4 for intake: people who are named in several referrals, repeats, open cases, and what cannot be read."""
    url = own.postgres_url("icart_intake_rebuilt")
    async with feeding(own.bootstrap) as feed:
        await _send(feed, load.people_held(SEED, 40))
        await _send(feed, load.referrals(SEED, 600, held=40, known=0.3))
        await _send(feed, load.referrals(SEED + 1, 20), broken=True)
    dumps = []
    for settings in ({"batch_records": 40}, {"batch_records": 500}):
        admin = await asyncpg.connect(own.postgres_url())
        await admin.execute("drop database if exists icart_intake_rebuilt with (force)")
        await admin.close()
        await migrate(url, "icart_intake")
        await asyncio.to_thread(forget_offsets, KafkaSettings(kafka_bootstrap=own.bootstrap), GROUPS)
        async with service(
            tmp_path, own.bootstrap, url, "icart_intake", breaker_records=100_000, **settings
        ) as running:
            await running.until_ready()
            await _quiet(running)
            assert await running.leave() == 0
        dumps.append(await dump(url))
    assert len(dumps[0]["submission"]) >= 550
    assert differences(*dumps) == {}
    assert dumps[0] == dumps[1]
