"""What daily meetings gave somebody to do: it stands in the packs of the next ones until it is ticked off (SC-15)."""

from __future__ import annotations

from collections.abc import Iterable

from icart_common.contracts.ids import derived_id
from icart_common.contracts.meetings import (
    CarryTasks,
    DecideAtMeeting,
    GivenTask,
    TaskDone,
    TasksCarried,
    TaskTickedOff,
    TickOffTask,
    meeting_id,
)
from icart_common.policy.pack import PolicyPack
from icart_common.policy.wording import day_in_words
from icart_screening.domain.refusal import Refusal
from icart_screening.domain.undertakings.daily_meeting import DailyMeeting, following_day
from icart_screening.domain.undertakings.undertaking import Circumstances, Done


def given_out(held: DailyMeeting, command: DecideAtMeeting, reference: str, on: Circumstances) -> tuple[GivenTask, ...]:
    """The tasks of a decision, each with an id that follows from the command's."""
    assert held.on is not None, "a meeting that decides has a day"
    return tuple(
        GivenTask(
            **task.model_dump(),
            task=derived_id(on.at, on.because, "task", number),
            given_on=held.on,
            enquiry=command.enquiry,
            reference=reference,
        )
        for number, task in enumerate(command.tasks)
    )


def onward(held: DailyMeeting, tasks: tuple[GivenTask, ...], pack: PolicyPack) -> tuple[CarryTasks, ...]:
    """The tasks on their way to the next meeting; nothing when there are none, or no holidays are known for its day."""
    following = following_day(pack, held.on)
    if not tasks or following is None:
        return ()
    where = meeting_id(held.authority, following)
    return (CarryTasks(undertaking=where, authority=held.authority, on=following, tasks=tasks),)


def carry(held: DailyMeeting, tasks: tuple[GivenTask, ...], on: Circumstances) -> Iterable[Done]:
    """Take over what earlier meetings gave out. A pack that has been made stays as it is: then the next one is told as well."""
    known = {one.task for one in held.open_tasks}
    new = tuple(one for one in tasks if one.task not in known)
    if new:
        asks = () if held.state == "gathering" else onward(held, new, on.pack)
        yield on.go_on(held, (TasksCarried, {"tasks": new}), asks=asks)


def tick_off(held: DailyMeeting, command: TickOffTask, on: Circumstances) -> Iterable[Done]:
    """A task is done. It is ticked off at the meeting that gave it; those that took it over are told."""
    task = next((one for one in held.open_tasks if one.task == command.task), None)
    if task is None:
        names = tuple(f"tick off {one.task} ({one.reference})" for one in held.open_tasks if one.given_on == held.on)
        why = "none of this meeting's open tasks has that id"
        raise Refusal("unknown-task", why, names or ("nothing: all of its tasks are done",))
    if task.given_on != held.on:
        fix = f"tick it off at the meeting of {day_in_words(task.given_on)}"
        raise Refusal("of-another-meeting", "another meeting gave it", (fix,))
    said = TaskDone(undertaking=held.id, authority=held.authority, task=command.task, by=command.actor)
    yield _ticked(held, said, on)


def done(held: DailyMeeting | None, said: TaskDone, on: Circumstances) -> Iterable[Done]:
    """A task of an earlier meeting is done; whoever took it over from here is told as well."""
    if held and any(one.task == said.task for one in held.open_tasks):
        yield _ticked(held, said, on)


def _ticked(held: DailyMeeting, said: TaskDone, on: Circumstances) -> Done:
    following = None if held.state == "gathering" else following_day(on.pack, held.on)
    asks = (
        (said.model_copy(update={"undertaking": meeting_id(held.authority, following)}),)
        if following is not None
        else ()
    )
    return on.go_on(held, (TaskTickedOff, {"task": said.task, "by": said.by}), asks=asks)
