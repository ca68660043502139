"""Two known people who may be one: offered to a worker, decided, remembered (decision 0010, 4 and 6)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from icart_common.contracts.ids import derived_id, digest_of
from icart_common.contracts.people import MatchTerm
from icart_intake.domain.matching import Facts, Likeness

MOST_OFFERS = 5
"""So many candidates are offered for one mention, the likeliest first: more would be no help to anybody."""

State = Literal["open", "same", "not-same", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people, and whether they are offered as one. `one` is the smaller id."""

    id: UUID
    authority: str
    one: UUID
    other: UUID
    state: State
    version: int
    score: float
    terms: tuple[MatchTerm, ...]
    weights: str
    at: datetime
    mention: UUID | None = None
    """What came in and brought it up."""
    known: UUID | None = None
    """A digest of what was known of both when it was decided."""

    def of(self, person: UUID) -> UUID:
        """The other of the two."""
        return self.other if person == self.one else self.one


def key_of(one: UUID, other: UUID) -> tuple[UUID, UUID]:
    """The two in the order in which a pair holds them."""
    return (one, other) if one < other else (other, one)


def terms_of(likeness: Likeness) -> tuple[MatchTerm, ...]:
    """The terms as a message holds them."""
    return tuple(MatchTerm(words=term.words, bits=round(term.weight, 1)) for term in likeness.terms)


def known_of(one: Facts, other: Facts) -> UUID:
    """A digest of what is known of both, whichever comes first."""
    texts = sorted(facts.kept for facts in (one, other))
    return digest_of("\x1f".join(texts))


def offer(
    before: Pair | None,
    authority: str,
    people: tuple[UUID, UUID],
    likeness: Likeness,
    *,
    weights: str,
    at: datetime,
    mention: UUID | None,
    known: UUID,
) -> Pair | None:
    """The pair when it is offered anew; None when it is open already, or decided with the same known of both."""
    one, other = key_of(*people)
    if before and (before.state in ("open", "same") or (before.state == "not-same" and before.known == known)):
        return None
    return Pair(
        id=before.id if before else derived_id(at, "offer", one, other),
        authority=authority,
        one=one,
        other=other,
        state="open",
        version=before.version + 1 if before else 1,
        score=round(likeness.score, 1),
        terms=terms_of(likeness),
        weights=weights,
        at=at,
        mention=mention,
    )


def settle(pair: Pair, state: State, known: UUID | None = None) -> Pair:
    """The pair when it is decided, or when there is nothing left to decide."""
    return replace(pair, state=state, version=pair.version + 1, known=known)
