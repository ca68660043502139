"""Siblings: those whom a referral left out, and what one child's contact takes over from another's by choice (IN-19)."""

from __future__ import annotations

from icart_common.contracts.family import LeftOut
from icart_common.contracts.joint_work import (
    CopiedDecision,
    CopiedFromSibling,
    CopyFromSibling,
    DismissSibling,
    IncludeSibling,
    OpenForSibling,
    SiblingDismissed,
    SiblingIncluded,
)
from icart_screening.domain.asked import Asked
from icart_screening.domain.contact import Change, Contact
from icart_screening.domain.record import section_to_fill
from icart_screening.domain.refusal import Refusal


def include(contact: Contact, command: IncludeSibling, asked: Asked) -> tuple[Change, ...]:
    """The sibling gets a contact from the same submission; intake opens it, or tells the worker of an open case."""
    _offered(contact, command, asked)
    included = SiblingIncluded.model_validate(
        {**asked.head(contact), "by": command.actor, "person": command.person, "reason": command.reason}
    )
    ask = OpenForSibling(
        contact=contact.follows or contact.id,
        submission=contact.arrival.submission,
        authority=contact.authority,
        person=command.person,
    )
    return (asked.change(contact, included, asks=(ask,)),)


def dismiss(contact: Contact, command: DismissSibling, asked: Asked) -> tuple[Change, ...]:
    """The sibling needs no contact, and a person says why."""
    _offered(contact, command, asked)
    dismissed = SiblingDismissed.model_validate(
        {**asked.head(contact), "by": command.actor, "person": command.person, "reason": command.reason}
    )
    return (asked.change(contact, dismissed),)


def _offered(contact: Contact, command: IncludeSibling | DismissSibling, asked: Asked) -> LeftOut:
    asked.needs("settle-siblings", contact.strand)
    for sibling in contact.left_out:
        if sibling.person == command.person:
            return sibling
    why = "this contact offers no such sibling, or somebody has decided about them already"
    raise Refusal("unknown-sibling", why, (f"{len(contact.left_out)} siblings wait for a decision",))


def copy(contact: Contact, command: CopyFromSibling, asked: Asked) -> tuple[Change, ...]:
    """Chosen sections and statements as they stand in the sibling's contact, and a draft of its decision, each marked.

    Whoever copies has to be somebody who may write it: a copy is no way around the roles.
    """
    source = _source(contact, command, asked)
    asked.needs("record", contact.strand)
    sections = {name: source.sections.get(name, "") for name in command.sections}
    statements = {name: source.statements.get(name) for name in command.statements}
    blank = [
        *(name for name, text in sections.items() if not text),
        *(name for name, said in statements.items() if not said),
    ]
    if blank:
        raise Refusal(
            "blank-there", f"the sibling's contact has nothing in {', '.join(blank)}", ("copy what is written",)
        )
    for name in {*sections, *(said.section for said in statements.values() if said)}:
        section_to_fill(contact, name, asked)
    decision = _decision(source, asked) if command.decision else None
    if not (sections or statements or decision):
        raise Refusal(
            "nothing-chosen", "nothing was chosen to be copied", ("name sections, statements or the decision",)
        )
    copied = CopiedFromSibling.model_validate(
        {
            **asked.head(contact),
            "by": command.actor,
            "source": source.id,
            "sections": sections,
            "statements": {name: said.text for name, said in statements.items() if said},
            "written_in": {name: said.section for name, said in statements.items() if said},
            "decision": decision,
        }
    )
    return (asked.change(contact, copied),)


def _source(contact: Contact, command: CopyFromSibling, asked: Asked) -> Contact:
    source = asked.source
    if source is None or source.id == contact.id or not _are_siblings(contact, source):
        why = "that is no contact of a sibling from the same submission or event"
        raise Refusal("no-sibling", why, (f"{len(contact.arrival.siblings)} contacts of siblings are linked",))
    if source.version != command.source_seen_version:
        why = f"the sibling's record has moved on: it has version {source.version} now"
        raise Refusal("version-moved", why, ("look at the sibling's record again, then choose",))
    return source


def _are_siblings(one: Contact, other: Contact) -> bool:
    same_submission = one.arrival.submission == other.arrival.submission
    return same_submission or other.id in one.arrival.siblings or one.id in other.arrival.siblings


def _decision(source: Contact, asked: Asked) -> CopiedDecision:
    if source.submitted is None:
        raise Refusal(
            "not-submitted", "nothing was submitted in the sibling's contact", ("copy sections or statements",)
        )
    if asked.pack.outcome(source.submitted.outcome).transfers_to:
        raise Refusal("transfer", "a transfer to another strand is decided for each child", ("submit it yourself",))
    submitted = source.submitted
    return CopiedDecision(outcome=submitted.outcome, level=submitted.level, reasons=submitted.reasons)
