"""The known people of a batch: looked up by key, matched exactly, and added to as the batch goes on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from icart_common.contracts.base import Part
from icart_common.contracts.cases import Case, Happened, Services
from icart_common.contracts.intake import Known
from icart_intake.domain.matching import Facts, exact, keys_of, same_identifier

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


class KnownPerson(Part):
    """Somebody whom we know: from the case system (with its `number`), or named at the door before."""

    id: UUID
    authority: str
    facts: Facts
    number: str | None = None
    as_of: datetime | None = None
    standing: Standing = Standing()
    contacts: tuple[UUID, ...] = ()
    """Contacts opened about the person before, the oldest first."""

    def after(self, contact: UUID) -> KnownPerson:
        """The same person when one more contact was opened about them."""
        return self.model_copy(update={"contacts": (*self.contacts, contact)[-EARLIER_CONTACTS:]})

    def known(self, ref: str, match: Literal["exact", "new"], history: int) -> Known:
        """What a message says of the person, with the newest `history` lines of the chronology, the oldest first."""
        standing = self.standing
        lines = sorted(standing.history, key=lambda line: line.on)[-history:] if history else []
        case = standing.case
        if case and self.number and case.number is None:
            case = case.model_copy(update={"number": self.number})
        return Known(ref=ref, person=self.id, match=match, case=case, services=standing.services, history=tuple(lines))


class People:
    """An index over known people. Everybody who could match what a batch asks for has to be in it."""

    def __init__(self, known: Iterable[KnownPerson] = ()) -> None:
        self._by_id: dict[UUID, KnownPerson] = {}
        self._by_key: dict[UUID, set[UUID]] = {}
        for person in known:
            self.put(person)

    def put(self, person: KnownPerson) -> None:
        """Add a person, or take over what has changed of one."""
        self._by_id[person.id] = person
        for key in keys_of(person.authority, person.facts):
            self._by_key.setdefault(key, set()).add(person.id)

    def get(self, person: UUID) -> KnownPerson:
        return self._by_id[person]

    def matching(self, authority: str, facts: Facts) -> list[KnownPerson]:
        """Everybody who matches exactly, in the order of their ids."""
        ids = {person for key in keys_of(authority, facts) for person in self._by_key.get(key, ())}
        found = (self._by_id[person] for person in sorted(ids))
        return [person for person in found if exact(person.facts, facts)]

    def find(self, authority: str, facts: Facts) -> KnownPerson | None:
        """The one person who is certainly meant, or None."""
        return certain(facts, self.matching(authority, facts))


def certain(facts: Facts, matching: Sequence[KnownPerson]) -> KnownPerson | None:
    """The one who is certainly meant among those who match: by identifier before name, by the case system before the door.

    Two who match alike are no certain match: nothing is linked to either without a person (IN-17).
    """
    by_identifier = [person for person in matching if same_identifier(person.facts, facts)]
    candidates = by_identifier or list(matching)
    held = [person for person in candidates if person.number]
    candidates = held or candidates
    return candidates[0] if len(candidates) == 1 else None
