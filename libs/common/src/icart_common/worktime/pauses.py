"""When a clock stood still, and how much that comes to in each measure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from math import ceil

from icart_common.worktime.calendar import WorkingCalendar, utc
from icart_common.worktime.errors import WorkingTimeError
from icart_common.worktime.wording import counted, duration

Pause = tuple[datetime, datetime]
"""From when to when, both aware instants."""

_NOTHING = timedelta(0)
_ONE_DAY = timedelta(days=1)


def merged(pauses: Iterable[Pause], begins: datetime) -> list[Pause]:
    """The pauses from `begins` on, in UTC and in order, each moment once.

    Raises `WorkingTimeError` for a pause that ends before it starts.
    """
    apart: list[Pause] = []
    for start, end in sorted((utc(start), utc(end)) for start, end in pauses):
        if end < start:
            raise WorkingTimeError(f"a pause ends at {end.isoformat()}, before it starts at {start.isoformat()}")
        if end <= begins:
            continue
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((max(start, begins), end))
    return apart


def calendar_days(calendar: WorkingCalendar, pauses: Iterable[Pause]) -> int:
    """Days that a clock counted in dates stood still; a day begun counts as one.

    Taken from the wall clock, so that the day of 25 hours is one day.
    """
    walls = (tuple(at.astimezone(calendar.timezone).replace(tzinfo=None) for at in pause) for pause in pauses)
    return ceil(sum((end - start for start, end in walls), _NOTHING) / _ONE_DAY)


def pause_words(calendar: WorkingCalendar, measure: str, pauses: Iterable[Pause]) -> str:
    """How long the clock stood still, in its own measure."""
    if measure == "calendar_days":
        return counted(calendar_days(calendar, pauses), "day")
    worked = (calendar.working_time_between(start, end) for start, end in pauses)
    return f"{duration(sum(worked, _NOTHING))} of working time"
