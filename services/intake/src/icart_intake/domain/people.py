"""Somebody whom we know: as the case system describes them, with what was put to them at the door (decision 0010)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, Literal, NamedTuple, TypedDict, Unpack
from uuid import UUID

from icart_common.contracts.base import Part
from icart_common.contracts.cases import Case, Happened, Kin, Services
from icart_common.contracts.family import HeldAddress, Relative
from icart_common.contracts.intake import Known
from icart_common.contracts.people import MatchTerm
from icart_intake.domain.matching import Facts

HISTORY_OF_CHILD = 200
"""The newest lines of the chronology that go with a child, so that a message stays below the broker's limit."""
HISTORY_OF_FAMILY = 5
EARLIER_CONTACTS = 200
"""The newest contacts about a person that a new one is linked to."""


class Standing(Part):
    """Where a person stands with children's services, as the case system said last."""

    case: Case | None = None
    services: Services = Services()
    history: tuple[Happened, ...] = ()

    def is_open_and_allocated(self) -> bool:
        """Whether what comes in about the person goes to a named worker and not to the front door (IN-5)."""
        return self.case is not None and self.case.status == "open" and self.case.allocated


NO_STANDING: Final = Standing()
"""Of everybody whom the case system does not hold."""


class Relation(NamedTuple):
    """`other` (as the one who stays, if merged) is the `kind` of the person. A tuple: a batch makes thousands.

    Parental responsibility is told apart from any kinship: then `kind` is None.
    """

    other: UUID
    kind: Kin | None = None
    since: date | None = None
    until: date | None = None
    responsibility: bool | None = None


class SaidHere(TypedDict, total=False):
    """What a message adds to what is known of somebody (see `Known`)."""

    mention: UUID
    terms: tuple[MatchTerm, ...]
    possible: tuple[UUID, ...]
    addresses: tuple[HeldAddress, ...]
    relatives: tuple[Relative, ...]
    household: tuple[UUID, ...]


class KnownPerson(NamedTuple):
    """Somebody whom we know: from the case system (with its `number`), or named at the door before.

    A tuple: each message that names somebody makes a few of them.
    """

    id: UUID
    authority: str
    facts: Facts
    """What is compared: the case system's word first, then what the mentions add to it."""
    held: Facts | None = None
    """What the case system says of it."""
    number: str | None = None
    as_of: datetime | None = None
    standing: Standing = NO_STANDING
    contacts: tuple[UUID, ...] = ()
    """Contacts opened about the person before, the oldest first."""
    homes: tuple[HeldAddress, ...] = ()
    """Every address at which the person was said to live (IN-18)."""
    relations: tuple[Relation, ...] = ()
    merged_into: UUID | None = None
    root: UUID | None = None
    """At whom the pointers end: the person whom this one was merged into, and that one perhaps into another."""
    named: tuple[datetime, UUID] | None = None
    """When the person was first named at the door, and the mention; None of somebody whom the case system holds."""

    @property
    def stands_for(self) -> UUID:
        """The person who is meant wherever this one is: itself, unless it was merged."""
        return self.root or self.id

    def after(self, contact: UUID) -> KnownPerson:
        """The same person when one more contact was opened about them."""
        return self._replace(contacts=(*self.contacts, contact)[-EARLIER_CONTACTS:])

    def relatives(self) -> tuple[Relative, ...]:
        """Everybody who is related to the person, each kinship once with the last dates that were said, and who is
        said to hold parental responsibility."""
        responsible = {one.other: one.responsibility for one in self.relations if one.kind is None}
        last: dict[tuple[UUID, str], Relation] = {}
        for one in self.relations:
            if one.kind and one.other != self.id:
                before = last.get((one.other, one.kind))
                if before is None or _dates(before) < _dates(one):
                    last[one.other, one.kind] = one
        return tuple(
            Relative(
                person=one.other, kind=one.kind, since=one.since, until=one.until,
                parental_responsibility=responsible.get(one.other),
            )
            for _, one in sorted(last.items()) if one.kind
        )  # fmt: skip

    def case(self) -> Case | None:
        """The person's case, with the number under which the case system holds them."""
        case = self.standing.case
        return case.model_copy(update={"number": self.number}) if case and self.number and case.number is None else case

    def known(
        self, ref: str, match: Literal["exact", "certain", "new"], history: int, **said: Unpack[SaidHere]
    ) -> Known:
        """What a message says of the person, with the newest `history` lines of the chronology, the oldest first.

        `said` is what the message itself adds.
        """
        standing = self.standing
        lines = sorted(standing.history, key=lambda line: line.on)[-history:] if history and standing.history else ()
        return Known(
            ref=ref, person=self.id, match=match, case=self.case(), services=standing.services, history=tuple(lines), **said
        )  # fmt: skip


def _dates(relation: Relation) -> tuple[date, date]:
    return relation.since or date.min, relation.until or date.min


def as_one(members: Sequence[KnownPerson], root: UUID) -> KnownPerson:
    """Merged people as the one who stays. Nothing of any of them is lost: an open case counts, whoever of them has it."""
    if len(members) == 1:
        return members[0]
    ordered = sorted(members, key=lambda person: (person.id != root, person.id))
    first = ordered[0]
    held = [person for person in ordered if person.number]
    standing = next((one for one in held if one.standing.is_open_and_allocated()), next(iter(held), first))
    history = tuple(dict.fromkeys(line for one in (standing, *held) for line in one.standing.history))
    return first._replace(
        number=standing.number,
        standing=standing.standing.model_copy(update={"history": history}),
        contacts=tuple(sorted({contact for one in ordered for contact in one.contacts}))[-EARLIER_CONTACTS:],
        homes=tuple(dict.fromkeys(home for one in ordered for home in one.homes)),
        relations=tuple(dict.fromkeys(relation for one in ordered for relation in one.relations)),
    )
