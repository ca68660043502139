"""The case systems' feed: people a second through intake, when nobody is known yet, and when all of them are told again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from itertools import chain

from icart_common.settings import KafkaSettings
from icart_common.testing import fresh_database
from icart_intake.app import parts as intake_parts
from icart_intake.settings import Settings
from icart_localstack.testing import Stack
from tests.bench.batches import publish
from tests.bench.report import Row
from tests.bench.service_path import through_service
from tests.load import Load, people_held

Say = Callable[[str, int, int], None]
_BATCH = 500


async def measure(stack: Stack, count: int, say: Say) -> list[Row]:
    """`count` people, told twice; the topics have to be there. The first of the feed are the new ones."""
    kafka = KafkaSettings(kafka_bootstrap=stack.bootstrap)
    new = list(people_held(7, count // 3))
    sent = await publish(kafka, (one.record() for one in chain(new, _later(new))), partial(say, "publishing"))
    parts = intake_parts(
        Settings.model_validate({"database_url": "postgresql://unused", "kafka_bootstrap": stack.bootstrap})
    )
    (subscription,) = [one for one in parts.subscriptions if one.name == "cases"]
    rows: list[Row] = []
    for what, until in (("nobody known yet", len(new)), ("half of them known", sent)):
        async with fresh_database(stack, "icart_intake") as database:
            rate, statements = await through_service(
                parts, subscription, database, until, batch=_BATCH, said=partial(_said, say, what, until)
            )
        rows += [
            Row("FEED", f"case feed: {what}", rate, "people/s"),
            Row("FEED", f"case feed, {what}: statements a batch", statements, "statements"),
        ]
    return rows


def _said(say: Say, what: str, of: int, done: int) -> None:
    say(what, done, of)


def _later(loads: list[Load]) -> Iterator[Load]:
    for one in loads:
        body = one.body.model_copy(update={"as_of": one.at + timedelta(days=1)})
        yield Load(one.topic, body, one.message_id, one.at)
