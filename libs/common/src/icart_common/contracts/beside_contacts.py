"""What screening is asked and says beside the life of a contact itself: by its subjects, gathered for the catalogue."""

from __future__ import annotations

from typing import Final

from icart_common.contracts import (
    at_once,
    checks,
    corrections,
    decisions,
    disagreements,
    handover,
    meetings,
    profiles,
    screening_tools,
    standing_still,
    stepping,
    strategy,
)
from icart_common.contracts.base import Message

COMMANDS: Final[tuple[type[Message], ...]] = (
    *corrections.COMMANDS,
    *standing_still.COMMANDS,
    *disagreements.COMMANDS,
    *stepping.COMMANDS,
    *checks.COMMANDS,
    screening_tools.RecordScreeningTool,
    *profiles.COMMANDS,
    *at_once.COMMANDS,
    *strategy.COMMANDS,
    *meetings.COMMANDS,
    *decisions.COMMANDS,
    *handover.COMMANDS,
)
EVENTS: Final[tuple[type[Message], ...]] = (
    corrections.RecordCorrected,
    *standing_still.EVENTS,
    *disagreements.EVENTS,
    *stepping.EVENTS,
    *checks.EVENTS,
    screening_tools.ScreeningToolRecorded,
    *profiles.EVENTS,
    *at_once.EVENTS,
    *strategy.EVENTS,
    *meetings.EVENTS,
    *decisions.EVENTS,
    *handover.EVENTS,
)
