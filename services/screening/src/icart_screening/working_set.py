"""The contacts of one batch in memory: read once, changed by one message after another, written once."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from uuid import UUID

from icart_common.contracts.intake import ContactOpened
from icart_common.contracts.joint_work import NoticeJoined
from icart_screening.domain.contact import Change, Contact
from icart_screening.store import Logged


class WorkingSet:
    """`contacts` as they stand now, `changed` those to write, `log` what to add to their logs."""

    def __init__(self, contacts: dict[UUID, Contact]) -> None:
        self.contacts = contacts
        self.changed: set[UUID] = set()
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

    def others(self, contact: Contact, worker: str) -> int:
        """Open contacts of a worker other than this one (SC-4)."""
        return self.workloads[contact.authority, worker] - (contact.worker == worker)

    def _count(self, contact: Contact, by: int) -> None:
        if contact.status == "open" and contact.worker:
            self.workloads[contact.authority, contact.worker] += by
