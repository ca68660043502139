"""A clock's state, and the one thing that it does by itself: warn and breach when its instants come."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

from icart_common.contracts.ids import uuid_of
from icart_common.contracts.timers import ClockBreached, ClockWarned

State = Literal["running", "paused", "met", "cancelled"]


class Clock(NamedTuple):
    """One clock. All instants in UTC. Its fields are the columns of its row, in their order.

    A named tuple and not a pydantic model: thousands are read back in one firing, from columns that hold what this code wrote.
    """

    id: UUID
    partition: int
    """The partition of `commands.timers` on which it was started; whoever is assigned that partition fires it."""
    authority: str
    pack_version: str
    rule: str
    owner: str
    subject: UUID
    correlation: UUID
    """What its start belonged to: its warnings and its breach belong to the same."""
    received_at: datetime
    """When what it times arrived: what it is counted from again after a pause, or when a calendar changes."""
    counted_from: datetime
    """`received_at`, or the next opening after it."""
    due_at: datetime
    sum: str
    warns_at: tuple[datetime, ...]
    fractions: tuple[float, ...]
    """The share of the allowance that is used at each of `warns_at`."""
    counted_on: str
    """The mark of the calendar that it was counted on; `nothing` when its rule is in no pack any more."""
    warned: int = 0
    """How many of its warnings it has given."""
    breached: bool = False
    state: State = "running"
    paused_at: datetime | None = None
    pauses: tuple[tuple[datetime, datetime], ...] = ()
    ended_at: datetime | None = None

    @property
    def over(self) -> bool:
        return self.ended_at is not None

    @property
    def next_at(self) -> datetime | None:
        """When it next warns or breaches; None when it has done so, stands still or is over."""
        if self.state != "running" or self.breached:
            return None
        return self.warns_at[self.warned] if self.warned < len(self.warns_at) else self.due_at


class Firing(NamedTuple):
    """A warning or a breach, with the instant at which it was due and the id of what causes it."""

    message: ClockWarned | ClockBreached
    at: datetime
    cause: UUID
    """Follows from the clock and which of its firings this is: the same firing is always said with the same id."""
    correlation: UUID


def fire(clock: Clock, until: datetime) -> tuple[Clock, tuple[Firing, ...]]:
    """Everything that `clock` has to say at or before `until`, in order, each once; warnings come before the breach."""
    if (first := clock.next_at) is None or first > until:
        return clock, ()
    fired: list[Firing] = []
    warned = clock.warned
    while warned < len(clock.warns_at) and clock.warns_at[warned] <= until:
        fired.append(_warning(clock, warned))
        warned += 1
    breached = clock.due_at <= until
    if breached:
        fired.append(_breach(clock))
    return clock._replace(warned=warned, breached=breached), tuple(fired)


def _warning(clock: Clock, number: int) -> Firing:
    at = clock.warns_at[number]
    message = ClockWarned(
        clock=clock.id,
        authority=clock.authority,
        pack_version=clock.pack_version,
        rule=clock.rule,
        owner=clock.owner,
        subject=clock.subject,
        due_at=clock.due_at,
        warned_at=at,
        fraction=clock.fractions[number],
    )
    # The clock's own id is its breach's cause; its last bits, which are random, tell its warnings apart.
    return Firing(message, at, uuid_of(clock.id.int ^ (number + 1)), clock.correlation)


def _breach(clock: Clock) -> Firing:
    message = ClockBreached(
        clock=clock.id,
        authority=clock.authority,
        pack_version=clock.pack_version,
        rule=clock.rule,
        owner=clock.owner,
        subject=clock.subject,
        due_at=clock.due_at,
        sum=clock.sum,
    )
    return Firing(message, clock.due_at, clock.id, clock.correlation)
