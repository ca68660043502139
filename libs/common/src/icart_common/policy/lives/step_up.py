"""The life of a step-up (SC-17, TM-7)."""

from __future__ import annotations

from typing import Final

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
from icart_common.policy.lives.life import Life, Step
from icart_common.policy.lives.standing_still import standing_still

_AGREED: Final = frozenset({"meeting-agreed"})
_ASKED: Final = frozenset({"asked"})
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
        Step(
            StepUpTransferred, _RECOMMENDED, "transferred", "authorise the assessment",
            AuthoriseStepUp, "authorise", own_work=True, contact="closed",
        ),
        Step(
            StepUpOverridden, _ASKED | _AGREED | _RECOMMENDED, "overridden", "put immediate risk first",
            OverrideStepUp, "step-up", anywhere=True,
        ),
        *standing_still(_ASKED | _AGREED | _RECOMMENDED),
    ),
)  # fmt: skip
