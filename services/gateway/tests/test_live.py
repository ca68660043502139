"""Changes by others reach the open pages: ids alone, of one's own authority, and nothing is missed between."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from icart_common.db.pool import Database
from icart_gateway.model.changes import CHANNEL, Changes, announce
from services.gateway.tests.screening import Screening
from services.screening.tests.front_door import FrontDoor


async def events(address: str, cookies: Any, path: str, *, count: int) -> list[tuple[str, str]]:
    """The first events of a stream, by name."""
    found: list[tuple[str, str]] = []
    async with httpx2.AsyncClient(base_url=address, cookies=cookies) as client, client.stream("GET", path) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        name = ""
        async for line in stream.aiter_lines():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                found.append((name, line.removeprefix("data: ")))
                if len(found) == count:
                    break
    return found


async def test_a_stream_tells_what_changes_of_ones_own_authority(gateway: Any) -> None:
    own, other = Screening(gateway, FrontDoor("halton")), Screening(gateway, FrontDoor("york"))
    await gateway.sign_in("w1", "social-worker")
    async with gateway.served() as door, gateway.listening():
        reading = asyncio.create_task(
            events(door.address, dict(gateway.client.cookies), f"/live?from={door.live.place}", count=2)
        )
        await asyncio.sleep(0.3)
        theirs = await other.open()
        mine = await own.open()
        (_, _), (name, said) = await asyncio.wait_for(reading, 20)
        change = json.loads(said)
        while str(mine) not in change["contacts"]:
            again = await events(door.address, dict(gateway.client.cookies), "/live?from=elsewhere-1", count=2)
            assert json.loads(again[1][1])["many"], "a place that nobody remembers: anything may have changed"
            break
    assert name == "change"
    assert str(theirs) not in change["contacts"]


async def test_what_was_missed_since_a_page_was_read_is_told(gateway: Any, screening: Screening) -> None:
    await gateway.sign_in("w1", "social-worker")
    async with gateway.listening():
        shown = await gateway.client.get("/desktops")
        place = shown.text.partition('data-live-from="')[2].partition('"')[0]
        assert (await gateway.client.get(f"/live/since?from={place}")).json() == {}
        contact = await screening.open()
        await _heard(gateway, place)
        missed = (await gateway.client.get(f"/live/since?from={place}")).json()
    assert str(contact) in missed["contacts"]
    assert missed["lists"] is True
    assert missed["many"] is False


async def _heard(gateway: Any, place: str) -> None:
    async with asyncio.timeout(10):
        while gateway.door.live.since(place) is None:
            await asyncio.sleep(0.01)


async def test_an_open_page_keeps_nobody_signed_in(gateway: Any) -> None:
    await gateway.sign_in("w1", "social-worker")
    held: Database = gateway.door.held
    async with held.connection() as connection:
        before = await connection.fetchval("select seen_at from session")
        await gateway.client.get("/live/since?from=x-1")
        assert await connection.fetchval("select seen_at from session") == before
    gateway.client.cookies.clear()
    assert (await gateway.client.get("/live/since?from=x-1")).status_code == 303


@pytest.mark.req("SC-2", authority="halton")
async def test_two_people_on_one_record_see_each_other(gateway: Any, screening: Screening) -> None:
    contact = await screening.open()
    csrf = await gateway.sign_in("m1", "social-work-manager", name="Robin Example")
    page = {"csrf": csrf, "page": str(uuid4()), "subject": str(contact)}
    assert (await gateway.client.post("/present", data=page)).status_code == 204
    assert "has this open" not in (await gateway.client.get(f"/present/{contact}")).text
    mine = dict(gateway.client.cookies)
    await gateway.sign_in("m2", "social-work-manager", name="Kit Sample")
    assert "Robin Example has this open too" in (await gateway.client.get(f"/contacts/{contact}/do")).text
    await gateway.client.get("/desktops")
    gateway.client.cookies.update(mine)
    await gateway.client.post("/present", data={**page, "typing": "triage"})
    await gateway.sign_in("m2", "social-work-manager", name="Kit Sample")
    assert "is writing: triage this contact" in (await gateway.client.get(f"/present/{contact}")).text
    gateway.client.cookies.update(mine)
    await gateway.client.post("/present/leave", data=page)
    await gateway.sign_in("m2", "social-work-manager", name="Kit Sample")
    assert "Robin" not in (await gateway.client.get(f"/present/{contact}")).text
    await gateway.sign_in("a1", "advice-manager", authority="york")
    assert "Robin" not in (await gateway.client.get(f"/present/{contact}")).text


@pytest.mark.parametrize("number", [1, 150, 180, 195, 196, 197, 198, 199, 200, 201, 500])
async def test_however_many_a_batch_changed_pages_are_told_of_it(gateway: Any, number: int) -> None:
    """A notification has a limit: what is beyond it is told as `many`, and no batch is held up by it."""
    heard: asyncio.Queue[str] = asyncio.Queue()
    changes = Changes({uuid4() for _ in range(number)}, {"cheshire-west", "halton", "york"})
    async with gateway.door.models.connection() as connection:
        channel = f"{CHANNEL}_{await connection.fetchval('select current_schema()')}"
        await connection.add_listener(channel, lambda *told: heard.put_nowait(told[3]))
        await announce(connection, changes)
        told = json.loads(await asyncio.wait_for(heard.get(), 10))
        await connection.reset()
    assert told["many"] or len(told["contacts"]) == number
    assert told["many"] == (number >= 196)
