"""The service without Kafka: its database, and the runner that takes batches of records."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from icart_common.db.pool import Database
from icart_common.deployment import deployment_topics
from icart_common.messaging.runner import BatchRunner
from icart_common.policy import PolicyBook
from icart_common.testing import fresh_database
from icart_police_vpa.app import parts
from icart_police_vpa.handlers import VpasHandler
from icart_police_vpa.settings import Settings
from services.police_vpa.tests.referral_unit import BOOK


@dataclass(frozen=True)
class Service:
    """The service's database and its runner."""

    database: Database
    vpas: BatchRunner


def runner(database: Database, handler: VpasHandler, families: tuple[str, ...]) -> BatchRunner:
    topics = {topic.name: topic for topic in deployment_topics(BOOK) if topic.family.name in families}
    return BatchRunner("vpas", "police-vpa", database, topics, handler, buckets=4, parks=True)


@pytest.fixture
async def service(stack) -> AsyncIterator[Service]:
    async with fresh_database(stack, "icart_police_vpa") as database:
        (heard,) = parts(Settings(database_url=stack.postgres_url("icart_police_vpa"))).subscriptions
        yield Service(database, runner(database, VpasHandler(BOOK), heard.families))


@pytest.fixture
async def without_pathway(stack) -> AsyncIterator[Service]:
    """The service on packs of which none says how assessments are made."""
    book = PolicyBook(pack.model_copy(update={"vpa": None}) for pack in BOOK.packs())
    async with fresh_database(stack, "icart_police_vpa") as database:
        yield Service(database, runner(database, VpasHandler(book), ("inbound.vpa.{agency}",)))
