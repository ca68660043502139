"""How a service answers what it does not do: a command that the rules do not allow, a partner's message to be mended."""

from __future__ import annotations

from datetime import date
from typing import Any, Protocol
from uuid import UUID

from icart_common.contracts.base import CommandRefused, InboundRefused, Problem
from icart_common.messaging.message import Received
from icart_common.messaging.transaction import Transaction


class Refusal(Protocol):
    """Why not, and what would be allowed, in words that a page can show."""

    @property
    def code(self) -> str: ...
    @property
    def why(self) -> str: ...
    @property
    def allowed(self) -> tuple[str, ...]: ...


def refuse_command(
    received: Received[Any],
    refusal: Refusal,
    transaction: Transaction,
    *,
    version: int | None = None,
    authority: str | None = None,
) -> None:
    """Answer whoever sent a command. `version` is the record's now; `authority` is whose record it is, where that is known."""
    command = received.body
    refused = CommandRefused(
        subject=command.subject_id,
        command=received.message_id,
        command_type=command.TYPE,
        actor=command.actor,
        code=refusal.code,
        why=refusal.why,
        allowed=refusal.allowed,
        version=version,
    )
    where = {"authority": authority} if authority else {}
    transaction.say(refused, received, **where)


def no_policy(day: date, takes: str) -> Problem:
    """The authority had no policy on the day on which a partner's message came. `takes` is what such messages are: `notices`."""
    return Problem(
        path="$.authority",
        found="an authority that has no policy pack for the day it was received",
        expected=f"an authority that takes {takes} on {day.isoformat()}",
        fix=f"ask the authority from when it takes {takes} here",
    )


def refuse_inbound(
    received: Received[Any], problems: tuple[Problem, ...], transaction: Transaction, *, refusal: UUID
) -> None:
    """Say what is wrong and what to do. Nothing of the message is kept, so that it can be mended and sent again as it was.

    `refusal` is the answer's own id.
    """
    body, record = received.body, received.record
    transaction.say(
        InboundRefused(
            refusal=refusal,
            agency=body.agency,
            authority=body.authority,
            topic=received.topic,
            partition=record.partition if record else 0,
            offset=record.offset if record else 0,
            message_id=str(received.message_id),
            problems=problems,
        ),
        received,
    )
