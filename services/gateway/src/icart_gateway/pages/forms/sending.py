"""A command on its way: sent once however often the button is pressed, and what became of it (decision 0015, 4)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import asyncpg

from icart_common.clock import monotonic
from icart_common.contracts.base import Command
from icart_common.contracts.ids import derived_id
from icart_common.db.pool import named_sql
from icart_common.messaging.publish import NotTaken
from icart_gateway.doorway import Doorway
from icart_gateway.live import answered
from icart_gateway.signing_in.session import ForgedForm, SignedIn

_SQL = named_sql("icart_gateway.pages.forms")


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a command, as far as it is known."""

    message: UUID
    state: Literal["done", "refused", "waiting", "away"]
    """`waiting`: it is on its way. `away`: the broker did not take it."""
    code: str = ""
    why: str = ""
    allowed: tuple[str, ...] = ()


async def send(door: Doorway, who: SignedIn, form: str, message: UUID, command: Command) -> Answer:
    """Send a command and wait a moment for the answer.

    The same words under the same id are one message. Other words under an id that was sent already (somebody went back, or the
    broker was away, and typed on) are another message, whose id follows from the first and from the words.
    """
    digest = hashlib.sha256(command.TYPE.encode() + command.model_dump_json(exclude_none=True).encode()).digest()
    row = await _begin(door, who, form, message, command, digest)
    if row["digest"] != digest:
        message = derived_id(row["sent_at"], message, digest.hex())
        row = await _begin(door, who, form, message, command, digest)
    if (row["person"], row["authority"]) != (who.person, who.authority):
        raise ForgedForm
    found = await answer_of(door, message)
    if found.state != "waiting":
        return found
    with door.live.opened() as queue:
        try:
            await door.publisher.publish(
                command, message_id=message, authority=who.authority, seconds=door.settings.publish_seconds
            )
        except NotTaken:
            return Answer(message, "away")
        async with door.held.connection() as connection:
            await connection.execute(_SQL["taken"], message)
        until = monotonic() + door.settings.answer_seconds
        while (left := until - monotonic()) > 0 and await answered(queue, message, left):
            found = await answer_of(door, message)
            if found.state != "waiting":
                return found
    return await answer_of(door, message)


async def answer_of(door: Doorway, message: UUID) -> Answer:
    """What became of one message."""
    return (await answers_of(door, (message,)))[message]


async def answers_of(door: Doorway, messages: Iterable[UUID]) -> dict[UUID, Answer]:
    """What became of each message, as far as the read models know."""
    wanted = sorted(set(messages))
    found = {message: Answer(message, "waiting") for message in wanted}
    if wanted:
        async with door.models.connection() as connection:
            rows = await connection.fetch(_SQL["answers"], wanted)
        for row in rows:
            message, code = row["command"], row["code"]
            if code is None:
                found[message] = Answer(message, "done")
            else:
                found[message] = Answer(message, "refused", code, row["why"], tuple(row["allowed"] or ()))
    return found


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that somebody's form sent."""

    message: UUID
    form: str
    type: str
    sent_at: datetime
    taken: bool
    settled: bool = False


async def own(door: Doorway, who: SignedIn, message: UUID) -> Sent | None:
    """A message that this person sent; None when it was not theirs."""
    async with door.held.connection() as connection:
        row = await connection.fetchrow(_SQL["find_sent"], message, who.authority, who.person)
    return Sent(message, row["form"], row["type"], row["sent_at"], row["taken"], row["settled"]) if row else None


async def unsettled(door: Doorway, who: SignedIn) -> list[Sent]:
    """What they sent and have not seen the answer of, the oldest first."""
    async with door.held.connection() as connection:
        rows = await connection.fetch(_SQL["open_sent"], who.authority, who.person)
    return [Sent(row["message"], row["form"], row["type"], row["sent_at"], row["taken"]) for row in rows]


async def settle(door: Doorway, message: UUID) -> None:
    """Whoever sent it has seen what became of it."""
    async with door.held.connection() as connection:
        await connection.execute(_SQL["settle"], message)


async def _begin(
    door: Doorway, who: SignedIn, form: str, message: UUID, command: Command, digest: bytes
) -> asyncpg.Record:
    async with door.held.connection() as connection:
        return await connection.fetchrow(
            _SQL["begin_sent"], message, who.person, who.authority, form, command.TYPE, digest, door.clock.now()
        )
