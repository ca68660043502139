"""What becomes of a submission: advice, a return, redirection to an open case, or a contact for each child (IN-3 to IN-11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Literal, NamedTuple
from uuid import UUID

from icart_common.contracts.base import Message
from icart_common.contracts.family import Linked
from icart_common.contracts.ids import reference
from icart_common.contracts.intake import (
    AdviceGiven,
    CaseRedirected,
    ContactOpened,
    Gap,
    JoinedTo,
    OpenedFor,
    SubmissionTaken,
)
from icart_common.contracts.joint_work import NoticeJoined
from icart_common.contracts.referral import Person
from icart_common.policy.pack import PolicyPack
from icart_intake.domain.accepted import Missing, missing_of, returned
from icart_intake.domain.asked import Asked, answers_due, asked_of
from icart_intake.domain.chronology import chronology
from icart_intake.domain.documents import about_child, named_in
from icart_intake.domain.family import anybody_identifiable, opened_for
from icart_intake.domain.gathering import gather
from icart_intake.domain.identified import Identified
from icart_intake.domain.incident import Joining, Matters, notice_of
from icart_intake.domain.left_out import KnownSibling, left_out, offered_once
from icart_intake.domain.people import HISTORY_OF_CHILD, HISTORY_OF_FAMILY
from icart_intake.domain.questions import Alone, Questions, Redirected
from icart_intake.domain.source import source_code, source_type
from icart_intake.domain.submission import Submission
from icart_intake.domain.words import facts_of
from icart_intake.domain.written import Form, put_to_call, questions_of


class Outcome(NamedTuple):
    """What is said about a submission, and what is kept of it."""

    said: tuple[Message, ...]
    opened: Mapping[UUID, Identified]
    """Contact to the child whom it is about."""
    redirected: Mapping[UUID, Identified]
    """Redirection to the child whom it is about."""
    joined: tuple[NoticeJoined, ...] = ()
    contacts: tuple[ContactOpened, ...] = ()
    questions: tuple[Questions, ...] = ()
    """What was asked: about this submission, and about the call that it is the form of."""
    returned: tuple[Missing, ...] = ()
    reference: str | None = None
    """The reference of the call, when this is its form."""


class KnownBefore(NamedTuple):
    """What is known of the children of a batch besides who they are."""

    matters: Matters
    siblings: Mapping[UUID, Sequence[KnownSibling]]
    """By person: the known siblings."""


class _Children(NamedTuple):
    """The children of a submission who get a contact, or whose event has one."""

    of: Mapping[UUID, Identified]
    """By the id of the contact that is opened, or would be."""
    joining: Mapping[UUID, Joining]
    """Of those whose notice joins an open contact, by the same id."""
    incidents: Mapping[UUID, UUID]
    in_calls: Mapping[UUID, UUID] = MappingProxyType({})
    """The contacts of the calls that the form is put to, by the same id (IN-9)."""

    def at_work(self) -> Mapping[UUID, Identified]:
        """The contacts in which the children are worked."""
        return {
            (self.joining[own].matter.live if own in self.joining else self.in_calls.get(own, own)): child
            for own, child in self.of.items()
        }


_How = Literal["parent", "child", "alleged-to-have-harmed", "said-to-be-harmed-by"]


def people_to_identify(submission: Submission) -> tuple[Person, ...]:
    """Everybody who has to be looked up before `decide`. Nobody, when advice is all that can be given."""
    account = submission.account
    if not anybody_identifiable(account):
        return ()
    refs = {person.ref for person in account.people}
    return (*account.people, *(child for child in submission.children if child.ref not in refs))


def decide(
    submission: Submission,
    pack: PolicyPack,
    people: Sequence[Identified],
    before: KnownBefore | None = None,
    calls: Iterable[Questions] = (),
) -> Outcome:
    """The outcome of a submission that is no repeat. `people` is everybody of `people_to_identify`, looked up; `calls` the
    telephone calls about any of them whose form has not come."""
    before = before or KnownBefore(Matters(), {})
    asked = asked_of(submission.account, pack, submission.agency)
    if not people:
        return Outcome((advice(submission, pack, asked),), {}, {})
    by_ref = {identified.person.ref: identified for identified in people}
    everybody = _once([by_ref[child.ref] for child in submission.children])
    redirected = [child for child in everybody if child.who.standing.is_open_and_allocated()]
    fresh = [child for child in everybody if not child.who.standing.is_open_and_allocated()]
    who = {one.person.ref: one.who.id for one in people}
    closed = {matter.contact for child in fresh for matter in before.matters.of(child.who.id) if matter.ending}
    form = put_to_call(submission, pack, asked.gaps, [child.person.ref for child in fresh], who, calls, closed)
    if not redirected and not form.put_to and (missing := missing_of(submission, pack)):
        back = returned(submission, pack, asked, missing)
        return Outcome((back,), {}, {}, returned=missing)
    written = [child for child in fresh if child.person.ref in form.put_to]
    fresh = [child for child in fresh if child.person.ref not in form.put_to]
    children = _gathered(submission, pack, fresh, before.matters)
    due_at = answers_due(pack, submission.received_at)
    alone = {
        child.person.ref: _alone(submission, pack, asked, child, written, form, children, people, before, due_at)
        for child in written
    }
    contacts = offered_once(
        {own: _contact(submission, pack, asked, own, children, people, before, due_at) for own in children.of}
    )
    joined = tuple(
        NoticeJoined(
            contact=joining.matter.live,
            authority=submission.authority,
            because=joining.because,
            notice=contacts[own],
        )
        for own, joining in children.joining.items()
    )
    opened = tuple(contact for own, contact in contacts.items() if own not in children.joining)
    gaps = form.gaps if form.put_to and not contacts else asked.gaps
    taken = _taken(submission, pack, asked, children, redirected, form, gaps, due_at)
    said: list[Message] = [_redirection(submission, pack, child) for child in redirected]
    said += [*form.said, *opened, *joined, taken]
    own_questions = questions_of(
        submission,
        pack,
        gaps,
        {child.person.ref: contact for contact, child in children.at_work().items()},
        {children.of[own].person.ref: own for own in children.joining},
        form,
        who,
        due_at,
        {child.person.ref: _worker_told(submission, child) for child in redirected},
        alone,
        asked.score,
    )
    return Outcome(
        said=tuple(said),
        opened={contact.contact: children.of[contact.contact] for contact in opened},
        redirected={submission.derive("redirection", child.person.ref): child for child in redirected},
        joined=joined,
        contacts=opened,
        questions=(own_questions, *form.calls),
        reference=form.reference,
    )


def _gathered(submission: Submission, pack: PolicyPack, fresh: Sequence[Identified], matters: Matters) -> _Children:
    """Which children's notices join an open contact. Only of somebody who is certainly the same (IN-20)."""
    of = {submission.derive("contact", child.person.ref): child for child in fresh}
    known = {own: None if child.is_new else child.who.id for own, child in of.items()}
    found = gather(known, notice_of(submission), matters, pack.incidents, submission.derive("incident"))
    return _Children(of, found.joining, found.incidents)


def _once(children: Sequence[Identified]) -> list[Identified]:
    """Each child once, though a referrer may have entered one twice."""
    first: dict[UUID, Identified] = {}
    for child in children:
        first.setdefault(child.who.id, child)
    return list(first.values())


def _worker_told(submission: Submission, child: Identified) -> Redirected:
    case = child.known(0).case
    assert case is not None, "only an open case is redirected"
    return Redirected(redirection=submission.derive("redirection", child.person.ref), person=child.who.id, case=case)


def _redirection(submission: Submission, pack: PolicyPack, child: Identified) -> CaseRedirected:
    case = child.who.case()
    assert case is not None, "only an open case is redirected"
    account, night = submission.account, submission.night
    return CaseRedirected(
        redirection=submission.derive("redirection", child.person.ref),
        authority=submission.authority,
        submission=submission.id,
        reference=submission.reference,
        agency=submission.agency,
        received_at=submission.received_at,
        person=child.who.id,
        child=child.person,
        case=case,
        event=account.event,
        concerns=account.concerns,
        safety=account.safety,
        section_47_begun=bool(night and night.section_47_begun),
        action_taken=night.action_taken if night else None,
        documents=named_in(submission, pack.documents),
    )


def _contact(
    submission: Submission,
    pack: PolicyPack,
    asked: Asked,
    contact: UUID,
    children: _Children,
    people: Sequence[Identified],
    before: KnownBefore,
    due_at: datetime | None,
) -> ContactOpened:
    account, child, night = submission.account, children.of[contact], submission.night
    family = [one for one in people if one.who.id != child.who.id]
    others = {live: other for live, other in children.at_work().items() if other.who.id != child.who.id}
    in_theirs = frozenset(other.person.ref for other in children.of.values()) - {child.person.ref}
    why = opened_for(child.person, account, submission.day) or "child"
    siblings = (
        left_out(
            before.siblings.get(child.who.id, ()), {one.who.id for one in people}, child.postcodes(), submission.day
        )
        if why in ("child", "sibling")
        else ()
    )
    code = source_code(submission, pack)
    gaps = asked.about(
        child.person.ref, frozenset(other.person.ref for other in children.of.values()) - {child.person.ref}
    )
    return ContactOpened(
        contact=contact,
        reference=reference(contact),
        authority=submission.authority,
        pack_version=pack.version,
        submission=submission.id,
        agency=submission.agency,
        channel=submission.channel,
        source_code=code,
        source_type=source_type(submission, pack, code),
        received_at=submission.received_at,
        out_of_hours=out_of_hours(submission, pack),
        answered_by_edt=bool(night and night.answered_now),
        section_47_begun=bool(night and night.section_47_begun),
        action_taken=night.action_taken if night else None,
        referrer=account.referrer,
        child=child.person,
        child_known=child.known(HISTORY_OF_CHILD),
        family=tuple(one.person for one in family),
        family_known=tuple(one.known(HISTORY_OF_FAMILY) for one in family),
        relationships=account.relationships,
        siblings=tuple(live for live, other in others.items() if not _how(child, other, submission)),
        event=account.event,
        concerns=account.concerns,
        child_views=account.child_views,
        safety=account.safety,
        tried=account.tried,
        why_now=account.why_now,
        expected=account.expected,
        consents=account.consents,
        privacy_notices=account.privacy_notices,
        tools=account.tools,
        requested=account.requested,
        vpa_grade=submission.vpa_grade,
        social_worker_first=submission.social_worker_first,
        earlier_contacts=child.who.contacts,
        gaps=gaps,
        answers_due=due_at if gaps else None,
        incident=children.incidents[contact],
        opened_for=why,
        linked=tuple(
            Linked(contact=live, how=how) for live, other in others.items() if (how := _how(child, other, submission))
        ),
        chronology=chronology(before.matters.of(child.who.id), child.who.standing.history),
        left_out=siblings,
        documents=about_child(named_in(submission, pack.documents), child.person.ref, in_theirs),
    )


def _alone(
    submission: Submission,
    pack: PolicyPack,
    asked: Asked,
    child: Identified,
    written: Sequence[Identified],
    form: Form,
    children: _Children,
    people: Sequence[Identified],
    before: KnownBefore,
    due_at: datetime | None,
) -> Alone:
    """What is opened about a child when the call's contact turns out to have closed: the form's own contact (IN-9)."""
    of = {submission.derive("contact", one.person.ref): one for one in written}
    own = submission.derive("contact", child.person.ref)
    others = {other: form.put_to[one.person.ref].call.contact for other, one in of.items() if other != own}
    beside = _Children({**children.of, **of}, children.joining, {**children.incidents, own: own}, others)
    told = _contact(submission, pack, asked._replace(gaps=form.gaps), own, beside, people, before, due_at)
    return Alone(told=told, sender=notice_of(submission).sender)


def _how(child: Identified, other: Identified, submission: Submission) -> _How | None:
    """What another child with a contact is of this one, when they are not simply siblings (IN-8)."""
    own, theirs = (opened_for(one.person, submission.account, submission.day) for one in (child, other))
    if "alleged-to-have-harmed" in (own, theirs):
        return "said-to-be-harmed-by" if theirs == "alleged-to-have-harmed" else "alleged-to-have-harmed"
    if own != theirs and "young-parent" in (own, theirs):
        return "parent" if theirs == "young-parent" else "child"
    return None


def _taken(
    submission: Submission,
    pack: PolicyPack,
    asked: Asked,
    children: _Children,
    redirected: Sequence[Identified],
    form: Form,
    gaps: tuple[Gap, ...],
    due_at: datetime | None,
) -> SubmissionTaken:
    return SubmissionTaken(
        submission=submission.id,
        reference=form.reference or submission.reference,
        authority=submission.authority,
        pack_version=pack.version,
        channel=submission.channel,
        received_at=submission.received_at,
        out_of_hours=out_of_hours(submission, pack),
        reply_to=submission.reply_to,
        opened=tuple(
            OpenedFor(contact=contact, reference=reference(contact), child=child.person.ref)
            for contact, child in children.of.items()
            if contact not in children.joining
        ),
        joined=tuple(
            JoinedTo(
                notice=own,
                contact=joining.matter.live,
                reference=reference(own),
                child=children.of[own].person.ref,
            )
            for own, joining in children.joining.items()
        ),
        redirected=tuple(child.person.ref for child in redirected),
        put_to=tuple(
            OpenedFor(contact=one.call.contact, reference=reference(one.call.contact), child=ref)
            for ref, one in form.put_to.items()
        ),
        gaps=gaps,
        answers_due=due_at if gaps and (children.of or form.put_to) else None,
        tools_missing=asked.tools_missing,
        score=asked.score,
        documents=named_in(submission, pack.documents),
    )


def advice(submission: Submission, pack: PolicyPack, asked: Asked) -> AdviceGiven:
    """Nobody can be identified: what to find out, and whether to call the police before anything else (IN-4)."""
    proposal = pack.propose(facts_of(submission))
    serious = {statement.id for statement in pack.thresholds.statements if statement.significant_harm}
    words = {
        word.casefold(): word for match in proposal.matched if match.statement_id in serious for _, word in match.words
    }
    return AdviceGiven(
        submission=submission.id,
        reference=submission.reference,
        authority=submission.authority,
        pack_version=pack.version,
        received_at=submission.received_at,
        reply_to=submission.reply_to,
        call_police_now=proposal.significant_harm,
        words=tuple(words.values()),
        ask=asked.who or asked.gaps,
    )


def out_of_hours(submission: Submission, pack: PolicyPack) -> bool:
    """Whether it came while the front door was closed: then clocks count from the next opening (ED-6)."""
    return not pack.calendar().is_working(submission.received_at)
