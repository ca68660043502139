"""The contact's side of the daily meeting: what it tells the meeting, and what a decision makes of it (SC-15, TM-5)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from icart_common.contracts.at_once import ContactSteppedUp
from icart_common.contracts.joint_work import CopiedFromSibling
from icart_common.contracts.meetings import (
    DecidedAtMeeting,
    MeetingDecision,
    Presented,
    PutToMeeting,
    TakeFromMeeting,
    meeting_id,
)
from icart_common.contracts.screening import (
    ContactAllocated,
    ContactClosed,
    ContactStepped,
    ContactTriaged,
    SectionRecorded,
    Triage,
)
from icart_screening.domain.asked import Asked, role_of
from icart_screening.domain.contact import Change, Contact
from icart_screening.domain.refusal import Refusal
from icart_screening.domain.triage import put_on_strand
from icart_screening.domain.undertakings.undertaking import Circumstances, Done

_TOLD: Final = (ContactTriaged, ContactStepped, ContactAllocated, SectionRecorded, CopiedFromSibling)
"""What changes how an enquiry is presented."""
_WENT: Final = (ContactTriaged, ContactSteppedUp)
_CLOSED: Final = (ContactClosed,)

_LETTERS: Final = 3000
"""Of a section, for the meeting: all sections of an enquiry and what its referrer wrote have to fit into one message."""


def put_to_meeting(change: Change, on: Circumstances) -> Iterable[Done]:
    """An enquiry that came, changed or went is told to its meeting."""
    contact, rule = change.contact, on.pack.daily_meeting
    if rule is None or contact.meeting_on is None:
        return
    meeting = meeting_id(contact.authority, contact.meeting_on)
    elsewhere = contact.strand != rule.strand
    if elsewhere or contact.status == "closed":
        # What closes on another strand was taken from the meeting when it went there.
        left, because = (_WENT, "it is on another strand now") if elsewhere else (_CLOSED, "the contact has closed")
        if any(isinstance(event, left) for event in change.events):
            yield TakeFromMeeting(undertaking=meeting, authority=contact.authority, enquiry=contact.id, because=because)
    elif any(isinstance(event, _TOLD) for event in change.events):
        presented = presented_of(contact)
        if presented:
            yield PutToMeeting(
                undertaking=meeting, authority=contact.authority, on=contact.meeting_on, presented=presented
            )


def presented_of(contact: Contact) -> Presented | None:
    """The enquiry as the pack shows it; None for a contact that was opened under a pack without a meeting."""
    if contact.arrival.outline is None:
        return None
    return Presented(
        enquiry=contact.id,
        reference=contact.reference,
        worker=contact.worker,
        outline=contact.arrival.outline,
        found={section: _shown(text) for section, text in contact.sections.items()},
    )


def _shown(text: str) -> str:
    return text if len(text) <= _LETTERS else f"{text[:_LETTERS].rstrip()} … (the contact's record has the rest)"


def decided(_: None, said: MeetingDecision, on: Circumstances) -> Iterable[Done]:
    """The disposal is a draft that the worker submits and a manager authorises (SC-10).

    What steps the child up goes to that strand at once, as a manager's triage (S4, sections 3 and 4): no second manager looks at
    it, so nobody does that to their own work (SC-10). The meeting refuses it already; here it is refused to whoever was given the
    contact while the decision was on its way. A contact that has left the meeting's strand keeps its course.
    """
    contact, rule = on.contact, on.pack.daily_meeting
    if contact is None or rule is None or contact.status == "closed" or contact.strand != rule.strand:
        return
    goes_to = on.pack.outcome(said.outcome).transfers_to
    if goes_to and said.actor.person == contact.worker:
        why = "the contact was given to you before the meeting's decision reached it, and nobody decides about their own work"
        allowed = ("another manager triages it", "step it up at once when the child is at risk of significant harm")
        raise Refusal("own-work", why, allowed)
    asked = Asked(pack=on.pack, role=role_of(on.pack, said.actor), at=on.at, because=on.because)
    fields = said.model_dump(include={"meeting", "outcome", "level", "reasons", "plan", "tasks"})
    event = DecidedAtMeeting.model_validate({**asked.head(contact), "by": said.actor, **fields})
    change = asked.change(contact, event, moments=("meeting_decided",))
    yield change
    if goes_to:
        triage = Triage(
            actor=said.actor,
            contact=contact.id,
            seen_version=change.contact.version,
            strand=goes_to,
            urgency="immediate",
            reason="stepped up by the daily meeting",
            instructions=said.plan,
        )
        yield put_on_strand(change.contact, on.pack.strand(goes_to), triage, asked)
