"""Sorts what came into first submissions and repeats, with the answer to those who repeat (IN-15)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

import asyncpg

from icart_common.contracts.intake import SubmissionRepeated
from icart_common.messaging.message import Received
from icart_intake import store
from icart_intake.domain.repeats import First
from icart_intake.domain.submission import Submission
from icart_intake.store import Arrival


@dataclass(slots=True)
class Sorting:
    """A batch, sorted."""

    first: list[tuple[Received[Any], Arrival]] = field(default_factory=list)
    repeats: list[tuple[Submission, First]] = field(default_factory=list)
    """Repeats of a content that came with an id of their own: they were taken, and are kept."""
    used_by_another: list[Received[Any]] = field(default_factory=list)
    answers: list[tuple[Received[Any], SubmissionRepeated]] = field(default_factory=list)
    """What the repeats are told; to be said after what is said about the first, which may be in the same batch."""


async def take_first(arrivals: Sequence[tuple[Received[Any], Arrival]], connection: asyncpg.Connection) -> Sorting:
    """Take what is new, in the order of time; the answer to a repeat has the reference of the first."""
    sorting = Sorting()
    if not arrivals:
        return sorting
    unique, again = _within_batch(arrivals)
    holders = await store.take(connection, [arrival for _, arrival in unique])
    known = await store.taken_before(
        connection, [arrival.submission for _, arrival in unique if arrival.submission.id not in holders]
    )
    firsts: dict[UUID, First] = {}
    by_content: dict[UUID, First] = {}
    later: dict[UUID, Arrival] = {}
    for received, arrival in unique:
        submission = arrival.submission
        if submission.id not in holders:
            before = _before(submission, known)
            if before is None:
                sorting.used_by_another.append(received)
            else:
                firsts[submission.id] = before
                sorting.answers.append((received, _answer(submission, before, "message-id")))
            continue
        holder = by_content.get(arrival.content, holders[submission.id])
        if holder.submission != submission.id and holder.covers(submission.received_at):
            firsts[submission.id] = holder
            sorting.repeats.append((submission, holder))
            sorting.answers.append((received, _answer(submission, holder, "content")))
            continue
        firsts[submission.id] = by_content[arrival.content] = arrival.as_first()
        if holder.submission != submission.id and holder.received_at < submission.received_at:
            later[arrival.content] = arrival
        sorting.first.append((received, arrival))
    await store.hold_content(connection, [later[content] for content in sorted(later)])
    for received, submission, twin in again:
        if twin.id not in firsts or (twin.agency, twin.authority) != (submission.agency, submission.authority):
            sorting.used_by_another.append(received)
        else:
            sorting.answers.append((received, _answer(submission, firsts[twin.id], "message-id")))
    return sorting


def _within_batch(
    arrivals: Sequence[tuple[Received[Any], Arrival]],
) -> tuple[list[tuple[Received[Any], Arrival]], list[tuple[Received[Any], Submission, Submission]]]:
    """The first with each id and message id, and those that come again in the same batch with the one they repeat."""
    unique: list[tuple[Received[Any], Arrival]] = []
    again: list[tuple[Received[Any], Submission, Submission]] = []
    by_id: dict[UUID, Submission] = {}
    by_message: dict[tuple[str, str, UUID], Submission] = {}
    for received, arrival in arrivals:
        submission = arrival.submission
        source = (submission.agency, submission.authority, submission.message)
        twin = by_id.get(submission.id) or by_message.get(source)
        if twin:
            again.append((received, submission, twin))
            continue
        by_id[submission.id] = by_message[source] = submission
        unique.append((received, arrival))
    return unique, again


def _before(submission: Submission, known: Sequence[store.Before]) -> First | None:
    """The first submission that this one repeats; None when its id belongs to another sender or authority."""
    own = [
        before
        for before in known
        if (before.agency, before.authority) == (submission.agency, submission.authority)
        and (before.id == submission.id or before.message == submission.message)
    ]
    # Its own id says more than the message's, should both have been used before.
    return min(own, key=lambda before: before.id != submission.id).first if own else None


def _answer(submission: Submission, first: First, same: Literal["message-id", "content"]) -> SubmissionRepeated:
    return SubmissionRepeated(
        submission=first.submission,
        reference=first.reference,
        authority=submission.authority,
        pack_version=first.pack_version,
        received_at=submission.received_at,
        first_received_at=first.received_at,
        same=same,
        reply_to=submission.reply_to,
    )
