"""The gateway without consumers: its databases, its pages, and a way to tell it what services said."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

import httpx2
import pytest
from fastapi import FastAPI

from icart_common.clock import SimulatedClock
from icart_common.contracts.base import Message
from icart_common.contracts.catalogue import Topic
from icart_common.deployment import deployment_topics
from icart_common.messaging.provision import Administration
from icart_common.messaging.publish import Publisher
from icart_common.messaging.runner import BatchRunner
from icart_common.policy import PolicyBook, load_packs
from icart_common.running import Running
from icart_common.service import end, serve_quietly
from icart_common.settings import KafkaSettings
from icart_common.testing import fresh_database, record_of
from icart_gateway.doorway import Doorway
from icart_gateway.live import Live
from icart_gateway.model.projection import Projector
from icart_gateway.model.sources import SOURCES
from icart_gateway.pages.forms.presence import PRESENT
from icart_gateway.rows import shut_rows
from icart_gateway.settings import Settings
from icart_gateway.signing_in.cookies import SESSION
from icart_gateway.signing_in.posts import Post
from icart_gateway.signing_in.session import begin
from icart_gateway.web import web
from icart_localstack.keycloak import LocalKeycloak
from icart_localstack.ports import LOOPBACK, choose_port
from services.gateway.tests.providers import Browser, Keycloak, RunningClock, Signing, TryOut, browsing, realm_to_try
from services.gateway.tests.screening import COMMANDS, Screening
from services.screening.tests.front_door import FrontDoor

ROOT = Path(__file__).resolve().parents[3]
REALM = ROOT / "deploy" / "keycloak" / "icart-realm.json"
NOW = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
FAILS = "/fails"
"""An address of the pages that tests serve: what is behind it fails as nobody foresaw, on what somebody typed."""
CANARY = "Wilhelmina Sparrowhawk, 01632 960777"
"""What stands in the text of that failure: to be found in no answer and no log."""


async def fails() -> None:
    """The program's own mistake."""
    raise LookupError(CANARY)


@dataclass
class Gateway:
    """The gateway as tests use it."""

    door: Doorway
    client: httpx2.AsyncClient
    clock: SimulatedClock
    runners: dict[str, BatchRunner]
    app: FastAPI

    async def hear(self, *said: Message, at: datetime = NOW, correlation: UUID | None = None) -> None:
        """What services said, each on its own topic, through the real batch path."""
        for family, runner in self.runners.items():
            if family not in runner.topics:
                continue  # one agency's topic: it is named where it is told something
            if mine := [one for one in said if type(one) in runner.topics[family].family.messages]:
                await self.hear_on(family, *mine, at=at, correlation=correlation)

    async def hear_on(self, family: str, *said: Message, at: datetime = NOW, correlation: UUID | None = None) -> None:
        """The same on one topic, for what several services say."""
        records = [record_of(one, family, at=at, correlation=correlation) for one in said]
        assert await self.runners[family].run(records) == []

    async def sign_in(self, person: str, *roles: str, authority: str = "halton", name: str = "Robin Example") -> str:
        """Sign somebody in as the identity provider would; returns the mark that their forms carry."""
        async with self.door.held.connection() as connection:
            token = await begin(
                connection, person=person, name=name, posts=[Post(authority, role) for role in roles],
                now=self.clock.now(), settings=self.door.settings,
            )  # fmt: skip
            csrf: str = await connection.fetchval("select csrf from session order by id desc limit 1")
        self.client.cookies.set(SESSION, token)
        return csrf

    def change(self, **parts: Any) -> None:
        """Pages go on with another part of the doorway: a broker that is away, other settings."""
        self.door = replace(self.door, **parts)
        self.app.state.doorway = self.door

    def runs_on_time(self) -> None:
        """The clock of sessions and tokens is the machine's from now on, as that of another program is."""
        self.clock = RunningClock()
        self.change(wall=self.clock)

    def answers_within(self, seconds: float) -> None:
        """Forms wait as long as this for the answer of the service that they ask."""
        self.change(settings=self.door.settings.model_copy(update={"answer_seconds": seconds}))

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Pages hear what the read models change, and who has which record open, as they do where they are served."""
        live = self.door.live
        hearing = {
            asyncio.create_task(live.listen(self.door.models)),
            asyncio.create_task(live.listen(self.door.held, PRESENT)),
        }
        try:
            with live.opened() as queue:
                for _ in hearing:
                    await queue.get()  # the first word of each: from now on nothing is missed
            yield
        finally:
            await end(hearing)

    @asynccontextmanager
    async def served(self, **settings: Any) -> AsyncIterator[Doorway]:
        """The pages on a loopback port, as a browser finds them, with some settings of their own."""
        with socket.socket() as listening:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind((LOOPBACK, settings.get("pages_port", 0)))
            listening.listen()
            address = f"http://{LOOPBACK}:{listening.getsockname()[1]}"
            changed = Settings.model_validate(self.door.settings.model_dump() | settings)
            door = replace(self.door, settings=changed, address=address)
            app = web(door)
            app.add_api_route(FAILS, fails)
            serving = asyncio.create_task(serve_quietly(app, [listening], grace_seconds=1))
            try:
                yield door
            finally:
                await end({serving})


@pytest.fixture(scope="session")
def commands_topic(stack: Any, book: PolicyBook) -> None:
    """The broker has the topics that operators' commands go to."""
    make_topics(stack, [one for one in deployment_topics(book) if one.name in COMMANDS])


def make_topics(stack: Any, topics: Sequence[Topic]) -> None:
    """The broker has them; those that it had before stay as they are."""
    administration = Administration(KafkaSettings(kafka_bootstrap=stack.bootstrap))
    administration.apply(administration.plan(topics, with_acls=False))


@pytest.fixture(scope="session")
def keycloak() -> Iterator[Keycloak]:
    """A real Keycloak with the realm of deploy/keycloak, for `make keycloak`."""
    # Of characters that a header needs to have encoded (RFC 6749, 2.3.1).
    secret, password, port = f"+%:/ &{token_urlsafe(24)}", token_urlsafe(12), choose_port()
    realm = realm_to_try(json.loads(REALM.read_text(encoding="utf-8")), secret, password)
    told = {"ICART_PUBLIC_URL": f"http://{LOOPBACK}:{port}"}
    with LocalKeycloak(ROOT / "build" / "keycloak", realm, told) as server:
        yield Keycloak(server, port, secret, password)


@pytest.fixture(params=["try-out", pytest.param("keycloak", marks=pytest.mark.keycloak)])
def provider(request: pytest.FixtureRequest, gateway: Gateway) -> Signing:
    """Each identity provider in turn."""
    if request.param == "try-out":
        return TryOut(choose_port())
    gateway.runs_on_time()
    found: Keycloak = request.getfixturevalue("keycloak")
    return found


@pytest.fixture
async def browser(gateway: Gateway, provider: Signing) -> AsyncIterator[Browser]:
    """Somebody who is not signed in yet."""
    async with gateway.served(**provider.settings) as door, browsing(door, provider) as found:
        yield found


@pytest.fixture(scope="session")
def book() -> PolicyBook:
    return load_packs()


@pytest.fixture
def screening(gateway: Gateway) -> Screening:
    """Screening beside the gateway, in Halton."""
    return Screening(gateway, FrontDoor("halton"))


@pytest.fixture
async def gateway(stack: Any, book: PolicyBook, tmp_path: Path) -> AsyncIterator[Gateway]:
    async with a_gateway(stack, book, tmp_path) as found:
        yield found


@asynccontextmanager
async def a_gateway(stack: Any, book: PolicyBook, folder: Path) -> AsyncIterator[Gateway]:
    """A gateway with databases of its own; its clock is a file in the folder, and stands at `NOW`."""
    clock = SimulatedClock(folder / "clock")
    clock.set(NOW)
    all_topics = deployment_topics(book)
    async with (
        fresh_database(stack, "icart_gateway") as held,
        fresh_database(stack, "icart_gateway.model", prepare=shut_rows) as models,
    ):
        settings = Settings(
            database_url=stack.postgres_url(), kafka_bootstrap=stack.bootstrap, cookies_over_http=True,
            publish_seconds=5, answer_seconds=0.2,
        )  # fmt: skip
        publisher = Publisher(KafkaSettings(kafka_bootstrap=stack.bootstrap), all_topics, clock, source="icart/gateway")
        running = Running("gateway", settings, models, clock, {})
        door = Doorway(
            settings, book, held, models, publisher, Live(), clock, running, "http://gateway.test", wall=clock
        )
        runners = {
            family: BatchRunner(
                family, "gateway", models, {one.name: one for one in all_topics if one.family.name == family},
                (projector := Projector(projections)), buckets=16, hears=projector.hears,
            )
            for family, projections in SOURCES.items()
        }  # fmt: skip
        app = web(door)
        transport = httpx2.ASGITransport(app=app, raise_app_exceptions=True)
        async with httpx2.AsyncClient(transport=transport, base_url="http://gateway.test") as client:
            yield Gateway(door, client, clock, runners, app)
        await publisher.stop()
