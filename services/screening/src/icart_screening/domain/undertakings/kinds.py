"""Every kind of undertaking there is."""

from __future__ import annotations

from typing import Final

from icart_common.contracts.base import Message
from icart_screening.domain.undertakings.check import CHECK
from icart_screening.domain.undertakings.daily_meeting_decisions import DAILY_MEETING
from icart_screening.domain.undertakings.decision_chain import DECISION_CHAIN
from icart_screening.domain.undertakings.disagreement import DISAGREEMENT
from icart_screening.domain.undertakings.handover import HANDOVER
from icart_screening.domain.undertakings.profile import PROFILE
from icart_screening.domain.undertakings.screening_tool import SCREENING_TOOL
from icart_screening.domain.undertakings.sharing import SHARING
from icart_screening.domain.undertakings.step_down import STEP_DOWN
from icart_screening.domain.undertakings.step_up_decisions import STEP_UP
from icart_screening.domain.undertakings.strategy_decisions import STRATEGY_DISCUSSION
from icart_screening.domain.undertakings.undertaking import Kind, Undertaking

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
HEARD_BY: Final[dict[type[Message], tuple[Kind, ...]]] = {
    message: tuple(kind for kind in KINDS if message in kind.deciders) for each in KINDS for message in each.deciders
}
"""The kinds that hear a message: one, but for what all that have clocks share."""
BY_NAME: Final[dict[str, Kind]] = {kind.life.kind: kind for kind in KINDS}


def is_heard_by(held: Undertaking, message: Message) -> bool:
    """Whether an undertaking is of a kind that hears such messages."""
    return type(message) in BY_NAME[held.LIFE.kind].deciders


def kind_of(message: Message, held: Undertaking | None) -> Kind:
    """The kind that takes a message: that of what is held, where it is one of those that hear it."""
    kinds = HEARD_BY[type(message)]
    return next((kind for kind in kinds if isinstance(held, kind.holds)), kinds[0])
