"""A connection that lost its server in the middle of a statement is given to nobody else."""

import asyncpg
import pytest

from icart_common.db.pool import TRANSIENT_DATABASE, Database

pytestmark = pytest.mark.broker
_WHO = "select pg_backend_pid()"


async def test_a_connection_that_asyncpg_gave_up_is_ended_and_the_batch_tried_again(stack):
    database = Database(stack.postgres_url(), connections=1, wait_seconds=5, application="test-pool")
    await database.open()
    try:
        before: list[int] = []

        async def lose_the_server() -> None:
            async with database.connection() as connection:
                before.append(await connection.fetchval(_WHO))
                raise asyncpg.InternalClientError("cannot switch to state 11; another operation (2) is in progress")

        with pytest.raises(TRANSIENT_DATABASE):
            await lose_the_server()
        async with database.connection() as connection:
            assert await connection.fetchval(_WHO) not in before
    finally:
        await database.close()
