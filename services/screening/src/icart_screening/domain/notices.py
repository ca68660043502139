"""Notices of other senders about the event that a contact is about: they come into its record, and out of it again (IN-20)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from icart_common.contracts.joint_work import (
    NoticeAdded,
    NoticeJoined,
    NoticeParted,
    NoticeSeparated,
    OpenAfterAll,
    SeparateNotice,
)
from icart_common.contracts.screening import Told
from icart_common.policy.pack import PolicyPack
from icart_screening.domain.arrival import people_of, proposed_for, reply_to_of
from icart_screening.domain.asked import Asked
from icart_screening.domain.contact import Change, Contact, head
from icart_screening.domain.evolve import after
from icart_screening.domain.refusal import Refusal


def add_notice(contact: Contact, joined: NoticeJoined, pack: PolicyPack, at: datetime) -> Change | OpenAfterAll:
    """The notice's words, sender and consents in the record; or what intake is asked for, when it cannot be worked here.

    A contact that has closed takes nothing in. One that a person has given to another strand takes in nothing that a social
    worker has to see first (PV-5): machines change no strand.
    """
    if contact.status == "closed":
        return open_after_all(joined, "closed", contact.ending.successor if contact.ending else None)
    told = joined.notice
    if told.social_worker_first and contact.strand and pack.strand(contact.strand).kind != "safeguarding":
        return open_after_all(joined, "another-strand")
    added = NoticeAdded(
        **head(contact, at),
        told=Told(
            notice=told.contact,
            submission=told.submission,
            reference=told.reference,
            received_at=told.received_at,
            reply_to=reply_to_of(told),
            child=told.child.ref,
        ),
        agency=told.agency,
        because=joined.because,
        proposed=proposed_for(told, pack),
        social_worker_first=told.social_worker_first,
        consents=told.consents,
        people=people_of(told),
    )
    return Change(after(contact, added), (added,))


def open_after_all(joined: NoticeJoined, because: str, successor: UUID | None = None) -> OpenAfterAll:
    """Intake is asked for a contact of the notice's own."""
    return OpenAfterAll.model_validate(
        {
            "notice": joined.notice.contact,
            "submission": joined.notice.submission,
            "authority": joined.authority,
            "contact": joined.contact,
            "because": because,
            "successor": successor,
        }
    )


def separate(contact: Contact, command: SeparateNotice, asked: Asked) -> tuple[Change, ...]:
    """A notice that tells of something else leaves the record for a contact of its own; what was read stays in the log."""
    asked.needs("separate-notice", contact.strand)
    told = next((notice.told for notice in contact.notices if notice.told.notice == command.notice), None)
    if told is None:
        others = (f"separate the notice {notice.told.reference}" for notice in contact.notices)
        raise Refusal("unknown-notice", "no such notice is worked in this contact", others)
    separated = NoticeSeparated.model_validate(
        {**asked.head(contact), "by": command.actor, "notice": command.notice, "reason": command.reason}
    )
    ask = OpenAfterAll(
        notice=told.notice,
        submission=told.submission,
        authority=contact.authority,
        contact=contact.id,
        because="separated",
    )
    return (asked.change(contact, separated, asks=(ask,)),)


def part(contact: Contact, parted: NoticeParted, at: datetime) -> Change | None:
    """A notice about another child leaves the record, closed or not; None when it is not in it."""
    if all(notice.told.notice != parted.notice for notice in contact.notices):
        return None
    separated = NoticeSeparated(
        contact=contact.id,
        authority=contact.authority,
        version=contact.version + 1,
        at=at,
        by=parted.by,
        notice=parted.notice,
        reason=parted.reason,
    )
    return Change(after(contact, separated), (separated,))
