"""The people of a batch of decisions, with what belongs to each: read once, changed by one decision after another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from icart_common.contracts.base import Actor, Address, Message
from icart_common.contracts.people import ContactPersonChanged
from icart_intake.domain.identities import Changes
from icart_intake.domain.matching import Weights
from icart_intake.domain.mentions import Mention
from icart_intake.domain.pairs import Pair, settle
from icart_intake.domain.people import KnownPerson, as_one

MergeState = Literal["proposed", "merged", "refused", "undone"]
Because = Literal["people-merged", "merge-undone", "mention-moved"]


@dataclass(frozen=True, slots=True)
class Merge:
    """Two people who are to become one, or did."""

    id: UUID
    authority: str
    stays: UUID
    goes: UUID
    state: MergeState
    version: int
    proposed_by: Actor
    reason: str
    merged_at: datetime | None = None

    def now(self, state: MergeState, merged_at: datetime | None = None) -> Merge:
        return replace(self, state=state, version=self.version + 1, merged_at=merged_at or self.merged_at)


@dataclass(frozen=True, slots=True)
class PutMention:
    """A mention with when it was put where it is, what it said of addresses, and to whom it was put before."""

    mention: Mention
    put_at: datetime
    before: UUID | None
    agency: str
    received_at: datetime
    counts: bool
    """Whether the night team said it."""
    addresses: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True)
class Belonging:
    """A contact, a redirection or what a contact became, and the mention that it is about."""

    kind: Literal["contact", "redirection", "referral"]
    id: UUID
    reference: str
    submission: UUID
    at: datetime
    mention: UUID | None
    person: UUID
    """The one of merged people to whom it belongs."""


class Refusal(Exception):
    """A decision that the rules do not allow, in words that a page can show."""

    def __init__(self, code: str, why: str, allowed: Iterable[str] = (), version: int | None = None) -> None:
        super().__init__(code)
        self.code, self.why, self.allowed, self.version = code, why, tuple(allowed), version


@dataclass
class Registry:
    """See the module. `changes` and the three sets after it are what has to be written."""

    weights: Weights
    pairs: dict[UUID, Pair] = field(default_factory=dict)
    merges: dict[UUID, Merge] = field(default_factory=dict)
    people: dict[UUID, KnownPerson] = field(default_factory=dict)
    mentions: dict[UUID, PutMention] = field(default_factory=dict)
    belongings: dict[UUID, Belonging] = field(default_factory=dict)
    changes: Changes = field(default_factory=Changes)
    pointed: set[UUID] = field(default_factory=set)
    moved: set[UUID] = field(default_factory=set)
    merged: set[UUID] = field(default_factory=set)

    def members(self, root: UUID) -> list[KnownPerson]:
        """Everybody who is one with this one."""
        return [person for _, person in sorted(self.people.items()) if person.stands_for == root]

    def whole(self, person: UUID) -> KnownPerson:
        """The person, merged people as the one who stays."""
        root = self.people[person].stands_for
        return as_one(self.members(root), root)

    def below(self, person: UUID) -> set[UUID]:
        """The person and everybody who was merged into them."""
        found = {person}
        while more := {one.id for one in self.people.values() if one.merged_into in found} - found:
            found |= more
        return found

    def belong_to(self, people: Iterable[UUID]) -> list[Belonging]:
        """The contacts and redirections of these people, in their order."""
        wanted = set(people)
        found = (one for one in self.belongings.values() if one.person in wanted)
        return sorted(found, key=lambda one: (one.at, one.id))

    def point(self, person: UUID, to: UUID | None) -> None:
        """Let a person point to another, or to nobody again, and work out anew for whom everybody below stands."""
        self.people[person] = self.people[person]._replace(merged_into=to)
        root = self.people[to].stands_for if to else person
        for one in self.below(person):
            self.people[one] = self.people[one]._replace(root=root if root != one else None)
            self.pointed.add(one)

    def settle_pairs(self, one: UUID, other: UUID) -> list[Pair]:
        """Open offers between people who are one now: nothing is left to decide."""
        found = []
        for pair in list(self.pairs.values()):
            roots = {self.people[who].stands_for if who in self.people else who for who in (pair.one, pair.other)}
            if pair.state == "open" and roots <= {one, other}:
                found.append(self.put_pair(settle(pair, "withdrawn")))
        return found

    def put_pair(self, pair: Pair) -> Pair:
        self.pairs[pair.id] = pair
        self.changes.pairs[pair.id] = pair
        return pair

    def put_merge(self, merge: Merge) -> Merge:
        self.merges[merge.id] = merge
        self.merged.add(merge.id)
        return merge

    def now_about(
        self, contacts: Iterable[Belonging], person: UUID, before: UUID, because: Because, at: datetime
    ) -> Iterator[Message]:
        """That these contacts are about another person from now on."""
        who = self.whole(person)
        for one in contacts:
            if one.kind == "contact":
                yield ContactPersonChanged(
                    contact=one.id, authority=who.authority, at=at, person=who.id, before=before, because=because,
                    case_number=who.number,
                )  # fmt: skip
