"""What each event makes of a contact's record. Total: an event that means nothing to a record leaves it as it is."""

from __future__ import annotations

from icart_common.contracts.joint_work import (
    CopiedFromSibling,
    NoticeAdded,
    NoticeSeparated,
    SiblingDismissed,
    SiblingIncluded,
)
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
    Proposed,
    ReferralCreated,
    SectionRecorded,
)
from icart_screening.domain.contact import Contact, Ending, HeardNotice, Statement, Submission


def evolve(contact: Contact, event: ContactEvent) -> Contact:
    """The record after the event. Never raises."""
    changes: dict[str, object] = {"version": max(contact.version, event.version)}
    match event:
        case ContactReceived():
            changes["proposed"] = event.proposed
        case NoticeAdded():
            changes |= _with_notices(contact, (*contact.notices, HeardNotice.model_validate(event.model_dump())))
        case NoticeSeparated():
            rest = tuple(notice for notice in contact.notices if notice.told.notice != event.notice)
            changes |= _with_notices(contact, rest)
        case SiblingIncluded() | SiblingDismissed():
            changes["left_out"] = tuple(one for one in contact.left_out if one.person != event.person)
        case CopiedFromSibling():
            changes |= _copied(contact, event)
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
            changes["draft"] = None
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
        notices=first.notices,
        own_proposal=first.own_proposal,
        left_out=first.left_out,
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
    anew = {f"section:{event.section}"} if event.text else set()
    anew |= {f"statement:{name}" for name in event.statements}
    return {
        "sections": sections,
        "statements": {**contact.statements, **written},
        "copied": {name: source for name, source in contact.copied.items() if name not in anew},
    }


def _copied(contact: Contact, event: CopiedFromSibling) -> dict[str, object]:
    written = {name: Statement(section=event.written_in[name], text=text) for name, text in event.statements.items()}
    marks = [*(f"section:{name}" for name in event.sections), *(f"statement:{name}" for name in event.statements)]
    if event.decision:
        marks.append("decision")
    return {
        "sections": {**contact.sections, **event.sections},
        "statements": {**contact.statements, **written},
        "copied": {**contact.copied, **dict.fromkeys(marks, event.source)},
        "draft": event.decision or contact.draft,
    }


_URGENCY = {"routine": 0, "urgent": 1, "immediate": 2}


def _with_notices(contact: Contact, notices: tuple[HeardNotice, ...]) -> dict[str, object]:
    """The notices that are worked here, and of what their words lead to the gravest; without any as it was."""
    own = contact.own_proposal or contact.proposed
    proposals: list[Proposed] = [own, *(notice.proposed for notice in notices)]
    return {
        "notices": notices,
        "own_proposal": own if notices else None,
        "proposed": max(proposals, key=lambda one: (_URGENCY[one.urgency], one.level)),
    }
