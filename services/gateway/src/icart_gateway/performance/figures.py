"""The tables of the performance page (QA-1), each from a question or two to the tallies: none of them grows with the contacts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import asyncpg

from icart_common.db.pool import named_sql
from icart_common.policy import PolicyPack, UnknownPolicy
from icart_common.policy.wording import day_in_words, london_day
from icart_gateway.model.tallies import DAY, FOUR_WEEKS, four_weeks_of, monday_of
from icart_gateway.ops.words import length
from icart_gateway.performance.tables import Chart, Table, share
from icart_gateway.performance.trends import Period, trends

_SQL: Final = named_sql("icart_gateway.performance")
_WEEKLY: Final = ("opened", "closed", "advice", "redirected", "received", "re-referral", "referral")
_BY_AGENCY: Final = (*_WEEKLY, "taken", "score")
_CLOCKS: Final = ("clock-started", "clock-in-time", "clock-late", "clock-breached", "clock-cancelled")
_BY_WHAT: Final = ("outcome", "need", "level", "concern", "gap", "gap-closed", *_CLOCKS)
_DAYS: Final = 14

_NEEDS: Final = {
    "N1": "Abuse or neglect", "N2": "Child's disability or illness", "N3": "Parental disability or illness",
    "N4": "Family in acute stress", "N5": "Family dysfunction", "N6": "Socially unacceptable behaviour", "N7": "Low income",
    "N8": "Absent parenting", "N0": "Not stated", "": "None given",
}  # fmt: skip
"""Primary need codes of the children-in-need census (IN-21)."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose figures, as of when, for how many weeks, this one counted, and trends by which period."""

    pack: PolicyPack
    now: datetime
    weeks: int
    period: Period

    @property
    def mondays(self) -> list[date]:
        this = monday_of(self.now)
        return [this - timedelta(weeks=back) for back in reversed(range(self.weeks))]

    @property
    def parts(self) -> tuple[date, date, date]:
        """The first Monday; and those between which the weeks are read four at a time: both the first, where that is none."""
        first, *_, last = self.mondays
        begins = four_weeks_of(first + timedelta(weeks=3))
        ends = four_weeks_of(last)
        return (first, begins, ends) if begins < ends else (first, first, first)


async def figures(connection: asyncpg.Connection, asked: Asked) -> list[Table]:
    """Every table, in the order of the page. A constant number of statements."""
    authority, today = asked.pack.authority.id, london_day(asked.now)
    of_days = [f"{measure}{DAY}" for measure in _WEEKLY]
    weeks = _by(await connection.fetch(_SQL["by_day"], authority, of_days, asked.mondays[0], "week"), "since")
    days = _by(
        await connection.fetch(_SQL["by_day"], authority, of_days[:2], today - timedelta(days=_DAYS - 1), "day"),
        "since",
    )
    what: dict[str, list[Any]] = defaultdict(list)
    for row in await connection.fetch(
        _SQL["over_weeks"], authority, (*_BY_AGENCY, *_BY_WHAT), *asked.parts, FOUR_WEEKS
    ):
        what[row["measure"]].append(row)
    agencies = _by([row for measure in _BY_AGENCY for row in what[measure]], "agency")
    queues = await connection.fetch(_SQL["queues"], authority)
    return [
        _volumes(asked, weeks), _days(asked, days), *await trends(connection, authority, today, asked.period),
        _queues(asked, queues), _timeliness(asked, what), _agencies(asked, agencies),
        _gaps(asked, what, agencies), _outcomes(asked, what["outcome"]), _needs(what["need"]), _levels(asked, what["level"]),
        _concerns(what["concern"]),
    ]  # fmt: skip


Counts = Mapping[str, Mapping[Any, int]]


def _by(rows: Sequence[Any], key: str) -> Counts:
    found: dict[str, dict[Any, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        found[row["measure"].removesuffix(DAY)][row[key]] += row["count"]
    return found


def _volumes(asked: Asked, weeks: Counts) -> Table:
    rows = tuple(
        (
            day_in_words(monday), weeks["opened"][monday], weeks["closed"][monday], weeks["advice"][monday],
            weeks["redirected"][monday], weeks["re-referral"][monday],
            share(weeks["re-referral"][monday], weeks["received"][monday]), weeks["referral"][monday],
            share(weeks["referral"][monday], weeks["closed"][monday]),
        )
        for monday in asked.mondays
    )  # fmt: skip
    return Table(
        "volumes", "What came and what became of it, by week",
        "By the week in which a contact arrived, and for outcomes the week in which it was closed.",
        ("Week from", "Contacts in", "Contacts out", "Advice only", "Passed to the child's worker", "Re-referrals",
         "Re-referrals, share", "Became a referral", "Became a referral, share of those out"),
        rows, "Nothing has come yet.", Chart((1, 2)),
    )  # fmt: skip


def _days(asked: Asked, days: Counts) -> Table:
    today = london_day(asked.now)
    last = [today - timedelta(days=back) for back in reversed(range(_DAYS))]
    rows = tuple((day_in_words(day), days["opened"][day], days["closed"][day]) for day in last)
    return Table(
        "days", "In and out, the last two weeks by day", "By the day in England.",
        ("Day", "Contacts in", "Contacts out"), rows, "Nothing has come yet.",
    )  # fmt: skip


def _queues(asked: Asked, found: Sequence[Any]) -> Table:
    by_desktop = {row["desktop"]: row for row in found}
    rows = tuple(
        (
            desktop.name, row["contacts"] if row else 0,
            length((asked.now - row["oldest"]).total_seconds()) if row else "nothing waits",
            length((asked.now - row["middle"]).total_seconds()) if row else None,
        )
        for desktop in asked.pack.desktops
        for row in (by_desktop.get(desktop.id),)
    )  # fmt: skip
    return Table(
        "queues", "How old each queue is now", "What lies on each desktop at this moment, counted from when it arrived.",
        ("Desktop", "Contacts", "The oldest arrived before", "Half arrived before"), rows, "There are no desktops.", Chart((1,)),
    )  # fmt: skip


def _timeliness(asked: Asked, what: Mapping[str, Sequence[Any]]) -> Table:
    counts = _by([row for measure in _CLOCKS for row in what[measure]], "what")
    rules = sorted({rule for measure in _CLOCKS for rule in counts[measure] if not asked.pack.is_trigger(rule)})
    rows = []
    for rule in rules:
        in_time, late = counts["clock-in-time"][rule], counts["clock-late"][rule]
        still = max(0, counts["clock-breached"][rule] - late)
        ended = in_time + late + still
        rows.append((_rule(asked.pack, rule), in_time, late, still, share(in_time, ended)))
    return Table(
        "clocks", "What was done in time, by clock",
        "By the week in which each was due; the return home interview is among them where one is owed.",
        ("Clock", "In time", "Late", "Ran out and not met", "In time, share"), tuple(rows),
        "No clock has been due yet.", Chart((4,), shares=True),
    )  # fmt: skip


def _agencies(asked: Asked, counts: Counts) -> Table:
    found = sorted({agency for measure in ("opened", "closed") for agency in counts[measure]})
    rows = tuple(
        (
            _agency(asked.pack, agency), counts["opened"][agency], counts["re-referral"][agency],
            share(counts["re-referral"][agency], counts["received"][agency]), counts["closed"][agency],
            counts["referral"][agency], share(counts["referral"][agency], counts["closed"][agency]),
        )
        for agency in sorted(found, key=lambda one: (-counts["opened"][one], one))
    )  # fmt: skip
    return Table(
        "agencies", "By agency", "Who sent what, the busiest first.",
        ("Agency", "Contacts in", "Re-referrals", "Re-referrals, share", "Contacts out", "Became a referral",
         "Became a referral, share of those out"),
        rows, "No agency has sent anything yet.",
    )  # fmt: skip


def _gaps(asked: Asked, what: Mapping[str, Sequence[Any]], agencies: Counts) -> Table:
    questions = asked.pack.good_referral.questions
    voice = {one.id for one in questions if one.path == "child_views"}
    left: dict[tuple[str, str], int] = defaultdict(int)
    closed: dict[tuple[str, str], int] = defaultdict(int)
    for into, measure in ((left, "gap"), (closed, "gap-closed")):
        for row in what[measure]:
            into[row["agency"], row["what"].partition(":")[0]] += row["count"]
    order = sorted(left, key=lambda one: (one[1] not in voice, one[0], -left[one], one[1]))
    asks = {one.id: one.question for one in questions}
    rows = tuple(
        (
            _agency(asked.pack, agency), asks.get(gap, gap), left[agency, gap],
            share(left[agency, gap], agencies["taken"][agency]), closed[agency, gap],
            round(agencies["score"][agency] / agencies["taken"][agency]) if agencies["taken"][agency] else None,
        )
        for agency, gap in order
    )  # fmt: skip
    return Table(
        "gaps", "What referrals leave out, by agency", "The child's voice first. The score is of whole referrals, 0 to 100.",
        ("Agency", "Question", "Left out", "Left out, share of its referrals", "Answered later", "Its score on average"), rows,
        "Every referral was whole, or none came.",
    )  # fmt: skip


def _outcomes(asked: Asked, rows: Sequence[Any]) -> Table:
    names = {one.id: one.name for one in asked.pack.outcomes}
    return _shares("outcomes", "By outcome", "Of contacts that were closed; a transfer to another strand is not an end.",
                   "Outcome", [(names.get(row["what"], row["what"]), row["count"]) for row in rows], chart=True)  # fmt: skip


def _needs(rows: Sequence[Any]) -> Table:
    named = [(f"{row['what']} {_NEEDS.get(row['what'], '')}".strip(), row["count"]) for row in rows]
    return _shares("needs", "By need", "The primary need that was submitted with the outcome.", "Need", named)


def _levels(asked: Asked, rows: Sequence[Any]) -> Table:
    names = {str(one.number): f"{one.number} {one.name}" for one in asked.pack.levels}
    named = [(names.get(row["what"], row["what"]), row["count"]) for row in rows]
    return _shares("levels", "By level of need", "As it was authorised.", "Level", named)


def _concerns(rows: Sequence[Any]) -> Table:
    named = [(row["what"].replace("-", " ").capitalize(), row["count"]) for row in rows]
    return _shares(
        "concerns", "By what referrers worry about", "As they ticked it; a referral may name several.", "Worry", named
    )


def _shares(
    name: str, title: str, says: str, column: str, found: Sequence[tuple[str, int]], *, chart: bool = False
) -> Table:
    whole = sum(count for _, count in found)
    rows = tuple(
        (words, count, share(count, whole)) for words, count in sorted(found, key=lambda one: (-one[1], one[0]))
    )
    return Table(
        name, title, says, (column, "Contacts", "Share"), rows, "Nothing has been closed yet.",
        Chart((1,)) if chart else None,
    )  # fmt: skip


def _agency(pack: PolicyPack, agency: str) -> str:
    try:
        return pack.agency(agency).name
    except UnknownPolicy:
        return agency


def _rule(pack: PolicyPack, rule: str) -> str:
    try:
        return f"{rule} {pack.clock(rule).name}"
    except UnknownPolicy:
        return rule
