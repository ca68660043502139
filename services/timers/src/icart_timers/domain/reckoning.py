"""When a clock is due and when it warns, by the rule of its pack and on the working calendar of its authority."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from icart_common.policy.book import PolicyBook
from icart_common.policy.clocks import ClockRule
from icart_common.worktime import Due, Pause, WorkingCalendar, due, fraction_instants, paused

_LONGEST_SUM = 300
_SUMS_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Reckoning:
    """The answer, with everything that is said of it."""

    counted_from: datetime
    due_at: datetime
    sum: str
    warns_at: tuple[datetime, ...]
    fractions: tuple[float, ...]


@dataclass(slots=True)
class Reckoner:
    """One clock rule on one calendar. Build it once for each rule of a pack: it remembers sums, which are slow to word."""

    rule: ClockRule
    calendar: WorkingCalendar
    counted_on: str
    """The mark of the calendar, and of whose it is: two that differ in it may count differently."""
    fractions: tuple[float, ...] = field(init=False)
    _sums: dict[tuple[object, ...], str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.fractions = tuple(sorted(self.rule.warn_at))

    @property
    def may_pause(self) -> bool:
        """Where the pack lets it and its kind can: a safety clock counted by day and night never stops (section 8)."""
        return self.rule.may_pause and self.rule.allowance.may_pause

    def reckon(self, received_at: datetime, pauses: Sequence[Pause] = ()) -> Reckoning:
        """Due instant, warnings and sum of a clock for what arrived at `received_at`.

        Raises `WorkingTimeError`: `BeyondKnownHolidays` when it would rest on a year whose bank holidays are not known.
        """
        allowance = self.rule.allowance
        answer = due(self.calendar, allowance, received_at)
        if pauses:
            answer = paused(self.calendar, allowance, answer, pauses)
        warns = fraction_instants(self.calendar, allowance, answer, self.fractions)
        return Reckoning(answer.counted_from, answer.due_at, self._sum(answer), warns, self.fractions)

    def _sum(self, answer: Due) -> str:
        if answer.pauses:
            return _short(answer.sum)
        # A sum is worded to the minute, so clocks of one rule that share their minutes share it.
        opening = _minute(answer.counted_from) if answer.started_at_opening else None
        key = (_minute(answer.received), opening, _minute(answer.due_at))
        words = self._sums.get(key)
        if words is None:
            if len(self._sums) >= _SUMS_KEPT:
                self._sums.clear()
            words = self._sums[key] = _short(answer.sum)
        return words


def _minute(instant: datetime) -> datetime:
    return instant.replace(second=0, microsecond=0)


def _short(words: str) -> str:
    return words if len(words) <= _LONGEST_SUM else f"{words[: _LONGEST_SUM - 1]}…"


class Reckoners:
    """The rules of every pack of a book, each looked up once."""

    def __init__(self, book: PolicyBook) -> None:
        self._book = book
        self._held: dict[tuple[str, str, str], Reckoner] = {}
        self._calendars = {
            (pack.authority.id, pack.version): book.calendar(pack.authority.id, pack.version) for pack in book.packs()
        }

    @property
    def counted_on(self) -> tuple[str, ...]:
        """The marks of the calendars that there are now: a clock that bears another was counted on one that has changed."""
        return tuple(_mark(*key, calendar) for key, calendar in self._calendars.items())

    def of(self, authority: str, pack_version: str, rule: str) -> Reckoner:
        """The reckoner of a rule in the version that a clock was started under (AU-6). Raises `UnknownPolicy`."""
        key = (authority, pack_version, rule)
        if key not in self._held:
            pack = self._book.pack(authority, pack_version)
            calendar = self._calendars[authority, pack_version]
            self._held[key] = Reckoner(pack.clock(rule), calendar, _mark(authority, pack_version, calendar))
        return self._held[key]


def _mark(authority: str, version: str, calendar: WorkingCalendar) -> str:
    return f"{authority} {version} {calendar.mark}"
