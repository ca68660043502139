"""When the front door works, answers the public, and hands over to the night team (AU-1 to AU-3)."""

from __future__ import annotations

from datetime import date, datetime, time

from icart_common.policy.base import Sourced, Words
from icart_common.worktime.hours import WEEKDAYS, LocalTime, WeeklyHours


class WeekHours(WeeklyHours, Sourced):
    """Opening hours by day of the week, Europe/London; a day left out is closed."""

    def in_words(self) -> str:
        """Runs of equal days joined, for messages: `Monday to Thursday 09:00-17:00, Friday 09:00-16:30`."""
        runs: list[tuple[str, str, str]] = []
        for name, hours in zip(WEEKDAYS, self.week, strict=True):
            if hours is None:
                continue
            shown = f"{hours.open:%H:%M}-{hours.close:%H:%M}"
            if runs and runs[-1][2] == shown:
                runs[-1] = (runs[-1][0], name.title(), shown)
            else:
                runs.append((name.title(), name.title(), shown))
        return ", ".join(
            f"{first} to {last} {shown}" if first != last else f"{first} {shown}" for first, last, shown in runs
        )


class NightTeam(Sourced):
    """When the emergency duty team answers: from the time of each day until `hands_back` in the morning (AU-3).

    It may take over before the day team goes home (in Halton the telephones move at 17:00, the work goes on to 17:30).
    """

    monday: LocalTime
    tuesday: LocalTime
    wednesday: LocalTime
    thursday: LocalTime
    friday: LocalTime
    hands_back: LocalTime

    def takes_over(self, weekday: int) -> time:
        """When it takes over on a working day, 0 for Monday to 4 for Friday."""
        return (self.monday, self.tuesday, self.wednesday, self.thursday, self.friday)[weekday]

    def answers(self, local: datetime, *, working_day: bool) -> bool:
        """Whether the night team answers at this local instant. Weekends, bank holidays and closures are theirs whole."""
        if not working_day or local.weekday() > 4:
            return True
        at = local.timetz().replace(tzinfo=None)
        return at >= self.takes_over(local.weekday()) or at < self.hands_back


class Closure(Sourced):
    """A day on which the authority's front door is closed besides weekends and bank holidays."""

    on: date
    name: Words
