"""Pages and API on a port of their own, as background work of the service: they begin when the read models can be asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import structlog
import uvicorn

from icart_common.contracts.catalogue import Topic
from icart_common.db.pool import Database
from icart_common.messaging.publish import Publisher
from icart_common.policy import PolicyBook
from icart_common.running import Running
from icart_common.service import end, serve_quietly
from icart_gateway.api.knocking import knock_for_ever
from icart_gateway.doorway import Doorway
from icart_gateway.live import Live
from icart_gateway.pages.forms.presence import PRESENT
from icart_gateway.rows import check_power
from icart_gateway.settings import Settings
from icart_gateway.web import web

log = structlog.get_logger()


def serve_pages(
    settings: Settings, book: PolicyBook, topics: Sequence[Topic]
) -> Callable[[Running], Coroutine[Any, Any, None]]:
    """The background work that serves pages and API until it is cancelled."""

    async def pages(running: Running) -> None:
        held = Database(
            settings.database_url.get_secret_value(),
            connections=settings.database_connections,
            wait_seconds=settings.database_wait_seconds,
            application="icart-gateway-pages",
        )
        await held.open()
        if not settings.local_sign_in:
            async with running.database.connection() as connection:
                await check_power(connection)
        publisher = Publisher(settings, topics, running.clock, source="icart/gateway")
        live = Live()
        sockets, address = _bound(settings)
        door = Doorway(
            settings, book, held, running.database, publisher, live, running.clock, running,
            settings.public_url or address,
        )  # fmt: skip
        listening = {
            asyncio.create_task(live.listen(running.database), name="live"),
            asyncio.create_task(live.listen(held, PRESENT), name="live-present"),
            asyncio.create_task(knock_for_ever(door), name="webhooks"),
        }
        try:
            await publisher.start()
            log.info("pages", url=door.address)
            if settings.local_sign_in:
                log.warning(
                    "try-out-sign-in", state="anybody who reaches this address may be anybody: for a try-out alone"
                )
            listening.add(asyncio.create_task(serve_quietly(web(door), sockets), name="serving"))
            ended, _ = await asyncio.wait(listening, return_when=asyncio.FIRST_COMPLETED)
            for task in ended:  # none of them ends by itself: the process leaves, and is started anew
                task.result()
                raise RuntimeError(f"the gateway's task {task.get_name()} ended")
        finally:
            await end(listening)
            await publisher.stop()
            await held.close()

    return pages


def _bound(settings: Settings) -> tuple[Any, str]:
    config = uvicorn.Config("", host=settings.pages_host, port=settings.pages_port, log_config=None)
    socket = config.bind_socket()
    return [socket], f"http://{settings.pages_host}:{socket.getsockname()[1]}"
