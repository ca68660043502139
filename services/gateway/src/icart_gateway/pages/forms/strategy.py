"""The steps of strategy discussions (SC-14, TM-6)."""

from __future__ import annotations

from typing import Final

from icart_common.contracts.strategy import (
    CallOffStrategyDiscussion,
    CloseStrategyDiscussion,
    DecideStrategyDiscussion,
    HoldStrategyDiscussion,
    InviteToStrategyDiscussion,
    NoteStrategyAction,
    ReconveneStrategyDiscussion,
    RecordStrategyAttendance,
    SettleStrategyAction,
    ShareForStrategyDiscussion,
    StrategyActionNoted,
    StrategyActionSettled,
    StrategyPartnersInvited,
)
from icart_common.policy.wording import day_in_words
from icart_gateway.pages.forms.field import Choice, Field
from icart_gateway.pages.forms.step import Scene, Step
from icart_gateway.pages.forms.wording import grounds, named, outside

_WHY: Final = Field("because", "Why?", "long", "", "Say why")


def _by_case(scene: Scene) -> Field:
    partners = named(one for one in scene.pack.strategy.partners if one.needed == "by-case")
    return Field("also", "Who is needed beside those who always are?", "choices", choices=partners)


def _reconvene(scene: Scene) -> tuple[Field, ...]:
    held = tuple(
        Choice(str(one.id), f"The discussion decided on {day_in_words(one.said[0].at.date())}")
        for one in scene.record.undertakings.values()
        if one.life.kind == "strategy-discussion" and one.state != "decided"
    )
    return (
        Field("undertaking", "Which discussion does it follow?", "choice", "", "Choose the discussion", held),
        _WHY,
        _by_case(scene),
    )


def _seats(scene: Scene) -> tuple[Choice, ...]:
    """Each seat with each agency that may take it: the choice holds both ids."""
    referrer = scene.record.opened.agency if scene.record.opened else None
    found = []
    for partner in scene.pack.strategy.partners:
        if partner.ourselves:
            found.append(Choice(f"{partner.id}:", partner.name, "our own social care"))
        found += [
            Choice(f"{partner.id}:{agency.id}", partner.name, agency.name)
            for agency in scene.pack.agencies
            if partner.seats(agency, referrer)
        ]
    return tuple(found)


def _seat(value: object) -> dict[str, object]:
    partner, _, agency = str(value).partition(":")
    return {"partner": partner, "agency": agency or None}


def _invite(scene: Scene) -> tuple[Field, ...]:
    return (
        Field(
            "seats",
            "Who is asked to come?",
            "choices",
            "Each is told the child, the time and the place, and nothing else",
            "Choose who is asked",
            _seats(scene),
        ),
        Field("meets_at", "When?", "moment", "For example, 16 11 2026 and 14:30", "Say when it is"),
        Field("how", "Where, or by which means?", "text", "", "Say where, or by which means"),
        _by_case(scene),
    )


def _seats_asked(_scene: Scene, said: dict[str, object]) -> dict[str, object]:
    seats = said.get("seats")
    return {**said, "seats": [_seat(one) for one in seats]} if isinstance(seats, list) else said


def _share(scene: Scene) -> tuple[Field, ...]:
    invited = [one for one in scene.about.said if isinstance(one, StrategyPartnersInvited)]
    asked = {seat.agency for one in invited for seat in one.seats if seat.agency}
    choices = tuple(one for one in outside(scene.pack) if one.value in asked)
    return (
        Field(
            "agency", "Which agency?", "choice", "Agencies that have been asked to come", "Choose the agency", choices
        ),
        Field(
            "information", "What is it told?", "long", "Only what it needs for the discussion", "Write what it is told"
        ),
        Field(
            "ground",
            "On what ground?",
            "choice",
            "",
            "Choose a ground",
            (Choice("consent", "With consent"), *grounds(scene)),
        ),
    )


def _attendance(scene: Scene) -> tuple[Field, ...]:
    took_part = (
        Choice("came", "They came"),
        Choice("by-telephone", "They were asked by telephone"),
        Choice("absent", "They stayed away"),
    )
    return (
        Field(
            "seat",
            "Who?",
            "select",
            "",
            "Choose who",
            _seats(scene),
        ),
        Field("took_part", "Did they take part?", "choice", "", "Choose whether they took part", took_part),
        Field("who", "Name or post", "text"),
        Field("brought", "What did they know?", "long"),
    )


def _one_seat(_scene: Scene, said: dict[str, object]) -> dict[str, object]:
    return {**said, "seat": _seat(said.get("seat", ""))}


def _actions(scene: Scene, *, open_only: bool) -> tuple[Choice, ...]:
    noted = {one.number: one for one in scene.about.said if isinstance(one, StrategyActionNoted)}
    settled = {one.number for one in scene.about.said if isinstance(one, StrategyActionSettled)}
    return tuple(
        Choice(str(number), f"{number}. {one.what}")
        for number, one in sorted(noted.items())
        if not open_only or number not in settled
    )


def _note(scene: Scene) -> tuple[Field, ...]:
    return (
        Field(
            "number", "Which action?", "select", "Choose none for a new one", choices=_actions(scene, open_only=False)
        ),
        Field("what", "What is to be done?", "long", "", "Say what is to be done"),
        Field(
            "owner.agency", "Who does it: agency", "select", "Choose none for ourselves", choices=outside(scene.pack)
        ),
        Field("owner.who", "Who does it: person or post", "text", "The discussion cannot be closed without one"),
        Field("due", "By when?", "day", "For example, 16 11 2026. The discussion cannot be closed without a day"),
    )


def _settle(scene: Scene) -> tuple[Field, ...]:
    how = (Choice("done", "It has been done"), Choice("withdrawn", "It is not wanted any more"))
    return (
        Field("number", "Which action?", "choice", "", "Choose the action", _actions(scene, open_only=True)),
        Field("how", "What became of it?", "choice", "", "Choose what became of it", how),
        Field("note", "Note", "long", "", "Say what was done, or why it is not wanted"),
    )


def _close(_scene: Scene) -> tuple[Field, ...]:
    outcomes = (
        Choice("s47-single", "Enquiries under section 47, by social care alone"),
        Choice("s47-joint", "Enquiries under section 47, together with the police"),
        Choice("no-s47", "No enquiries under section 47"),
    )
    return (
        Field("outcome", "What was decided?", "choice", "", "Choose what was decided", outcomes),
        Field("reasons", "Reasons", "long", "Everybody who was asked gets the record", "Give your reasons"),
    )


STEPS: Final = (
    Step(
        DecideStrategyDiscussion,
        "Decide a strategy discussion",
        "Decide a strategy discussion",
        "A strategy discussion is to be held within 24 hours.",
        lambda scene: (_WHY, _by_case(scene)),
    ),
    Step(
        ReconveneStrategyDiscussion,
        "Reconvene a strategy discussion",
        "Reconvene it",
        "Another discussion is to be held.",
        _reconvene,
    ),
    Step(
        InviteToStrategyDiscussion,
        "Ask partners to the strategy discussion",
        "Ask them to come",
        "They have been asked to come.",
        _invite,
        _seats_asked,
    ),
    Step(ShareForStrategyDiscussion, "Give a partner what it needs", "Share it", "It has been shared.", _share),
    Step(RecordStrategyAttendance, "Record who took part", "Record it", "It is recorded.", _attendance, _one_seat),
    Step(NoteStrategyAction, "Note an agreed action", "Note the action", "The action is noted.", _note),
    Step(SettleStrategyAction, "Settle an action", "Settle the action", "The action is settled.", _settle),
    Step(
        HoldStrategyDiscussion,
        "Record that the discussion was held",
        "Record it",
        "It is recorded that it was held.",
        lambda _: (Field("held_at", "When was it?", "moment", "For example, 16 11 2026 and 14:30", "Say when it was"),),
    ),
    Step(
        CallOffStrategyDiscussion,
        "Call the strategy discussion off",
        "Call it off",
        "The discussion is called off, and whoever was asked hears of it.",
        lambda _: (Field("reasons", "Why does it not take place?", "long", "", "Say why it does not take place"),),
    ),
    Step(
        CloseStrategyDiscussion,
        "Close the strategy discussion",
        "Close the discussion",
        "The discussion is closed, and everybody gets the record.",
        _close,
    ),
)
