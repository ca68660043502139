"""A manager authorises what was submitted, never their own work, or sends it back; a worker may close advice (SC-9 to SC-11)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from icart_common.contracts.base import Actor
from icart_common.contracts.ids import derived_id, reference
from icart_common.contracts.screening import (
    Authorise,
    CloseAdvice,
    ContactClosed,
    ContactMoved,
    ContactSentBack,
    ContactStepped,
    ReferralCreated,
    SendBack,
)
from icart_common.policy.clocks import Moment
from icart_common.policy.errors import UnknownPolicy
from icart_common.policy.pack import PolicyPack
from icart_common.policy.screening import Strand
from icart_common.worktime import BeyondKnownHolidays, WorkingDays, due
from icart_screening.domain.asked import Asked
from icart_screening.domain.clocks import asked_of, at_moments, no_longer_owed
from icart_screening.domain.contact import Change, Contact, Submission, head
from icart_screening.domain.evolve import after, follow
from icart_screening.domain.meeting_day import meeting_day
from icart_screening.domain.refusal import Refusal, own_work
from icart_screening.domain.submit import own_work_only


def authorise(contact: Contact, command: Authorise, asked: Asked) -> tuple[Change, ...]:
    """The contact closes with its outcome; level 3 creates the referral; a transfer opens a contact on the other strand."""
    strand, submitted = _submitted(contact, asked)
    asked.needs("authorise", strand.id)
    if command.actor.person in (submitted.by.person, contact.worker):
        raise own_work()
    outcome = asked.pack.outcome(submitted.outcome)
    if outcome.transfers_to:
        asked.needs("transfer", strand.id)
    referral = derived_id(asked.at, asked.because, "referral") if outcome.creates_referral else None
    successor = derived_id(asked.at, asked.because, "contact", outcome.transfers_to) if outcome.transfers_to else None
    closed = _closed(
        contact, submitted, command.actor, asked, referral=referral, successor=successor, note=command.note
    )
    moves = asked.moved(contact, None, f"authorised: {outcome.name}")
    created = (referral_of(contact, submitted, referral, asked.pack, asked.at),) if referral else ()
    moments: tuple[Moment, ...] = ("authorised", "closed", *(("referral_created",) if referral else ()))
    change = asked.change(contact, closed, *moves, *created, moments=moments)
    if successor and outcome.transfers_to:
        return (change, _step(contact, successor, asked.pack.strand(outcome.transfers_to), asked))
    return (change,)


def send_back(contact: Contact, command: SendBack, asked: Asked) -> tuple[Change, ...]:
    """Back to the strand's desktop and its worker, with what is still to be done."""
    strand, _ = _submitted(contact, asked)
    asked.needs("send-back", strand.id)
    sent = ContactSentBack.model_validate(
        {**asked.head(contact), "by": command.actor, "actions": command.actions},
    )
    moves = asked.moved(contact, strand.desktop, "sent back with actions")
    return (asked.change(contact, sent, *moves, moments=("sent_back",)),)


def close_advice(contact: Contact, command: CloseAdvice, asked: Asked) -> tuple[Change, ...]:
    """The allocated worker closes what needed only advice, where the pack lets a worker do so (S4, "Recording of Referrals").

    No section has to be filled for it: such contacts need no paperwork, and are sampled afterwards (QA-3).
    """
    strand = asked.strand_of(contact)
    rule = strand.authorisation
    if rule.rule != "worker-may-close" or command.outcome not in rule.worker_may_close_outcomes:
        names = [f"close with {asked.pack.outcome(own).name} ({own})" for own in rule.worker_may_close_outcomes]
        why = "this outcome needs a manager's authorisation"
        raise Refusal("authorisation-needed", why, ("submit it for authorisation", *names))
    asked.needs("close-advice", strand.id)
    own_work_only(contact, command.actor.person)
    outcome = asked.pack.outcome(command.outcome)
    advice = Submission(by=command.actor, outcome=outcome.id, level=outcome.level, reasons=command.reasons)
    closed = _closed(contact, advice, command.actor, asked, authorised=False)
    moves = asked.moved(contact, None, f"closed by the worker: {outcome.name}")
    return (asked.change(contact, closed, *moves, moments=("closed",)),)


def _submitted(contact: Contact, asked: Asked) -> tuple[Strand, Submission]:
    strand = asked.strand_of(contact)
    if contact.submitted is None:
        raise Refusal("not-submitted", "nothing waits for authorisation", ("the allocated worker submits it first",))
    return strand, contact.submitted


def _closed(
    contact: Contact,
    submitted: Submission,
    by: Actor,
    asked: Asked,
    *,
    authorised: bool = True,
    referral: UUID | None = None,
    successor: UUID | None = None,
    note: str | None = None,
) -> ContactClosed:
    return ContactClosed.model_validate(
        {
            **asked.head(contact),
            "by": by,
            "submitted_by": submitted.by,
            "authorised": authorised,
            "strand": contact.strand,
            "outcome": submitted.outcome,
            "level": submitted.level,
            "reasons": submitted.reasons,
            "submission": contact.arrival.submission,
            "reference": contact.reference,
            "pack_version": contact.pack_version,
            "reply_to": contact.arrival.reply_to,
            "child": contact.arrival.child.ref,
            "also": tuple(notice.told for notice in contact.notices),
            "feedback": contact.arrival.names_the_child,
            "case_number": contact.arrival.child.case_number,
            "note": note,
            "referral": referral,
            "successor": successor,
        }
    )


def referral_of(
    contact: Contact, submitted: Submission, referral: UUID, pack: PolicyPack, at: datetime
) -> ReferralCreated:
    """The referral and information record, for the area team of the child's address and the case system (SC-11)."""
    child = contact.arrival.child
    assessed = pack.outcome(submitted.outcome).assessment
    days = pack.referral_dates
    return ReferralCreated.model_validate(
        {
            **head(contact, at),
            "referral": referral,
            "reference": reference(referral),
            "pack_version": contact.pack_version,
            "outcome": submitted.outcome,
            "source_code": contact.arrival.source_code,
            "need_code": submitted.need_code,
            "factors": submitted.factors,
            "area_team": pack.area_team(child.postcode).name,
            "case_system": _case_system(pack),
            "person": child.person,
            "case_number": child.case_number,
            "child_given_name": child.given_name,
            "child_family_name": child.family_name,
            "child_born": child.born,
            "child_expected": child.expected,
            "reasons": submitted.reasons,
            "received_at": contact.arrival.received_at,
            "assessment_due": _day(pack, at, days.assessment_working_days),
            "conference_due": _day(pack, at, days.conference_working_days) if assessed == "s47" else None,
        }
    )


def _day(pack: PolicyPack, at: datetime, working_days: int) -> date | None:
    """The day so many working days after the referral. A referral does not wait for a bank holiday to be proclaimed."""
    calendar = pack.calendar()
    try:
        return calendar.local_day(due(calendar, WorkingDays(n=working_days), at).due_at)
    except BeyondKnownHolidays:
        return None


def _case_system(pack: PolicyPack) -> str:
    for agency in pack.agencies:
        if agency.kind == "case-system":
            return agency.id
    raise UnknownPolicy(f"{pack.authority.id} {pack.version} has no agency of kind 'case-system'")


def _step(first: Contact, successor: UUID, strand: Strand, asked: Asked) -> Change:
    """The contact on the other strand (SC-9): its strand was decided with the authorisation, its urgency stays.

    So the clocks of a triage start with it, and count from the first contact's arrival where the pack says so. `first` is the
    contact as it was before it closed: what is still owed on it is owed on this one.
    """
    stepped = ContactStepped.model_validate(
        {
            "contact": successor,
            "authority": first.authority,
            "version": 1,
            "at": asked.at,
            "first": first.id,
            "origin": first.origin or first.id,
            "pack_version": first.pack_version,
            "strand": strand.id,
            "urgency": first.urgency,
            "desktop": strand.desktop,
            "reference": reference(successor),
            "received_at": first.arrival.received_at,
            "meeting_on": meeting_day(asked.pack, strand.id, first.arrival.received_at, asked.at),
        }
    )
    moved = ContactMoved(
        contact=successor,
        authority=first.authority,
        version=1,
        at=asked.at,
        from_desktop=None,
        to_desktop=strand.desktop,
        because=f"transferred to {strand.name}",
    )
    contact = after(follow(first, stepped), moved)
    contact, clocks = at_moments(
        contact,
        "contact_stepped",
        "contact_opened",
        *asked_of(contact),
        "triaged",
        pack=asked.pack,
        at=asked.at,
        leave_out=no_longer_owed(first, asked.pack),
    )
    return Change(contact, (stepped, moved), clocks)
