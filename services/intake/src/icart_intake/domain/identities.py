"""The known people of a batch: who is meant by what is said, what is learned of them, and whom to offer to a worker.

Everybody who could be meant is here before the first message is decided, and what one message makes known the next one
finds. Pure: what has to be written is collected in `changes`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

from icart_common.contracts.family import HeldAddress
from icart_common.contracts.people import MatchTerm
from icart_intake.domain.homes import MOST_RESIDENTS, home_keys, lives_at
from icart_intake.domain.learning import learn
from icart_intake.domain.matching import Band, Facts, Likeness, Weights, blocks_of, compare, stands_out
from icart_intake.domain.matching.blocks import MOST_ALONE
from icart_intake.domain.mentions import Mention, Put
from icart_intake.domain.pairs import MOST_OFFERS, Pair, key_of, known_of, offer, settle, terms_of
from icart_intake.domain.people import KnownPerson, Relation, as_one


class Candidate(NamedTuple):
    """Somebody who shares a block with somebody of the batch."""

    id: UUID
    authority: str
    stands_for: UUID
    facts: Facts
    held: bool
    """By the case system."""


class Found(NamedTuple):
    """A candidate and how likely it is the one who is meant: of merged people the likeliest."""

    likeness: Likeness
    candidate: Candidate


@dataclass(slots=True)
class Changes:
    """What a batch leaves behind of people; written in one statement."""

    new: dict[UUID, KnownPerson] = field(default_factory=dict)
    changed: dict[UUID, KnownPerson] = field(default_factory=dict)
    blocks: defaultdict[UUID, list[int]] = field(default_factory=lambda: defaultdict(list))
    """The blocks of each person that are new."""
    residents: set[tuple[int, UUID]] = field(default_factory=set)
    mentions: list[Mention] = field(default_factory=list)
    puts: list[Put] = field(default_factory=list)
    relations: list[tuple[UUID, UUID, Relation]] = field(default_factory=list)
    """Two mentions, and what the first is of the second."""
    pairs: dict[UUID, Pair] = field(default_factory=dict)
    described: dict[UUID, str] = field(default_factory=dict)
    """How new people are described who come of no new mention (JSON)."""


class Meant(NamedTuple):
    """Who is meant by a mention, and why."""

    person: KnownPerson
    """Merged people as the one who stays."""
    member: UUID
    """To which of them the mention was put."""
    match: Literal["exact", "certain", "new"]
    terms: tuple[MatchTerm, ...] = ()
    offers: tuple[Pair, ...] = ()
    withdrawn: tuple[Pair, ...] = ()


class Identities:
    """See the module."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._candidates: dict[UUID, Candidate] = {}
        self._by_block: defaultdict[int, set[UUID]] = defaultdict(set)
        self._large: set[int] = set()
        self._people: dict[UUID, KnownPerson] = {}
        self._members: defaultdict[UUID, set[UUID]] = defaultdict(set)
        self._pairs: dict[tuple[UUID, UUID], Pair] = {}
        self._pairs_of: defaultdict[UUID, set[tuple[UUID, UUID]]] = defaultdict(set)
        self._homes: dict[UUID, tuple[UUID, int | None]] = {}
        self._residents: defaultdict[int, set[UUID]] = defaultdict(set)
        self._held: set[UUID] = set()
        """Whom somebody stands for who is held by the case system."""
        self._likeness: dict[tuple[int, int], tuple[Facts, Facts, Likeness]] = {}
        self._blocks: dict[tuple[str, int], tuple[Facts, tuple[int, ...]]] = {}
        self.changes = Changes()

    # What is taken in before anything is decided

    def meet(self, candidate: Candidate, blocks: Iterable[int]) -> None:
        """Somebody who could be meant."""
        self._candidates[candidate.id] = candidate
        if candidate.held:
            self._held.add(candidate.stands_for)
        for block in blocks:
            self._by_block[block].add(candidate.id)

    def large(self, blocks: Iterable[int]) -> None:
        """Blocks of more than `MOST_ALONE` people, not all of whom are here."""
        self._large.update(blocks)

    def take(self, person: KnownPerson) -> None:
        """Somebody known whole: who is likely enough to be meant, and everybody merged with them."""
        self._people[person.id] = person
        self._members[person.stands_for].add(person.id)
        held = person.number is not None
        self.meet(Candidate(person.id, person.authority, person.stands_for, person.facts, held), ())
        self.house(person.authority, person.id, person.stands_for, person.homes)

    def house(self, authority: str, person: UUID, stands_for: UUID, homes: tuple[HeldAddress, ...]) -> None:
        """Somebody who was said to live at an address of somebody of the batch."""
        self._homes[person] = (stands_for, lives_at(authority, homes))
        for key in home_keys(authority, homes):
            self._residents[key].add(person)

    def pair(self, pair: Pair) -> None:
        """Two people who were offered as one, whatever became of it."""
        key = (pair.one, pair.other)
        self._pairs[key] = pair
        self._pairs_of[pair.one].add(key)
        self._pairs_of[pair.other].add(key)

    # Looking

    def blocks(self, authority: str, facts: Facts) -> tuple[int, ...]:
        """Where to look for whom these facts may mean; worked out once."""
        key = (authority, id(facts))
        if key not in self._blocks:
            self._blocks[key] = (facts, blocks_of(authority, facts))  # kept, so that no id is used again
        return self._blocks[key][1]

    def knows(self, person: UUID) -> bool:
        """Whether somebody was taken whole."""
        return person in self._people

    def has_met(self, person: UUID) -> bool:
        """Whether what is known of somebody is here."""
        return person in self._candidates

    def homes(self) -> set[int]:
        """Where everybody who was taken whole lives now."""
        return {
            key for person in self._people.values() if (key := lives_at(person.authority, person.homes)) is not None
        }

    def get(self, person: UUID) -> KnownPerson:
        """One of the people, by itself. Raises KeyError when it was not taken."""
        return self._people[person]

    def whole(self, person: UUID) -> KnownPerson:
        """Everybody who was merged with the person, as the one who stays."""
        root = self._people[person].stands_for
        return as_one([self._people[member] for member in self._members[root]], root)

    def likely(self, authority: str, facts: Facts) -> list[Found]:
        """Who may be meant, the likeliest first: one of each group of merged people, nobody below the possible."""
        best: dict[UUID, Found] = {}
        for candidate in map(self._candidates.__getitem__, self._near(self.blocks(authority, facts))):
            if candidate.authority != authority:
                continue
            likeness = self._compare(candidate.facts, facts)
            if likeness.band is Band.DIFFERENT:
                continue
            before = best.get(candidate.stands_for)
            # Alike, the one who stays is taken: then what comes after a merge goes to it.
            if before is None or _rank(likeness, candidate) < _rank(before.likeness, before.candidate):
                best[candidate.stands_for] = Found(likeness, candidate)
        return sorted(best.values(), key=lambda found: (-found.likeness.score, found.candidate.stands_for))

    def _near(self, blocks: Iterable[int]) -> set[UUID]:
        """Everybody in a block, but for those who share one large block and no other."""
        found: set[UUID] = set()
        once: set[UUID] = set()
        for block in blocks:
            members = self._by_block.get(block)
            if not members:
                continue
            if block in self._large or len(members) > MOST_ALONE:
                found |= once & members
                once |= members
            else:
                found |= members
        return found

    def _compare(self, known: Facts, said: Facts) -> Likeness:
        """Compared once: facts are the same objects for as long as nothing was learned."""
        key = (id(known), id(said))
        if key not in self._likeness:
            self._likeness[key] = (
                known,
                said,
                compare(known, said, self._weights),
            )  # kept, so that no id is used again
        return self._likeness[key][2]

    def certain(self, found: Sequence[Found]) -> Found | None:
        """The one who is certainly meant among the likely, with nobody else nearly as likely.

        The only one who matches to the letter is meant before those who do not; and of two who are alike, the one whom the
        case system holds before one who was named at the door (IN-17).
        """
        chosen = stands_out([one.likeness for one in found], self._weights.thresholds.margin)
        if chosen is not None:
            return found[chosen]
        exact = [one for one in found if one.likeness.exact]
        if len(exact) == 1 and exact[0].likeness.band is Band.CERTAIN:
            return exact[0]
        held = [one for one in found if self.is_held(one.candidate.stands_for)]
        if len(held) < len(found) and held and held[0].likeness.band is Band.CERTAIN:
            chosen = stands_out([one.likeness for one in held], self._weights.thresholds.margin)
            return held[chosen] if chosen is not None else None
        return None

    def is_held(self, root: UUID) -> bool:
        """Whether the case system holds somebody for whom this one stands."""
        return root in self._held

    def household(self, person: UUID) -> tuple[UUID, ...]:
        """Other people who live at the person's address now; nobody, where more live than a household has."""
        stands_for, key = self._homes.get(person, (person, None))
        at_home = self._residents.get(key, set()) if key is not None else set()
        roots = {root for root, lives in map(self._homes.__getitem__, at_home) if lives == key}
        return tuple(sorted(roots - {stands_for})) if len(roots) <= MOST_RESIDENTS else ()

    # Deciding

    def ask(self, authority: str, facts: Facts) -> Meant | None:
        """Who is certainly meant; nobody is made known by being asked about."""
        hit = self.certain(self.likely(authority, facts))
        return self._meant(hit) if hit else None

    def mention(self, mention: Mention, because: UUID, homes: tuple[HeldAddress, ...] = ()) -> Meant:
        """Put a mention to whom it certainly means, or to a new person with an offer for each who may be meant.

        An offer of two who were named at the door bears the later mention and its time, whichever was read first: two
        agencies' topics have no order between them, and read again they have to give the same offer. `homes` are what the
        mention says of addresses: all that a new person has.
        """
        found = self.likely(mention.authority, mention.facts)
        hit = self.certain(found)
        if hit is None:
            return self._somebody_new(mention, found, because, homes)
        self._put(mention, hit.candidate.id, because, hit.likeness)
        return self._meant(hit)

    def _somebody_new(
        self, mention: Mention, found: Sequence[Found], because: UUID, homes: tuple[HeldAddress, ...]
    ) -> Meant:
        named = (mention.at, mention.id)
        person = KnownPerson(mention.person, mention.authority, mention.facts, homes=homes, named=named)
        self.changes.new[person.id] = person
        self.changes.residents.update([(key, person.id) for key in home_keys(person.authority, homes)])
        self.take(person)
        self._file(person.id, self.blocks(person.authority, person.facts))
        self._put(mention, person.id, because, None)
        offers = [
            self._offer(
                person.id, one.candidate, one.likeness, mention.facts,
                *max(named, self._people[one.candidate.id].named or named),
            )
            for one in found[:MOST_OFFERS]
        ]  # fmt: skip
        return Meant(person, person.id, "new", offers=tuple(one for one in offers if one))

    def _meant(self, hit: Found) -> Meant:
        match: Literal["exact", "certain"] = "exact" if hit.likeness.exact else "certain"
        return Meant(self.whole(hit.candidate.id), hit.candidate.id, match, terms_of(hit.likeness))

    def _put(self, mention: Mention, person: UUID, because: UUID, likeness: Likeness | None) -> None:
        self.changes.mentions.append(mention.put_to(person))
        terms = terms_of(likeness) if likeness else ()
        score = round(likeness.score, 1) if likeness else None
        weights = self._weights.version if likeness else None
        self.changes.puts.append(Put(mention.id, 1, person, mention.at, because, None, None, weights, score, terms))

    def update(self, person: KnownPerson) -> None:
        """Somebody of whom more is known now."""
        self.take(person)
        self._file(person.id, self.blocks(person.authority, person.facts))
        known = self.changes.new if person.id in self.changes.new else self.changes.changed
        known[person.id] = person

    def live(self, person: KnownPerson) -> None:
        """Somebody of whom other addresses are known now."""
        self.changes.residents |= {(key, person.id) for key in home_keys(person.authority, person.homes)}
        self.take(person)
        known = self.changes.new if person.id in self.changes.new else self.changes.changed
        known[person.id] = person

    def add(self, person: KnownPerson) -> None:
        """Somebody whom nobody knew."""
        self.changes.new[person.id] = person
        self.update(person)

    def _file(self, person: UUID, blocks: Iterable[int]) -> None:
        by_block, added = self._by_block, []
        for block in blocks:
            members = by_block[block]
            before = len(members)
            members.add(person)
            if len(members) > before:  # an id's hash is worked out each time: asking first would be one more
                added.append(block)
        if added:
            self.changes.blocks[person] += added

    def learn(self, person: UUID, said: Facts, at: datetime, mention: UUID) -> tuple[list[Pair], list[Pair]]:
        """Add what was said of somebody to what is known; look again at whom they may be: offers made, offers withdrawn."""
        before = self._people[person]
        said = self._without_numbers_of_others(before, said)
        facts = learn(before.facts, said)
        self._file(person, self.blocks(before.authority, said))
        if facts is before.facts:
            return [], []
        self.update(before._replace(facts=facts))
        return self.look_again(person, at, mention)

    def _without_numbers_of_others(self, person: KnownPerson, said: Facts) -> Facts:
        """A number that somebody else has was written by mistake: it stays in the mention, and nobody is known by it."""
        found: dict[str, None] = {}
        others = {one for block in self.blocks(person.authority, said) for one in self._by_block.get(block, ())}
        for name in ("nhs_number", "upn"):
            number = getattr(said, name)
            if number and any(
                getattr(other.facts, name) == number and other.stands_for != person.stands_for
                for other in map(self._candidates.__getitem__, others)
            ):
                found[name] = None
        return said.model_copy(update=found) if found else said

    def look_again(self, person: UUID, at: datetime, mention: UUID | None = None) -> tuple[list[Pair], list[Pair]]:
        """Score everybody in the person's blocks again when their identity changed (decision 0010, 6)."""
        known = self._people[person]
        offers: list[Pair] = []
        for found in self.likely(known.authority, known.facts):
            other = found.candidate
            both_held = self.is_held(known.stands_for) and self.is_held(other.stands_for)
            if other.stands_for == known.stands_for or (both_held and found.likeness.band is not Band.CERTAIN):
                continue
            made = self._offer(known.stands_for, other, found.likeness, known.facts, at, mention)
            if made and len(offers) < MOST_OFFERS:
                offers.append(made)
        return offers, self._withdraw(known, at)

    def _withdraw(self, known: KnownPerson, at: datetime) -> list[Pair]:
        withdrawn = []
        for key in sorted(self._pairs_of.get(known.stands_for, ())):
            pair = self._pairs[key]
            other = self._candidates.get(pair.of(known.stands_for))
            if pair.state == "open" and other and self._compare(other.facts, known.facts).band is Band.DIFFERENT:
                withdrawn.append(self.settled(settle(pair, "withdrawn")))
        return withdrawn

    def _offer(
        self, person: UUID, other: Candidate, likeness: Likeness, facts: Facts, at: datetime, mention: UUID | None
    ) -> Pair | None:
        people = (person, other.stands_for)
        made = offer(
            self._pairs.get(key_of(*people)),
            other.authority,
            people,
            likeness,
            weights=self._weights.version,
            at=at,
            mention=mention,
            known=known_of(facts, other.facts),
        )
        return self.settled(made) if made else None

    def settled(self, pair: Pair) -> Pair:
        """A pair that was offered, decided or withdrawn."""
        self.pair(pair)
        self.changes.pairs[pair.id] = pair
        return pair

    def relate(
        self, mentions: tuple[UUID, UUID], people: tuple[UUID, UUID], there: Relation, back: Relation | None
    ) -> None:
        """Two people of an account are related: `there` is what the first is of the second, `back` the other way."""
        self.changes.relations.append((*mentions, there))
        for person, relation in ((people[1], there), (people[0], back)):
            known = self._people[person]
            if relation and relation not in known.relations:
                self._people[person] = known._replace(relations=(*known.relations, relation))

    def opened(self, person: UUID, contact: UUID) -> None:
        """A contact was opened about somebody."""
        self._people[person] = self._people[person].after(contact)


def _rank(likeness: Likeness, candidate: Candidate) -> tuple[float, bool, UUID]:
    return -likeness.score, candidate.id != candidate.stands_for, candidate.id
