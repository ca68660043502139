"""What a contact tells the chain of managers: that a decision is needed, and that it was taken (SC-16)."""

from __future__ import annotations

from icart_common.contracts.decisions import DecisionNeeded, DecisionTaken, Stage, chain_id
from icart_common.policy.pack import PolicyPack
from icart_screening.domain.contact import Contact


def needed(contact: Contact, pack: PolicyPack) -> DecisionNeeded:
    """Of a contact that has just been submitted: whose turn it is one after another, and whose own work it is (SC-10)."""
    assert contact.strand is not None, "what is submitted has a strand"
    assert contact.submitted is not None, "it has just been submitted"
    manager = pack.strand(contact.strand).manager_role
    stages = (Stage(role=stage.role or manager, clock=stage.clock) for stage in pack.decision_chain.stages)
    own = (contact.submitted.by.person, contact.worker)
    return DecisionNeeded(
        undertaking=chain_id(contact.authority),
        authority=contact.authority,
        decision=contact.id,
        reference=contact.reference,
        strand=contact.strand,
        own_work_of=tuple(dict.fromkeys(person for person in own if person)),
        stages=tuple(stages),
    )


def taken(contact: Contact) -> DecisionTaken:
    """Nobody is waited for any more."""
    return DecisionTaken(undertaking=chain_id(contact.authority), authority=contact.authority, decision=contact.id)
