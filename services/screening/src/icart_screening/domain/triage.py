"""A manager triages a contact and gives it to a worker (SC-1, SC-4, PV-5)."""

from __future__ import annotations

from icart_common.contracts.screening import Allocate, ContactAllocated, ContactTriaged, Triage
from icart_common.policy.clocks import Moment
from icart_common.policy.errors import UnknownPolicy
from icart_common.policy.pack import PolicyPack
from icart_common.policy.screening import Strand
from icart_screening.domain.asked import Asked
from icart_screening.domain.contact import Change, Contact
from icart_screening.domain.meeting_day import meeting_day_again
from icart_screening.domain.refusal import Refusal


def triage(contact: Contact, command: Triage, asked: Asked) -> tuple[Change, ...]:
    """The strand and the urgency, decided by a person, beside what was proposed. Again: changed, with the reason.

    A change of strand takes the contact from its worker, and what was submitted is no longer submitted. The clocks of the
    first choice end, those of the second run from the arrival.
    """
    strand = _strand(asked.pack, command.strand)
    asked.needs("triage", strand.id)
    if contact.social_worker_first and strand.kind != "safeguarding":
        others = (f"triage it to {other.name}" for other in asked.pack.strands if other.kind == "safeguarding")
        why = "the police graded this assessment high: a social worker screens it first"
        raise Refusal("social-worker-first", why, others)
    return (put_on_strand(contact, strand, command, asked),)


def put_on_strand(contact: Contact, strand: Strand, decided: Triage, asked: Asked) -> Change:
    """The contact on the strand and its desktop. Whether it may go there has been looked at already."""
    triaged = ContactTriaged.model_validate(
        {
            **asked.head(contact),
            "by": decided.actor,
            "strand": strand.id,
            "urgency": decided.urgency,
            "reason": decided.reason,
            "instructions": decided.instructions,
            "proposed": contact.proposed,
            "meeting_on": meeting_day_again(contact, asked.pack, strand.id, asked.at),
        }
    )
    moves = asked.moved(contact, strand.desktop, f"triaged to {strand.name}")
    decided_anew = (contact.strand, contact.urgency) != (strand.id, decided.urgency)
    moments: tuple[Moment, ...] = ("triaged",) if decided_anew else ()
    return asked.change(contact, triaged, *moves, moments=moments)


def allocate(contact: Contact, command: Allocate, asked: Asked) -> tuple[Change, ...]:
    """The worker who screens it, with how many open contacts that worker now has. From one worker to another with the reason."""
    strand = asked.strand_of(contact)
    asked.needs("allocate", strand.id)
    if contact.submitted:
        raise Refusal("submitted", "it waits for authorisation", ("authorise it", "send it back first"))
    before = contact.worker if contact.worker != command.worker else None
    if before and not command.reason:
        raise Refusal("reason-needed", "it is with another worker: why it is taken from them is not said", ("say why",))
    allocated = ContactAllocated.model_validate(
        {
            **asked.head(contact),
            "by": command.actor,
            "worker": command.worker,
            "strand": strand.id,
            "instructions": command.instructions,
            "before": before,
            "reason": command.reason,
            "workload": asked.workload + 1,
        }
    )
    return (asked.change(contact, allocated, moments=("allocated",)),)


def _strand(pack: PolicyPack, wanted: str) -> Strand:
    try:
        return pack.strand(wanted)
    except UnknownPolicy:
        strands = (f"triage it to {strand.name} ({strand.id})" for strand in pack.strands)
        raise Refusal("unknown-strand", "the authority's policy has no such strand", strands) from None
