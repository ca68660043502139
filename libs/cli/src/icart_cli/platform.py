"""The whole system on this machine: broker and database (unless they are given), schema, topics, mail, services, pages."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx2

from icart_cli import exits
from icart_cli.health import Quiet, ask
from icart_cli.mail import KeptMail
from icart_cli.migrations import migrate_service
from icart_cli.places import PACKAGES, RunFile, RunningService
from icart_cli.services import Listener, ServiceProcesses, free_port
from icart_common.clock import SimulatedClock, monotonic
from icart_common.contracts.catalogue import SERVICES
from icart_common.deployment import deployment_topics
from icart_common.messaging.provision import Administration
from icart_common.policy import PolicyBook, load_packs
from icart_common.settings import KafkaSettings

Step = Callable[[str], None]
_READY_SECONDS = 90.0
_MOST_STARTS = 4
"""A service that has ended so often before it was ready will not become ready."""


@dataclass(slots=True)
class Platform:
    """A running system."""

    folder: Path
    kafka: KafkaSettings
    postgres_url: str
    book: PolicyBook
    services: ServiceProcesses
    quiet: Quiet
    client: httpx2.AsyncClient
    mail_folder: Path
    pages: str
    """The one address that browsers open."""
    clock: SimulatedClock | None
    stack: object | None
    """The embedded pair, when this platform started it."""


@asynccontextmanager
async def platform(
    folder: Path,
    *,
    brokers: int = 1,
    starts_at: datetime | None = None,
    packs: Path | None = None,
    pages_port: int = 0,
    step: Step = lambda _: None,
    heard: Listener = lambda _service, _fields: None,
    more: dict[str, str] | None = None,
) -> AsyncIterator[Platform]:
    """Start everything in `folder` and stop it again. With `starts_at` time is simulated and stands there.

    The pages take `pages_port`, or any free one when it is 0 or taken; whoever opens them may be anybody (loopback alone).

    Raises `Stop` when something does not start, saying what and what to do.
    """
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    began = monotonic()

    def tell(sentence: str) -> None:
        step(f"{monotonic() - began:5.1f} s  {sentence}")

    async with AsyncExitStack() as undo:
        stack, bootstrap, postgres_url = await _servers(folder, brokers, tell, undo)
        kafka = KafkaSettings(kafka_bootstrap=bootstrap)
        book = load_packs(packs)
        databases: dict[str, str] = {
            s: urlsplit(postgres_url)._replace(path=f"/{PACKAGES[s]}").geturl() for s in SERVICES
        }
        await asyncio.gather(
            *(migrate_service(service, databases[service]) for service in SERVICES),
            asyncio.to_thread(_topics, kafka, book, simulated_time=starts_at is not None),
        )
        tell("databases and topics are there")
        clock = _simulated(folder, starts_at)
        mail = KeptMail(folder / "mail")
        port = pages_port if pages_port and is_free(pages_port) else free_port()
        environment = {
            "ICART_LOCAL_SIGN_IN": "true",
            "ICART_COOKIES_OVER_HTTP": "true",
            "ICART_PAGES_PORT": str(port),
            "ICART_KAFKA_BOOTSTRAP": bootstrap,
            "ICART_SMTP_HOST": "127.0.0.1",
            "ICART_SMTP_SENDER": "front-door@example.org",
            "ICART_SMTP_STARTTLS": "false",
            "ICART_SMTP_PORT": str(await mail.start()),
            "ICART_DOCUMENTS_URL": documents_url(folder),
            "ICART_OPS_TOKEN": secrets.token_urlsafe(24),
            "ICART_SERVICE_URLS_FILE": str(folder / "run.json"),
            **({"ICART_CLOCK_FILE": str(folder / "clock")} if clock else {}),
            **({"ICART_PACKS_FOLDER": str(packs.resolve())} if packs else {}),
            **(more or {}),
        }
        undo.push_async_callback(mail.stop)
        services = ServiceProcesses(environment, databases, folder / "logs", heard)
        client = await undo.enter_async_context(httpx2.AsyncClient(timeout=5.0, trust_env=False))
        found = Platform(
            folder, kafka, postgres_url, book, services, Quiet(services.urls, client), client, mail.folder,
            f"http://127.0.0.1:{port}", clock, stack,
        )  # fmt: skip
        services.changed = lambda: _write_run_file(found)
        undo.push_async_callback(services.stop)
        await services.start()
        await _ready(found)
        tell("all services are ready")
        yield found
    (folder / "run.json").unlink(missing_ok=True)


async def _servers(folder: Path, brokers: int, tell: Step, undo: AsyncExitStack) -> tuple[object | None, str, str]:
    bootstrap, url = os.environ.get("ICART_KAFKA_BOOTSTRAP"), os.environ.get("ICART_POSTGRES_URL")
    if bootstrap and url:
        tell("using the broker and the database of the environment")
        return None, bootstrap, url
    if bootstrap or url:
        missing = "ICART_POSTGRES_URL" if bootstrap else "ICART_KAFKA_BOOTSTRAP"
        raise exits.Stop(exits.WRONG_USE, f"{missing} is missing.", "Give both addresses, or neither.")
    try:
        from icart_localstack import LocalStack
        from icart_localstack.errors import LocalStackError
    except ImportError:
        raise exits.Stop(
            exits.NOT_REACHED,
            "The embedded broker and database are not installed.",
            "Install icart-cli[local], or set ICART_KAFKA_BOOTSTRAP and ICART_POSTGRES_URL.",
        ) from None
    stack = LocalStack(folder, brokers=brokers, on_step=tell)
    try:
        await asyncio.to_thread(stack.start)
    except LocalStackError as error:
        raise exits.Stop(exits.NOT_REACHED, str(error)) from None
    undo.push_async_callback(asyncio.to_thread, stack.stop)
    return stack, stack.bootstrap, stack.postgres_url()


def _topics(kafka: KafkaSettings, book: PolicyBook, *, simulated_time: bool) -> None:
    administration = Administration(kafka, simulated_time=simulated_time)
    administration.apply(administration.plan(deployment_topics(book), with_acls=False))


def _simulated(folder: Path, starts_at: datetime | None) -> SimulatedClock | None:
    if starts_at is None:
        return None
    clock = SimulatedClock(folder / "clock")
    clock.set(starts_at)
    return clock


def is_free(port: int) -> bool:
    """Whether nothing on this machine holds the port: one that another try-out listens on is not taken from it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def documents_url(folder: Path) -> str:
    """The store of documents: the environment's, or a folder of the try-out."""
    return os.environ.get("ICART_DOCUMENTS_URL") or (folder / "documents").as_uri()


def _write_run_file(running: Platform) -> None:
    urls, pids = running.services.urls(), running.services.pids()
    RunFile(
        kafka_bootstrap=running.kafka.kafka_bootstrap,
        postgres_url=running.postgres_url,
        services={name: RunningService(pid=pids[name], url=urls[name]) for name in pids},
        clock_file=running.folder / "clock" if running.clock else None,
        mail_folder=running.mail_folder,
        documents_url=documents_url(running.folder),
        pages=running.pages,
        ops_token=running.services.environment["ICART_OPS_TOKEN"],
    ).write(running.folder)


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").split("\n") if log.exists() else []
    return next((line for line in reversed(lines) if line.strip()), "nothing said")


async def _ready(running: Platform) -> None:
    until = monotonic() + _READY_SECONDS
    waiting = dict(running.services.urls())
    why: dict[str, object] = {}
    while waiting:
        for service, url in list(waiting.items()):
            answer = await ask(running.client, url, "/readyz")
            if answer and answer.get("ready"):
                del waiting[service]
            else:
                why[service] = answer and answer.get("why_not")
        dying = [service for service in waiting if running.services.starts(service) > _MOST_STARTS]
        if dying or (waiting and monotonic() > until):
            first = next(iter(dying or waiting))
            log = running.folder / "logs" / f"{first}.log"
            ends = f"it ended {running.services.starts(first) - 1} times, the last time with: {_last_line(log)}"
            found = ends if dying else why[first] or "it does not answer"
            raise exits.Stop(exits.NOT_REACHED, f"{first} did not become ready: {found}.", f"Look at {log}.")
        await asyncio.sleep(0.05)
