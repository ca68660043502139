"""Nights of a front door: from the hour at which the night team takes over to the next opening (AU-3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from icart_common.policy.pack import PolicyPack


@dataclass(frozen=True, slots=True)
class Night:
    """`on`: the working day in whose afternoon or evening it began. A weekend or a holiday is part of one long night."""

    on: date
    begins_at: datetime
    opens_at: datetime
    """When the front door next opens."""


def night_on(pack: PolicyPack, day: date) -> Night:
    """The night that begins on a working day. Raises NotAWorkingDay or BeyondKnownHolidays."""
    calendar = pack.calendar()
    calendar.opening(day)  # refuses a day on which no night begins
    following = calendar.working_days_after(day, 1)
    return Night(day, calendar.at(day, pack.night_team.takes_over(day.weekday())), calendar.opening(following))


def last_night(pack: PolicyPack, at: datetime) -> Night:
    """The night in which an instant lies, or by day the one before. Raises BeyondKnownHolidays."""
    calendar = pack.calendar()
    today = calendar.local_day(at)
    if calendar.is_working_day(today) and (tonight := night_on(pack, today)).begins_at <= at:
        return tonight
    return night_on(pack, calendar.working_day_before(today))


def over_by(night: Night, pack: PolicyPack) -> datetime:
    """Until when changes to its items are told to the handover: the end of the working day after it."""
    calendar = pack.calendar()
    return calendar.closing(calendar.local_day(night.opens_at))
