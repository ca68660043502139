"""Webhooks: knocked at least once, signed, patiently, and never inside our own network."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from icart_common.contracts.ids import new_id
from icart_gateway.api.addresses import NotThere, whereabouts
from icart_gateway.api.knocking import KEPT, forget_old, knock_once, note_new
from services.gateway.tests.partners import SCHOOL, Partner

OUTBOUND = "icart.outbound.notice.v1"


@dataclass
class House:
    """A web server of a partner's, that remembers who knocked."""

    status: int = 204
    knocks: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    port: int = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[1:-2]
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head)}
        self.knocks.append((headers, await reader.readexactly(int(headers["content-length"]))))
        writer.write(f"HTTP/1.1 {self.status} -\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n".encode())
        await writer.drain()
        writer.close()


@asynccontextmanager
async def house() -> AsyncIterator[House]:
    open_house = House()
    server = await asyncio.start_server(open_house.answer, "127.0.0.1", 0)
    open_house.port = server.sockets[0].getsockname()[1]
    async with server:
        yield open_house


async def registered(gateway, port: int) -> tuple[Partner, dict[str, Any]]:
    """A partner with a webhook on loopback."""
    object.__setattr__(gateway.door, "settings", gateway.door.settings.model_copy(update={"webhooks_anywhere": True}))
    partner = await Partner.of(gateway)
    made = await partner.call("POST", "/webhooks", json={"url": f"http://127.0.0.1:{port}/knock?x=1"})
    assert made.status_code == 201, made.text
    return partner, made.json()


def is_signed(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """As a partner verifies it by the standard-webhooks convention."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return hmac.compare_digest(headers["webhook-signature"], f"v1,{wanted}")


async def test_a_knock_is_signed_and_says_nothing_of_anybody(gateway):
    async with house() as there:
        partner, webhook = await registered(gateway, there.port)
        submission = str(new_id())
        await partner.said(OUTBOUND, family="outbound.{agency}", in_reply_to=submission, delivery=str(new_id()))
        await note_new(gateway.door)
        await note_new(gateway.door)  # noted once, however often we look
        assert await knock_once(gateway.door) == 1
        assert await knock_once(gateway.door) == 0
    ((headers, body),) = there.knocks
    assert is_signed(webhook["secret"], headers, body)
    assert not is_signed(webhook["secret"], headers, body + b" ")
    said = json.loads(body)
    assert said["type"] == "message.ready"
    assert said["data"] == {"submission": submission}
    assert set(said) == {"type", "timestamp", "data"}
    assert headers["host"] == f"127.0.0.1:{there.port}"
    (listed,) = (await partner.call("GET", "/webhooks")).json()["webhooks"]
    assert (listed["waiting"], listed["dead"]) == (0, 0)
    assert webhook["secret"] not in (await partner.call("GET", "/webhooks")).text


@pytest.mark.parametrize("status", [500, 404, 301])
async def test_one_that_is_not_heard_is_tried_again_with_growing_pauses_and_given_up(gateway, status):
    async with house() as there:
        there.status = status
        partner, _ = await registered(gateway, there.port)
        await partner.said(OUTBOUND, family="outbound.{agency}", delivery=str(new_id()))
        await note_new(gateway.door)
        pauses = []
        while await knock_once(gateway.door):
            async with gateway.door.held.connection() as connection:
                row = await connection.fetchrow("select next_at, dead_at from knock")
            if row["dead_at"]:
                break
            assert await knock_once(gateway.door) == 0  # not before its time
            pauses.append(row["next_at"] - gateway.clock.now())
            gateway.clock.set(row["next_at"])
    assert pauses == sorted(pauses)
    assert pauses[0] == timedelta(seconds=5)
    assert pauses[-1] == timedelta(hours=1)
    assert len(there.knocks) == len(pauses) + 1
    assert len({headers["webhook-id"] for headers, _ in there.knocks}) == 1
    partner.token = (await partner.ask_token()).json()["access_token"]  # the one before has ended
    (listed,) = (await partner.call("GET", "/webhooks")).json()["webhooks"]
    assert (listed["waiting"], listed["dead"], listed["last_failure"]) == (0, 1, f"status-{status}")


async def test_one_that_nobody_settled_is_knocked_again(gateway):
    async with house() as there:
        partner, _ = await registered(gateway, there.port)
        await partner.said(OUTBOUND, family="outbound.{agency}", delivery=str(new_id()))
        await note_new(gateway.door)
        await knock_once(gateway.door)
        async with gateway.door.held.connection() as connection:  # the gateway died before it wrote it down
            await connection.execute("update knock set delivered_at = null")
        assert await knock_once(gateway.door) == 0
        gateway.clock.set(gateway.clock.now() + timedelta(minutes=2))
        assert await knock_once(gateway.door) == 1
    assert len({headers["webhook-id"] for headers, _ in there.knocks}) == 1


async def test_what_was_said_before_is_not_knocked_for_and_a_removed_webhook_hears_nothing(gateway):
    partner = await Partner.of(gateway)
    await partner.said(OUTBOUND, family="outbound.{agency}", delivery=str(new_id()))
    made = await partner.call("POST", "/webhooks", json={"url": "https://93.184.215.14/"})
    await note_new(gateway.door)
    async with gateway.door.held.connection() as connection:
        assert await connection.fetchval("select count(*) from knock") == 0
    assert (await partner.call("DELETE", made.headers["location"].removeprefix("/api/v1"))).status_code == 204
    await partner.said(OUTBOUND, family="outbound.{agency}", delivery=str(new_id()))
    await note_new(gateway.door)
    async with gateway.door.held.connection() as connection:
        assert await connection.fetchval("select count(*) from knock") == 0


INSIDE = [
    "https://127.0.0.1/", "https://localhost/", "https://10.0.0.7/x", "https://192.168.1.1/", "https://172.16.0.1/",
    "https://169.254.169.254/latest/meta-data", "https://[::1]/", "https://[fe80::1]/", "https://[fd00::1]/",
    "https://[::ffff:127.0.0.1]/", "https://[::ffff:10.0.0.1]/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/",
    "https://0.0.0.0/", "https://0/", "https://2130706433/", "https://0x7f.1/", "https://127.1/", "https://224.0.0.1/",
    "https://100.64.0.1/", "https://255.255.255.255/",
]  # fmt: skip
NO_URL = [
    "http://93.184.215.14/", "ftp://93.184.215.14/", "file:///etc/passwd", "gopher://127.0.0.1/", "https://", "x", "",
    "https://user:secret@93.184.215.14/", "https://93.184.215.14:99999/", "https://93.184.215.14:0/", "https://a b/",
    "https://93.184.215.14/\r\nHost: inside", "https://\u2460/", "//93.184.215.14/", "https://[::1", "javascript:alert(1)",
    "https://a..b/", f"https://{'a' * 64}.example.org/",
]  # fmt: skip


@pytest.mark.parametrize("url", INSIDE + NO_URL)
async def test_nothing_inside_is_ever_called(gateway, url):
    partner = await Partner.of(gateway)
    answer = await partner.call("POST", "/webhooks", json={"url": url})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "#/url"
    if len(url) > 8:
        assert url not in answer.text


async def test_a_name_that_came_to_lead_inside_is_not_called(gateway, monkeypatch):
    async with house() as there:
        partner, _ = await registered(gateway, there.port)
        await partner.said(OUTBOUND, family="outbound.{agency}", delivery=str(new_id()))
        await note_new(gateway.door)
        settings = gateway.door.settings.model_copy(update={"webhooks_anywhere": False})
        object.__setattr__(gateway.door, "settings", settings)
        async with gateway.door.held.connection() as connection:
            await connection.execute("update webhook set url = replace(url, 'http:', 'https:')")
        assert await knock_once(gateway.door) == 1
    assert there.knocks == []
    (listed,) = (await partner.call("GET", "/webhooks")).json()["webhooks"]
    assert listed["last_failure"] == "address-inside"


async def test_a_name_is_looked_up_once_and_called_at_what_it_was(monkeypatch):
    async def found(host: str, port: int, **_how: object):
        assert host == "partner.example.org"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", found)
    addresses = ["93.184.215.14"]
    where = await whereabouts("https://partner.example.org/knock?x=1", anywhere=False)
    assert (where.call, where.host, where.name) == (
        "https://93.184.215.14:443/knock?x=1", "partner.example.org", "partner.example.org"
    )  # fmt: skip
    addresses = ["93.184.215.14", "10.0.0.1"]
    with pytest.raises(NotThere):
        await whereabouts("https://partner.example.org/", anywhere=False)


async def test_five_webhooks_are_enough_and_each_is_there_once(gateway):
    partner = await Partner.of(gateway)
    codes = []
    for number in (1, 1, 2, 3, 4, 5, 6):
        answer = await partner.call("POST", "/webhooks", json={"url": f"https://93.184.215.14/{number}"})
        codes.append(answer.status_code)
    assert codes == [201, 409, 201, 201, 201, 201, 409]


async def test_what_is_as_old_as_the_topics_is_forgotten(gateway):
    partner = await Partner.of(gateway)
    assert (await partner.call("POST", "/webhooks", json={"url": "https://93.184.215.14/"})).status_code == 201
    await partner.said(OUTBOUND, family="outbound.{agency}", delivery=str(new_id()))
    await note_new(gateway.door)
    await forget_old(gateway.door)
    async with gateway.door.held.connection() as connection:
        assert await connection.fetchval("select count(*) from knock") == 1
        gateway.clock.set(gateway.clock.now() + KEPT + timedelta(days=1))
        await forget_old(gateway.door)
        assert await connection.fetchval("select count(*) from knock") == 0
    assert partner.agency == SCHOOL
