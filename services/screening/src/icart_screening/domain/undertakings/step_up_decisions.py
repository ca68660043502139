"""What may be done with a step-up, and what follows for it from what happens to its contact (SC-17; S1, "Steps Ups")."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from icart_common.contracts.at_once import ContactSteppedUp, StepUpNow
from icart_common.contracts.ids import derived_id
from icart_common.contracts.screening import ContactClosed, ContactReceived, ContactTriaged
from icart_common.contracts.stepping import (
    AskStepUp,
    AuthoriseStepUp,
    OverrideStepUp,
    RecordStepUpMeeting,
    ReviewStepUp,
    StepUpAdvised,
    StepUpAgreed,
    StepUpAsked,
    StepUpMet,
    StepUpOverridden,
    StepUpPlanContinues,
    StepUpTransferred,
)
from icart_common.policy.stepping import StepUpMeeting
from icart_common.worktime.due import due
from icart_common.worktime.errors import BeyondKnownHolidays
from icart_screening.domain.at_once import step_up_now
from icart_screening.domain.authorise import referral_of
from icart_screening.domain.contact import Change, Contact, Submission
from icart_screening.domain.evolve import after
from icart_screening.domain.refusal import Refusal, own_work
from icart_screening.domain.undertakings.agencies import known_agency
from icart_screening.domain.undertakings.standing_still import STANDING_STILL
from icart_screening.domain.undertakings.step_up import StepUp
from icart_screening.domain.undertakings.undertaking import Circumstances, Done, Kind, Progress

_LONGEST_REASON: Final = 300


def _ask(_: None, command: AskStepUp, on: Circumstances) -> Iterable[Progress]:
    _meeting(on)
    known_agency(on.pack, command.agency)
    contact = _contact(on)
    if any(isinstance(one, StepUp) for one in on.beside):
        raise Refusal("asked-already", "a step-up of this contact is on its way", ("go on with that one",))
    said = command.model_dump(include={"agency", "lead_professional"})
    yield on.begin(StepUp, StepUpAsked, by=command.actor, reference=contact.reference, **said)


def _review(held: StepUp, command: ReviewStepUp, on: Circumstances) -> Iterable[Progress]:
    """Advice below the level of the meeting; at that level the meeting (S1: level 3, no immediate concerns)."""
    meeting = _meeting(on)
    said = {"by": command.actor, "agency": held.agency, "reference": held.reference, "level": command.level}
    said |= {"reasons": command.reasons}
    if command.level == meeting.level:
        rule = next(rule for rule in on.pack.clocks if rule.starts_on == "step_up_agreed")
        try:
            by = due(on.pack.calendar(), rule.allowance, on.at).due_at
        except BeyondKnownHolidays as beyond:
            raise _no_day(beyond) from None
        yield on.go_on(held, (StepUpAgreed, {**said, "meet_by": by}))
        return
    if command.level > meeting.level or command.level not in {level.number for level in on.pack.levels}:
        levels = (f"level {level.number}: {level.name}" for level in on.pack.levels if level.number <= meeting.level)
        raise Refusal("unknown-level", "no step-up is reviewed as that level", levels)
    if not command.advice:
        why = f"level {command.level} is early help: the group is given advice, and none was written"
        raise Refusal("advice-needed", why, ("write the advice", f"agree to level {meeting.level} and a meeting"))
    yield on.go_on(held, (StepUpAdvised, {**said, "advice": command.advice}))


def _no_day(beyond: BeyondKnownHolidays) -> Refusal:
    """A meeting is not agreed to without the day by which it is held: nobody would notice that it never was (TM-7)."""
    why = f"the day by which the meeting is held cannot be worked out: the bank holidays of {beyond.asked.year} are not known"
    ask = "ask whoever looks after the service for that year's bank holidays, then agree again"
    return Refusal("beyond-known-holidays", why, (ask, "when the child is at immediate risk, override the step-up"))


def _met(held: StepUp, command: RecordStepUpMeeting, on: Circumstances) -> Iterable[Progress]:
    """A meeting without anybody of the front door is none."""
    meeting = _meeting(on)
    if command.held_at > on.at:
        raise Refusal("not-yet", "the meeting has not been held yet: that is in the future", ("record it afterwards",))
    if not any(person.role in meeting.attended_by for person in command.attended):
        names = [on.pack.role(role).name for role in meeting.attended_by]
        why = f"nobody of the front door was there: a step-up meeting is attended by {' or '.join(names)}"
        raise Refusal("nobody-of-ours", why, (*(f"name the {name} who came" for name in names), "hold it again"))
    for person in command.attended:
        on.role(person)
    said = command.model_dump(include={"held_at", "recommendations", "assessment", "reasons"})
    met = (StepUpMet, {"by": command.actor, "attended": command.attended, **said})
    if command.assessment:
        yield on.go_on(held, met)
    else:
        yield on.go_on(held, met, (StepUpPlanContinues, {"by": command.actor}))


def _authorise(held: StepUp, command: AuthoriseStepUp, on: Circumstances) -> Iterable[Done]:
    """The referral and information record, for the area team. A contact that is still open makes it as its own outcome."""
    meeting, contact = _meeting(on), _contact(on)
    if command.actor.person in {person.person for person in (*held.attended, held.recommended_by) if person}:
        raise own_work()
    if contact.status == "open":
        outcome = on.pack.outcome(meeting.outcome).name
        why = "the contact is still open: its own authorised outcome makes the referral"
        raise Refusal("contact-open", why, (f"submit the contact for '{outcome}' and authorise it",))
    recommended = Submission(
        by=held.recommended_by or command.actor,
        outcome=meeting.outcome,
        level=meeting.level,
        reasons=held.reasons or "",
        need_code=command.need_code,
        factors=command.factors,
    )
    referral = derived_id(on.at, on.because, "referral")
    yield on.go_on(held, (StepUpTransferred, {"by": command.actor, "referral": referral}))
    created = referral_of(contact, recommended, referral, on.pack, on.at)
    yield Change(after(contact, created), (created,))


def _override(held: StepUp, command: OverrideStepUp, on: Circumstances) -> Iterable[Done]:
    """Whatever strand the contact is on: immediate risk waits for nobody's turn (S1: safeguarding procedures supersede)."""
    contact = _contact(on)
    if contact.status == "closed" and (command.followed_by is None or command.followed_by == contact.id):
        why = "the contact has closed: the risk needs a contact of its own"
        raise Refusal("contact-closed", why, ("open a contact for the risk, and name it as `followed_by`",))
    said = command.model_dump(include={"because", "followed_by"})
    yield on.go_on(held, (StepUpOverridden, {"by": command.actor, **said}))
    if contact.status == "open" and not _is_immediate(contact, on):
        now = StepUpNow(
            actor=command.actor,
            contact=contact.id,
            seen_version=contact.version,
            reason=command.because[:_LONGEST_REASON],
        )
        yield from step_up_now(contact, now, on.asked(command.actor))


def _is_immediate(contact: Contact, on: Circumstances) -> bool:
    """Whether social workers have it as immediate already."""
    return contact.urgency == "immediate" and on.pack.strand(contact.strand or "").kind == "safeguarding"


def _after_contact(change: Change, on: Circumstances) -> Iterable[Progress]:
    """A contact that came as a request begins a step-up; immediate risk, a transfer and an assessment end one."""
    contact = change.contact
    held = next((one for one in on.beside if isinstance(one, StepUp)), None)
    for event in change.events:
        if (
            isinstance(event, ContactReceived)
            and contact.arrival.channel == "step-up"
            and on.pack.stepping.step_up.meeting
        ):
            arrival = contact.arrival
            lead = arrival.reply_to.name if arrival.reply_to.kind == "professional" else None
            yield on.begin(
                StepUp, StepUpAsked, agency=arrival.agency, lead_professional=lead, reference=contact.reference
            )
        elif held and (
            isinstance(event, ContactSteppedUp) or (isinstance(event, ContactTriaged) and event.urgency == "immediate")
        ):
            yield on.go_on(held, (StepUpOverridden, {"by": event.by, "because": event.reason}))
        elif held and isinstance(event, ContactClosed):
            yield from _when_closed(held, event, on)


def _when_closed(held: StepUp, closed: ContactClosed, on: Circumstances) -> Iterable[Progress]:
    """A meeting that was agreed is held though the contact has closed as early help: the plan goes on meanwhile."""
    if closed.referral and held.recommended_by:
        yield on.go_on(held, (StepUpTransferred, {"by": closed.by, "referral": closed.referral}))
    elif closed.referral or closed.successor:
        outcome = on.pack.outcome(closed.outcome).name
        said = {"by": closed.by, "because": f"the contact ended before the step-up: {outcome}"}
        yield on.go_on(held, (StepUpOverridden, {**said, "followed_by": closed.successor}))
    elif held.state == "asked":
        said = {"by": closed.by, "agency": held.agency, "reference": held.reference}
        yield on.go_on(held, (StepUpAdvised, {**said, "level": closed.level, "reasons": closed.reasons}))


def _meeting(on: Circumstances) -> StepUpMeeting:
    rule = on.pack.stepping.step_up
    if rule.meeting is None:
        why = f"{on.pack.authority.front_door} holds no step-up meetings"
        raise Refusal("no-step-up-meeting", why, rule.instead)
    return rule.meeting


def _contact(on: Circumstances) -> Contact:
    assert on.contact is not None, "a step-up belongs to a contact"
    return on.contact


STEP_UP: Final = Kind(
    holds=StepUp,
    deciders={
        AskStepUp: _ask,
        ReviewStepUp: _review,
        RecordStepUpMeeting: _met,
        AuthoriseStepUp: _authorise,
        OverrideStepUp: _override,
        **STANDING_STILL,
    },
    after_contact=_after_contact,
)
