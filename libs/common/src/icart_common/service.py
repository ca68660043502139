"""How a service runs: its pool, subscribers, relay, health and background work, started and stopped in the right order.

A service's `app.py` calls `run` with what is its own; nothing else builds anything.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable, Collection, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from socket import socket
from typing import Any

import structlog
import uvicorn
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError
from faststream.asgi import AsgiFastStream
from faststream.kafka import KafkaBroker

from icart_common.clock import clock_from, monotonic
from icart_common.contracts.base import Message
from icart_common.contracts.catalogue import ServiceId, Topic
from icart_common.db.pool import TRANSIENT_DATABASE, Database
from icart_common.db.revisions import newest, revision_of
from icart_common.memory import settle
from icart_common.messaging import inbox
from icart_common.messaging.backoff import delays
from icart_common.messaging.errors import TRANSIENT
from icart_common.messaging.kafka import client_settings, producer, stream_broker
from icart_common.messaging.relay import Relay
from icart_common.messaging.runner import BatchRunner
from icart_common.messaging.subscriber import Subscriber
from icart_common.messaging.transaction import Handler
from icart_common.observability.asked import Asked
from icart_common.observability.health import Health, health_routes
from icart_common.observability.logs import configure_logs
from icart_common.observability.tracing import start_exporting
from icart_common.running import Running
from icart_common.settings import ServiceSettings

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Subscription:
    """Topics (by their family's name in the catalogue) that one handler hears, in one consumer group."""

    name: str
    families: tuple[str, ...]
    handler: Handler
    parks: bool = False
    """True when its commands may come before the record that they are about."""
    hears: Collection[type[Message]] | None = None
    """The types that the handler acts on, when its topics carry others too: those are passed over unread. None is all."""
    passes_over: Callable[[Message], bool] | None = None
    """Of those types, the messages that are nothing to the handler: they are read, and ask nothing of the database."""
    reads_after: str | None = None
    """The subscription that reads first, for a minute at most, when this one has never read anything: a new service, or one
    that is rebuilt, then knows what the other tells before it decides."""


Background = Callable[[Running], Coroutine[Any, Any, None]]


class Leave(Exception):
    """Raised by background work: the service drains and ends in good order, so that whoever supervises starts it anew."""


@dataclass(frozen=True, slots=True)
class ServiceParts:
    """What is a service's own: built by its composition root from its settings."""

    service: ServiceId
    package: str
    settings: ServiceSettings
    topics: Sequence[Topic]
    subscriptions: Sequence[Subscription]
    background: Sequence[Background] = ()
    asked: Mapping[str, Callable[[Running], Asked]] = field(default_factory=dict)
    """What it is asked for on its health port, behind the token, by path."""


async def run(parts: ServiceParts) -> None:
    """Run a service until SIGTERM or SIGINT: waits for database and broker, refuses an old schema, drains before it leaves.

    Its health answers from the first moment, so that waiting can be told from being dead.
    """
    settings = parts.settings
    configure_logs(parts.service, settings.log_level)
    database = Database(
        settings.database_url.get_secret_value(),
        connections=settings.database_connections,
        wait_seconds=settings.database_wait_seconds,
        application=f"icart-{parts.service}",
    )
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    tracing = start_exporting(parts.service, settings.otlp_endpoint)
    broker = stream_broker(settings, f"icart-{parts.service}")
    subscribers, runners = _subscribers(parts, database, broker)
    running = Running(parts.service, settings, database, clock_from(settings.clock_file), subscribers)
    health = Health(running)
    app = AsgiFastStream(broker, asgi_routes=health_routes(health, parts.asked), logger=None)
    serving = asyncio.create_task(_http(app, settings, stop), name="http")
    try:
        if await _open(database, parts.package, health, stop) and await _reach_broker(settings, health, stop):
            await _work(parts, running, runners, app, health, stop, serving)
    finally:
        stop.set()
        await serving
        await database.close()
        if tracing:
            tracing.shutdown()
    log.info("stopped")


async def _open(database: Database, package: str, health: Health, stop: asyncio.Event) -> bool:
    """Open the pool when the database is there and migrated. False when we are told to stop first."""
    wanted = newest(package)
    for delay in delays(0.1, 5.0):
        if stop.is_set():
            return False
        try:
            await database.open()
            async with database.connection() as connection:
                found = await revision_of(connection)
            if found == wanted:
                return True
            health.waits_for = (
                f"the database's schema is at {found}, and this release needs {wanted}: run `icart migrate`"
            )
            log.error("schema-behind", revision=found, state=f"needs {wanted}: run `icart migrate`")
            await database.close()
        except TRANSIENT_DATABASE as error:
            health.waits_for = f"the database does not answer ({type(error).__name__})"
            log.warning("database-away", error=type(error).__name__)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), delay)
    return False


async def _reach_broker(settings: ServiceSettings, health: Health, stop: asyncio.Event) -> bool:
    """Wait for the broker: FastStream would fail where it stands. False when we are told to stop first."""
    for delay in delays(0.1, 5.0):
        if stop.is_set():
            return False
        client = AIOKafkaClient(**client_settings(settings))
        try:
            await client.bootstrap()
        except KafkaError as error:
            health.waits_for = f"the broker does not answer ({type(error).__name__})"
            log.warning("broker-away", error=type(error).__name__)
        else:
            health.waits_for = None
            return True
        finally:
            await client.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), delay)
    return False


def _subscribers(
    parts: ServiceParts, database: Database, broker: KafkaBroker
) -> tuple[dict[str, Subscriber], list[BatchRunner]]:
    """The subscribers, declared on `broker`, and the runners of those whose commands may wait."""
    settings = parts.settings
    subscribers: dict[str, Subscriber] = {}
    parking: list[BatchRunner] = []
    for subscription in parts.subscriptions:
        topics = {topic.name: topic for topic in parts.topics if topic.family.name in subscription.families}
        if not topics:
            continue  # no partner of these packs sends this contract
        runner = BatchRunner(
            subscription.name,
            parts.service,
            database,
            topics,
            subscription.handler,
            buckets=settings.outbox_buckets,
            parks=subscription.parks,
            hears=subscription.hears,
            passes_over=subscription.passes_over,
        )
        if subscription.parks:
            parking.append(runner)
        subscribers[subscription.name] = Subscriber(parts.service, runner, settings)
        subscribers[subscription.name].attach(broker)
    for subscription in parts.subscriptions:
        if subscription.name in subscribers and subscription.reads_after:
            subscribers[subscription.name].reads_after = subscribers.get(subscription.reads_after)
    return subscribers, parking


async def _work(
    parts: ServiceParts,
    running: Running,
    parking: Sequence[BatchRunner],
    app: AsgiFastStream,
    health: Health,
    stop: asyncio.Event,
    serving: asyncio.Task[None],
) -> None:
    """Consume, relay and do the background work until told to stop; then drain."""
    settings = parts.settings
    relay = Relay(
        parts.service,
        running.database,
        partial(producer, settings),
        buckets=settings.outbox_buckets,
        lease_seconds=settings.relay_lease_seconds,
        batch_rows=settings.relay_batch_rows,
    )
    running.progress["relay"] = relay.standing
    background = [
        asyncio.create_task(relay.run(), name="relay"),
        asyncio.create_task(_housekeeping(running, parking), name="housekeeping"),
        *(asyncio.create_task(one.tend(), name=f"tend-{name}") for name, one in running.subscribers.items()),
        *(asyncio.create_task(work(running), name=work.__name__) for work in parts.background),
    ]
    health.watch(background)
    settle()
    try:
        await app.start()
        await _until(stop, [serving, *background])
    finally:
        await app.stop()
        relay.stop()
        _, slow = await asyncio.wait(background[:1], timeout=settings.relay_lease_seconds)
        await end({*slow, *background[1:]})
        await asyncio.gather(*background, return_exceptions=True)


async def end(tasks: Collection[asyncio.Task[None]]) -> None:
    """Cancel tasks until all have ended: before Python 3.12 a `wait_for` that is just done swallows its cancellation."""
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=1.0)


async def _until(stop: asyncio.Event, tasks: Sequence[asyncio.Task[None]]) -> None:
    """Until told to stop, or until one of `tasks` ends: then leave, so that whoever supervises starts us anew."""
    stopping = asyncio.create_task(stop.wait(), name="stop")
    done, _ = await asyncio.wait({stopping, *tasks}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    for task in done & set(tasks):
        try:
            task.result()
        except Leave as reason:
            log.info("leaving", state=str(reason))
            return
        if not stop.is_set():
            raise RuntimeError(f"the background task {task.get_name()} ended")


async def _http(app: AsgiFastStream, settings: ServiceSettings, stop: asyncio.Event) -> None:
    """The health endpoints, until told to stop. The broker is not theirs: they answer before it does, and after."""
    config = uvicorn.Config(
        app,
        host=settings.http_host,
        port=settings.http_port,
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=15,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(), name="uvicorn")
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    stopping.cancel()
    await serving


async def serve_quietly(app: Any, sockets: Sequence[socket], *, grace_seconds: int = 3) -> None:
    """Serve another application of the service on its own sockets until cancelled; streams that stay open are cut then.

    Which proxies are before it the application knows, and says whose word is taken for who calls.
    """
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=grace_seconds,
        server_header=False,
        proxy_headers=False,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=list(sockets)), name="uvicorn-pages")
    try:
        await asyncio.shield(serving)
    finally:
        server.should_exit = True
        await serving


class _Server(uvicorn.Server):
    """Uvicorn without its own signal handlers: the service has one way to stop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _housekeeping(running: Running, runners: Sequence[BatchRunner]) -> None:
    """Once a second: commands that waited too long; once a day: the inbox's days."""
    day: date | None = None
    while True:
        with contextlib.suppress(*TRANSIENT):
            for runner in runners:
                await give_up_waiting(running, runner)
            today = running.clock.now().date()
            if today != day:
                async with running.database.connection() as connection:
                    await inbox.keep_days(connection, today)
                day = today
        await asyncio.sleep(1.0)


async def give_up_waiting(running: Running, runner: BatchRunner) -> int:
    """Decide what has waited too long for its record, as far as all that stood in the service's topics when it began to wait
    has been read: in a rebuild, and after an outage, the record may only not have been read yet. Returns how many there were."""
    seconds = running.settings.waiting_seconds
    if not await runner.late(seconds):
        return 0
    moments = [await one.read_until() for one in running.subscribers.values()]
    known = [moment for moment in moments if moment is not None]
    if len(known) < len(moments):
        return 0
    return await runner.expire(max(seconds, monotonic() - min(known)))
