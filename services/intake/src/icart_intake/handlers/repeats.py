"""Sorts what came into first submissions, repeats, and ids that were used before for something else (IN-15).

A repeat is told the reference of the first, and nothing else happens. So nothing that nobody has read may be taken for one:
what comes under a used id is compared by the digest of its content, and refused when it says anything else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

import asyncpg

from icart_common.contracts.base import Problem
from icart_common.contracts.intake import SubmissionRepeated
from icart_common.messaging.message import Received
from icart_intake import store
from icart_intake.domain.faults import id_of_another, id_of_other_content, message_of_other_content
from icart_intake.domain.repeats import First
from icart_intake.domain.submission import Submission
from icart_intake.store import Arrival

Came = tuple[Received[Any], Arrival]
"""A message with the submission that it makes."""


@dataclass(slots=True)
class Sorting:
    """A batch, sorted."""

    first: list[Came] = field(default_factory=list)
    repeats: list[tuple[Submission, First]] = field(default_factory=list)
    """Repeats of a content that came with an id of their own: they were taken, and are kept."""
    resent: list[tuple[Submission, First]] = field(default_factory=list)
    """Repeats under an id that was used before. Nothing of them is kept but documents under ids of their own."""
    refused: list[tuple[Received[Any], tuple[Problem, ...]]] = field(default_factory=list)
    """What came under an id that was used before for something else, with what its sender has to mend."""
    answers: list[tuple[Received[Any], SubmissionRepeated]] = field(default_factory=list)
    """What the repeats are told; to be said after what is said about the first, which may be in the same batch."""


async def take_first(arrivals: Sequence[Came], connection: asyncpg.Connection) -> Sorting:
    """Take what is new, in the order of time; the answer to a repeat has the reference of the first."""
    sorting = Sorting()
    firsts: dict[UUID, First] = {}
    while arrivals:  # once, unless what took an id in the batch was itself not taken
        arrivals = await _take(arrivals, sorting, firsts, connection)
    return sorting


async def _take(
    arrivals: Sequence[Came], sorting: Sorting, firsts: dict[UUID, First], connection: asyncpg.Connection
) -> list[Came]:
    """One round; returns those whose turn comes next. `firsts` has those of the batch, by the submission that each is told to."""
    unique, twins = _within_batch(arrivals)
    holders = await store.take(connection, [arrival for _, arrival in unique])
    again = [one for one in unique if one[1].submission.id not in holders]
    known = await store.taken_before(connection, [arrival.submission for _, arrival in (*again, *twins)])
    by_content: dict[UUID, First] = {}
    later: dict[UUID, Arrival] = {}
    for received, arrival in unique:
        submission = arrival.submission
        if submission.id not in holders:
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
    return [one for one in (*again, *twins) if not _sorted(*one, known, sorting, firsts)]


def _sorted(
    received: Received[Any],
    arrival: Arrival,
    known: Sequence[store.Before],
    sorting: Sorting,
    firsts: Mapping[UUID, First],
) -> bool:
    """Sort what came under an id that was used before. False when it was used by something that was not taken."""
    submission = arrival.submission
    used = [one for one in known if one.id == submission.id or one.is_message_of(submission)]
    if not used:
        return False
    own = [one for one in used if (one.agency, one.authority) == (submission.agency, submission.authority)]
    if not own:
        sorting.refused.append((received, id_of_another()))
        return True
    # Its own id says more than the message's, should both have been used before.
    before = min(own, key=lambda one: one.id != submission.id)
    if before.content != arrival.content:
        problems = id_of_other_content() if before.id == submission.id else message_of_other_content()
        sorting.refused.append((received, problems))
        return True
    first = firsts.get(before.id, before.first)
    sorting.resent.append((submission, first))
    sorting.answers.append((received, _answer(submission, first, "message-id")))
    return True


def _within_batch(arrivals: Sequence[Came]) -> tuple[list[Came], list[Came]]:
    """The first with each id and message id, and those that come again in the same batch."""
    unique: list[Came] = []
    twins: list[Came] = []
    ids: set[UUID] = set()
    messages: set[tuple[str, str, UUID]] = set()
    for received, arrival in arrivals:
        submission = arrival.submission
        source = (submission.agency, submission.authority, submission.message)
        if submission.id in ids or source in messages:
            twins.append((received, arrival))
            continue
        ids.add(submission.id)
        messages.add(source)
        unique.append((received, arrival))
    return unique, twins


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
