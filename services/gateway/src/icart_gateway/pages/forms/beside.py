"""The steps of undertakings beside a contact: checks, sharing, step-up and step-down, tools, profiles, disagreements."""

from __future__ import annotations

from typing import Final

from icart_common.contracts.checks import (
    AuthoriseSharing,
    CancelCheck,
    CheckReplied,
    CheckRequested,
    DecideNotToShare,
    RecordCheckAnswer,
    RequestCheck,
    WithdrawSharing,
)
from icart_common.contracts.disagreements import AnswerDisagreement, RaiseDisagreement, RaiseHigher, ResolveDisagreement
from icart_common.contracts.profiles import BeginProfile, CompleteProfile, ProfileBegun, RecordProfileFlag
from icart_common.contracts.screening_tools import RecordScreeningTool
from icart_common.contracts.stepping import (
    AskStepUp,
    AuthoriseStepUp,
    OverrideStepUp,
    RecordStepUpMeeting,
    ReturnStepDown,
    ReviewStepUp,
    StepDown,
    TakeUpStepDown,
)
from icart_gateway.pages.forms.field import YES_NO, Choice, Field
from icart_gateway.pages.forms.step import Scene, Step
from icart_gateway.pages.forms.wording import NEEDS, agencies, grounds, levels, named, outside, people, reason

_WORDS: Final = Field("reasons", "Reasons", "long", "", "Give your reasons")
YES_NO_NOT_KNOWN: Final = (*YES_NO, Choice("not-known", "Not known"))


def _checks(scene: Scene) -> tuple[Choice, ...]:
    return named(scene.pack.checks)


def _check(scene: Scene) -> tuple[Field, ...]:
    rule = scene.pack.check(scene.place.part or scene.pack.checks[0].id)
    asked = tuple(Choice(one.id, one.ask) for one in rule.questions)
    fields = (
        Field("rule", "Check", "fixed", starts_as=rule.id),
        Field("questions", "Which questions?", "choices", "Choose none to ask all of them", choices=asked),
    )
    if rule.asked_of == "worker":
        return fields
    may = agencies(one for one in scene.pack.agencies if rule.may_ask(one))
    return (
        fields[0],
        Field("agencies", "Whom do you ask?", "choices", "", "Choose whom to ask", may),
        fields[1],
        Field(
            "ground",
            "If nobody has given consent, why is it shared?",
            "select",
            "Not needed where consent is recorded",
            choices=grounds(scene),
        ),
        Field("parents_told", "Who told the parents that agencies are asked, and when?", "text"),
    )


def _answer(_scene: Scene) -> tuple[Field, ...]:
    return (
        Field("answer", "What is the answer?", "long", "", "Write the answer"),
        Field("answered_by", "Who gave it?", "text", "Leave it blank if it comes from our own records"),
    )


def _sharing(scene: Scene) -> tuple[Field, ...]:
    return (
        Field("agencies", "Whom may be asked?", "choices", "", "Choose whom may be asked", outside(scene.pack)),
        Field("ground", "On what ground?", "choice", "", "Choose a ground", grounds(scene)),
        _WORDS,
    )


def _not_shared(scene: Scene) -> tuple[Field, ...]:
    return (
        Field("agency", "Whom do you not ask or tell?", "select", "", "Choose the agency", outside(scene.pack)),
        Field("rule", "Which check was it?", "select", "Only if it was one", choices=_checks(scene)),
        Field("ground", "On what ground?", "choice", "", "Choose a ground", named(scene.pack.not_sharing_grounds)),
        _WORDS,
    )


def _ask_step_up(scene: Scene) -> tuple[Field, ...]:
    return (
        Field("agency", "Which agency asks for it?", "select", "", "Choose the agency", outside(scene.pack)),
        Field("lead_professional", "Who is the lead professional?", "text", "", "Name the lead professional"),
    )


def _review(scene: Scene) -> tuple[Field, ...]:
    numbers = (one.number for one in scene.pack.levels)
    return (
        Field("level", "Level of need", "choice", "", "Choose a level of need", levels(scene, numbers)),
        _WORDS,
        Field("advice", "Advice for the group", "long", "If it goes on with its plan"),
    )


def _step_up_meeting(scene: Scene) -> tuple[Field, ...]:
    meeting = scene.pack.stepping.step_up.meeting
    roles = named(scene.pack.role(one) for one in meeting.attended_by) if meeting else ()
    return (
        Field("held_at", "When was it?", "moment", "For example, 16 11 2026 and 14:30", "Say when it was"),
        Field("attended.person", "Who went from the front door?", "text", "Staff number", starts_as=scene.who.person),
        Field("attended.role", "As what?", "choice", "", choices=roles),
        Field("recommendations", "What was recommended?", "lines", "One on each line", "Say what was recommended"),
        Field("assessment", "Is a social work assessment recommended?", "yes-no", "", "Choose yes or no", YES_NO),
        _WORDS,
    )


def _attended(_scene: Scene, said: dict[str, object]) -> dict[str, object]:
    went = said.pop("attended", None)
    whole = isinstance(went, dict) and {"person", "role"} <= went.keys()
    return {**said, "attended": [went]} if whole else said


def _step_down(scene: Scene) -> tuple[Field, ...]:
    everybody = outside(scene.pack)
    plans = named(scene.pack.stepping.step_down.plans)
    return (
        Field("service", "Which service takes it on?", "select", "", "Choose the service", everybody),
        Field("plan_kind", "Which plan?", "choice", "", "Choose the plan", plans),
        Field("plan", "The plan", "long"),
        Field("lead_professional", "Lead professional", "text"),
        Field("lead_agency", "Their agency", "select", choices=everybody),
        Field("because", "Why does it go down?", "long", "", "Say why it goes down"),
        Field("agreed_by", "Who of the family agreed?", "text", "If no consent is recorded"),
    )


def _tools(scene: Scene) -> tuple[Choice, ...]:
    return named(scene.pack.screening_tools)


def _tool(scene: Scene) -> tuple[Field, ...]:
    tools = scene.pack.screening_tools
    tool = next((one for one in tools if one.id == scene.place.part), tools[0] if tools else None)
    if tool is None:
        return ()
    return (
        Field("tool", "Tool", "fixed", starts_as=tool.id),
        *(
            Field(f"answers.{one.id}", one.text, "choice", "", "Choose an answer", YES_NO_NOT_KNOWN)
            for one in tool.questions
        ),
        Field("filled_in_by", "Who filled it in?", "text"),
        Field("filled_in_on", "When?", "day", "For example, 16 11 2026"),
    )


def _profile(scene: Scene) -> tuple[Field, ...]:
    adults = (one for one in scene.record.people if one.role not in ("child", "sibling", "half-sibling"))
    return (Field("adults", "Of which adults?", "choices", "", "Choose the adults", people(scene, adults)),)


def _flag(scene: Scene) -> tuple[Field, ...]:
    """Each flag of the family, and each of every adult: the choice holds both ids."""
    begun = scene.about.last(ProfileBegun)
    adults = begun.adults if isinstance(begun, ProfileBegun) else ()
    names = {one.value: one.label for one in people(scene)}
    flags = scene.pack.profile.flags if scene.pack.profile else ()
    choices = [Choice(f"{one.id}:", one.name, "the family") for one in flags if one.of == "family"]
    choices += [
        Choice(f"{one.id}:{adult}", one.name, names.get(adult, adult))
        for one in flags
        if one.of == "adult"
        for adult in adults
    ]
    answered = _answered(scene)
    which = Field("check", "Which check said it?", "choice", "Choose none when no check did", choices=answered)
    return (
        Field("flag", "What is it about?", "select", "", "Choose what it is about", tuple(choices)),
        Field("answer", "Is it so?", "choice", "", "Choose an answer", YES_NO_NOT_KNOWN),
        Field("source", "Who says so?", "text", "", "Say who says so"),
        *((which,) if answered else ()),
    )


def _answered(scene: Scene) -> tuple[Choice, ...]:
    """The contact's checks that were answered, each with the answer's words and facts."""
    found = []
    for one in scene.record.undertakings.values():
        asked, replied = one.last(CheckRequested), one.last(CheckReplied)
        if isinstance(asked, CheckRequested) and isinstance(replied, CheckReplied):
            facts = (f"{fact.name}: {fact.value}" for fact in replied.facts)
            found.append(Choice(str(one.id), asked.name, "; ".join((replied.answer, *facts))))
    return tuple(found)


def _flagged(_scene: Scene, said: dict[str, object]) -> dict[str, object]:
    flag, _, person = str(said.get("flag", "")).partition(":")
    return {**said, "flag": flag, "person": person or None}


def _disagreement(scene: Scene) -> tuple[Field, ...]:
    return (
        Field("agency", "Which agency disagrees?", "select", "", "Choose the agency", outside(scene.pack)),
        Field("about", "With which decision?", "text", "", "Say with which decision"),
        Field("because", "Why?", "long", "", "Say why it disagrees"),
        Field("wants", "What does it ask for instead?", "long", "", "Say what it asks for"),
    )


def _resolution(_scene: Scene) -> tuple[Field, ...]:
    return (
        Field("resolution", "How was it resolved?", "long", "", "Say how it was resolved"),
        Field("upheld", "Was the agency right in the main?", "yes-no", "", "Choose yes or no", YES_NO),
        Field("learnt", "What is done differently because of it?", "long"),
    )


STEPS: Final = (
    Step(RequestCheck, "Ask for a check", "Ask", "The check has been asked for.", _check, parts=_checks),
    Step(
        RecordCheckAnswer, "Record the answer to a check", "Record the answer", "The answer is in the record.", _answer
    ),
    Step(
        CancelCheck,
        "Cancel a check",
        "Cancel the check",
        "The check has been cancelled.",
        lambda _: (reason("Why is it not needed?", "Say why it is not needed", "The agency is not told why"),),
    ),
    Step(
        AuthoriseSharing,
        "Authorise sharing without the parents' knowledge",
        "Authorise it",
        "Sharing has been authorised.",
        _sharing,
    ),
    Step(
        WithdrawSharing,
        "Take the authorisation to share back",
        "Take it back",
        "The authorisation has been taken back.",
        lambda _: (reason("Why?", "Say why it is taken back"),),
    ),
    Step(
        DecideNotToShare,
        "Decide not to ask or tell an agency",
        "Decide not to share",
        "It is recorded, with the reasons.",
        _not_shared,
    ),
    Step(AskStepUp, "Record a request for a step-up", "Record the request", "The request is recorded.", _ask_step_up),
    Step(ReviewStepUp, "Review a step-up", "Record the review", "The review is recorded.", _review),
    Step(
        RecordStepUpMeeting,
        "Record the step-up meeting",
        "Record the meeting",
        "The meeting is recorded.",
        _step_up_meeting,
        _attended,
    ),
    Step(
        AuthoriseStepUp,
        "Authorise the assessment",
        "Authorise the assessment",
        "The referral has been made.",
        lambda _: (
            Field("need_code", "The child's primary need", "select", "", "Choose the primary need", NEEDS),
            Field("factors", "Factors", "lines", "One on each line"),
        ),
    ),
    Step(
        OverrideStepUp,
        "Put immediate risk first",
        "Put immediate risk first",
        "The case goes straight to safeguarding.",
        lambda _: (Field("because", "What is the risk?", "long", "", "Say what the risk is"),),
        danger=True,
    ),
    Step(StepDown, "Step the case down to early help", "Step it down", "The service has been told.", _step_down),
    Step(
        TakeUpStepDown,
        "The service has taken it up",
        "Record it",
        "It is recorded that the service has it.",
        lambda _: (Field("first_meeting", "When is the first meeting?", "day", "For example, 16 11 2026"),),
    ),
    Step(
        ReturnStepDown,
        "The service gives it back",
        "Record it",
        "It is recorded that the service gave it back.",
        lambda _: (Field("because", "Why?", "long", "", "Say why it comes back"),),
    ),
    Step(
        RecordScreeningTool,
        "Record a screening tool",
        "Record the answers",
        "The tool's answers are recorded.",
        _tool,
        parts=_tools,
    ),
    Step(BeginProfile, "Begin the family's profile", "Begin the profile", "The profile has begun.", _profile),
    Step(RecordProfileFlag, "Record a flag of the profile", "Record it", "It is in the profile.", _flag, _flagged),
    Step(
        CompleteProfile,
        "Complete the profile",
        "Complete the profile",
        "The profile is complete.",
        lambda _: (Field("summary", "What does it come to?", "long", "", "Say what it comes to"),),
    ),
    Step(
        RaiseDisagreement,
        "Record a disagreement",
        "Record the disagreement",
        "The disagreement is with the managers.",
        _disagreement,
    ),
    Step(
        AnswerDisagreement,
        "Answer a disagreement",
        "Record the answer",
        "The answer is recorded.",
        lambda _: (Field("answer", "What is the answer?", "long", "", "Write the answer"),),
    ),
    Step(
        RaiseHigher,
        "Raise a disagreement to the board",
        "Raise it to the board",
        "The board has been asked.",
        lambda _: (Field("because", "Why is the answer not enough?", "long", "", "Say why the answer is not enough"),),
    ),
    Step(
        ResolveDisagreement,
        "Record how a disagreement was resolved",
        "Record it",
        "The disagreement is resolved.",
        _resolution,
    ),
)
