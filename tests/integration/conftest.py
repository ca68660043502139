"""A broker and a database of these tests' own: they are stopped and started again under load."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from icart_common.deployment import deployment_topics
from icart_common.messaging.provision import Administration
from icart_common.policy import load_packs
from icart_common.settings import KafkaSettings
from icart_common.testing import migrated_database
from icart_localstack.testing import TemporaryStack
from tests.integration.processes import PROBE, Feed, feeding


@pytest.fixture(scope="module")
def own() -> Iterator[TemporaryStack]:
    """The pair, with the topics of intake and of the probe (each takes the broker a moment). Tests leave it running; after the
    file it ends, for a broker with nothing to do is not free."""
    with TemporaryStack(durable=False) as started:
        topics = [
            one
            for one in deployment_topics(load_packs())
            if one.family.owner in ("intake", "timers") or one.family.name == "events.screening"
        ]
        administration = Administration(KafkaSettings(kafka_bootstrap=started.bootstrap))
        administration.apply(administration.plan(topics, with_acls=False))
        del administration  # its client would complain in the log of every broker that is stopped
        yield started


@pytest.fixture
async def probe_database(own: TemporaryStack) -> AsyncIterator[str]:
    """The URL of a migrated database of the probe."""
    async with migrated_database(own, PROBE) as url:
        yield url


@pytest.fixture
async def intake_database(own: TemporaryStack) -> AsyncIterator[str]:
    async with migrated_database(own, "icart_intake") as url:
        yield url


@pytest.fixture
async def feed(own: TemporaryStack) -> AsyncIterator[Feed]:
    async with feeding(own.bootstrap) as found:
        yield found
