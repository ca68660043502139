"""The steps of undertakings that belong to no contact: the daily meeting, nights' handovers, who is away (SC-15, SC-16, ED-5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final
from uuid import UUID

from icart_common.contracts.decisions import MarkAway, MarkBack, chain_id
from icart_common.contracts.handover import (
    AcceptItem,
    AlertNightTeam,
    HandedOver,
    ItemAccepted,
    NightAlertRaised,
    ReportNight,
    handover_id,
)
from icart_common.contracts.meetings import (
    DecideAtMeeting,
    EndMeeting,
    MeetingCalled,
    PrepareMeeting,
    TickOffTask,
    meeting_id,
)
from icart_common.policy.wording import day_in_words, london_day
from icart_gateway.pages.forms.field import Choice, Field
from icart_gateway.pages.forms.step import Scene, Step
from icart_gateway.pages.forms.wording import levels, named
from icart_gateway.reading.meeting import meeting

_TASKS: Final = 6
_WHEN: Final = "For example, 16 11 2026 and 14:30"


def _today(scene: Scene) -> str:
    return london_day(scene.now).strftime("%d/%m/%Y")


def _of_day(
    name: str, identify: Callable[[str, date], UUID]
) -> Callable[[Scene, dict[str, object]], dict[str, object]]:
    """The undertaking of the day that a field names."""

    def shape(scene: Scene, said: dict[str, object]) -> dict[str, object]:
        day = date.fromisoformat(str(said[name])) if name in said else london_day(scene.now)
        return {**said, "undertaking": identify(scene.who.authority, day)}

    return shape


def _prepare(scene: Scene) -> tuple[Field, ...]:
    return (
        Field("on", "Of which day?", "day", "For example, 16 11 2026", "Say of which day", starts_as=_today(scene)),
    )


def _decide(scene: Scene) -> tuple[Field, ...]:
    pack = scene.pack
    strand = pack.strand(pack.daily_meeting.strand) if pack.daily_meeting else pack.strands[0]
    outcomes = [pack.outcome(one) for one in strand.outcomes]
    open_ones = tuple(
        Choice(str(one.presented.enquiry), one.presented.outline.child or "name not known", one.presented.reference)
        for one in meeting(scene.about.said).enquiries
        if one.decided is None and one.presented.enquiry not in scene.hidden
    )
    return (
        Field("enquiry", "Which enquiry?", "choice", "", "Choose the enquiry", open_ones),
        Field(
            "outcome",
            "What is decided?",
            "choice",
            "",
            "Choose what is decided",
            named(one for one in outcomes if not one.opened_in_error),
        ),
        Field(
            "level",
            "Level of need",
            "choice",
            "",
            "Choose a level of need",
            levels(scene, {*strand.levels, *(one.level for one in outcomes)}),
        ),
        Field("reasons", "Reasons", "long", "", "Give your reasons"),
        Field("plan", "The plan", "long", "", "Write the plan"),
        *_task_fields(),
    )


def _task_fields() -> tuple[Field, ...]:
    return tuple(
        field
        for number in range(1, _TASKS + 1)
        for field in (
            Field(f"tasks.{number}.what", f"Task {number}: what is done"),
            Field(f"tasks.{number}.owner", f"Task {number}: who does it"),
            Field(f"tasks.{number}.by", f"Task {number}: by when", "day", "For example, 16 11 2026"),
        )
    )


def _tasks(_scene: Scene, said: dict[str, object]) -> dict[str, object]:
    tasks = said.pop("tasks", None)
    return {**said, "tasks": [tasks[number] for number in sorted(tasks)]} if isinstance(tasks, dict) else said


def _tick_off(scene: Scene) -> tuple[Field, ...]:
    """Of the open tasks those that this meeting gave out: the others are ticked off at theirs."""
    called = scene.about.last(MeetingCalled)
    own = tuple(
        Choice(str(one.task), one.what, f"{one.owner}, by {day_in_words(one.by)}, {one.reference}")
        for one in meeting(scene.about.said).open_tasks
        if isinstance(called, MeetingCalled) and one.given_on == called.on and one.enquiry not in scene.hidden
    )
    return (Field("task", "Which task is done?", "choice", "", "Choose the task that is done", own),)


def _alert(scene: Scene) -> tuple[Field, ...]:
    return (
        Field(
            "night",
            "Which night? The day on whose evening it begins",
            "day",
            "For example, 16 11 2026",
            "Say which night",
            starts_as=_today(scene),
        ),
        Field("about", "Reference of the contact or case", "text", "No name", "Give the reference"),
        Field("alert", "What should the night team know?", "long", "", "Write what the night team should know"),
    )


def _accept(scene: Scene) -> tuple[Field, ...]:
    said = scene.about.said
    accepted = {one.item for one in said if isinstance(one, ItemAccepted)}
    items = {
        one.by_night.item: Choice(str(one.by_night.item), one.by_night.reference, one.by_night.kind.replace("-", " "))
        for one in said
        if isinstance(one, HandedOver)
    }
    items |= {one.item: Choice(str(one.item), one.about, "alert") for one in said if isinstance(one, NightAlertRaised)}
    waiting = tuple(choice for item, choice in items.items() if item not in accepted)
    return (
        Field(
            "item",
            "What do you take on?",
            "choice",
            "It is yours, by name, from then on",
            "Choose what you take on",
            waiting,
        ),
    )


def _report(scene: Scene) -> tuple[Field, ...]:
    return (
        Field(
            "night",
            "Which night? The day on whose evening it began",
            "day",
            "For example, 16 11 2026",
            "Say which night",
        ),
    )


def _away(scene: Scene) -> tuple[Field, ...]:
    anew = f"Now or ahead. {_WHEN}. To correct an absence, mark it again: it takes the place of those that it overlaps"
    return (
        *_manager(scene),
        Field("since", "From when?", "moment", anew, "Say from when"),
        Field("until", "Until when?", "moment", _WHEN, "Say until when"),
    )


def _back(scene: Scene) -> tuple[Field, ...]:
    ahead = f"Leave it blank when they are here from now on. {_WHEN}; of whole days 00:00"
    return (*_manager(scene), Field("absence", "Is an absence ahead taken back? When does it begin?", "moment", ahead))


def _manager(scene: Scene) -> tuple[Field, ...]:
    chain = {
        stage.role or strand.manager_role for stage in scene.pack.decision_chain.stages for strand in scene.pack.strands
    }
    roles = named(one for one in scene.pack.roles if one.id in chain)
    return (
        Field("person", "Who?", "text", "Staff number", "Give the staff number"),
        Field("role", "As what?", "choice", "", "Choose the post", roles),
    )


def _chain(scene: Scene, said: dict[str, object]) -> dict[str, object]:
    return {**said, "undertaking": chain_id(scene.who.authority)}


STEPS: Final = (
    Step(
        PrepareMeeting,
        "Make the pack of the daily meeting",
        "Make the pack",
        "The pack has been made.",
        _prepare,
        _of_day("on", meeting_id),
    ),
    Step(
        DecideAtMeeting,
        "Record what the meeting decided",
        "Record the decision",
        "The decision is on its way to the contact.",
        _decide,
        _tasks,
    ),
    Step(
        TickOffTask,
        "Tick off a task",
        "Tick it off",
        "It is done: the next packs leave it out.",
        _tick_off,
    ),
    Step(EndMeeting, "End the meeting", "End the meeting", "The meeting has ended."),
    Step(
        AlertNightTeam,
        "Alert the night team",
        "Alert the night team",
        "The night team has been alerted.",
        _alert,
        _of_day("night", handover_id),
    ),
    Step(AcceptItem, "Take on an item of the night", "Take it on", "It is yours.", _accept),
    Step(
        ReportNight,
        "Make the morning report",
        "Make the report",
        "The report has been made.",
        _report,
        _of_day("night", handover_id),
    ),
    Step(
        MarkAway,
        "Mark a manager away, now or ahead",
        "Mark them away",
        "It is recorded: their turn is skipped then.",
        _away,
        _chain,
    ),
    Step(
        MarkBack,
        "Mark a manager back, or take back an absence ahead",
        "Mark them back",
        "It is recorded: decisions reach them again.",
        _back,
        _chain,
    ),
)
