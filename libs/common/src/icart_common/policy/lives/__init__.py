"""The lives of contacts and undertakings as data: states, steps, who may take them, which clocks they are for (decision 0013).

Whoever shows what can be done next needs no service for it; the service that carries it out asks the same data. `life` is an
undertaking's, `contact` a contact's, every other module is one kind's.
"""

from __future__ import annotations

from typing import Final

from icart_common.policy.lives import (
    check,
    daily_meeting,
    decision_chain,
    disagreement,
    handover,
    profile,
    screening_tool,
    sharing,
    step_down,
    step_up,
    strategy_discussion,
)
from icart_common.policy.lives.life import Life

LIVES: Final[tuple[Life, ...]] = (
    disagreement.LIFE,
    step_up.LIFE,
    step_down.LIFE,
    check.LIFE,
    sharing.LIFE,
    screening_tool.LIFE,
    profile.LIFE,
    strategy_discussion.LIFE,
    daily_meeting.LIFE,
    decision_chain.LIFE,
    handover.LIFE,
)
"""Of every kind of undertaking, in the order in which the docs list them."""
LIFE_OF: Final[dict[str, Life]] = {life.kind: life for life in LIVES}
"""By the kind: `check`."""
