"""Contacts that are opened later from what a submission told: of a notice taken out of an incident, of a form whose call has
closed, of a sibling left out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from icart_common.contracts.family import LeftOut
from icart_common.contracts.ids import derived_id, reference
from icart_common.contracts.intake import CaseRedirected, ContactOpened, OpenedFor, SubmissionTaken
from icart_common.contracts.referral import Person
from icart_intake.domain.chronology import chronology
from icart_intake.domain.incident import Matter
from icart_intake.domain.people import HISTORY_OF_CHILD, KnownPerson
from icart_intake.domain.questions import Alone, Questions, key_of


def of_its_own(told: ContactOpened, joined: UUID) -> ContactOpened:
    """The contact of a notice that had joined another: what it would have been, linked to the other as a new event is (IN-15)."""
    return told.model_copy(
        update={
            "incident": told.contact,
            "after": joined,
            "earlier_contacts": (*(one for one in told.earlier_contacts if one != joined), joined),
        }
    )


def of_form(questions: Questions, alone: Alone, call: UUID) -> ContactOpened:
    """The contact of a call's form when the call's has closed (IN-9): linked to it, and asking what nobody answered since."""
    own = of_its_own(alone.told, call)
    gaps = tuple(gap for gap in own.gaps if key_of(gap) in questions.open)
    return own.model_copy(update={"gaps": gaps, "answers_due": own.answers_due if gaps else None})


def told_again(questions: Questions, contact: ContactOpened, *, redirected: bool = False) -> SubmissionTaken:
    """What the sender is told later: the reference that they have stands, and the outcome comes under the contact's; or that
    the worker of an open case has it."""
    child = contact.child.ref
    opened = OpenedFor(contact=contact.contact, reference=contact.reference, child=child)
    return SubmissionTaken(
        submission=contact.submission,
        reference=questions.reference,
        authority=contact.authority,
        pack_version=contact.pack_version,
        channel=contact.channel,
        received_at=contact.received_at,
        out_of_hours=contact.out_of_hours,
        reply_to=questions.reply_to,
        opened=() if redirected else (opened,),
        redirected=(child,) if redirected else (),
        gaps=() if redirected else contact.gaps,
        answers_due=None if redirected else contact.answers_due,
        score=questions.score,
        documents=contact.documents,
    )


def sibling_contact(
    told: ContactOpened, who: KnownPerson, before: Sequence[Matter], at: datetime, cause: UUID
) -> ContactOpened:
    """The contact of a sibling whom a submission left out: the same event and family, and the sibling's own history (IN-19)."""
    contact = derived_id(at, cause, "contact", who.id)
    child = described(told, who)
    return told.model_copy(
        update={
            "contact": contact,
            "reference": reference(contact),
            "child": child,
            "child_known": who.known(child.ref, "exact", HISTORY_OF_CHILD),
            "family": (told.child, *told.family),
            "family_known": (told.child_known.model_copy(update={"history": ()}), *told.family_known),
            "siblings": (told.contact, *told.siblings),
            "child_views": None,
            "gaps": (),
            "earlier_contacts": tuple(matter.contact for matter in before),
            "opened_for": "left-out-sibling",
            "linked": (),
            "chronology": chronology(before, who.standing.history),
            "left_out": (),
        }
    )


def described(told: ContactOpened, who: KnownPerson) -> Person:
    """A sibling as the offer described them, with a ref that nobody in the submission has."""
    offer = next((one for one in told.left_out if one.person == who.id), LeftOut(person=who.id, kind="sibling"))
    taken = {told.child.ref, *(person.ref for person in told.family)}
    ref = next(name for number in range(len(taken) + 1) if (name := f"sibling-{number + 1}") not in taken)
    return Person(
        ref=ref,
        role="sibling",
        given_name=offer.given_name,
        family_name=offer.family_name,
        born=offer.born,
        addresses=told.child.addresses if offer.same_household else (),
    )


def redirected(told: ContactOpened, who: KnownPerson, child: Person, at: datetime, cause: UUID) -> CaseRedirected:
    """A child with an open case: the worker is told, and no contact is opened (IN-5)."""
    case = who.case()
    assert case is not None, "only an open case is redirected"
    return CaseRedirected(
        redirection=derived_id(at, cause, "redirection", who.id),
        authority=told.authority,
        submission=told.submission,
        reference=told.reference,
        agency=told.agency,
        received_at=told.received_at,
        person=who.id,
        child=child,
        case=case,
        event=told.event,
        concerns=told.concerns,
        safety=told.safety,
        section_47_begun=told.section_47_begun,
        action_taken=told.action_taken,
        documents=told.documents if child.ref == told.child.ref else (),
    )
