"""A contact on the strand where what somebody recorded in an undertaking belongs (SC-21)."""

from __future__ import annotations

from icart_common.contracts.base import Actor
from icart_common.contracts.referral import Urgency
from icart_common.contracts.screening import Triage
from icart_screening.domain.contact import Change, Contact
from icart_screening.domain.triage import put_on_strand
from icart_screening.domain.undertakings.undertaking import Circumstances

_LONGEST_REASON = 300


def to_strand(
    contact: Contact, kind: str, urgency: Urgency, because: str, by: Actor, on: Circumstances
) -> tuple[Change, ...]:
    """The open contact on the pack's first strand of a kind; nothing when it is there as urgently already."""
    strand = next(strand for strand in on.pack.strands if strand.kind == kind)
    if (contact.strand, contact.urgency) == (strand.id, urgency):
        return ()
    decided = Triage(
        actor=by,
        contact=contact.id,
        seen_version=contact.version,
        strand=strand.id,
        urgency=urgency,
        reason=because[:_LONGEST_REASON],
    )
    return (put_on_strand(contact, strand, decided, on.asked(by)),)
