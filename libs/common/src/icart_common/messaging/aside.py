"""What a service cannot handle is put aside: kept whole with the reason, and told to whoever has to mend it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from icart_common.contracts.base import InboundRefused, Problem
from icart_common.contracts.catalogue import ServiceId, Topic
from icart_common.contracts.deadletters import DeadLettered
from icart_common.contracts.ids import derived_id
from icart_common.messaging import deadletters
from icart_common.messaging.errors import TooLargeToSay
from icart_common.messaging.message import Received
from icart_common.messaging.outbox import Outbox
from icart_common.messaging.screen import Poison, whose
from icart_common.messaging.transaction import Transaction

DEFECT = "handler-defect"


async def put_aside(
    poison: Sequence[Poison], transaction: Transaction, service: ServiceId, topics: Mapping[str, Topic]
) -> None:
    """Keep what is poison in the transaction, and say so of what was not kept before. One statement."""
    for one in await deadletters.keep(transaction.connection, poison):
        _tell(one, transaction.outbox, service, topics[one.record.topic])


def _tell(one: Poison, outbox: Outbox, service: ServiceId, topic: Topic) -> None:
    record = one.record
    outbox.say_at(
        DeadLettered(
            dead_letter=one.id,
            service=service,
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            authority=whose(record, topic),
            code=one.code,
            problems=one.problems,
            size=len(record.value or b""),
            received_at=record.timestamp,
        ),
        record.timestamp,
        one.id,
        topic=f"dead-letters.{service}",
    )
    if not topic.family.inbound or one.code == DEFECT:
        return
    agency = topic.partner if topic.partner in topic.agencies else topic.agencies[0]
    outbox.say_at(
        InboundRefused(
            refusal=one.id,
            agency=str(agency),
            authority=topic.authorities[0] if len(topic.authorities) == 1 else None,
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            message_id=str(one.message_id) if one.message_id else None,
            problems=one.problems,
        ),
        record.timestamp,
        one.id,
    )


def defective(one: Received[Any], defect: Exception) -> Poison:
    """A message that brings out a defect, as poison. What it would make too large is told to an agency that sent it."""
    record = one.record
    assert record is not None
    too_large = isinstance(defect, TooLargeToSay)
    identifier = derived_id(record.timestamp, record.topic, record.partition, record.offset)
    problem = _too_large(defect) if isinstance(defect, TooLargeToSay) else _of_ours(defect)
    return Poison(identifier, record, "too-large-to-say" if too_large else DEFECT, (problem,), one.message_id)


def _too_large(defect: TooLargeToSay) -> Problem:
    return Problem(
        path="$",
        found=f"a message from which {defect.kind} of {defect.size} bytes would follow",
        expected=f"at most {defect.most} bytes",
        fix="say it in fewer words, or in several messages; send long documents as attachments",
    )


def _of_ours(defect: Exception) -> Problem:
    return Problem(
        path="$",
        found=f"a defect of this service ({type(defect).__name__} at {where_of(defect)})",
        expected="a message that it can handle",
        fix="report it; after the release that mends it, send the dead letter again",
    )


def where_of(defect: BaseException) -> str:
    """File and line of the innermost frame: enough to find a defect, and nothing of what was handled."""
    trace = defect.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}" if trace else "unknown"
