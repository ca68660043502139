"""The probe as a process: a service by the name of timers that hears `commands.timers` and has only what every service has.

`ICART_PROBE_DIES_AFTER` ends it with SIGKILL at the one place where a crash is hardest to survive: when the database has
answered the commit of a batch that brings the number of messages heard to that many, and its offsets are not committed.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Sequence
from typing import Any

from icart_common.contracts.timers import MeetClock
from icart_common.messaging.message import Received
from icart_common.messaging.transaction import Transaction
from icart_common.service import ServiceParts, Subscription, run
from icart_common.settings import ServiceSettings
from icart_common.testing.probe.handler import ProbeHandler
from icart_common.testing.probe.messages import HEARD_ON, TOPICS


class Settings(ServiceSettings):
    """The probe's own."""

    probe_dies_after: int | None = None
    """Messages."""


class DyingHandler(ProbeHandler):
    """Ends its own process right after the commit that reaches `after` messages."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self._left = after

    async def __call__(self, batch: Sequence[Received[MeetClock]], transaction: Transaction) -> None:
        await super().__call__(batch, transaction)
        self._left -= len(batch)
        if self._left <= 0:
            transaction.connection.add_query_logger(_end_after_commit)


def _end_after_commit(record: Any) -> None:
    # asyncpg calls this in the turn of the loop after the answer came: the runner has not even given its connection back.
    if record.query.upper().startswith("COMMIT") and record.exception is None:
        os.kill(os.getpid(), signal.SIGKILL)


def parts(settings: Settings) -> ServiceParts:
    """What is the probe's own."""
    after = settings.probe_dies_after
    handler = ProbeHandler() if after is None else DyingHandler(after)
    return ServiceParts(
        service="timers",
        package="icart_common.testing.probe",
        settings=settings,
        topics=list(TOPICS.values()),
        subscriptions=(Subscription("probe", (HEARD_ON,), handler),),
    )


def main() -> None:
    """Run the probe until it is told to stop."""
    asyncio.run(run(parts(Settings())))
