"""The inbox's days: made ahead, and left in the default partition when their ids are there already."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime

from icart_common.contracts.ids import derived_id
from icart_common.db.pool import Database
from icart_common.messaging.inbox import keep_days, remember

DAY = date(2031, 3, 4)
NOON = datetime(2031, 3, 4, 12, tzinfo=UTC)


async def days(database: Database) -> set[str]:
    async with database.connection() as connection:
        rows = await connection.fetch("select relname from pg_class where relname ~ '^inbox_[0-9]{8}$'")
    return {row["relname"] for row in rows}


async def test_a_day_that_fills_up_while_its_partition_is_made_stays_in_the_default_one(database: Database) -> None:
    async with database.connection() as writer, database.connection() as keeper:
        batch = writer.transaction()
        await batch.start()
        await remember(writer, [derived_id(NOON, "a message of that day")])
        keeping = asyncio.create_task(keep_days(keeper, DAY, ahead=1))
        await asyncio.sleep(0.3)  # it has looked, and now waits for the batch
        assert not keeping.done()
        await batch.commit()
        await keeping
    found = await days(database)
    assert "inbox_20310304" not in found
    assert "inbox_20310305" in found
    async with database.connection() as connection:
        assert await remember(connection, [derived_id(NOON, "a message of that day")]) == set()
