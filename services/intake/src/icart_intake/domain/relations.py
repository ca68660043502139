"""Who is what of whom, said one way and known both ways; parental responsibility is told apart from kinship (IN-7; S1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from icart_common.contracts.cases import Kin
from icart_common.contracts.referral import Account, Person
from icart_intake.domain.family import relationships_of


class SaidRelation(NamedTuple):
    """`person` is the `kind` of `of`, by their refs; with `kind` None only the responsibility is said."""

    person: str
    kind: Kin | None
    of: str
    since: date | None = None
    until: date | None = None
    responsibility: bool | None = None


def said_relations(account: Account, people: Sequence[Person]) -> Iterator[SaidRelation]:
    """Every relation that an account says, or that follows from roles, and who is said to hold responsibility for whom.

    `people` is everybody of the account, and the child of whom nothing is known, if there is one.
    """
    dates = {(link.person, link.of): (link.since, link.until) for link in account.relationships}
    for ref, kind, of in relationships_of(account, people):
        since, until = dates.get((ref, of), (None, None))
        yield SaidRelation(ref, kind, of, since, until)
    children = [person.ref for person in people if person.role == "child"]
    for person in people:
        if person.parental_responsibility is not None:
            for child in children:
                if child != person.ref:
                    yield SaidRelation(person.ref, None, child, responsibility=person.parental_responsibility)
