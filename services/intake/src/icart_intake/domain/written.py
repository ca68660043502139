"""A written form and the telephone call that it confirms: which belongs to which, and what it adds (IN-9, TM-18; S1, S2)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from icart_common.contracts.base import Message
from icart_common.contracts.intake import Gap, WrittenReferralReceived
from icart_common.contracts.referral import Account
from icart_common.policy.clocks import ClockFacts
from icart_common.policy.pack import PolicyPack
from icart_common.worktime.due import due
from icart_common.worktime.errors import BeyondKnownHolidays
from icart_intake.domain.documents import about_child, named_in
from icart_intake.domain.names import comparable
from icart_intake.domain.questions import Alone, Call, Questions, Redirected, gap_of, key_of
from icart_intake.domain.submission import Submission


def form_until(submission: Submission, pack: PolicyPack) -> datetime | None:
    """Until when a form confirms this submission; None when it is no call that has to be confirmed in writing."""
    if submission.channel != "phone":
        return None
    agency = pack.known_agency(submission.agency)
    facts = ClockFacts(
        channel=submission.channel,
        referrer_kind=submission.account.referrer.kind,
        agency=submission.agency,
        agency_kind=agency.kind if agency else None,
    )
    if not any("written_referral_received" in rule.ends_on for rule in pack.starting("contact_opened", facts)):
        return None
    try:
        return due(pack.calendar(), pack.good_referral.written.within, submission.received_at).due_at
    except BeyondKnownHolidays:
        return None


def caller_of(submission: Submission) -> str | None:
    """The name of whoever brings it, comparable."""
    return comparable(submission.account.referrer.name or "") or None


def may_confirm(submission: Submission, pack: PolicyPack) -> bool:
    """Whether a submission may be the written form of a call."""
    return (
        submission.channel in pack.good_referral.written.channels and submission.account.referrer.kind == "professional"
    )


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A call whose form this is."""

    call: Call
    questions: Questions
    """Of the call."""


class Form(NamedTuple):
    """What a submission is as the written form of a call: nothing, for most."""

    put_to: Mapping[str, Confirmed] = MappingProxyType({})
    """By the form's ref of the child."""
    said: tuple[Message, ...] = ()
    refs: Mapping[str, str] = MappingProxyType({})
    """Of the form, as the call's contacts have them."""
    gaps: tuple[Gap, ...] = ()
    """What both leave open."""
    calls: tuple[Questions, ...] = ()
    """The call's questions afterwards."""

    @property
    def reference(self) -> str | None:
        """The call's, which the sender knows already."""
        return next((confirmed.questions.reference for confirmed in self.put_to.values()), None)


def put_to_call(
    submission: Submission,
    pack: PolicyPack,
    gaps: tuple[Gap, ...],
    children: Sequence[str],
    who: Mapping[str, UUID],
    calls: Iterable[Questions],
    closed: Collection[UUID] = (),
) -> Form:
    """Put the form to the contacts of its call (IN-9). A form confirms one call: the latest about any of its children.

    `gaps` is what the form leaves open by itself, `children` the refs of those for whom a contact would be opened, `who` the
    person behind each ref, `closed` the contacts that have closed: what comes then is news.
    """
    calls = tuple(calls)
    found = {
        child: confirmed
        for child in children
        if calls and (confirmed := confirmed_by(submission, who[child], calls, pack, closed))
    }
    if not found:
        return Form()
    call = max((one.questions for one in found.values()), key=lambda one: (one.asked_at, one.submission))
    put_to = {ref: one for ref, one in found.items() if one.questions.submission == call.submission}
    refs = contact_refs(submission.account, who, call)
    left = left_by(gaps, refs, call)
    contacts = [one.call.contact for one in put_to.values()]
    return Form(
        put_to=put_to,
        said=tuple(received(submission, put_to, ref, refs, left, pack) for ref in put_to),
        refs=refs,
        gaps=left.open,
        calls=(after_form(call, submission, contacts, left),),
    )


def questions_of(
    submission: Submission,
    pack: PolicyPack,
    gaps: Sequence[Gap],
    opened: Mapping[str, UUID],
    joined: Mapping[str, UUID],
    form: Form,
    who: Mapping[str, UUID],
    due_at: datetime | None,
    redirected: Mapping[str, Redirected],
    alone: Mapping[str, Alone],
    score: int,
) -> Questions:
    """What is asked about a submission, kept until it is answered. `opened` is the contact of each child, by ref,
    `joined` the notice of those whose event has another sender's contact, `redirected` those whose worker is told,
    `alone` what a form's own contact would be."""
    until = form_until(submission, pack)
    is_call = until is not None
    contacts = {**opened, **{ref: confirmed.call.contact for ref, confirmed in form.put_to.items()}}
    return Questions(
        submission=submission.id,
        authority=submission.authority,
        agency=submission.agency,
        pack_version=pack.version,
        reference=form.reference or submission.reference,
        reply_to=submission.reply_to,
        asked_at=submission.received_at,
        score=score,
        due_at=due_at,
        contacts=contacts,
        notices={**joined, **{ref: one.call.notice for ref, one in form.put_to.items() if one.call.notice is not None}},
        refs={ref: other for ref, other in form.refs.items() if ref != other},
        redirected=dict(redirected),
        alone=dict(alone),
        open=tuple(dict.fromkeys(key_of(gap) for gap in gaps)) if contacts or redirected else (),
        calls=tuple(
            Call(contact=contact, person=who[ref], child=ref, notice=joined.get(ref))
            for ref, contact in opened.items()
            if is_call
        ),
        people={person: ref for ref, person in who.items()} if is_call else {},
        caller=caller_of(submission) if is_call else None,
        form_until=until,
    )


def confirmed_by(
    submission: Submission,
    person: UUID,
    calls: Iterable[Questions],
    pack: PolicyPack,
    closed: Collection[UUID] = (),
) -> Confirmed | None:
    """The latest call about this child that the submission confirms: of the same agency, or, where our own door wrote the
    call down, of the caller by name."""
    if not may_confirm(submission, pack):
        return None
    found = [
        Confirmed(call, questions)
        for questions in calls
        if questions.authority == submission.authority and _is_sender(submission, questions, pack)
        if questions.form_until and questions.asked_at <= submission.received_at <= questions.form_until
        for call in questions.calls
        if call.person == person and call.form is None and call.contact not in closed
    ]
    return max(found, key=lambda one: (one.questions.asked_at, one.call.contact), default=None)


def _is_sender(submission: Submission, questions: Questions, pack: PolicyPack) -> bool:
    if questions.agency == submission.agency:
        return True
    door = pack.known_agency(questions.agency)
    ours = door is not None and door.kind in ("public-door", "own-staff")
    return ours and questions.caller is not None and questions.caller == caller_of(submission)


def contact_refs(account: Account, who: Mapping[str, UUID], questions: Questions) -> dict[str, str]:
    """The form's refs as the call's contact has them: of whom the call named, the call's; of others, one that is free."""
    taken = set(questions.people.values())
    refs: dict[str, str] = {}
    for person in account.people:
        known = questions.people.get(who[person.ref])
        if known is not None and known not in refs.values():  # the form may name somebody twice
            refs[person.ref] = known
    for person in account.people:
        if person.ref not in refs:
            free = person.ref if person.ref not in taken else _free(taken)
            refs[person.ref] = free
            taken.add(free)
    return refs


def _free(taken: set[str]) -> str:
    return next(ref for number in range(1, len(taken) + 2) if (ref := f"w{number}") not in taken)


def with_refs(account: Account, refs: Mapping[str, str]) -> Account:
    """The account with its people under other refs."""

    def renamed(parts: Iterable[Any], *names: str) -> tuple[Any, ...]:
        return tuple(part.model_copy(update={name: refs[getattr(part, name)] for name in names}) for part in parts)

    fields: dict[str, Any] = {name: getattr(account, name) for name in Account.model_fields}
    return Account(
        **fields
        | {
            "people": renamed(account.people, "ref"),
            "relationships": renamed(account.relationships, "person", "of"),
            "consents": renamed(account.consents, "person"),
            "privacy_notices": renamed(account.privacy_notices, "person"),
            "attachments": tuple(
                one.model_copy(update={"about": tuple(refs[ref] for ref in one.about)}) for one in account.attachments
            ),
        }
    )


@dataclass(frozen=True, slots=True)
class Left:
    """What call and form leave open together."""

    closed: tuple[str, ...]
    """Keys of the call's questions that the form answers."""
    open: tuple[Gap, ...]
    """In the form's refs."""


def left_by(form: tuple[Gap, ...], refs: Mapping[str, str], questions: Questions) -> Left:
    """A question stays open when neither answers it; what only a form can leave open (a tool, part of a consent) is asked."""
    call = {*questions.open}
    fields = {key.partition(":")[0] for key in call}
    still = tuple(gap for gap in form if gap.field in fields or gap.field.startswith(("tool-", "consent-")))
    in_its_refs = {key_of(_renamed(gap, refs)) for gap in still}
    still_fields = {gap.field for gap in still}
    named = set(refs.values())
    closed = tuple(
        key
        for key in questions.open
        if key not in in_its_refs and not _asked_of_somebody_else(key, still_fields, named)
    )
    return Left(closed, still)


def _asked_of_somebody_else(key: str, still_fields: set[str], named: set[str]) -> bool:
    """A question about somebody whom the form does not name stays as the form leaves that question."""
    field, _, person = key.partition(":")
    return person not in named and field in still_fields


def _renamed(gap: Gap, refs: Mapping[str, str]) -> Gap:
    return gap.model_copy(update={"person": refs[gap.person]}) if gap.person and gap.person in refs else gap


def received(
    submission: Submission,
    put_to: Mapping[str, Confirmed],
    child: str,
    refs: Mapping[str, str],
    left: Left,
    pack: PolicyPack,
) -> WrittenReferralReceived:
    """What the contact of the call about one child hears."""
    confirmed, asked = put_to[child], pack.good_referral
    documents = about_child(named_in(submission, pack.documents), child, frozenset(put_to) - {child})
    return WrittenReferralReceived(
        contact=confirmed.call.contact,
        authority=submission.authority,
        submission=submission.id,
        first=confirmed.questions.submission,
        agency=submission.agency,
        channel=submission.channel,
        received_at=submission.received_at,
        account=with_refs(submission.account, refs),
        closed=tuple(gap_of(key, asked) for key in left.closed),
        gaps=tuple(_renamed(gap, refs) for gap in left.open),
        notice=confirmed.call.notice,
        documents=tuple(
            one.model_copy(update={"about": tuple(refs.get(ref, ref) for ref in one.about)}) for one in documents
        ),
        own=submission.derive("contact", child),
    )


def after_form(questions: Questions, submission: Submission, contacts: Iterable[UUID], left: Left) -> Questions:
    """The call's questions once its form came: what stays open is asked again of the form, and counted there."""
    here = set(contacts)
    calls = tuple(
        call.model_copy(update={"form": submission.id}) if call.contact in here else call for call in questions.calls
    )
    answered = questions.without(left.closed, submission.received_at)
    done = all(call.form is not None for call in calls)
    return answered.model_copy(update={"calls": calls, "open": () if done else answered.open})
