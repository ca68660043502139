"""Step-up of an early-help case: reviewed, advice or a meeting, what that recommends, the referral (SC-17, TM-7; S1)."""

from __future__ import annotations

from typing import ClassVar, Final

from icart_common.contracts.base import Actor
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
from icart_screening.domain.undertakings.life import Life, Step
from icart_screening.domain.undertakings.undertaking import Undertaking

_ASKED: Final = frozenset({"asked"})
_AGREED: Final = frozenset({"meeting-agreed"})
_RECOMMENDED: Final = frozenset({"assessment-recommended"})

LIFE: Final = Life(
    kind="step-up",
    name="step-up",
    states=(
        "asked", "meeting-agreed", "assessment-recommended",
        "advised", "plan-continues", "transferred", "overridden",
    ),
    ends=frozenset({"advised", "plan-continues", "transferred", "overridden"}),
    steps=(
        Step(StepUpAsked, frozenset(), "asked", "record that it is asked for", AskStepUp, "record"),
        Step(StepUpAdvised, _ASKED, "advised", "review it and advise", ReviewStepUp, "step-up"),
        Step(
            StepUpAgreed, _ASKED, "meeting-agreed", "review it and agree to a meeting",
            ReviewStepUp, "step-up", ("step_up_agreed",),
        ),
        Step(
            StepUpMet, _AGREED, "assessment-recommended", "record the meeting",
            RecordStepUpMeeting, "step-up", ("step_up_met",),
        ),
        Step(StepUpPlanContinues, _RECOMMENDED, "plan-continues", "go on with the plan"),
        Step(StepUpTransferred, _RECOMMENDED, "transferred", "authorise the assessment", AuthoriseStepUp, "authorise"),
        Step(
            StepUpOverridden, _ASKED | _AGREED | _RECOMMENDED, "overridden", "put immediate risk first", OverrideStepUp,
        ),
    ),
)  # fmt: skip


class StepUp(Undertaking):
    """One group's request to step one case up."""

    LIFE: ClassVar[Life] = LIFE

    agency: str = ""
    lead_professional: str | None = None
    reference: str = ""
    """The contact's."""
    level: int | None = None
    reasons: str | None = None
    advice: str | None = None
    attended: tuple[Actor, ...] = ()
    recommendations: tuple[str, ...] = ()
    recommended_by: Actor | None = None
    referral: str | None = None

    def after(self, event: object) -> dict[str, object]:
        """What an event changes in it."""
        match event:
            case StepUpAsked():
                return event.model_dump(include={"agency", "lead_professional", "reference"})
            case StepUpAdvised():
                return event.model_dump(include={"level", "reasons", "advice"})
            case StepUpAgreed():
                return event.model_dump(include={"level", "reasons"})
            case StepUpMet():
                said = {"attended": event.attended, "recommendations": event.recommendations}
                return {**said, "recommended_by": event.by, "reasons": event.reasons}
            case StepUpTransferred():
                return {"referral": str(event.referral)}
            case _:
                return {}
