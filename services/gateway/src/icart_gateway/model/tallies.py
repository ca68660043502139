"""What came and went, by day and by week: what the performance pages (QA-1) are read from.

A count is added to in the transaction that records the message's id in the inbox of the same schema, which outlasts the
topics: a message counts once however often it is delivered, and a sum is the same in whatever order its parts came.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

import asyncpg

from icart_common.contracts.base import Message
from icart_common.contracts.intake import AdviceGiven, CaseRedirected, ContactOpened, QuestionsAnswered, SubmissionTaken
from icart_common.contracts.screening import ContactClosed, ContactReceived
from icart_common.contracts.timers import ClockBreached, ClockCancelled, ClockMet, ClockStarted
from icart_common.db.pool import named_sql
from icart_common.messaging.message import Received
from icart_common.policy.wording import london_day
from icart_gateway.model.changes import Changes

_SQL: Final = named_sql("icart_gateway.model")
DAY, MONTH, FOUR_WEEKS = "-on", "-in", "-over"
"""What the names of measures end with that are not of a week: their `since` is a day, the first of a month, and the first Monday
of four weeks."""


class Counted(NamedTuple):
    """A line of the tally. In the order of its table's key, in which rows are locked."""

    authority: str
    measure: str
    since: date
    agency: str = ""
    what: str = ""


Counting = Iterator[tuple[Counted, int]]


class Came:
    """Contacts, what referrals leave out, advice and redirections. From `events.intake`."""

    hears: frozenset[type[Message]] = frozenset(
        {ContactOpened, SubmissionTaken, QuestionsAnswered, AdviceGiven, CaseRedirected}
    )

    async def __call__(self, batch: Sequence[Received[Any]], connection: asyncpg.Connection, changes: Changes) -> None:
        await _add(connection, batch, _came)


class Went:
    """Re-referrals, outcomes, levels, needs, referrals. From `events.screening`, after its log."""

    hears: frozenset[type[Message]] = frozenset({ContactReceived, ContactClosed})

    async def __call__(self, batch: Sequence[Received[Any]], connection: asyncpg.Connection, changes: Changes) -> None:
        closed = sorted({one.body.contact for one in batch if isinstance(one.body, ContactClosed)})
        rows = await connection.fetch(_SQL["load_need_codes"], closed) if closed else []
        needs: dict[UUID, str] = {row["contact"]: row["need_code"] or "" for row in rows}
        await _add(connection, batch, lambda body: _went(body, needs))


class Timed:
    """Clocks met in time, met late, breached, cancelled, by the week and the day in which they were due. From `events.timers`,
    after its clocks: what was done in time and told late has been counted as run out, and is not any more."""

    hears: frozenset[type[Message]] = frozenset({ClockStarted, ClockMet, ClockBreached, ClockCancelled})

    async def __call__(self, batch: Sequence[Received[Any]], connection: asyncpg.Connection, changes: Changes) -> None:
        in_time = sorted({one.body.clock for one in batch if isinstance(one.body, ClockMet) and not one.body.late})
        rows = await connection.fetch(_SQL["load_breached"], in_time) if in_time else []
        ran_out: dict[UUID, datetime] = {row["id"]: row["breached_at"] for row in rows}
        await _add(connection, batch, lambda body: _timed(body, ran_out))


def monday_of(at: datetime) -> date:
    """The Monday of the week in which something was, in England."""
    day = london_day(at)
    return day - timedelta(days=day.weekday())


def four_weeks_of(monday: date) -> date:
    """The Monday with which the four weeks begin that a week is in: each week is in one of them, always the same."""
    return monday - timedelta(weeks=monday.toordinal() // 7 % 4)


async def _add(
    connection: asyncpg.Connection, batch: Sequence[Received[Any]], counts: Callable[[Any], Counting]
) -> None:
    total: Counter[Counted] = Counter()
    for one in batch:
        for line, count in counts(one.body):
            total[line] += count
    keys = sorted(total)  # with those that come to nothing: taken apart or in one batch, the same lines are there
    if keys:
        await connection.execute(
            _SQL["add_to_tally"], *([key[part] for key in keys] for part in range(5)), [total[key] for key in keys]
        )


def _in_week(authority: str, measure: str, week: date, agency: str = "", what: str = "", count: int = 1) -> Counting:
    """So many, in the week and in its four weeks: many weeks are read as the latter."""
    yield Counted(authority, measure, week, agency, what), count
    yield Counted(authority, f"{measure}{FOUR_WEEKS}", four_weeks_of(week), agency, what), count


def _at(authority: str, measure: str, at: datetime, agency: str = "", what: str = "", count: int = 1) -> Counting:
    """One, in its weeks with its agency and what it is, and in the day and the month without: trends are read from these. -1: it
    was counted, and is not so."""
    day = london_day(at)
    yield from _in_week(authority, measure, monday_of(at), agency, what, count)
    yield Counted(authority, f"{measure}{DAY}", day), count
    yield Counted(authority, f"{measure}{MONTH}", day.replace(day=1)), count


def _came(body: Message) -> Counting:
    match body:
        case ContactOpened():
            week = monday_of(body.received_at)
            yield from _at(body.authority, "opened", body.received_at, body.agency)
            for concern in body.concerns:
                yield from _in_week(body.authority, "concern", week, "", concern)
        case SubmissionTaken():
            week, agency = monday_of(body.received_at), body.reply_to.agency
            yield from _in_week(body.authority, "taken", week, agency)
            yield from _in_week(body.authority, "score", week, agency, count=body.score)
            for field in sorted({gap.field for gap in body.gaps}):
                yield from _in_week(body.authority, "gap", week, agency, field)
        case QuestionsAnswered():
            for field in sorted({gap.field for gap in body.closed}):
                yield from _in_week(body.authority, "gap-closed", monday_of(body.received_at), body.agency, field)
        case AdviceGiven():
            yield from _at(body.authority, "advice", body.received_at, body.reply_to.agency)
        case CaseRedirected():
            yield from _at(body.authority, "redirected", body.received_at, body.agency)


def _went(body: Message, needs: dict[UUID, str]) -> Counting:
    match body:
        case ContactReceived():
            yield from _at(body.authority, "received", body.received_at, body.agency)
            if body.re_referral is not None:
                yield from _at(body.authority, "re-referral", body.received_at, body.agency)
        case ContactClosed(successor=None):
            week, agency = monday_of(body.at), body.reply_to.agency
            yield from _at(body.authority, "closed", body.at, agency)
            yield from _in_week(body.authority, "outcome", week, "", body.outcome)
            yield from _in_week(body.authority, "level", week, "", str(body.level))
            yield from _in_week(body.authority, "need", week, "", needs.get(body.contact, ""))
            if body.referral is not None:
                yield from _at(body.authority, "referral", body.at, agency)
        case ContactClosed():
            yield Counted(body.authority, "transferred", monday_of(body.at)), 1


def _timed(body: Message, ran_out: dict[UUID, datetime]) -> Counting:
    """`ran_out`: when those of the clocks ran out that are said to have been met in time."""
    match body:
        case ClockMet():
            measure = "clock-late" if body.late else "clock-in-time"
        case ClockBreached():
            measure = "clock-breached"
        case ClockCancelled():
            measure = "clock-cancelled"
        case ClockStarted():
            measure = "clock-started"
        case _:
            return
    yield from _at(body.authority, measure, body.due_at, what=body.rule)
    if measure == "clock-in-time" and body.clock in ran_out:
        yield from _at(body.authority, "clock-breached", ran_out[body.clock], what=body.rule, count=-1)
