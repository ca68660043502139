"""Loads everybody whom a batch may mean, and puts each mention to whom it means (IN-17; decision 0010)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, NamedTuple
from uuid import UUID

import asyncpg

from icart_common.contracts.base import Address
from icart_common.contracts.cases import the_other_way
from icart_common.contracts.family import HeldAddress
from icart_common.contracts.people import MatchOffered, MatchWithdrawn
from icart_common.contracts.referral import Person
from icart_common.messaging.message import Received
from icart_common.messaging.transaction import Transaction
from icart_intake import people_store as store
from icart_intake.domain.homes import home_keys, say_homes
from icart_intake.domain.identified import Identified
from icart_intake.domain.identities import Identities
from icart_intake.domain.matching import Facts, Weights, keys_of
from icart_intake.domain.mentions import Mention
from icart_intake.domain.pairs import Pair
from icart_intake.domain.people import Relation
from icart_intake.domain.relations import said_relations
from icart_intake.domain.submission import Submission

_NO_CONTACTS: Final[Mapping[UUID, tuple[UUID, ...]]] = MappingProxyType({})


class Named(NamedTuple):
    """A person of a message, and what of them is compared."""

    person: Person
    facts: Facts


class Identifying:
    """One batch's people. `load` everybody first; then messages are decided one after the other; `keep` writes."""

    def __init__(self, connection: asyncpg.Connection, weights: Weights) -> None:
        self._connection = connection
        self.known = Identities(weights)

    async def load(
        self, own: Sequence[tuple[str, Sequence[Named]]], asked: Sequence[tuple[str, Sequence[Named]]] = ()
    ) -> None:
        """Lock and read everybody whom these may mean; `asked` are only asked about, and no key is made for them."""
        await store.lock_keys(self._connection, _keys(own), _keys(asked))
        every = [(authority, named) for authority, people in (*own, *asked) for named in people]
        await self.meet((authority, named.facts) for authority, named in every)
        found = [one for authority, named in every for one in self.known.likely(authority, named.facts)]
        await self.take({one.candidate.id for one in found}, {one.candidate.stands_for for one in found})
        await self.house((authority, named.person.addresses) for authority, named in every)

    async def meet(self, described: Iterable[tuple[str, Facts]]) -> None:
        """Read everybody who may be somebody described, as far as blocks tell."""
        asked = {self.known.blocks(authority, facts) for authority, facts in described}
        found, large = await store.candidates(self._connection, asked)
        for candidate, where in found:
            self.known.meet(candidate, where)
        self.known.large(large)

    async def take(self, people: set[UUID], roots: set[UUID]) -> None:
        """Read these whole, with everybody merged with them, and with the pairs that they were offered in."""
        for person in await store.people(self._connection, people, roots):
            self.known.take(person)
        offered = await store.pairs(self._connection, people | roots)
        for pair in offered:
            self.known.pair(pair)
        strangers = {one for pair in offered for one in (pair.one, pair.other) if not self.known.has_met(one)}
        for candidate in await store.facts_of(self._connection, strangers):
            self.known.meet(candidate, ())

    async def house(self, addresses: Iterable[tuple[str, Sequence[Address]]]) -> None:
        """Read who lives at these addresses of an authority, or where those who were taken live."""
        keys = self.known.homes().union(*(home_keys(authority, said) for authority, said in addresses))
        for resident in await store.residents(self._connection, keys):
            if not self.known.knows(resident.person):
                self.known.house(resident.authority, resident.person, resident.stands_for, resident.homes)

    async def keep(self) -> None:
        """Write everything that follows."""
        await store.keep_people(self._connection, self.known.changes)

    def identify(self, submission: Submission, named: Sequence[Named], because: UUID) -> list[Identified]:
        """Put everybody of a submission to whom they mean, and remember how they are related."""
        found = [self._identify(submission, one, because) for one in named]
        self._relate(submission, found)
        # Who was named first may have a household, or a relative, only through who was named last.
        children = {child.ref for child in submission.children}
        return [self._described(one, one.person.ref in children) for one in found]

    def _identify(self, submission: Submission, named: Named, because: UUID) -> Identified:
        person, known = named.person, self.known
        mention = Mention(
            id=submission.derive("mention", person.ref),
            authority=submission.authority,
            submission=submission.id,
            ref=person.ref,
            at=submission.at,
            described=person.model_dump_json(exclude_defaults=True, exclude={"ref"}),
            facts=named.facts,
            person=submission.derive("person", person.ref),
        )
        meant = known.mention(mention, because, self._homes((), person.addresses, submission))
        offers = list(meant.offers)
        withdrawn: list[Pair] = []
        if meant.match != "new":
            more, withdrawn = known.learn(meant.member, named.facts, submission.at, mention.id)
            offers += more
            before = known.get(meant.member)
            homes = self._homes(before.homes, person.addresses, submission)
            if homes != before.homes:
                known.live(before._replace(homes=homes))
        return Identified(
            person=person,
            who=known.whole(meant.member),
            match=meant.match,
            member=meant.member,
            mention=mention.id,
            terms=meant.terms,
            offers=tuple(offers),
            withdrawn=tuple(withdrawn),
        )

    def _homes(
        self, before: Sequence[HeldAddress], addresses: Sequence[Address], submission: Submission
    ) -> tuple[HeldAddress, ...]:
        counts = submission.night is not None
        return say_homes(before, addresses, at=submission.received_at, by=submission.agency, counts=counts)

    def _relate(self, submission: Submission, found: Sequence[Identified]) -> None:
        by_ref = {one.person.ref: one for one in found}
        for said in said_relations(submission.account, [one.person for one in found]):
            one, other = by_ref[said.person], by_ref[said.of]
            if one.member == other.member:
                continue
            there = Relation(one.who.id, said.kind, said.since, said.until, said.responsibility)
            back = Relation(other.who.id, the_other_way(said.kind), said.since, said.until) if said.kind else None
            self.known.relate((one.mention, other.mention), (one.member, other.member), there, back)

    def _described(self, one: Identified, is_child: bool) -> Identified:
        """As known after the whole submission. Relatives and household are told of children alone."""
        who = self.known.whole(one.member)
        if not is_child:
            return one._replace(who=who)
        return one.with_surroundings(who, who.relatives(), self.known.household(one.member))


def say_offers(
    offers: Iterable[Pair], withdrawn: Iterable[Pair], received: Received[Any], transaction: Transaction,
    contacts: Mapping[UUID, tuple[UUID, ...]] = _NO_CONTACTS,
) -> None:  # fmt: skip
    """Say which pairs are offered to a worker, and which no longer are. `contacts` are those of each offer, by its id."""
    for pair in offers:
        transaction.wake(pair.id)
        transaction.say(
            MatchOffered(
                offer=pair.id, authority=pair.authority, version=pair.version, at=pair.at, one=pair.one,
                other=pair.other, mention=pair.mention, score=pair.score, terms=pair.terms, weights=pair.weights,
                contacts=contacts.get(pair.id, ()),
            ),
            received,
        )  # fmt: skip
    for pair in withdrawn:
        transaction.say(
            MatchWithdrawn(
                offer=pair.id,
                authority=pair.authority,
                version=pair.version,
                at=received.at,
                because="identity-changed",
            ),
            received,
        )


def _keys(described: Sequence[tuple[str, Sequence[Named]]]) -> Iterable[UUID]:
    return (key for authority, people in described for named in people for key in keys_of(authority, named.facts))
