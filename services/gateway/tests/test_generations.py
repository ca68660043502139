"""Generations of the read models: made, put in force, gone back from, dropped; whoever serves the old one leaves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any, cast

import asyncpg
import pytest

from icart_common.running import Running
from icart_common.service import Leave
from icart_common.testing import migrated_database
from icart_gateway import generations

pytestmark = pytest.mark.broker
NOBODY = cast(Running, None)


@pytest.fixture
async def url(stack: Any) -> AsyncIterator[str]:
    async with migrated_database(stack, "icart_gateway") as found:
        await generations.migrate_all(found)
        yield found


async def test_a_generation_that_was_not_filled_to_the_end_never_serves(url):
    number = await generations.begin(url)
    with pytest.raises(generations.CannotServe, match=r"those that can: 1$"):
        await generations.put_in_force(url, number)
    assert await generations.in_force(url) == 1


async def test_one_generation_serves_at_a_time_and_one_can_go_back(url):
    number = await generations.begin(url)
    await generations.filled(url, number)
    for chosen in (number, 1):
        await generations.put_in_force(url, chosen)
        assert [one.number for one in await generations.generations(url) if one.in_force] == [chosen]


async def test_a_generation_of_another_release_does_not_serve(url):
    number = await generations.begin(url)
    await generations.filled(url, number)
    await run(url, f"update model_{number}.alembic_version set version_num = '0000'")
    with pytest.raises(generations.CannotServe, match="another release"):
        await generations.put_in_force(url, number)


async def test_the_one_in_force_is_not_dropped_and_numbers_are_never_used_again(url):
    with pytest.raises(generations.InForce):
        await generations.drop(url, 1)
    number = await generations.begin(url)
    await generations.drop(url, number)
    assert await generations.begin(url) == number + 1
    with pytest.raises(generations.CannotServe):
        await generations.put_in_force(url, number)


async def test_whoever_serves_the_old_generation_hears_of_the_new_one_and_leaves(url):
    number = await generations.begin(url)
    await generations.filled(url, number)
    serving = asyncio.create_task(generations.going_over(url, 1)(NOBODY))
    await asyncio.sleep(0.2)
    assert not serving.done()
    await generations.put_in_force(url, number)
    with pytest.raises(Leave, match=f"generation {number}"):
        await asyncio.wait_for(serving, 3)


async def run(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(statement)
    await connection.close()
