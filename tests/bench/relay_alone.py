"""A relay as a process of its own: `python relay_alone.py BOOTSTRAP DATABASE_URL`, until its standard input ends."""

from __future__ import annotations

import asyncio
import logging
import sys
from functools import partial

from icart_common.db.pool import Database
from icart_common.messaging.kafka import producer
from icart_common.messaging.relay import Relay
from icart_common.settings import ServiceSettings


async def _relay(bootstrap: str, database_url: str) -> None:
    settings = ServiceSettings(kafka_bootstrap=bootstrap, database_url=database_url)
    database = Database(database_url, connections=3, wait_seconds=5, application="bench-relay")
    await database.open()
    relay = Relay(
        "intake",
        database,
        partial(producer, settings),
        buckets=settings.outbox_buckets,
        lease_seconds=settings.relay_lease_seconds,
        batch_rows=settings.relay_batch_rows,
    )
    running = asyncio.create_task(relay.run())
    await asyncio.to_thread(sys.stdin.read)
    relay.stop()
    await running
    await database.close()


if __name__ == "__main__":
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    asyncio.run(_relay(*sys.argv[1:]))
