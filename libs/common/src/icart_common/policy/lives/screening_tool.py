"""The life of a screening tool: it is recorded, and stays (SC-21)."""

from __future__ import annotations

from typing import Final

from icart_common.contracts.screening_tools import RecordScreeningTool, ScreeningToolRecorded
from icart_common.policy.lives.life import Life, Step

LIFE: Final = Life(
    kind="screening-tool",
    name="screening tool",
    states=("recorded",),
    ends=frozenset({"recorded"}),
    steps=(
        Step(
            ScreeningToolRecorded, frozenset(), "recorded", "record it",
            RecordScreeningTool, "record", contact="open",
        ),
    ),
)  # fmt: skip
