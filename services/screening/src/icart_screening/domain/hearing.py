"""What a contact hears from its referrer after it was opened: answers, and the form of a telephone call (IN-3, IN-9, IN-10).

It changes the record whatever anybody is doing with it: whoever decides on an older version is told that it has moved on.
"""

from __future__ import annotations

from datetime import datetime

from icart_common.contracts.intake import QuestionsAnswered, WrittenReferralReceived
from icart_common.contracts.joint_work import OpenAfterAll
from icart_common.contracts.screening import AnswersRecorded, Proposed, WrittenReferralAdded
from icart_common.policy.clocks import Moment
from icart_common.policy.pack import PolicyPack
from icart_screening.domain.arrival import proposed_for
from icart_screening.domain.clocks import at_moments
from icart_screening.domain.contact import Change, Contact, head, open_questions, owes_tool
from icart_screening.domain.evolve import after

_URGENCY = {"routine": 0, "urgent": 1, "immediate": 2}


def answered(contact: Contact, said: QuestionsAnswered, pack: PolicyPack, at: datetime) -> Change:
    """The answers in the record. A closed contact keeps them too."""
    closed = {(gap.field, gap.person) for gap in said.closed}
    event = AnswersRecorded(
        **head(contact, at),
        submission=said.submission,
        agency=said.agency,
        answers=said.answers,
        closed=said.closed,
        gaps=sum(bool(said.notice) or (gap.field, gap.person) not in closed for gap in contact.gaps),
        late=said.late,
        notice=said.notice,
    )
    return _change(contact, event, (), pack, at)


def in_writing(contact: Contact, said: WrittenReferralReceived, pack: PolicyPack, at: datetime) -> Change:
    """The form in the record: its clocks end, and what its words point to is proposed where that is more serious."""
    event = WrittenReferralAdded(
        **head(contact, at),
        submission=said.submission,
        agency=said.agency,
        account=said.account,
        gaps=said.gaps,
        notice=said.notice,
        proposed=_more_serious(contact.own_proposal or contact.proposed, proposed_for(said.account, pack)),
    )
    return _change(contact, event, ("written_referral_received",), pack, at)


def form_after_all(contact: Contact, said: WrittenReferralReceived) -> OpenAfterAll:
    """A closed contact takes no form in: nobody would read it there. Intake is asked for a contact of the form's own."""
    return OpenAfterAll(
        notice=said.own,
        submission=said.submission,
        authority=contact.authority,
        contact=contact.id,
        because="closed",
    )


def _more_serious(one: Proposed, other: Proposed) -> Proposed:
    """The first of two that are alike. A form whose words match no statement says nothing against what the call matched."""
    if not other.matched:
        return one
    return max((one, other), key=lambda proposed: (bool(proposed.matched), _URGENCY[proposed.urgency], proposed.level))


def _change(
    contact: Contact,
    event: AnswersRecorded | WrittenReferralAdded,
    moments: tuple[Moment, ...],
    pack: PolicyPack,
    at: datetime,
) -> Change:
    changed = after(contact, event)
    if owes_tool(contact) and not owes_tool(changed):
        moments = (*moments, "tool_received")
    elif owes_tool(changed) and not owes_tool(contact):
        moments = (*moments, "tool_asked")
    if open_questions(contact) and not open_questions(changed):
        moments = (*moments, "questions_answered")
    elif open_questions(changed) and not open_questions(contact):
        moments = (*moments, "questions_asked")
    if changed.status == "closed":  # its clocks have ended
        return Change(changed, (event,))
    changed, clocks = at_moments(changed, *moments, pack=pack, at=at)
    return Change(changed, (event,), clocks)
