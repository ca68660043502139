"""Trends beyond weeks: months, quarters and years, each beside the same period a year before (QA-1). Read from months, and of the
running one from days.

Years are those that authorities report on, from April to March; their quarters begin with them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final, Literal

import asyncpg

from icart_common.db.pool import named_sql
from icart_common.policy.wording import month_in_words
from icart_gateway.model.tallies import DAY, MONTH
from icart_gateway.performance.tables import Cell, Chart, Table, share

_SQL: Final = named_sql("icart_gateway.performance")
Period = Literal["month", "quarter", "year"]
PERIODS: Final[Mapping[Period, tuple[int, int]]] = {"month": (1, 13), "quarter": (3, 9), "year": (12, 4)}
"""How many months each has, and how many of them are shown."""
_APRIL: Final = 4
_IN, _OUT, _RECEIVED, _AGAIN, _REFERRALS = "opened", "closed", "received", "re-referral", "referral"
_IN_TIME, _LATE, _RAN_OUT = "clock-in-time", "clock-late", "clock-breached"
_MEASURES: Final = (_IN, _OUT, _RECEIVED, _AGAIN, _REFERRALS, _IN_TIME, _LATE, _RAN_OUT)
Counts = Mapping[str, Mapping[date, int]]


async def trends(connection: asyncpg.Connection, authority: str, today: date, period: Period) -> tuple[Table, Table]:
    """How much, and what shares of it, in the last periods. One statement. The running one stands beside as many days of the
    year before."""
    begins, then = first_days(today, period), _a_year_before(today)
    rows = await connection.fetch(
        _SQL["trends"], authority, [f"{one}{MONTH}" for one in _MEASURES], _a_year_before(begins[0]), period,
        _a_year_before(begins[-1]), then, then.replace(day=1), [f"{one}{DAY}" for one in _MEASURES],
    )  # fmt: skip
    whole: dict[str, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    until: dict[str, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        measure = row["measure"].removesuffix(MONTH)
        if row["since"] is None:
            until[measure][_a_year_before(begins[-1])] = row["count"]
        else:
            whole[measure][row["since"]] = row["count"]
    beside = [(day, whole if day != begins[-1] else until) for day in begins]
    says = "Each beside the same one a year before; the last is not over, and stands beside as many of its days."
    named = period.capitalize()
    volumes = Table(
        "trends", f"Trends by {period}", says,
        (named, "Contacts in", "Contacts in, a year before", "Contacts in, change",
         "Contacts out", "Contacts out, a year before", "Contacts out, change"),
        tuple((_in_words(day, period), *_volumes(whole, before, day)) for day, before in beside),
        "Nothing has come yet.", Chart((1, 2)),
    )  # fmt: skip
    shares = Table(
        "trends-of-shares", f"Re-referrals, referrals and time, by {period}", says,
        (named, "Re-referrals, share", "Re-referrals, a year before", "Became a referral, share of those out",
         "Became a referral, a year before", "Done in time, share", "Done in time, a year before"),
        tuple((_in_words(day, period), *_shares(whole, before, day)) for day, before in beside),
        "Nothing has come yet.", Chart((5, 6), shares=True),
    )  # fmt: skip
    return volumes, shares


def first_days(today: date, period: Period) -> list[date]:
    """The first days of the periods that are shown, the one that is running last."""
    months, shown = PERIODS[period]
    now = today.year * 12 + today.month - 1
    running = now - (now - (_APRIL - 1)) % months
    return [_month(running - back * months) for back in reversed(range(shown))]


def _volumes(counts: Counts, before: Counts, day: date) -> Iterator[Cell]:
    for measure in (_IN, _OUT):
        now, then = counts[measure][day], before[measure][_a_year_before(day)]
        yield from (now, then, share(now - then, then))


def _shares(counts: Counts, before: Counts, day: date) -> Iterator[Cell]:
    for pair in zip(_in_shares(counts, day), _in_shares(before, _a_year_before(day)), strict=True):
        yield from pair


def _in_shares(counts: Counts, day: date) -> tuple[float | None, float | None, float | None]:
    in_time = counts[_IN_TIME][day]
    ended = in_time + max(counts[_LATE][day], counts[_RAN_OUT][day])  # what was met late had run out before
    return (
        share(counts[_AGAIN][day], counts[_RECEIVED][day]),
        share(counts[_REFERRALS][day], counts[_OUT][day]),
        share(in_time, ended),
    )


def _in_words(day: date, period: Period) -> str:
    if period == "month":
        return month_in_words(day)
    if period == "year":
        return f"April {day.year} to March {day.year + 1}"
    return f"{month_in_words(day).partition(' ')[0]} to {month_in_words(_month(day.year * 12 + day.month + 1))}"


def _month(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def _a_year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
