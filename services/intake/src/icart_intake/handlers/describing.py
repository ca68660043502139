"""Whom the case system describes: put to the people whom we know, and kept with what they are compared by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from icart_common.messaging.message import Received
from icart_common.messaging.transaction import Transaction
from icart_intake.domain.matching import Weights, facts_of
from icart_intake.domain.people import KnownPerson
from icart_intake.feed_store import Held, Place
from icart_intake.handlers.holding import Described, Holding

_DESCRIBED: Final = {
    "given_name", "family_name", "other_names", "born", "born_estimated", "expected", "died", "sex", "nhs_number", "upn",
    "addresses", "phones", "school", "related", "notes",
}  # fmt: skip


async def put_to_people(
    transaction: Transaction, weights: Weights, held: Mapping[Place, Held], newer: Sequence[Received[Any]]
) -> None:
    """Give everybody who was described a person, and everybody their standing. `newer` are the descriptions that were
    newer than what was known, in their order."""
    described = [
        Described(one.body.authority, one.body.number, one.body.agency, facts_of(one.body), one.body.addresses,
                  one.body.as_of, one)
        for one in newer
    ]  # fmt: skip
    holding = Holding(weights, transaction)
    known = {one.person.id for one in held.values() if one.person and one.described}
    if described:
        await holding.load(described, known)
    kept: list[tuple[KnownPerson, str]] = []
    for description in described:
        one = held[description.authority, description.number]
        one.person = holding.put(description, one.person.id if one.person else None, one.said.standing())
        body = description.received.body
        kept.append((one.person, body.model_dump_json(include=_DESCRIBED, exclude_defaults=True)))
    for one in held.values():
        if one.person and not one.described:
            one.person = one.person._replace(standing=one.said.standing())
    if kept:
        await holding.keep(kept)
