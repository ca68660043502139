"""What whoever brought a contact is told (IN-3, IN-4, IN-5, IN-13, IN-15, IN-16, SC-11)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from icart_common.contracts.base import InboundRefused, Problem
from icart_common.contracts.intake import (
    AdviceGiven,
    AnswersTaken,
    Gap,
    ReferralReturned,
    ReplyTo,
    SubmissionRepeated,
    SubmissionTaken,
)
from icart_common.contracts.reminders import ReferrerChased
from icart_common.contracts.screening import ContactClosed
from icart_common.policy import ClockFacts, ClockRule, PolicyPack, render
from icart_common.policy.view import View
from icart_common.policy.views import (
    AcknowledgementView,
    AdviceView,
    AnswersView,
    CallPoliceView,
    ChaseView,
    OutcomeOthersView,
    OutcomeProfessionalView,
    OutOfHoursView,
    RedirectedView,
    RefusedView,
    RepeatView,
    ReturnedView,
)
from icart_common.policy.wording import day_in_words, instant_in_words, listed, london_day
from icart_common.worktime import BeyondKnownHolidays, due
from icart_notifications.domain.leaving import ToSend
from icart_notifications.domain.letterhead import letterhead, reached_at
from icart_notifications.domain.receipts import awaited
from icart_notifications.domain.ways import to_agency, to_referrer

_MOST_REFERENCES = 10


def taken(event: SubmissionTaken, pack: PolicyPack) -> Iterable[ToSend]:
    """The acknowledgement, for those whom the pack acknowledges; a professional hears of an open case besides (IN-5).

    Nobody else is told that a child has a worker already: they are acknowledged like everybody.
    """
    professional = event.reply_to.kind == "professional"
    if professional and event.redirected:
        yield _redirected(event, pack)
    only_redirected = professional and event.redirected and not (event.opened or event.joined)
    if is_acknowledged(event.reply_to, pack) and not only_redirected:
        meets = tuple(clock.clock for clock in awaited(event, pack))
        yield _to_referrer("acknowledgement", _acknowledgement(event, pack), event, pack, meets)


def is_acknowledged(reply_to: ReplyTo, pack: PolicyPack) -> bool:
    """Professionals and the person concerned; others as the pack says (IN-16)."""
    return reply_to.person_concerned or reply_to.kind in pack.good_referral.acknowledged.referrer_kinds


def repeated(event: SubmissionRepeated, pack: PolicyPack) -> Iterable[ToSend]:
    """The same submission again is acknowledged as a repeat (IN-15)."""
    if is_acknowledged(event.reply_to, pack):
        view = RepeatView(
            **letterhead(pack), reference=event.reference, first_received=instant_in_words(event.first_received_at)
        )
        yield _to_referrer("repeat", view, event, pack)


def advised(event: AdviceGiven, pack: PolicyPack) -> Iterable[ToSend]:
    """Nobody could be identified: come back with more, or call the police now (IN-4)."""
    if event.call_police_now:
        points = pack.contact_points
        police = CallPoliceView(
            **letterhead(pack),
            reference=event.reference,
            police_phone=reached_at(points.police),
            emergency_phone=reached_at(points.emergency),
        )
        yield _to_referrer("call-police-now", police, event, pack)
    else:
        view = AdviceView(**letterhead(pack), reference=event.reference, questions=questions(event.ask))
        yield _to_referrer("advice-given", view, event, pack)


def answered(event: AnswersTaken, pack: PolicyPack) -> Iterable[ToSend]:
    """The receipt for answers, and what is still asked (IN-3)."""
    if is_acknowledged(event.reply_to, pack):
        again = sum(answer.state == "again" for answer in event.answers)
        late = any(answer.state == "late" for answer in event.answers)
        view = AnswersView(
            **letterhead(pack),
            reference=event.reference,
            taken=str(len(event.answers) - again),
            again=str(again) if again else None,
            late="late" if late else None,
            questions=questions(event.still_open),
            answers_due=instant_in_words(event.answers_due) if event.answers_due else None,
        )
        yield _to_referrer("answers-taken", view, event, pack)


def returned(event: ReferralReturned, pack: PolicyPack) -> Iterable[ToSend]:
    """A professional's referral comes back with what is missing and what to do (IN-11)."""
    view = ReturnedView(
        **letterhead(pack),
        reference=event.reference,
        needs_plan="plan" if "plan" in event.missing else None,
        needs_tool="tool" if "tool" in event.missing else None,
        tools=event.tools,
        questions=questions(gap for gap in event.gaps if not gap.field.startswith("tool-")),
        emergency_phone=reached_at(pack.contact_points.emergency),
    )
    yield _to_referrer("referral-returned", view, event, pack)


def chased(event: ReferrerChased, pack: PolicyPack) -> Iterable[ToSend]:
    """The form or the tool that is still owed (IN-9, IN-10)."""
    view = ChaseView(**letterhead(pack), reference=event.reference, owed=event.owed, due=instant_in_words(event.due))
    ways = to_referrer(pack, event.reply_to)
    yield ToSend("form-or-tool-chased", view, ways, event.contact, event.reference, in_reply_to=event.submission)


def closed(event: ContactClosed, pack: PolicyPack) -> Iterable[ToSend]:
    """The outcome, to everybody who told of the event, each under their own reference and by what their kind may see (IN-20).

    Nothing while the matter goes on as another contact (SC-9), and nothing of a child whom the sender did not name (IN-19).
    """
    if event.feedback:
        yield from _outcome(event, event.reply_to, event.reference, event.submission, pack)
    for also in event.also:
        yield from _outcome(event, also.reply_to, also.reference, also.submission, pack)


def _outcome(
    event: ContactClosed, reply_to: ReplyTo, reference: str, submission: UUID, pack: PolicyPack
) -> Iterable[ToSend]:
    """With its reasons to a professional's agency, by the pack's own way to it; to others what is allowed.

    Nothing to a caller who gave no name (SC-11).
    """
    outcome = pack.outcome(event.outcome)
    if outcome.feedback is None or reply_to.kind == "anonymous":
        return
    agency = to_agency(pack, reply_to.agency) if reply_to.kind == "professional" else ()
    if agency:
        level = pack.level(event.level)
        whole = OutcomeProfessionalView(
            **letterhead(pack),
            reference=reference,
            outcome=outcome.name,
            level=f"{level.number}, {level.name}",
            reasons=event.reasons,
        )
        yield ToSend(outcome.feedback.professional, whole, agency, event.contact, reference, in_reply_to=submission)
    else:
        view = OutcomeOthersView(**letterhead(pack), reference=reference, decided=day_in_words(london_day(event.at)))
        ways = to_referrer(pack, reply_to)
        yield ToSend(outcome.feedback.others, view, ways, event.contact, reference, in_reply_to=submission)


def refused(event: InboundRefused, pack: PolicyPack) -> Iterable[ToSend]:
    """What a sender has to mend, to the agency whose topic it came on."""
    reference = event.message_id or f"{event.topic}, partition {event.partition}, offset {event.offset}"
    view = RefusedView(**letterhead(pack), reference=reference, reasons=reasons_of(event.problems))
    yield ToSend("submission-refused", view, to_agency(pack, event.agency), event.refusal, reference)


def reasons_of(problems: Iterable[Problem]) -> tuple[str, ...]:
    """Each thing that is wrong as a sentence, with what to do."""
    return tuple(
        f"{problem.path}: found {problem.found}, expected {problem.expected}"
        + (f"; what to do: {problem.fix}" if problem.fix else "")
        for problem in problems
    )


def questions(gaps: Iterable[Gap]) -> tuple[str, ...]:
    """Each question once, with the sender's own refs of the people whom it is about."""
    about: dict[str, list[str]] = {}
    for gap in gaps:
        refs = about.setdefault(gap.question, [])
        if gap.person is not None and gap.person not in refs:
            refs.append(gap.person)
    return tuple(f"{question} ({', '.join(refs)})" if refs else question for question, refs in about.items())


def _acknowledgement(event: SubmissionTaken, pack: PolicyPack) -> AcknowledgementView:
    asked = questions(event.gaps)
    tools = tuple(
        f"Please send this assessment with your referral: {tool}."
        for tool in event.tools_missing
        if not any(tool in question for question in asked)
    )
    form = _form_rules(event, pack)
    return AcknowledgementView(
        **letterhead(pack),
        reference=event.reference,
        received=instant_in_words(event.received_at),
        next_step=_next_step(event, pack),
        questions=asked + tools,
        answers_due=instant_in_words(event.answers_due) if event.answers_due else None,
        written_form="written_form" if form else None,
        written_form_due=_first_due(form, event, pack),
    )


def _next_step(event: SubmissionTaken, pack: PolicyPack) -> str:
    """What happens now; out of hours that nobody reads it yet, and whom to call instead (IN-13)."""
    agency = pack.known_agency(event.reply_to.agency)
    own = [one.reference for one in (*event.opened, *event.put_to)] + [one.reference for one in event.joined]
    references = [reference for reference in own if reference != event.reference]
    of_each = f" The outcome comes under {listed(references)}." if 0 < len(references) <= _MOST_REFERENCES else ""
    if not event.out_of_hours:
        return "a manager reads it and decides who looks into it; you hear from us when that is done." + of_each
    opens = _opens(event.received_at, pack)
    if agency is not None and agency.kind == "edt":
        return f"the day team takes it up when it opens {opens}." + of_each
    points = pack.contact_points
    view = OutOfHoursView(
        **letterhead(pack),
        opens=opens,
        police_phone=reached_at(points.police),
        emergency_phone=reached_at(points.emergency),
    )
    return " ".join(render(pack.template("out-of-hours-notice"), view).body.split()) + of_each


def _opens(after: datetime, pack: PolicyPack) -> str:
    """When the front door next opens. Beyond the years whose bank holidays are known the day is not named: who waits is told whom
    to call meanwhile, and no day that may be wrong."""
    try:
        return f"on {instant_in_words(pack.calendar().next_opening(after))}"
    except BeyondKnownHolidays:
        return "on its next working day"


def _form_rules(event: SubmissionTaken, pack: PolicyPack) -> list[ClockRule]:
    """The pack's clocks by which a telephone referral has to be confirmed on the form (IN-9, TM-18)."""
    if event.channel != "phone":
        return []
    rules = pack.starting("contact_opened", ClockFacts(referrer_kind=event.reply_to.kind, channel=event.channel))
    return [rule for rule in rules if "written_referral_received" in rule.ends_on]


def _first_due(rules: Iterable[ClockRule], event: SubmissionTaken, pack: PolicyPack) -> str | None:
    """When the first of the clocks is due. None beyond the years of known bank holidays: the form is asked for all the same,
    with no day that may be wrong."""
    ends = []
    for rule in rules:
        try:
            ends.append(due(pack.calendar(), rule.allowance, event.received_at).due_at)
        except BeyondKnownHolidays:  # later than every one that is known
            continue
    return instant_in_words(min(ends)) if ends else None


def _redirected(event: SubmissionTaken, pack: PolicyPack) -> ToSend:
    view = RedirectedView(
        **letterhead(pack), reference=event.reference, team="the worker or duty team who have the case"
    )
    return _to_referrer("redirected", view, event, pack)


def _to_referrer(
    template: str,
    view: View,
    event: SubmissionTaken | SubmissionRepeated | AdviceGiven | AnswersTaken | ReferralReturned,
    pack: PolicyPack,
    meets: tuple[UUID, ...] = (),
) -> ToSend:
    ways = to_referrer(pack, event.reply_to)
    return ToSend(template, view, ways, event.submission, event.reference, in_reply_to=event.submission, meets=meets)
