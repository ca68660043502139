"""The service's handlers on a database of their own, and a real mail server in this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from icart_common.db.pool import Database
from icart_common.deployment import deployment_topics
from icart_common.messaging.runner import BatchRunner
from icart_common.policy import PolicyBook, load_packs
from icart_common.testing import fresh_database
from icart_notifications.app import EVENTS, NOTICES
from icart_notifications.handlers import EVENTS_HEARD, EventsHandler, NoticesHandler, is_known_already
from icart_notifications.settings import Settings
from services.notifications.tests.examples import EMPTY


@pytest.fixture(scope="session")
def book() -> PolicyBook:
    return load_packs()


@pytest.fixture(scope="session")
async def migrated(stack) -> AsyncIterator[Database]:
    async with fresh_database(stack, "icart_notifications") as opened:
        yield opened


@pytest.fixture
async def database(migrated: Database) -> Database:
    """The one database of the run, empty."""
    await migrated.pool.execute(EMPTY)
    return migrated


@pytest.fixture
def events(database, book) -> BatchRunner:
    return events_under(book, database)


def events_under(book: PolicyBook, database: Database) -> BatchRunner:
    """The runner of events of an instance that was started with these packs."""
    heard = {"hears": EVENTS_HEARD, "passes_over": is_known_already}
    return _runner("events", EVENTS, database, book, EventsHandler(book), **heard)


@pytest.fixture
def notices(database, book) -> BatchRunner:
    return _runner("notices", NOTICES, database, book, NoticesHandler(book), parks=True)


def _runner(name, families, database, book, handler, **more) -> BatchRunner:
    topics = {topic.name: topic for topic in deployment_topics(book) if topic.family.name in families}
    return BatchRunner(name, "notifications", database, topics, handler, buckets=16, **more)


class Mailbox:
    """What a mail server took in, and how it answers: `refuse` by address, `drop` so many times, `busy` so many times."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.refuse: dict[str, str] = {}
        self.drop = 0
        self.busy = 0

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]):  # noqa: N802
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.drop:
            self.drop -= 1
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
            return "421 gone"
        if self.busy:
            self.busy -= 1
            return "451 busy, try again"
        self.taken.append(envelope)
        return "250 OK"


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
async def mail_port(mailbox) -> AsyncIterator[int]:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(mailbox, hostname="mail.example.org"), "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()


@pytest.fixture
def mail_settings(mail_port) -> Callable[..., Settings]:
    def make(**given) -> Settings:
        return Settings(
            **{
                "database_url": "postgresql://unused",
                "smtp_host": "127.0.0.1",
                "smtp_port": mail_port,
                "smtp_starttls": False,
                "smtp_sender": "frontdoor@example.org",
                "smtp_first_wait_seconds": 0.001,
                "smtp_longest_wait_seconds": 0.002,
                "smtp_poll_seconds": 0.01,
            }
            | given
        )

    return make
