"""A clock counted anew, because the calendar that it was counted on has changed (R7: a holiday that was added late)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from icart_common.contracts.timers import ClockMoved
from icart_common.policy.errors import UnknownPolicy
from icart_common.worktime import WorkingTimeError
from icart_timers.domain.clock import Clock
from icart_timers.domain.reckoning import Reckoners

NOTHING: Final = "nothing"
"""The mark of a clock whose rule is in no pack any more: it keeps the due instant that it has."""


def recount(clock: Clock, reckoners: Reckoners, at: datetime) -> tuple[Clock, ClockMoved | None]:
    """The clock on its calendar as it is now, and what is to be said when that moves it. What is over stays as it is.

    Warnings and a breach that were given stay given and are not given again, though their instants move; whether it was met in
    time is judged by the instant at which it is due now.
    """
    if clock.over:
        return clock, None
    try:
        reckoner = reckoners.of(clock.authority, clock.pack_version, clock.rule)
    except UnknownPolicy:
        return clock._replace(counted_on=NOTHING), None
    if clock.counted_on == reckoner.counted_on:
        return clock, None
    marked = clock._replace(counted_on=reckoner.counted_on)
    try:
        answer = reckoner.reckon(clock.received_at, clock.pauses)
    except WorkingTimeError:
        return marked, None  # a year that was known is not known any more: what was counted then stands
    moved = marked._replace(
        counted_from=answer.counted_from, due_at=answer.due_at, sum=answer.sum, warns_at=answer.warns_at
    )
    if moved == marked:
        return marked, None
    said = ClockMoved(
        clock=clock.id,
        authority=clock.authority,
        pack_version=clock.pack_version,
        rule=clock.rule,
        owner=clock.owner,
        subject=clock.subject,
        moved_at=at,
        was_due_at=clock.due_at,
        due_at=moved.due_at,
        sum=moved.sum,
        warns_at=moved.warns_at,
    )
    return moved, said
