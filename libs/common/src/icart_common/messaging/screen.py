"""Each record on its own: what can be believed of it, or why it is poison."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from icart_common.contracts.base import Inbound, Message, Problem
from icart_common.contracts.catalogue import MESSAGES, Topic
from icart_common.contracts.envelope import Envelope, Unreadable, read_body, read_envelope
from icart_common.contracts.ids import derived_id
from icart_common.messaging.message import Received, Record

_AUTHORITY: Final = re.compile(r"(?=.{1,64}$)[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Poison:
    """A record that cannot be handled, with the reason; its bytes are in `record`."""

    id: UUID
    record: Record
    code: str
    problems: tuple[Problem, ...]
    message_id: UUID | None = None


def place_id(record: Record) -> UUID:
    """The id of a record's place: what `inbound.*` is deduplicated by, since a sender's own id may come twice (IN-15)."""
    return derived_id(record.timestamp, record.topic, record.partition, record.offset)


def screen(
    record: Record,
    topics: Mapping[str, Topic],
    first_received: Mapping[UUID, datetime] | None = None,
    hears: Collection[type[Message]] | None = None,
    passes_over: Callable[[Message], bool] | None = None,
) -> Received[Message] | Poison | None:
    """A message to handle, poison, or None for what the handler has nothing to do with: a type that is not among those
    it `hears` (None: all of the topic), or a message that it `passes_over`.

    `first_received` gives, for dead letters that are sent again, when the original came: a child's clock counts from then.
    """
    topic = topics[record.topic]
    message_id: UUID | None = None
    try:
        envelope = read_envelope(record.headers)
        message_id = envelope.id
        if MESSAGES[envelope.type] not in topic.family.messages:
            allowed = sorted(message.TYPE for message in topic.family.messages)
            raise _refuse("unknown-type", "header ce_type", "a type that this topic does not carry", ", ".join(allowed))
        if hears is not None and MESSAGES[envelope.type] not in hears:
            return None  # for somebody else: it is not even read
        body = read_body(envelope.type, record.value)
        if isinstance(body, Inbound):
            _check_sender(body, topic)
        if passes_over is not None and passes_over(body):
            return None
    except Unreadable as wrong:
        return Poison(place_id(record), record, wrong.code, wrong.problems, message_id)
    inbound = topic.family.inbound
    at = _time(record, topic, envelope)
    if envelope.replay_of and first_received:
        at = first_received.get(envelope.replay_of, at)
    identifier = place_id(record) if inbound else envelope.id
    return Received(
        id=identifier,
        message_id=envelope.id,
        body=body,
        at=at,
        topic=record.topic,
        correlation=envelope.correlation or identifier,
        traceparent=envelope.traceparent,
        record=record,
    )


def time_of(record: Record, topic: Topic) -> datetime:
    """A record's own time: the envelope's where only we write, the broker's elsewhere and where there is no envelope."""
    try:
        return _time(record, topic, read_envelope(record.headers))
    except Unreadable:
        return record.timestamp


def whose(record: Record, topic: Topic) -> str | None:
    """The authority whose business a record is, which need not be readable; None: nobody can tell.

    A topic of one authority says it. Elsewhere its header or what it says does, as far as its sender may name that authority.
    """
    if len(topic.authorities) == 1:
        return topic.authorities[0]
    header = dict(record.headers).get("ce_authority") or b""
    for said in (header.decode(errors="replace"), _authority_in(record.value)):
        if said in topic.authorities or (not topic.family.inbound and _AUTHORITY.fullmatch(said)):
            return said
    return None


def _authority_in(value: bytes | None) -> str:
    """What stands under `authority` in a body that may be anything; nothing when there is no such text."""
    try:
        said = json.loads(value or b"")
    except (ValueError, RecursionError):
        return ""
    found = said.get("authority") if isinstance(said, dict) else None
    return found if isinstance(found, str) else ""


def _time(record: Record, topic: Topic, envelope: Envelope) -> datetime:
    return envelope.time if topic.family.ours else record.timestamp


def _check_sender(body: Inbound, topic: Topic) -> None:
    """The sender is who the topic says it is."""
    if body.agency not in topic.agencies:
        raise _refuse(
            "wrong-sender",
            "$.agency",
            "an agency that this topic does not belong to",
            f"one of: {', '.join(topic.agencies)}",
        )
    if body.authority not in topic.authorities:
        raise _refuse(
            "wrong-sender",
            "$.authority",
            "an authority that this sender does not work with",
            f"one of: {', '.join(topic.authorities)}",
        )


def _refuse(code: str, path: str, found: str, expected: str) -> Unreadable:
    return Unreadable(code, (Problem(path=path, found=found, expected=expected, fix=f"send {expected}"),))
