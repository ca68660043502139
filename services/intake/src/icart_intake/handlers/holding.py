"""Whom the case system describes: put to the people whom we know, who are looked at again when that changes who they are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from icart_common.contracts.base import Address
from icart_common.contracts.ids import derived_id
from icart_common.messaging.message import Received
from icart_common.messaging.transaction import Transaction
from icart_intake import people_store as store
from icart_intake.domain.homes import say_homes
from icart_intake.domain.learning import learned
from icart_intake.domain.matching import Facts, Weights, keys_of
from icart_intake.domain.people import KnownPerson, Standing
from icart_intake.handlers.identifying import Identifying, say_offers

_NO_TIME: Final = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Described:
    """A person as the case system describes them."""

    authority: str
    number: str
    agency: str
    facts: Facts
    addresses: Sequence[Address]
    as_of: datetime
    received: Received[Any]


class Holding:
    """One batch of the feed. `load` everybody first; `put` one after the other; `keep` writes all but the standings.

    A person named at the door before the case system held them, and who is certainly the same, gets the number. Nobody
    else is ever merged: two who may be one are offered to a worker.
    """

    def __init__(self, weights: Weights, transaction: Transaction) -> None:
        self._transaction = transaction
        self._people = Identifying(transaction.connection, weights)
        self._mentions: dict[UUID, list[Facts]] = {}
        self._held: dict[UUID, Facts] = {}

    async def load(self, described: Sequence[Described], known: Collection[UUID]) -> None:
        """Lock and read everybody whom these may be; `known` are those of them who are held already."""
        connection, people = self._transaction.connection, self._people
        await store.lock_keys(connection, (key for one in described for key in keys_of(one.authority, one.facts)))
        await people.meet((one.authority, one.facts) for one in described)
        found = [hit.candidate for one in described for hit in people.known.likely(one.authority, one.facts)]
        await people.take({*known, *(one.id for one in found)}, {one.stands_for for one in found})
        everybody = {*known, *(one.id for one in found)}
        self._mentions = await store.facts_of_mentions(connection, everybody)

    def get(self, person: UUID) -> KnownPerson:
        """Somebody who was loaded, as they are known now."""
        return self._people.known.get(person)

    def put(self, one: Described, before: UUID | None, standing: Standing) -> KnownPerson:
        """The person whom a description is of; `before` is who held the number until now."""
        known = self._people.known
        person = known.get(before) if before else self._at_the_door(one)
        mentions = self._mentions.get(person.id, []) if person else []
        facts = learned(one.facts, mentions)
        known_facts = person.facts if person and person.facts == facts else facts
        homes = say_homes(person.homes if person else (), one.addresses, at=one.as_of, by=one.agency, counts=True)
        identifier = derived_id(_NO_TIME, "person", one.authority, one.number)
        person = person or KnownPerson(id=identifier, authority=one.authority, facts=facts)
        changed = person.facts is not known_facts or not known.knows(person.id)
        after = person._replace(facts=known_facts, number=one.number, as_of=one.as_of, standing=standing, homes=homes)
        self._held[after.id] = one.facts
        known.live(after)
        known.update(after)
        if changed:
            offers, withdrawn = known.look_again(after.id, one.received.at)
            say_offers(offers, withdrawn, one.received, self._transaction)
        return after

    def _at_the_door(self, one: Described) -> KnownPerson | None:
        """Somebody named at the door who is certainly meant, and whom the case system does not hold by another number."""
        known = self._people.known
        found = [hit for hit in known.likely(one.authority, one.facts) if not known.is_held(hit.candidate.stands_for)]
        hit = known.certain(found)
        return known.get(hit.candidate.id) if hit else None

    async def keep(self, descriptions: Sequence[tuple[KnownPerson, str]]) -> None:
        """Write everybody who was described, each with the description (JSON), and what follows from it."""
        changes = self._people.known.changes
        for person, _ in descriptions:  # they are written with their numbers
            changes.new.pop(person.id, None)
            changes.changed.pop(person.id, None)
        latest = {person.id: (self.get(person.id), described) for person, described in descriptions}
        await store.hold(
            self._transaction.connection,
            [(person, self._held[person.id], described) for person, described in latest.values()],
        )
        await self._people.keep()
