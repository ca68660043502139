"""How a command that may not be carried out is answered."""

from __future__ import annotations

from typing import Any

from icart_common.contracts.base import CommandRefused
from icart_common.messaging.message import Received
from icart_common.messaging.transaction import Transaction
from icart_screening.domain.refusal import Refusal


def refuse(
    one: Received[Any],
    refusal: Refusal,
    transaction: Transaction,
    *,
    version: int | None = None,
    authority: str | None = None,
) -> None:
    """Say why, what would be allowed, and the version that there is now when it is about a version that has moved."""
    refused = CommandRefused(
        subject=one.body.subject_id,
        command=one.message_id,
        command_type=one.body.TYPE,
        actor=one.body.actor,
        code=refusal.code,
        why=refusal.why,
        allowed=refusal.allowed,
        version=version,
    )
    where = {"authority": authority} if authority else {}
    transaction.say(refused, one, **where)
