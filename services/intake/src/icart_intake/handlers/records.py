"""The night team completes a record that it owed (ED-4, TM-9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from icart_common.contracts.base import Problem
from icart_common.contracts.edt import EdtRecordCompleted
from icart_common.contracts.intake import EdtRecordReceived
from icart_common.messaging.message import Received
from icart_common.messaging.transaction import Transaction
from icart_common.policy.book import PolicyBook
from icart_common.policy.clocks import ClockFacts
from icart_intake import store
from icart_intake.handlers.refusal import refuse

_UNKNOWN: Final = (
    Problem(
        path="$.submission",
        found="an id that no contact of the night team has",
        expected="the submission whose record is completed",
        fix="send the contact first, or use the id that it was sent with",
    ),
)


async def complete_records(completed: Sequence[Received[Any]], book: PolicyBook, transaction: Transaction) -> None:
    """Meet the clock of each record that was outstanding, and pass the rest of it on.

    What comes before its contact waits for it.
    """
    if not completed:
        return
    owed = await store.night_records(transaction.connection, (received.body.submission for received in completed))
    records = {record.id: record for record in owed.values()}
    changed: dict[UUID, store.NightRecord] = {}
    for received in completed:
        body: EdtRecordCompleted = received.body
        asked = owed.get(body.submission)
        if asked is None and not received.last_chance:
            transaction.park(body.submission, received)
            continue
        if asked is None or (asked.agency, asked.authority) != (body.agency, body.authority):
            refuse(received, _UNKNOWN, transaction)
            continue
        record = records[asked.id]
        if record.completed_by == received.message_id:
            continue  # the same message again
        clocks, commands = record.clocks.on(
            "edt_record_completed",
            ClockFacts(channel="edt", agency=body.agency, record_complete=True),
            pack=book.pack(record.authority, record.pack_version),
            owner="intake",
            subject=record.id,
            received_at=record.received_at,
            at=received.at,
        )
        for command in commands:
            transaction.say(command, received, authority=body.authority)
        if record.due or body.notes:  # nothing that they wrote is lost, though nothing was owed
            transaction.say(
                EdtRecordReceived(
                    submission=record.id,
                    authority=body.authority,
                    worker=body.worker,
                    received_at=received.at,
                    notes=body.notes,
                ),
                received,
            )
        records[record.id] = changed[record.id] = replace(
            record, clocks=clocks, due=False, completed_by=received.message_id
        )
    await store.complete_records(transaction.connection, changed)
