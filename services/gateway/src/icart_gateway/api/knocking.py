"""Knocks at webhooks: that there is something new, never what. At least once, signed, with growing pauses, until given up.

A knock says what kind of thing it is and the agency's own id of what it sent; what it is, the agency reads by the API, with its
token. The signature follows the standard-webhooks convention.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from datetime import datetime, timedelta
from typing import Any, Final

import asyncpg
import httpx2
import structlog

from icart_common.contracts.ids import derived_id
from icart_common.contracts.notifications import OutboundNotice
from icart_common.db.pool import TRANSIENT_DATABASE, named_sql
from icart_gateway.api.addresses import NotThere, whereabouts
from icart_gateway.api.places import read_on
from icart_gateway.api.webhooks import read, written
from icart_gateway.doorway import Doorway
from icart_gateway.refer.draft import forget_expired

log = structlog.get_logger()
_SQL = named_sql("icart_gateway.api")
_AT_ONCE: Final = 20
_ROWS: Final = 200
_ANSWERS_WITHIN: Final = 10.0
"""Seconds that a webhook has for its answer."""
_LEASE: Final = timedelta(seconds=60)
"""How long a knock is one gateway's; longer than a webhook has for its answer."""
_FIRST: Final = timedelta(seconds=5)
_LONGEST: Final = timedelta(hours=1)
KEPT: Final = timedelta(days=400)
"""How long receipts are kept: as long as the topics keep what they are of."""


async def knock_for_ever(door: Doorway) -> None:
    """Look for what is new, and knock for what is due, until cancelled."""
    while True:
        try:
            await note_new(door)
            while await knock_once(door):
                pass
            await forget_old(door)
        except TRANSIENT_DATABASE as error:
            log.warning("webhooks-without-database", error=type(error).__name__)
        await asyncio.sleep(door.settings.webhook_seconds)


async def note_new(door: Doorway) -> None:
    """Write down a knock for everything that agencies with webhooks were told since we looked."""
    async with door.held.connection() as connection:
        webhooks = [row["id"] for row in await connection.fetch(_SQL["webhook_ids"])]
    for webhook in webhooks:
        while await _note_some(door, webhook):
            pass


async def _note_some(door: Doorway, webhook: Any) -> bool:
    """Some of what is new for one webhook; True when there is more. Two gateways take turns at it."""
    now = door.wall.now()
    async with door.held.transaction() as connection:
        row = await connection.fetchrow(_SQL["lock_webhook"], webhook)
        if row is None:
            return False
        async with door.models.connection() as models:
            page = await read_on(models, row["agency"], read(row["places"]), _ROWS)
        if not page.rows:
            return False
        await connection.execute(
            _SQL["add_knocks"],
            [derived_id(one["at"], webhook, one["topic"], one["partition"], one["offset"]) for one in page.rows],
            webhook,
            ["message.ready" if one["type"] == OutboundNotice.TYPE else "submission.changed" for one in page.rows],
            [one["subject"] for one in page.rows],
            [one["at"] for one in page.rows],
            now,
        )
        await connection.execute(_SQL["move_webhook"], webhook, json.dumps(written(page.places)))
        return page.more


async def knock_once(door: Doorway) -> int:
    """Knock for what is due, some at once; returns how many were tried."""
    now = door.wall.now()
    async with door.held.connection() as connection:
        due = await connection.fetch(_SQL["claim_knocks"], now, now + _LEASE, _AT_ONCE)
    if not due:
        return 0
    async with httpx2.AsyncClient(timeout=_ANSWERS_WITHIN, follow_redirects=False, trust_env=False) as client:
        failures = await asyncio.gather(*(_knock(door, client, one, now) for one in due))
    async with door.held.connection() as connection:
        for one, failure in zip(due, failures, strict=True):
            await _settle(door, connection, one, failure, now)
    return len(due)


async def _knock(door: Doorway, client: httpx2.AsyncClient, one: asyncpg.Record, now: datetime) -> str | None:
    """Knock once; None when it was heard, else why not, without a word of the answer."""
    body = body_of(one["event"], one["subject"], one["at"])
    try:
        async with asyncio.timeout(_ANSWERS_WITHIN):
            where = await whereabouts(one["url"], anywhere=door.settings.webhooks_anywhere)
            headers = {
                "Host": where.host, "Content-Type": "application/json", "User-Agent": "icart-webhooks/1",
                "webhook-id": str(one["id"]), "webhook-timestamp": str(int(now.timestamp())),
                "webhook-signature": signature(one["secret"], str(one["id"]), int(now.timestamp()), body),
            }  # fmt: skip
            request = client.build_request(
                "POST", where.call, content=body, headers=headers, extensions={"sni_hostname": where.name}
            )
            answered = await client.send(request, stream=True)
            await answered.aclose()
    except NotThere:
        return "address-inside"
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError, TimeoutError) as error:
        return type(error).__name__
    return None if 200 <= answered.status_code < 300 else f"status-{answered.status_code}"


async def _settle(
    door: Doorway, connection: asyncpg.Connection, one: asyncpg.Record, failure: str | None, now: datetime
) -> None:
    if failure is None:
        await connection.execute(_SQL["knock_heard"], one["id"], now)
        return
    pause = min(_FIRST * 2 ** min(one["attempts"] - 1, 20), _LONGEST)
    dead = now + pause > one["made_at"] + timedelta(days=door.settings.webhook_days)
    await connection.execute(_SQL["knock_failed"], one["id"], failure, now + pause, now if dead else None)
    log.warning(
        "webhook-not-heard",
        agency=one["agency"], reason_code=failure, attempt=one["attempts"], state="given-up" if dead else "tried-again",
    )  # fmt: skip


def body_of(event: str, subject: Any, at: datetime) -> bytes:
    """What a knock says: nothing about anybody."""
    data = {"submission": str(subject)} if subject else {}
    return json.dumps({"type": event, "timestamp": at.isoformat(), "data": data}, separators=(",", ":")).encode()


def signature(secret: str, identifier: str, timestamp: int, body: bytes) -> str:
    """`v1,` and the HMAC-SHA256 of id, time and body, in base64."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = b".".join((identifier.encode(), str(timestamp).encode(), body))
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


async def forget_old(door: Doorway) -> None:
    """Remove receipts, uploads and knocks that are as old as the topics' retention, and the public's drafts that expired."""
    before = door.wall.now() - KEPT
    async with door.held.connection() as connection:
        for name in ("forget_old_receipts", "forget_old_uploads", "forget_old_knocks"):
            await connection.execute(_SQL[name], before)
    await forget_expired(door.held, door.wall.now())
