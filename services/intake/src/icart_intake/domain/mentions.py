"""A mention: what one submission said of one person, and to whom it was put, by whom and why (decision 0010)."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from icart_common.contracts.base import Actor
from icart_common.contracts.people import MatchTerm
from icart_intake.domain.matching import Facts


class Mention(NamedTuple):
    """What was said of somebody. It never changes, but for whom it is put to."""

    id: UUID
    authority: str
    submission: UUID
    ref: str
    at: datetime
    described: str
    """As the message gave it (JSON)."""
    facts: Facts
    person: UUID
    number: int = 1
    """How often it was put to somebody: the version of its link."""

    def put_to(self, person: UUID) -> Mention:
        return self if person == self.person else self._replace(person=person)


class Put(NamedTuple):
    """A mention is put to a person: by the machine, with its terms, or by somebody with a reason."""

    mention: UUID
    number: int
    person: UUID
    at: datetime
    because: UUID
    """The message that it follows from."""
    by: Actor | None = None
    reason: str | None = None
    weights: str | None = None
    score: float | None = None
    terms: tuple[MatchTerm, ...] = ()
