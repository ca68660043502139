"""Publishing as a partner or an operator does: checked here first, acknowledged by every in-sync replica."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaConnectionError, KafkaError

from icart_cli import exits
from icart_common.clock import Clock
from icart_common.contracts.base import Inbound, Message
from icart_common.contracts.catalogue import FAMILIES, MESSAGES, Topic
from icart_common.contracts.envelope import Envelope, Headers, Unreadable, read_body, read_envelope, write_headers
from icart_common.contracts.ids import new_id
from icart_common.messaging.kafka import producer
from icart_common.messaging.message import Record
from icart_common.messaging.publish import Published, TooLarge, acknowledged
from icart_common.settings import KafkaSettings


def checked(kind: str, raw: bytes, source: str) -> Message:
    """The message in `raw`. Raises `Stop` naming each JSON path, what was found and what was expected."""
    if kind not in MESSAGES:
        raise exits.Stop(exits.WRONG_USE, f"There is no message type {kind}.", "`icart schema list` shows all of them.")
    try:
        return read_body(kind, raw)
    except Unreadable as wrong:
        lines = [f"  {p.path}: found {p.found}, expected {p.expected}" for p in wrong.problems]
        raise exits.Stop(
            exits.WRONG_USE,
            f"{source} is not a {kind} ({wrong.code}):\n" + "\n".join(lines),
            f"`icart schema show {kind}` shows what it has to hold.",
        ) from None


def topic_for(body: Message, topics: Sequence[Topic]) -> Topic:
    """The topic that a partner's message or an operator's command goes to. Raises `Stop` when nobody registered may send it."""
    for topic in topics:
        if type(body) not in topic.family.messages:
            continue
        if not topic.family.inbound:
            return topic
        assert isinstance(body, Inbound)
        if body.agency in topic.agencies and body.authority in topic.authorities:
            return topic
    if isinstance(body, Inbound):
        may = sorted({writer for t in topics if type(body) in t.family.messages for writer in t.agencies})
        raise exits.Stop(
            exits.REFUSED,
            f"{body.agency} is not registered to send {body.TYPE} to {body.authority}.",
            f"Registered are: {', '.join(may)}. An agency is added in the authority's policy pack.",
        )
    names = sorted(family.name for family in FAMILIES if type(body) in family.messages)
    raise exits.Stop(exits.REFUSED, f"{body.TYPE} is said by services alone ({', '.join(names)}).")


class Sender:
    """Publishes with `acks=all`."""

    def __init__(self, client: AIOKafkaProducer, clock: Clock) -> None:
        self._client = client
        self._clock = clock

    async def send(
        self,
        topic: str,
        body: Message | bytes,
        *,
        kind: str,
        source: str,
        subject: str,
        authority: str | None = None,
        message_id: UUID | None = None,
    ) -> Published:
        """Publish one message and return where it is. Raises `Stop` when the broker refuses it or is away."""
        envelope = Envelope(
            message_id or new_id(), kind, source, self._clock.now(), subject=subject, authority=authority
        )
        value = body if isinstance(body, bytes) else body.model_dump_json(exclude_none=True).encode()
        return await self._acknowledged(topic, envelope, subject.encode(), value, write_headers(envelope))

    async def send_again(self, record: Record) -> Published:
        """Publish a record with its own headers, which can be read, as whoever sent it would. Raises `Stop` as `send` does."""
        return await self._acknowledged(
            record.topic, read_envelope(record.headers), record.key or b"", record.value or b"", record.headers
        )

    async def _acknowledged(
        self, topic: str, envelope: Envelope, key: bytes, value: bytes, headers: Headers
    ) -> Published:
        try:
            return await acknowledged(self._client, self._clock, topic, envelope, key, value, headers)
        except TooLarge:
            raise exits.Stop(
                exits.REFUSED,
                f"The message is larger than a topic takes (1 MiB): {len(value)} bytes.",
                "Send attachments apart from the message and refer to them.",
            ) from None
        except KafkaError as error:
            raise exits.Stop(
                exits.NOT_REACHED,
                f"The broker did not take the message ({type(error).__name__}).",
                "Try again; `icart doctor` helps.",
            ) from None


@asynccontextmanager
async def sending(settings: KafkaSettings, clock: Clock) -> AsyncIterator[Sender]:
    """A sender. Raises `Stop` when the broker cannot be reached."""
    client = producer(settings, linger_ms=0)
    try:
        await client.start()
        yield Sender(client, clock)
    except KafkaConnectionError:
        raise no_broker(settings) from None
    finally:
        await client.stop()


def no_broker(settings: KafkaSettings) -> exits.Stop:
    """What to say when no broker answers."""
    return exits.Stop(
        exits.NOT_REACHED,
        f"No broker answers at {settings.kafka_bootstrap}.",
        "Is `icart up` running? `icart doctor` helps.",
    )


def filled_in(raw: bytes, kind: str) -> bytes:
    """A hand-written message with the ids that a person need not invent; anything that is not a JSON object as it is."""
    names = {"icart.referral.submitted.v1": "submission", "icart.edt.contact-recorded.v1": "submission",
             "icart.vpa.submitted.v1": "vpa", "icart.notice.probation-check-requested.v1": "notice"}  # fmt: skip
    name = names.get(kind)
    try:
        found: Any = json.loads(raw)
    except ValueError:
        return raw
    if name is None or not isinstance(found, dict) or name in found:
        return raw
    return json.dumps({**found, name: str(new_id())}).encode()
