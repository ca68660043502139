"""What a daily meeting does (SC-15, TM-5; S4, section 2): enquiries are put to it as they come, its pack is made in the morning,
and each of its decisions goes back to the contact. Contacts and the meeting tell each other by messages, each in its own
partition."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final
from uuid import UUID

from icart_common.contracts.base import Actor
from icart_common.contracts.meetings import (
    CallMeeting,
    CarryTasks,
    DecideAtMeeting,
    EndMeeting,
    EnquiryDecided,
    EnquiryListed,
    EnquiryWithdrawn,
    MeetingCalled,
    MeetingDecision,
    MeetingEnded,
    MeetingMorning,
    MeetingPrepared,
    PrepareMeeting,
    PutToMeeting,
    TakeFromMeeting,
    TaskDone,
    TasksCarried,
    TickOffTask,
    meeting_id,
)
from icart_common.contracts.undertakings import UndertakingEvent
from icart_common.policy.meeting import DailyMeeting as Rule
from icart_common.policy.pack import PolicyPack
from icart_common.worktime.errors import BeyondKnownHolidays
from icart_screening.domain.refusal import Refusal
from icart_screening.domain.submit import outcome_of
from icart_screening.domain.undertakings.brokered_tasks import carry, done, given_out, onward, tick_off
from icart_screening.domain.undertakings.daily_meeting import DailyMeeting, following_day
from icart_screening.domain.undertakings.enquiries import decided, put_to_meeting
from icart_screening.domain.undertakings.undertaking import Circumstances, Done, Kind


def _put(held: DailyMeeting | None, said: PutToMeeting, on: Circumstances) -> Iterable[Done]:
    """The enquiry as it stands. A pack that has been made changes by what is new to it, and by who has an enquiry: nobody decides
    about what has become their own work (SC-10). What comes to a meeting that is over goes to the next."""
    new = said.presented
    listed = (EnquiryListed, {"presented": new})
    if held is None:
        yield on.begin(DailyMeeting, MeetingCalled, listed, id=said.undertaking, on=said.on)
    elif not held.open:
        if following := _goes_on(held, new.enquiry, on.pack):
            yield said.model_copy(update={"undertaking": meeting_id(held.authority, following), "on": following})
    elif held.state == "gathering" or (stands := held.listed(new.enquiry)) is None:
        yield on.go_on(held, listed)
    elif stands in held.undecided() and stands.worker != new.worker:
        yield on.go_on(held, (EnquiryListed, {"presented": stands.model_copy(update={"worker": new.worker})}))


def _take(held: DailyMeeting | None, said: TakeFromMeeting, on: Circumstances) -> Iterable[Done]:
    """The way that `_put` went: a contact knows the meeting that it was put to first, and not where it was sent on to."""
    if held is None:
        return
    if not held.open:
        if following := _goes_on(held, said.enquiry, on.pack):
            yield said.model_copy(update={"undertaking": meeting_id(held.authority, following)})
    elif any(one.enquiry == said.enquiry for one in held.undecided()):
        yield on.go_on(held, (EnquiryWithdrawn, {"enquiry": said.enquiry, "because": said.because}))


def _goes_on(held: DailyMeeting, enquiry: UUID, pack: PolicyPack) -> date | None:
    """The day of the next meeting, for an enquiry that this one is over without having decided about."""
    return None if str(enquiry) in held.decisions else following_day(pack, held.on)


def _call(held: DailyMeeting | None, said: CallMeeting, on: Circumstances) -> Iterable[Done]:
    if held is None:
        yield on.begin(DailyMeeting, MeetingCalled, id=said.undertaking, on=said.on)


def _carry(held: DailyMeeting | None, said: CarryTasks, on: Circumstances) -> Iterable[Done]:
    if held is None:
        tasks = (TasksCarried, {"tasks": said.tasks})
        yield on.begin(DailyMeeting, MeetingCalled, tasks, id=said.undertaking, on=said.on)
    else:
        yield from carry(held, said.tasks, on)


def _morning(held: DailyMeeting | None, _: MeetingMorning, on: Circumstances) -> Iterable[Done]:
    if held and held.on and held.state == "gathering":
        yield on.go_on(held, _pack_of(held, held.on, None), asks=_following(held, held.on, on.pack))


def _prepare(held: DailyMeeting | None, command: PrepareMeeting, on: Circumstances) -> Iterable[Done]:
    rule_of(on.pack)
    day = command.on
    if command.undertaking != meeting_id(command.authority, day):
        raise Refusal("not-that-meeting", f"the id is not that of the meeting on {day}", (_its_id(command, on),))
    try:
        working = on.pack.calendar().is_working_day(day)
    except BeyondKnownHolidays:
        working = False
    if not working:
        raise Refusal("no-meeting-that-day", f"nobody meets on {day}", ("name a working day",))
    asks = _following(held, day, on.pack)
    if held is None:
        pack = _pack_of(None, day, command.actor)
        yield on.begin(DailyMeeting, MeetingCalled, pack, id=command.undertaking, asks=asks, on=day)
    else:
        yield on.go_on(held, _pack_of(held, day, command.actor), asks=asks)


def _its_id(command: PrepareMeeting, on: Circumstances) -> str:
    return f"{on.pack.authority.name} meets on {command.on} under {meeting_id(command.authority, command.on)}"


def _pack_of(
    held: DailyMeeting | None, day: date, by: Actor | None
) -> tuple[type[UndertakingEvent], dict[str, object]]:
    enquiries, open_tasks = (held.enquiries, held.open_tasks) if held else ((), ())
    count = len(enquiries)
    says = f"{count} {'enquiry' if count == 1 else 'enquiries'}" if count else "no enquiries yesterday"
    ids = tuple(one.enquiry for one in enquiries)
    return MeetingPrepared, {"by": by, "on": day, "enquiries": ids, "says": says, "open_tasks": open_tasks}


def _decide(held: DailyMeeting, command: DecideAtMeeting, on: Circumstances) -> Iterable[Done]:
    presented = held.listed(command.enquiry)
    if presented is None:
        names = (f"decide about {one.reference}" for one in held.undecided())
        raise Refusal("not-at-this-meeting", "that enquiry is not before this meeting", names)
    if str(command.enquiry) in held.decisions:
        raise Refusal("decided", "the meeting has decided about it", ("change it in the contact's record",))
    if command.actor.person == presented.worker:
        raise Refusal("own-work", "nobody decides about the enquiry that they present", ("another manager decides",))
    strand = on.pack.strand(rule_of(on.pack).strand)
    outcome = outcome_of(command.outcome, command.level, strand, on.pack)
    if not (outcome.no_further_action or outcome.creates_referral or outcome.transfers_to):
        _brokered(command, on)
    said = command.model_dump(include={"enquiry", "outcome", "level", "reasons", "plan", "tasks"})
    decision = MeetingDecision(
        contact=command.enquiry,
        meeting=held.id,
        actor=command.actor,
        decided_at=on.at,
        **{name: value for name, value in said.items() if name != "enquiry"},
    )
    tasks = given_out(held, command, presented.reference, on)
    event = {**said, "by": command.actor, "on": held.on, "reference": presented.reference, "tasks": tasks}
    yield on.go_on(held, (EnquiryDecided, event), asks=(decision, *onward(held, tasks, on.pack)))


def _brokered(command: DecideAtMeeting, on: Circumstances) -> None:
    """Support that is brokered has somebody who does it, by a day that has not passed."""
    if not command.tasks:
        allowed = ("say who does what, by when",)
        raise Refusal("no-task", "support is brokered, and nobody has been given anything to do", allowed)
    today = on.pack.calendar().local_day(on.at)
    late = [task.what for task in command.tasks if task.by < today]
    if late:
        raise Refusal("task-in-the-past", f"{len(late)} of the tasks are due before today", ("give days to come",))


def _end(held: DailyMeeting, command: EndMeeting, on: Circumstances) -> Iterable[Done]:
    if open_still := held.undecided():
        why = f"{len(open_still)} of its enquiries have not been decided"
        raise Refusal("undecided", why, (f"decide about {one.reference}" for one in open_still))
    yield on.go_on(held, (MeetingEnded, {"by": command.actor}))


def rule_of(pack: PolicyPack) -> Rule:
    """The pack's daily meeting. Raises Refusal for an authority that has none."""
    if pack.daily_meeting is None:
        why = f"{pack.authority.name} has no daily meeting"
        raise Refusal("no-daily-meeting", why, ("work the contacts on their strands' desktops",))
    return pack.daily_meeting


def _following(held: DailyMeeting | None, day: date, pack: PolicyPack) -> tuple[CallMeeting | CarryTasks, ...]:
    """The next working day's meeting is called with this one's pack, so that there is one on mornings without enquiries too; it
    is given what is still to be done."""
    following = following_day(pack, day)
    if following is None:
        return ()
    authority = pack.authority.id
    call = CallMeeting(undertaking=meeting_id(authority, following), authority=authority, on=following)
    return (call, *(onward(held, held.open_tasks, pack) if held else ()))


DAILY_MEETING: Final = Kind(
    holds=DailyMeeting,
    deciders={
        PutToMeeting: _put,
        TakeFromMeeting: _take,
        CallMeeting: _call,
        MeetingMorning: _morning,
        PrepareMeeting: _prepare,
        DecideAtMeeting: _decide,
        EndMeeting: _end,
        CarryTasks: _carry,
        TickOffTask: tick_off,
        TaskDone: done,
        MeetingDecision: decided,
    },
    after_contact=put_to_meeting,
)
