"""Clocks to start, on London's wall time, and the packs that they run by."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

import pytest

from icart_common.contracts.catalogue import topics
from icart_common.contracts.timers import StartClock
from icart_common.db.pool import Database
from icart_common.messaging.runner import BatchRunner
from icart_common.policy.book import load_packs
from icart_common.testing import fresh_database
from icart_common.worktime import LONDON
from icart_timers.domain.reckoning import Reckoners
from icart_timers.handlers import ClockCommands

London = Callable[[str], datetime]
Starting = Callable[..., StartClock]


@dataclass(frozen=True)
class Service:
    """The service without Kafka: its database, and the runner that takes batches of records."""

    database: Database
    runner: BatchRunner


@pytest.fixture(scope="session")
def london() -> London:
    """ "2026-11-20 16:45" on London's clocks, as an instant."""
    return lambda wall: datetime.fromisoformat(wall).replace(tzinfo=LONDON)


@pytest.fixture(scope="session")
def reckoners() -> Reckoners:
    return Reckoners(load_packs())


@pytest.fixture(scope="session")
def starting() -> Starting:
    """The command that starts a clock of a pack."""

    def command(
        rule: str,
        counted_from: datetime,
        *,
        authority: str = "halton",
        clock: UUID | None = None,
        version: str = "2026.1",
    ) -> StartClock:
        return StartClock(
            clock=clock or uuid4(),
            authority=authority,
            pack_version=version,
            rule=rule,
            owner="screening",
            subject=uuid4(),
            counted_from=counted_from,
        )

    return command


@pytest.fixture
async def service(stack, reckoners: Reckoners) -> AsyncIterator[Service]:
    commands = {topic.name: topic for topic in topics([]) if topic.name == "commands.timers"}
    async with fresh_database(stack, "icart_timers", connections=6) as database:
        yield Service(
            database,
            BatchRunner("clocks", "timers", database, commands, ClockCommands(reckoners), buckets=16, parks=True),
        )
