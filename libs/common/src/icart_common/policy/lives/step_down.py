"""The life of a step-down to early help (SC-18)."""

from __future__ import annotations

from typing import Final

from icart_common.contracts.stepping import (
    ReturnStepDown,
    StepDown,
    StepDownReturned,
    StepDownTakenUp,
    SteppedDown,
    TakeUpStepDown,
)
from icart_common.policy.lives.life import Life, Step

_OFFERED: Final = frozenset({"offered"})

LIFE: Final = Life(
    kind="step-down",
    name="step-down",
    states=("offered", "taken-up", "returned"),
    ends=frozenset({"taken-up", "returned"}),
    steps=(
        Step(SteppedDown, frozenset(), "offered", "step the case down", StepDown, "step-down", contact="closed"),
        Step(StepDownTakenUp, _OFFERED, "taken-up", "record that the service has it", TakeUpStepDown, "record"),
        Step(StepDownReturned, _OFFERED, "returned", "record that the service gives it back", ReturnStepDown, "record"),
    ),
)
