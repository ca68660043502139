"""The case system's feed: whom it holds, which cases are open (IN-5, IN-6). See docs/case-feed.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from icart_common.contracts.base import Problem
from icart_common.contracts.cases import EpisodeHeld, PersonHeld, PersonNotHeld, RecordRemarked
from icart_common.contracts.ids import derived_id
from icart_common.messaging.message import Received
from icart_common.messaging.transaction import Transaction
from icart_intake import feed_store
from icart_intake.domain.feed import Said
from icart_intake.domain.matching import Weights
from icart_intake.domain.remarks import remarks_of
from icart_intake.feed_store import Held, Place
from icart_intake.handlers.describing import put_to_people
from icart_intake.handlers.full_loads import FullLoads
from icart_intake.weights import load_weights


class CaseSystem:
    """Keeps the newest of what the case system says about each person and each episode, and settles full loads.

    A batch is handled in the order of its topic, with a number of statements that does not depend on its size.
    """

    def __init__(self, weights: Weights | None = None) -> None:
        self._weights = weights or load_weights()

    async def __call__(self, batch: Sequence[Received[Any]], transaction: Transaction) -> None:
        connection = transaction.connection
        feeds = await feed_store.lock_feeds(connection, (received.body.authority for received in batch))
        full_loads = FullLoads(transaction)
        await full_loads.open(batch, sorted(feeds))
        spoken_of = {
            (one.body.authority, one.body.number)
            for one in batch
            if isinstance(one.body, PersonHeld | PersonNotHeld | EpisodeHeld)
        }
        before = await feed_store.said(connection, spoken_of)
        held: dict[Place, Held] = dict(before)
        newer: list[Received[Any]] = []
        for received in batch:
            body = full_loads.hear(received)
            if isinstance(body, PersonHeld | PersonNotHeld | EpisodeHeld):
                place = (body.authority, body.number)
                one = held.setdefault(place, Held(_first(feeds, body.authority)))
                if _hear(one, body, received, transaction):
                    newer.append(received._replace(body=body))  # as of its load's beginning, if it is older
        await put_to_people(transaction, self._weights, held, newer)
        await feed_store.keep_said(connection, held)
        await full_loads.close()


def _first(feeds: Mapping[str, datetime | None], authority: str) -> Said:
    """What is known of somebody of whom nothing was said: the newest complete load did not name them."""
    return Said(gone_as_of=feeds[authority])


def _hear(
    one: Held, body: PersonHeld | PersonNotHeld | EpisodeHeld, received: Received[Any], transaction: Transaction
) -> bool:
    """Take in a statement. Whether it describes the person anew."""
    before, one.said = one.said, one.said.hear(body)
    one.changed |= {name for name, said in one.said.episodes.items() if before.episodes.get(name) is not said}
    problems: tuple[Problem, ...] = ()
    described = isinstance(body, PersonHeld) and one.said.base is not before.base
    if isinstance(body, PersonHeld) and described:
        one.described = body
        problems = remarks_of(body)
        one.remarks, problems = problems, () if problems == one.remarks else problems
    elif isinstance(body, EpisodeHeld) and one.said.episodes is not before.episodes:
        problems = remarks_of(body)
    if problems:
        transaction.say(
            RecordRemarked(
                remark=derived_id(received.at, received.id, "remark"),
                agency=body.agency,
                authority=body.authority,
                number=body.number,
                as_of=body.as_of,
                problems=problems,
            ),
            received,
        )
    return described
