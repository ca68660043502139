"""The lives of contacts and undertakings as data: states, steps, who may take them, which clocks they are for (decision 0013).

Whoever shows what can be done next needs no service for it; the service that carries it out asks the same data. `life` is an
undertaking's, `contact` a contact's, every other module is one kind's.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from icart_common.contracts.undertakings import UndertakingEvent
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
_LIVES_WITH: Final[defaultdict[type[UndertakingEvent], list[Life]]] = defaultdict(list)
for _life in LIVES:
    for _event in dict.fromkeys(step.event for step in _life.steps):
        _LIVES_WITH[_event].append(_life)
LIFE_WITH: Final[dict[type[UndertakingEvent], Life]] = {
    event: lives[0] for event, lives in _LIVES_WITH.items() if len(lives) == 1
}
"""By an event that is said in one life alone; what several lives share (their clocks stand still) begins none."""
UNDERTAKING_EVENTS: Final[frozenset[type[UndertakingEvent]]] = frozenset(_LIVES_WITH)
"""Everything that is said of undertakings."""
