"""The life of an authority's chain of managers who decide (SC-16, TM-16). It has no end."""

from __future__ import annotations

from typing import Final

from icart_common.contracts.decisions import (
    DecisionAsked,
    DecisionSettled,
    ManagerAway,
    ManagerBack,
    MarkAway,
    MarkBack,
)
from icart_common.policy.lives.life import Life, Step

_KEPT: Final = frozenset({"kept"})

LIFE: Final = Life(
    kind="decision-chain",
    name="chain of decision",
    states=("kept",),
    ends=frozenset(),
    steps=(
        Step(ManagerAway, frozenset(), "kept", "mark a manager away", MarkAway, "keep-rota"),
        Step(ManagerAway, _KEPT, "kept", "mark a manager away", MarkAway, "keep-rota"),
        Step(ManagerBack, frozenset(), "kept", "mark a manager back", MarkBack, "keep-rota"),
        Step(ManagerBack, _KEPT, "kept", "mark a manager back", MarkBack, "keep-rota"),
        Step(DecisionAsked, frozenset(), "kept", "ask for a decision"),
        Step(DecisionAsked, _KEPT, "kept", "ask for a decision"),
        Step(DecisionSettled, _KEPT, "kept", "take note of a decision"),
    ),
)
