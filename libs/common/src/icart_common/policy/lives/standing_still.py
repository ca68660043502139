"""The steps that every life with clocks shares: they stand still, and run on, where the pack lets them (section 8)."""

from __future__ import annotations

from collections.abc import Iterable

from icart_common.contracts.standing_still import (
    PauseUndertakingClocks,
    ResumeUndertakingClocks,
    UndertakingClocksPaused,
    UndertakingClocksResumed,
)
from icart_common.policy.lives.life import Step


def standing_still(states: Iterable[str]) -> tuple[Step, ...]:
    """The two steps, in the states in which the life goes on. Which clocks may pause, the pack says of each."""
    held = frozenset(states)
    return (
        Step(
            UndertakingClocksPaused, held, None, "let its clocks stand still",
            PauseUndertakingClocks, "pause-clocks",
        ),
        Step(
            UndertakingClocksResumed, held, None, "let its clocks run on",
            ResumeUndertakingClocks, "pause-clocks",
        ),
    )  # fmt: skip
