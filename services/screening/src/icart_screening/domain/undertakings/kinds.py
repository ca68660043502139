"""Every kind of undertaking there is."""

from __future__ import annotations

from typing import Final

from icart_common.contracts.base import Message
from icart_screening.domain.undertakings.check import CHECK
from icart_screening.domain.undertakings.daily_meeting import DAILY_MEETING
from icart_screening.domain.undertakings.decision_chain import DECISION_CHAIN
from icart_screening.domain.undertakings.disagreement import DISAGREEMENT
from icart_screening.domain.undertakings.handover import HANDOVER
from icart_screening.domain.undertakings.profile import PROFILE
from icart_screening.domain.undertakings.screening_tool import SCREENING_TOOL
from icart_screening.domain.undertakings.sharing import SHARING
from icart_screening.domain.undertakings.step_down import STEP_DOWN
from icart_screening.domain.undertakings.step_up_decisions import STEP_UP
from icart_screening.domain.undertakings.strategy_decisions import STRATEGY_DISCUSSION
from icart_screening.domain.undertakings.undertaking import Kind

KINDS: Final[tuple[Kind, ...]] = (
    DISAGREEMENT,
    STEP_UP,
    STEP_DOWN,
    CHECK,
    SHARING,
    SCREENING_TOOL,
    PROFILE,
    STRATEGY_DISCUSSION,
    DAILY_MEETING,
    DECISION_CHAIN,
    HANDOVER,
)
KIND_OF: Final[dict[type[Message], Kind]] = {message: kind for kind in KINDS for message in kind.deciders}
"""The kind that hears a message."""
BY_NAME: Final[dict[str, Kind]] = {kind.life.kind: kind for kind in KINDS}
