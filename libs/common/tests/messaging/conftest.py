from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from icart_common.db.pool import Database
from icart_common.messaging.runner import BatchRunner
from icart_common.testing import fresh_database
from icart_common.testing.probe import TOPICS, ProbeHandler


@pytest.fixture
async def database(stack) -> AsyncIterator[Database]:
    async with fresh_database(stack, "icart_common.testing.probe") as opened:
        yield opened


@pytest.fixture
def runner(database: Database):
    """A runner of the probe: `runner()` or `runner(ProbeHandler(before=…))`."""

    def build(handler: ProbeHandler | None = None, **more) -> BatchRunner:
        return BatchRunner("probe", "timers", database, TOPICS, handler or ProbeHandler(), buckets=4, **more)

    return build
