"""The contacts and undertakings of one batch in memory: read once, changed by one message after another, written once."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime
from uuid import UUID

from icart_common.contracts.intake import ContactOpened
from icart_common.contracts.joint_work import NoticeJoined
from icart_common.contracts.undertakings import UndertakingEvent
from icart_screening.domain.contact import Change, Contact
from icart_screening.domain.undertakings.undertaking import Progress, Undertaking
from icart_screening.store import Logged


class WorkingSet:
    """`contacts` and `undertakings` as they stand now, `changed` the contacts to write, `log` what to add to their logs."""

    def __init__(self, contacts: dict[UUID, Contact], undertakings: dict[UUID, Undertaking]) -> None:
        self.contacts = contacts
        self.undertakings = undertakings
        self._of_contact: defaultdict[UUID, set[UUID]] = defaultdict(set)
        """The undertakings of each contact: everything that happens to a contact is told to them."""
        for undertaking in undertakings.values():
            self._belongs(undertaking)
        self.changed: set[UUID] = set()
        self.gone_on: set[UUID] = set()
        """The undertakings to write."""
        self.lives: list[tuple[int, UndertakingEvent]] = []
        """What to add to the undertakings' logs, each with its place among what happened in one version."""
        self.log: list[Logged] = []
        self.workloads: Counter[tuple[str, str]] = Counter()
        """Open contacts by authority and worker; those that are not in `contacts` are added from the table."""
        for contact in contacts.values():
            self._count(contact, 1)

    def begin(self, opened: ContactOpened, at: datetime) -> None:
        """A contact's log begins with all that arrived."""
        self.log.append(Logged(opened.contact, 0, 0, at, opened))

    def told(self, joined: NoticeJoined, change: Change, at: datetime) -> None:
        """All that another sender told, beside what was made of it."""
        self.log.append(Logged(joined.contact, change.contact.version, len(change.events), at, joined))

    def put(self, change: Change) -> None:
        """The contact after a change, and what happened for its log."""
        contact = change.contact
        if before := self.contacts.get(contact.id):
            self._count(before, -1)
        self._count(contact, 1)
        self.contacts[contact.id] = contact
        self.changed.add(contact.id)
        self.log += (
            Logged(event.contact, event.version, ordinal, event.at, event)
            for ordinal, event in enumerate(change.events)
        )

    def keep(self, progress: Progress) -> None:
        """The undertaking after something happened to it, and what for its log."""
        self.undertakings[progress.undertaking.id] = progress.undertaking
        self._belongs(progress.undertaking)
        self.gone_on.add(progress.undertaking.id)
        self.lives += enumerate(progress.events)

    def beside(self, contact: UUID) -> tuple[Undertaking, ...]:
        """The open undertakings of a contact, in the order of their ids."""
        found = (self.undertakings[one] for one in sorted(self._of_contact.get(contact, ())))
        return tuple(one for one in found if one.open)

    def by_reference(self, authority: str, reference: str) -> Contact | None:
        """The contact that people know by this reference, if it was loaded or is new."""
        found = (one for one in self.contacts.values() if one.reference == reference and one.authority == authority)
        return next(found, None)

    def others(self, contact: Contact, worker: str) -> int:
        """Open contacts of a worker other than this one (SC-4)."""
        return self.workloads[contact.authority, worker] - (contact.worker == worker)

    def _belongs(self, undertaking: Undertaking) -> None:
        if undertaking.contact:
            self._of_contact[undertaking.contact].add(undertaking.id)

    def _count(self, contact: Contact, by: int) -> None:
        if contact.status == "open" and contact.worker:
            self.workloads[contact.authority, contact.worker] += by
