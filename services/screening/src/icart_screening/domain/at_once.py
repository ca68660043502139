"""What waits for nothing: risk of significant harm goes to social workers, a suspected crime to the police (SC-12, SC-13)."""

from __future__ import annotations

from icart_common.contracts.at_once import ContactSteppedUp, PoliceTold, StepUpNow, TellPolice
from icart_common.contracts.base import Actor
from icart_common.contracts.screening import ContactEvent
from icart_common.policy.pack import PolicyPack
from icart_common.policy.screening import Strand
from icart_screening.domain.asked import Asked
from icart_screening.domain.clocks import facts_of
from icart_screening.domain.contact import Change, Contact
from icart_screening.domain.evolve import after
from icart_screening.domain.refusal import Refusal


def step_up_now(contact: Contact, command: StepUpNow, asked: Asked) -> tuple[Change, ...]:
    """The same contact on the safeguarding desktop, immediate: no section, consent or answer is waited for.

    What was submitted is no longer submitted; what was written stays. A new contact (SC-9) would begin without it. The clocks
    of the first choice end; the immediate response counts from the step-up where the pack has a clock for that.
    """
    strand = _social_workers(asked.pack)
    asked.needs("step-up", strand.id)
    if command.strategy:
        asked.needs("strategy", strand.id)
    if (contact.strand, contact.urgency) == (strand.id, "immediate"):
        why = f"it is with {strand.name} already, and immediate"
        raise Refusal("stepped-up", why, ("allocate it", "decide a strategy discussion", "tell the police"))
    stepped = ContactSteppedUp.model_validate(
        {
            **asked.head(contact),
            "by": command.actor,
            "reason": command.reason,
            "strand": strand.id,
            "from_strand": contact.strand,
            "strategy": command.strategy,
        }
    )
    events: list[ContactEvent] = [stepped, *asked.moved(contact, strand.desktop, "risk of significant harm")]
    if command.crime:
        events.append(_told(contact, command.actor, command.crime, asked))
    facts = facts_of(after(contact, stepped))
    from_now = asked.pack.starting("stepped_up", facts)
    leave_out = frozenset(rule.id for rule in asked.pack.starting("triaged", facts)) if from_now else frozenset[str]()
    return (asked.change(contact, *events, moments=("triaged", "stepped_up"), leave_out=leave_out),)


def tell_police(contact: Contact, command: TellPolice, asked: Asked) -> tuple[Change, ...]:
    """Whoever works on the contact tells the police; nothing else about it changes."""
    asked.needs("record", contact.strand)
    return (asked.change(contact, _told(contact, command.actor, command.concern, asked)),)


def _told(contact: Contact, by: Actor, concern: str, asked: Asked) -> PoliceTold:
    return PoliceTold.model_validate(
        {
            **asked.head(contact),
            "by": by,
            "concern": concern,
            "reference": contact.reference,
            "pack_version": contact.pack_version,
            "child": contact.arrival.child.told(),
        }
    )


def _social_workers(pack: PolicyPack) -> Strand:
    return next(strand for strand in pack.strands if strand.kind == "safeguarding")
