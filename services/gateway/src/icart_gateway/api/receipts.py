"""Receipts: each call is published once, however often it is made (Idempotency-Key, IN-15).

The id of the message follows from the agency, the key and the body. So a call that is made again after an answer was lost, or
after a gateway died between the broker's acknowledgement and its own, brings the same message, which intake takes once.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from icart_common.contracts.base import Inbound
from icart_common.contracts.ids import derived_id
from icart_common.db.pool import Database, named_sql
from icart_common.messaging.publish import NobodyMay, NotTaken, Published, TooLarge
from icart_gateway.api.problems import Refused, away
from icart_gateway.doorway import Doorway

_SQL = named_sql("icart_gateway.api")
_NO_TIME: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Receipt:
    """That a message was acknowledged by every in-sync replica."""

    id: UUID
    subject: UUID
    received_at: datetime
    again: bool
    """The same call was answered before."""


async def publish_once(door: Doorway, body: Inbound, raw: bytes, key: str | None) -> Receipt:
    """Publish a message, unless the same call did. Raises `Refused` (403, 409, 413, 422, 503)."""
    now = door.wall.now()
    digest = hashlib.sha256(body.TYPE.encode() + b"\n" + raw).digest()
    named = key or f"body:{digest.hex()}"
    identifier = derived_id(_NO_TIME, body.agency, named, digest.hex())
    subject = UUID(str(body.subject_id))
    async with door.held.connection() as connection:
        begun = await connection.fetchval(
            _SQL["begin_receipt"], identifier, body.agency, named, digest, body.TYPE, subject, now
        )
    if begun is None and (before := await _before(door, body.agency, named, digest, subject)):
        return before
    try:
        published = await door.publisher.publish(
            body, message_id=identifier, authority=body.authority, seconds=door.settings.publish_seconds
        )
    except (NotTaken, NobodyMay, TooLarge) as error:
        async with door.held.connection() as connection:
            await connection.execute(_SQL["forget_receipt"], identifier)
        raise _refused(error) from None
    await _settle(door.held, identifier, published)
    return Receipt(identifier, subject, published.at, again=False)


async def _settle(held: Database, identifier: UUID, published: Published) -> None:
    async with held.connection() as connection:
        await connection.execute(_SQL["settle_receipt"], identifier, published.at, published.correlation)


async def _before(door: Doorway, agency: str, key: str, digest: bytes, subject: UUID) -> Receipt | None:
    """The receipt of the same call before; None when whoever made it died, and it is this call's to go on."""
    now = door.wall.now()
    async with door.held.connection() as connection:
        row = await connection.fetchrow(_SQL["load_receipt_by_key"], agency, key)
        if row is not None and row["digest"] != digest:
            raise Refused(
                422, "key-used", "This Idempotency-Key was used with another body",
                "Make a new key for every new thing that you send; use one again only to send the very same again.",
            )  # fmt: skip
        if row is not None and row["received_at"]:
            return Receipt(row["id"], subject, row["received_at"], again=True)
        died = now - timedelta(seconds=2 * door.settings.publish_seconds)
        if row is not None and await connection.fetchval(_SQL["take_over_receipt"], agency, key, died, now):
            return None
    raise Refused(
        409, "under-way", "The same call is under way", "Wait a moment, then send it again: you get its receipt.",
        headers={"Retry-After": "2"},
    )  # fmt: skip


def _refused(error: Exception) -> Refused:
    if isinstance(error, NotTaken):
        return away("The broker")
    if isinstance(error, TooLarge):
        return Refused(
            413, "too-large", "The message is too large", "Send documents to /api/v1/attachments, apart from it."
        )
    return Refused(
        403, "not-yours", "Your agency may not send this to this authority",
        "Check `authority`; ask the authority to add this contract to your agency in its policy pack.",
    )  # fmt: skip
