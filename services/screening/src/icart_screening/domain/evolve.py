"""What each event makes of a contact's record. Total: an event that means nothing to a record leaves it as it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeVar

from icart_common.contracts.at_once import ContactSteppedUp, PoliceTold
from icart_common.contracts.corrections import RecordCorrected
from icart_common.contracts.joint_work import (
    CopiedDecision,
    CopiedFromSibling,
    NoticeAdded,
    NoticeSeparated,
    SiblingDismissed,
    SiblingIncluded,
)
from icart_common.contracts.meetings import DecidedAtMeeting
from icart_common.contracts.referral import Consent, Person, PrivacyShown
from icart_common.contracts.screening import (
    AnswersRecorded,
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
    PrivacyNoticeRecorded,
    Proposed,
    ReferralCreated,
    SectionRecorded,
    SubjectChanged,
    WrittenReferralAdded,
)
from icart_common.contracts.standing_still import ClocksPaused, ClocksResumed
from icart_common.contracts.strategy import StrategyConcluded
from icart_screening.domain.contact import (
    Answered,
    Arrival,
    AtMeeting,
    Child,
    Contact,
    Correction,
    Ending,
    Heard,
    HeardNotice,
    Statement,
    Submission,
)

Said = TypeVar("Said", Consent, PrivacyShown)
_HEARD: Final = (AnswersRecorded, NoticeAdded, SubjectChanged, WrittenReferralAdded)
"""What no command does: intake's topic brings it."""
_TOLD_ANEW: Final = (NoticeAdded, WrittenReferralAdded)


def evolve(contact: Contact, event: ContactEvent) -> Contact:
    """The record after the event. Never raises."""
    changes: dict[str, object] = {"version": max(contact.version, event.version)}
    if isinstance(event, _HEARD):
        told_anew = isinstance(event, _TOLD_ANEW)
        changes["heard"] = (*contact.heard, Heard(version=event.version, at=event.at, told_anew=told_anew))
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
        case ContactSteppedUp():
            changes |= _stepped_up(contact, event)
        case PoliceTold():
            changes["police_told_at"] = event.at
        case StrategyConcluded():
            changes["strategy"] = event.outcome
        case ContactAllocated():
            changes["worker"] = event.worker
            changes["instructions"] = event.instructions or contact.instructions
        case SubjectChanged():
            child = contact.arrival.child.model_copy(update={"person": event.person, "case_number": event.case_number})
            changes["arrival"] = contact.arrival.model_copy(update={"child": child})
        case ContactMoved():
            changes["desktop"] = event.to_desktop
        case SectionRecorded():
            changes |= _written(contact, event)
        case RecordCorrected():
            changes |= _written(contact, event)
            changes["corrected"] = _corrected(contact, event)
        case ConsentRecorded():
            changes["consents"] = last_of_each(contact.consents, (event.consent,))
        case PrivacyNoticeRecorded():
            changes["privacy_notices"] = last_of_each(contact.privacy_notices, (event.notice,))
        case AnswersRecorded():
            changes |= _answered(contact, event)
        case WrittenReferralAdded():
            changes |= _in_writing(contact, event)
        case ClocksPaused():
            changes["standing_still"] = tuple(dict.fromkeys((*contact.standing_still, *event.clocks)))
        case ClocksResumed():
            changes["standing_still"] = ()
        case ContactSubmitted():
            changes["submitted"] = Submission.model_validate(event.model_dump())
            changes["actions"] = ()
            changes["draft"] = None
        case ContactSentBack():
            changes["submitted"] = None
            changes["actions"] = event.actions
        case DecidedAtMeeting():
            changes |= _at_meeting(contact, event)
        case ContactClosed():
            changes["status"] = "closed"
            changes["ending"] = Ending.model_validate(event.model_dump())
        case ReferralCreated() if contact.ending and contact.ending.referral is None:  # by a step-up, later (SC-17)
            changes["ending"] = contact.ending.model_copy(update={"referral": event.referral})
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
        pack_version=stepped.pack_version,
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
        privacy_notices=first.privacy_notices,
        gaps=first.gaps,
        answers_due=first.answers_due,
        answers=first.answers,
        forms=first.forms,
        strategy=first.strategy,
        police_told_at=first.police_told_at,
        meeting_on=stepped.meeting_on,
        follows=stepped.first,
        origin=stepped.origin,
    )


def _triaged(contact: Contact, event: ContactTriaged) -> dict[str, object]:
    same_strand = contact.strand == event.strand
    return {
        "strand": event.strand,
        "urgency": event.urgency,
        "instructions": event.instructions or contact.instructions,
        "worker": contact.worker if same_strand else None,
        "submitted": None,
        "meeting_on": event.meeting_on or contact.meeting_on,
    }


def _stepped_up(contact: Contact, event: ContactSteppedUp) -> dict[str, object]:
    same_strand = contact.strand == event.strand
    return {
        "strand": event.strand,
        "urgency": "immediate",
        "worker": contact.worker if same_strand else None,
        "submitted": None,
    }


def _at_meeting(contact: Contact, event: DecidedAtMeeting) -> dict[str, object]:
    """The disposal is a draft, unless the worker's own has been submitted already."""
    said = event.model_dump(include={"by", "outcome", "level", "reasons", "plan", "tasks"})
    draft = CopiedDecision(outcome=event.outcome, level=event.level, reasons=event.reasons)
    return {"at_meeting": AtMeeting.model_validate(said), "draft": contact.draft if contact.submitted else draft}


def _written(contact: Contact, event: SectionRecorded | RecordCorrected) -> dict[str, object]:
    sections = {**contact.sections, **({event.section: event.text} if event.text else {})}
    written = {name: Statement(section=event.section, text=text) for name, text in event.statements.items()}
    anew = _parts(event)
    return {
        "sections": sections,
        "statements": {**contact.statements, **written},
        "copied": {name: source for name, source in contact.copied.items() if name not in anew},
    }


def _parts(event: SectionRecorded | RecordCorrected) -> set[str]:
    """What the event writes: `section:...`, `statement:...`."""
    text = {f"section:{event.section}"} if event.text else set()
    return text | {f"statement:{name}" for name in event.statements}


def _corrected(contact: Contact, event: RecordCorrected) -> dict[str, Correction]:
    correction = Correction(by=event.by, at=event.at, reason=event.reason)
    return {**contact.corrected, **dict.fromkeys(sorted(_parts(event)), correction)}


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
    gravest = max(proposals, key=lambda one: (_URGENCY[one.urgency], one.level))
    crime = any(proposal.tell_police for proposal in proposals)
    return {
        "notices": notices,
        "own_proposal": own if notices else None,
        "proposed": gravest if crime == gravest.tell_police else gravest.model_copy(update={"tell_police": True}),
    }


def last_of_each(before: Iterable[Said], newer: Iterable[Said]) -> tuple[Said, ...]:
    """What was said last about each person."""
    said = {one.person: one for one in before}
    for one in newer:
        said.pop(one.person, None)  # the newest stands last
        said[one.person] = one
    return tuple(said.values())


def _answered(contact: Contact, event: AnswersRecorded) -> dict[str, object]:
    closed = {(gap.field, gap.person) for gap in event.closed}
    consents = [answer.consent for answer in event.answers if answer.consent]
    details = [answer.details for answer in event.answers if answer.details]
    answers = Answered(at=event.at, submission=event.submission, answers=event.answers, late=event.late)
    if event.notice:  # its refs are not this contact's
        return {"answers": (*contact.answers, answers)}
    return {
        "gaps": tuple(gap for gap in contact.gaps if (gap.field, gap.person) not in closed),
        "answers": (*contact.answers, answers),
        "consents": last_of_each(contact.consents, consents),
        "arrival": _with_people(contact.arrival, details),
    }


def _in_writing(contact: Contact, event: WrittenReferralAdded) -> dict[str, object]:
    account = event.account
    written = contact.model_copy(
        update={"proposed": event.proposed, "own_proposal": event.proposed if contact.notices else None}
    )
    changes = {"forms": (*contact.forms, event.submission), **_with_notices(written, contact.notices)}
    if event.notice:  # its refs are not this contact's
        return changes
    return {
        **changes,
        "gaps": event.gaps,
        "consents": last_of_each(contact.consents, account.consents),
        "privacy_notices": last_of_each(contact.privacy_notices, account.privacy_notices),
        "arrival": _with_people(contact.arrival, account.people),
    }


def _with_people(arrival: Arrival, people: Iterable[Person]) -> Arrival:
    """What is newly said of people: of the child, only what was blank; of others, who holds parental responsibility."""
    child, held = arrival.child, dict(arrival.people)
    for person in people:
        if person.ref == child.ref:
            child = _filled(child, person)
        if held.get(person.ref) is None or person.parental_responsibility is not None:
            held[person.ref] = person.parental_responsibility
    return arrival.model_copy(update={"child": child, "people": held})


def _filled(child: Child, person: Person) -> Child:
    """Nothing that stood there is overwritten: which of two is right, a person decides."""
    blank = {
        name: getattr(person, name)
        for name in ("given_name", "family_name", "born", "expected", "nhs_number", "upn")
        if getattr(child, name) is None and getattr(person, name) is not None
    }
    if "expected" in blank and (child.born or "born" in blank):
        del blank["expected"]
    lives_at = next((address for address in person.addresses if address.postcode), None)
    if child.postcode is None and lives_at:
        blank |= {"postcode": lives_at.postcode, "address": child.address or lives_at.on_one_line()}
    return child.model_copy(update=blank) if blank else child
