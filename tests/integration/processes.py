"""Services as processes of their own, load on a topic, and what the probe wrote down."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from aiokafka import AIOKafkaProducer

from icart_common.messaging.kafka import client_settings
from icart_common.settings import KafkaSettings
from icart_common.testing.probe import HEARD_ON, meet

PROBE = "icart_common.testing.probe"


@dataclass(slots=True)
class Service:
    """A process of a service, and where it answers for its health."""

    child: asyncio.subprocess.Process
    port: int
    log: Path

    async def ask(self, path: str) -> tuple[int, Any]:
        """Status and JSON of a health endpoint; status 0 when nothing answers."""
        return await asyncio.to_thread(_get, f"http://127.0.0.1:{self.port}{path}")

    async def until_ready(self, *, seconds: float = 90) -> None:
        async with asyncio.timeout(seconds):
            while (await self.ask("/readyz"))[0] != 200:
                assert self.child.returncode is None, f"it ended with {self.child.returncode}: {self.said()}"
                await asyncio.sleep(0.05)

    def said(self) -> str:
        """The end of its log."""
        return self.log.read_text()[-4000:]

    async def leave(self, *, seconds: float = 60) -> int:
        """SIGTERM, and the exit code."""
        self.child.terminate()
        return await asyncio.wait_for(self.child.wait(), seconds)

    async def ended(self, *, seconds: float = 90) -> int:
        return await asyncio.wait_for(self.child.wait(), seconds)


def _get(url: str) -> tuple[int, Any]:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, json.load(refused)
    except (urllib.error.URLError, OSError):
        return 0, None


@asynccontextmanager
async def service(
    folder: Path, bootstrap: str, database_url: str, package: str = PROBE, **environment: object
) -> AsyncIterator[Service]:
    """`python -m package` until the block ends; it is asked to leave then. `environment` without its `ICART_`.

    It has to leave its consumer group: of one that was killed the broker gives the partitions to nobody else for 10 s.
    """
    port = free_port()
    more = {f"ICART_{name.upper()}": str(value) for name, value in environment.items()}
    log = folder / f"{package}-{uuid4().hex[:6]}.log"
    with log.open("wb") as output:
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            package,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=asyncio.subprocess.STDOUT,
            env={
                **os.environ,
                "ICART_KAFKA_BOOTSTRAP": bootstrap,
                "ICART_DATABASE_URL": database_url,
                "ICART_HTTP_PORT": str(port),
                **more,
            },
        )
    try:
        yield Service(child, port, log)
    finally:
        if child.returncode is None:
            child.terminate()
            try:
                await asyncio.wait_for(child.wait(), 20)
            except TimeoutError:
                child.kill()
                await child.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(slots=True)
class Feed:
    """Commands for the probe about a few clocks, numbered in the order they are sent."""

    client: AIOKafkaProducer
    keys: int = 20
    run: str = field(default_factory=lambda: uuid4().hex[:8])
    sent: int = 0
    _futures: list[asyncio.Future[Any]] = field(default_factory=list)

    async def send(self, count: int = 1) -> None:
        """Send without waiting for the broker; `settle` waits."""
        for _ in range(count):
            number = self.sent
            record = meet(f"{self.run}{number % self.keys}", f"{self.run} {number:06}", seconds=number / 1000)
            self._futures.append(
                await self.client.send(HEARD_ON, key=record.key, value=record.value, headers=list(record.headers))
            )
            self.sent += 1

    async def keep_sending(self, until: asyncio.Event, *, a_second: int = 800) -> None:
        while not until.is_set():
            await self.send(a_second // 50)
            await asyncio.sleep(0.02)

    async def settle(self) -> None:
        """Every message has been acknowledged."""
        await asyncio.gather(*self._futures)


@asynccontextmanager
async def feeding(bootstrap: str) -> AsyncIterator[Feed]:
    # More patience than a service's producer has: what the broker has not acknowledged is this test's to count.
    client = AIOKafkaProducer(
        **client_settings(KafkaSettings(kafka_bootstrap=bootstrap)),
        acks="all",
        enable_idempotence=True,
        request_timeout_ms=120_000,
    )
    await client.start()
    try:
        yield Feed(client)
    finally:
        await client.stop()


@asynccontextmanager
async def loaded(feed: Feed) -> AsyncIterator[None]:
    """The block runs under load; afterwards all of it has been acknowledged."""
    enough = asyncio.Event()
    sending = asyncio.create_task(feed.keep_sending(enough))
    try:
        yield
    finally:
        enough.set()
        await sending
        await feed.settle()


async def read(database_url: str, question: str, *arguments: object) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(database_url)
    try:
        rows: list[asyncpg.Record] = await connection.fetch(question, *arguments)
        return rows
    finally:
        await connection.close()


async def words(database_url: str, run: str) -> Mapping[UUID, list[str]]:
    """What the probe wrote down of a feed, by clock, in its order."""
    found: dict[UUID, list[str]] = defaultdict(list)
    for row in await read(database_url, "select clock, said from heard where said like $1 order by ordinal", f"{run}%"):
        found[row["clock"]].append(row["said"])
    return found


async def all_heard(database_url: str, feed: Feed, *, seconds: float = 90) -> None:
    """Wait until the probe has everything; then every message is there once, each clock's in order, and all of it answered.

    Raises `TimeoutError` when something is missing.
    """
    question = "select count(*) as heard, (select count(*) from outbox) as outbox from heard where said like $1"

    async def done() -> bool:
        (row,) = await read(database_url, question, f"{feed.run}%")
        return bool(row["heard"] >= feed.sent and row["outbox"] == 0)

    await until(done, seconds=seconds)
    found = await words(database_url, feed.run)
    assert sorted(said for one in found.values() for said in one) == [f"{feed.run} {n:06}" for n in range(feed.sent)]
    assert all(said == sorted(said) for said in found.values())


async def until(done: Callable[[], Any], *, seconds: float = 90) -> None:
    """Wait until `done()` is true."""
    async with asyncio.timeout(seconds):
        while not await done():
            await asyncio.sleep(0.05)
