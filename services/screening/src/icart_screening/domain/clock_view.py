"""How a clock stands, by what the timers service said of it. Merging is the same in whatever order things are heard."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from icart_common.contracts.base import Instant, Part
from icart_common.contracts.timers import (
    ClockBreached,
    ClockCancelled,
    ClockEvent,
    ClockMet,
    ClockMoved,
    ClockPaused,
    ClockResumed,
    ClockStarted,
    ClockWarned,
)

State = Literal["running", "breached", "paused", "met", "met-late", "cancelled"]
_RANK: dict[State, int] = {"running": 0, "paused": 1, "breached": 2, "met": 3, "met-late": 4, "cancelled": 5}
_ENDED = {"met", "met-late", "cancelled"}


class Standing(Part):
    """A state and when it began."""

    state: State
    at: Instant

    def key(self) -> tuple[bool, datetime, int]:
        """What is later wins; a clock that has ended stays ended."""
        return self.state in _ENDED, self.at, _RANK[self.state]


class Due(Part):
    """When the clock is due, how that came about, and when it was worked out."""

    due_at: Instant
    sum: str = ""
    at: Instant

    def key(self) -> tuple[datetime, bool, str, datetime]:
        """What was worked out last wins; of two at once, the one that brings its sum."""
        return self.at, bool(self.sum), self.sum, self.due_at


class ClockView(Part):
    """A clock as a desktop shows it. An empty view is a clock of which nothing was heard."""

    standing: Standing | None = None
    due: Due | None = None
    warned: float = 0.0
    """The largest fraction of its time at which it has warned."""
    breached: bool = False


def seen(event: ClockEvent, at: datetime) -> ClockView:
    """What one event says by itself; `at` is the event's own time."""
    match event:
        case ClockStarted():
            return _view("running", at, Due(due_at=event.due_at, sum=event.sum, at=at))
        case ClockResumed():
            return _view("running", event.resumed_at, Due(due_at=event.due_at, sum=event.sum, at=event.resumed_at))
        case ClockMoved():
            return ClockView(due=Due(due_at=event.due_at, sum=event.sum, at=event.moved_at))
        case ClockWarned():
            return ClockView(warned=event.fraction)
        case ClockBreached():
            return _view("breached", at, None).model_copy(update={"breached": True})
        case ClockPaused():
            return _view("paused", event.paused_at, None)
        case ClockMet():
            return _view("met-late" if event.late else "met", event.met_at, None)
        case ClockCancelled():
            return _view("cancelled", event.cancelled_at, None)
        case _:
            return ClockView()


def merge(one: ClockView, other: ClockView) -> ClockView:
    """Both together. Commutative, associative, and nothing is counted twice."""
    standings = [view.standing for view in (one, other) if view.standing]
    dues = [view.due for view in (one, other) if view.due]
    return ClockView(
        standing=max(standings, key=Standing.key, default=None),
        due=max(dues, key=Due.key, default=None),
        warned=max(one.warned, other.warned),
        breached=one.breached or other.breached,
    )


def _view(state: State, at: datetime, due: Due | None) -> ClockView:
    return ClockView(standing=Standing(state=state, at=at), due=due)
