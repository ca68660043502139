"""The service without Kafka: its database, and runners that take batches of records."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from icart_common.db.pool import Database
from icart_common.deployment import deployment_topics
from icart_common.messaging.runner import BatchRunner
from icart_common.policy import PolicyBook
from icart_common.testing import fresh_database
from icart_screening.app import parts
from icart_screening.settings import Settings
from services.screening.tests.front_door import BOOK, FrontDoor


@dataclass(frozen=True)
class Service:
    """The service's database and its two runners."""

    database: Database
    contacts: BatchRunner
    clocks: BatchRunner


@pytest.fixture
async def service(stack) -> AsyncIterator[Service]:
    async with fresh_database(stack, "icart_screening") as database:
        built = parts(Settings(database_url=stack.postgres_url("icart_screening")))
        topics = deployment_topics(BOOK)
        runners = {
            subscription.name: BatchRunner(
                subscription.name,
                "screening",
                database,
                {topic.name: topic for topic in topics if topic.family.name in subscription.families},
                subscription.handler,
                buckets=4,
                parks=subscription.parks,
                hears=subscription.hears,
            )
            for subscription in built.subscriptions
        }
        yield Service(database, runners["contacts"], runners["clocks"])


@pytest.fixture(scope="session")
def book() -> PolicyBook:
    """The packs of all authorities."""
    return BOOK


@pytest.fixture
def door(request) -> FrontDoor:
    """The front door of the authority that the test names by `each` or `of`."""
    return FrontDoor(request.param)
