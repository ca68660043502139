"""What each event makes of a contact's record. Total: an event that means nothing to a record leaves it as it is."""

from __future__ import annotations

from icart_common.contracts.screening import (
    ConsentRecorded,
    ContactAllocated,
    ContactClosed,
    ContactEvent,
    ContactMoved,
    ContactReceived,
    ContactSentBack,
    ContactStepped,
    ContactSubmitted,
    ContactTriaged,
    ReferralCreated,
    SectionRecorded,
)
from icart_screening.domain.contact import Contact, Ending, Statement, Submission


def evolve(contact: Contact, event: ContactEvent) -> Contact:
    """The record after the event. Never raises."""
    changes: dict[str, object] = {"version": max(contact.version, event.version)}
    match event:
        case ContactReceived():
            changes["proposed"] = event.proposed
        case ContactTriaged():
            changes |= _triaged(contact, event)
        case ContactAllocated():
            changes["worker"] = event.worker
            changes["instructions"] = event.instructions or contact.instructions
        case ContactMoved():
            changes["desktop"] = event.to_desktop
        case SectionRecorded():
            changes |= _written(contact, event)
        case ConsentRecorded():
            others = tuple(consent for consent in contact.consents if consent.person != event.consent.person)
            changes["consents"] = (*others, event.consent)
        case ContactSubmitted():
            changes["submitted"] = Submission.model_validate(event.model_dump())
            changes["actions"] = ()
        case ContactSentBack():
            changes["submitted"] = None
            changes["actions"] = event.actions
        case ContactClosed():
            changes["status"] = "closed"
            changes["ending"] = Ending.model_validate(event.model_dump())
        case ContactStepped() | ReferralCreated() | _:
            pass
    return contact.model_copy(update=changes)


def after(contact: Contact, *events: ContactEvent) -> Contact:
    """The record after several events."""
    for event in events:
        contact = evolve(contact, event)
    return contact


def follow(first: Contact, stepped: ContactStepped) -> Contact:
    """The record of the contact that a transfer opens: what arrived and who consented come along, nothing that was written.

    The worker of the other strand establishes everything anew; what the first one wrote stays in the first contact (SC-9).
    """
    return Contact(
        id=stepped.contact,
        authority=stepped.authority,
        pack_version=first.pack_version,
        reference=stepped.reference,
        version=stepped.version,
        arrival=first.arrival,
        proposed=first.proposed,
        strand=stepped.strand,
        urgency=stepped.urgency,
        consents=first.consents,
        follows=stepped.first,
    )


def _triaged(contact: Contact, event: ContactTriaged) -> dict[str, object]:
    same_strand = contact.strand == event.strand
    return {
        "strand": event.strand,
        "urgency": event.urgency,
        "instructions": event.instructions or contact.instructions,
        "worker": contact.worker if same_strand else None,
        "submitted": None,
    }


def _written(contact: Contact, event: SectionRecorded) -> dict[str, object]:
    sections = {**contact.sections, **({event.section: event.text} if event.text else {})}
    written = {name: Statement(section=event.section, text=text) for name, text in event.statements.items()}
    return {"sections": sections, "statements": {**contact.statements, **written}}
