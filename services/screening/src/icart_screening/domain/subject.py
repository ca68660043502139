"""Whom a contact's record is about, when intake's people are merged, parted or told apart (IN-17; decision 0010, 7)."""

from __future__ import annotations

from datetime import datetime

from icart_common.contracts.people import ContactPersonChanged
from icart_common.contracts.screening import SubjectChanged
from icart_screening.domain.contact import Change, Contact, head
from icart_screening.domain.evolve import after


def change_subject(contact: Contact, said: ContactPersonChanged, at: datetime) -> Change | None:
    """The record about the other person, closed or not; None when it is already."""
    if contact.arrival.child.person == said.person:
        return None
    changed = SubjectChanged(
        **head(contact, at),
        person=said.person,
        before=said.before,
        because=said.because,
        case_number=said.case_number,
    )
    return Change(after(contact, changed), (changed,))
