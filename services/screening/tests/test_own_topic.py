"""The daily meeting, the chain of managers and the night's handover on real rows, from their first message to their last."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from icart_common.contracts.base import Actor, Command, CommandRefused
from icart_common.contracts.decisions import DecisionAsked, MarkAway, MarkBack, chain_id
from icart_common.contracts.handover import (
    AcceptItem,
    AlertNightTeam,
    FormAsked,
    NightReported,
    ReportNight,
    handover_id,
)
from icart_common.contracts.meetings import (
    BrokeredTask,
    DecideAtMeeting,
    DecidedAtMeeting,
    EndMeeting,
    EnquiryDecided,
    GivenTask,
    MeetingPrepared,
    PrepareMeeting,
    TickOffTask,
    meeting_id,
)
from icart_common.contracts.screening import Allocate, Authorise, RecordSection, SendBack, Submit, Triage
from icart_common.contracts.timers import CancelClock, ClockBreached, MeetClock, StartClock
from icart_common.messaging.message import Record
from icart_common.testing import record_of, said
from icart_screening.queues import handover_of, on_desktops, tasks_of
from services.screening.tests.conftest import Service
from services.screening.tests.front_door import BOOK, CASTS, MONDAY, contact_opened
from services.screening.tests.own_topic import OwnTopic
from services.screening.tests.test_topics_to_tables import SECTIONS, STATEMENTS, command, opened, rows

pytestmark = pytest.mark.broker

TUESDAY = date(2026, 11, 17)
MORNING = datetime(2026, 11, 17, 8, 40, tzinfo=UTC)
FRIDAY = date(2026, 11, 13)
NIGHT = datetime(2026, 11, 14, 23, 10, tzinfo=UTC)
MEETING = meeting_id("york", TUESDAY)


def told(kind: type[Command], at: datetime, role: str, person: str, /, **fields: Any) -> Record:
    """A command about what belongs to no contact."""
    said_by = {"actor": Actor(person=person, role=role), **fields}
    return record_of(kind.model_validate(said_by), "commands.screening", at=at)


def breach(started: StartClock, at: datetime) -> Record:
    head = started.model_dump(include={"clock", "authority", "pack_version", "rule", "owner", "subject"})
    return record_of(ClockBreached(**head, due_at=at, sum="x"), "events.timers", at=at)


async def undertakings(service: Service) -> list[str]:
    """Every row of the undertakings and their logs, and of the contacts', as text."""
    found = []
    for table, order in (
        ("contact", "id"),
        ("contact_event", "contact, version, ordinal"),
        ("undertaking", "id"),
        ("undertaking_event", "undertaking, version, ordinal"),
    ):
        found += [str(dict(row)) for row in await rows(service, f"select * from {table} order by {order}")]
    return found


async def read_again(service: Service, log: list[Record], portion: int) -> list[str]:
    """The tables after everything was read from the start, in portions."""
    async with service.database.connection() as connection:
        for table in ("contact_event", "undertaking_event"):
            await connection.execute(f"alter table {table} disable trigger {table}_stays")
        await connection.execute(
            "truncate contact, contact_event, undertaking, undertaking_event, inbox, outbox, waiting"
        )
    for start in range(0, len(log), portion):
        await service.contacts.run(log[start : start + portion])
    return await undertakings(service)


def enquiry(number: int) -> list[Record]:
    """An enquiry of York's Monday, triaged and with a worker."""
    contact = contact_opened("york", number).contact
    triaged = {"strand": "enquiry", "urgency": "routine", "reason": "needs more than advice"}
    return [
        opened("york", number),
        command(Triage, contact, 1, "advice-manager", "m1", **triaged),
        command(Allocate, contact, 2, "advice-manager", "m1", worker="w1"),
    ]


def decision(contact: UUID, seen: int, at: datetime, **changes: Any) -> Record:
    said_then = {
        "outcome": "brokered-support",
        "level": 2,
        "reasons": "the plan can carry this",
        "plan": "the school leads",
        "tasks": (BrokeredTask(what="ring the health visitor", owner="w1", by=date(2026, 11, 19)),),
        **changes,
    }
    where = {"undertaking": MEETING, "authority": "york", "enquiry": contact, "seen_version": seen}
    return told(DecideAtMeeting, at, "advice-manager", "m2", **where, **said_then)


async def tasks_to_do(service: Service) -> tuple[GivenTask, ...]:
    async with service.database.connection() as connection:
        return await tasks_of(connection, "york")


@pytest.mark.req("SC-15", "SC-16", "TM-5", authority="york")
async def test_a_daily_meeting_from_the_enquiries_to_its_end_and_read_again(service: Service) -> None:
    topic = OwnTopic(service)
    first, second = (contact_opened("york", number).contact for number in (1, 2))
    of_meeting = {"undertaking": MEETING, "authority": "york"}
    wednesday = date(2026, 11, 18)
    next_one = {"undertaking": meeting_id("york", wednesday), "authority": "york", "on": wednesday}
    await topic.hear(*enquiry(1), *enquiry(2))
    await topic.hear(told(PrepareMeeting, MORNING, "front-door-admin", "a1", **of_meeting, on=TUESDAY))
    (pack,) = await said(service.database, MeetingPrepared)
    assert pack.enquiries == (first, second)
    await topic.hear(
        decision(first, pack.version, MORNING + timedelta(minutes=50)),
        decision(second, pack.version + 1, MORNING + timedelta(minutes=55), outcome="step-up-now", level=4, tasks=()),
        told(
            EndMeeting,
            MORNING + timedelta(hours=1),
            "advice-manager",
            "m2",
            **of_meeting,
            seen_version=pack.version + 2,
        ),
        told(PrepareMeeting, MORNING + timedelta(days=1), "front-door-admin", "a1", **next_one),
    )
    (task,) = (await said(service.database, MeetingPrepared))[-1].open_tasks
    assert (task.enquiry, task.given_on) == (first, TUESDAY)
    assert await tasks_to_do(service) == (task,)
    ticked = {"task": task.task, "seen_version": pack.version + 3}
    await topic.hear(told(TickOffTask, MORNING + timedelta(days=2), "advice-worker", "w1", **of_meeting, **ticked))
    assert await tasks_to_do(service) == ()
    assert [one.enquiry for one in await said(service.database, EnquiryDecided)] == [first, second]
    assert [one.contact for one in await said(service.database, DecidedAtMeeting)] == [first, second]
    met = {one.clock for one in await said(service.database, MeetClock)}
    clocks = [one for one in await said(service.database, StartClock) if one.rule == "TM-5"]
    assert {one.clock for one in clocks} <= met
    stood = {row["id"]: row["desktop"] for row in await rows(service, "select id, desktop from contact")}
    assert stood == {first: "daily-meeting", second: "assessment"}
    states = {row["id"]: row["state"] for row in await rows(service, "select id, state from undertaking")}
    assert states[MEETING] == "ended"
    assert await said(service.database, CommandRefused) == []
    whole = await undertakings(service)
    for portion in (1, 5, 100):
        assert await read_again(service, topic.log, portion) == whole


@pytest.mark.req("SC-15", authority="york")
async def test_the_morning_makes_the_pack_when_nobody_asked_and_on_a_day_without_enquiries(service: Service) -> None:
    topic = OwnTopic(service)
    await topic.hear(*enquiry(1))
    (started,) = [one for one in await said(service.database, StartClock) if one.rule == "meeting-pack"]
    await service.clocks.run([breach(started, MORNING)])
    await topic.come_back()
    await topic.hear(told(PrepareMeeting, MORNING + timedelta(minutes=9), "front-door-admin", "a1",
                          undertaking=MEETING, authority="york", on=TUESDAY))  # fmt: skip
    (pack,) = await said(service.database, MeetingPrepared)
    assert (pack.by, len(pack.enquiries)) == (None, 1)
    (refused,) = await said(service.database, CommandRefused)
    assert refused.code == "not-now"
    following = [one for one in await said(service.database, StartClock) if one.rule == "meeting-pack"][-1]
    assert following.subject == meeting_id("york", date(2026, 11, 18))
    await service.clocks.run([breach(following, MORNING + timedelta(days=1))])
    await topic.come_back()
    await topic.hear(told(PrepareMeeting, MORNING + timedelta(days=1), "front-door-admin", "a1",
                          undertaking=following.subject, authority="york", on=date(2026, 11, 18)))  # fmt: skip
    assert [one.says for one in await said(service.database, MeetingPrepared)] == [
        "1 enquiry",
        "no enquiries yesterday",
    ]


@pytest.mark.parametrize(
    "authority",
    [pytest.param(one, marks=pytest.mark.req("SC-15", authority=one)) for one in ("halton", "cheshire-west")],
)
async def test_without_a_daily_meeting_the_command_is_refused(service: Service, authority: str) -> None:
    wanted = {"undertaking": meeting_id(authority, TUESDAY), "authority": authority, "on": TUESDAY}
    await OwnTopic(service).hear(told(PrepareMeeting, MORNING, CASTS[authority].manager, "m1", **wanted))
    (refused,) = await said(service.database, CommandRefused)
    assert refused.code == "no-daily-meeting"


def submitted(authority: str, number: int) -> list[Record]:
    """A contact on the safeguarding strand up to its submission."""
    cast, contact = CASTS[authority], contact_opened(authority, number).contact
    triaged = {"strand": cast.safeguarding, "urgency": "urgent", "reason": "two earlier contacts"}
    records = [
        opened(authority, number),
        command(Triage, contact, 1, cast.manager, "m1", **triaged),
        command(Allocate, contact, 2, cast.manager, "m1", worker="w1"),
    ]
    strand = BOOK.pack(authority).strand(cast.safeguarding)
    for section in SECTIONS[authority]:
        role = next(one.id for one in BOOK.pack(authority).roles if one.may_fill(section) and strand.id in one.strands)
        answers = dict.fromkeys(STATEMENTS, "as established") if section == SECTIONS[authority][-1] else {}
        records.append(
            command(RecordSection, contact, len(records), role, "w1", section=section, text="x", statements=answers)
        )
    ending = {"outcome": cast.assessment, "level": cast.assessment_level, "reasons": "harm", "need_code": "N1"}
    ground = {"without_consent": cast.ground}
    records.append(command(Submit, contact, len(records), cast.social_worker, "w1", **ending, **ground))
    return records


def marked_away(authority: str, role: str, person: str, at: datetime) -> Record:
    by = BOOK.pack(authority).roles_with("keep-rota")[0].id
    where = {"undertaking": chain_id(authority), "authority": authority}
    absent = {"since": at, "until": at + timedelta(days=3)}
    return told(MarkAway, at, by, "a1", **where, person=person, role=role, **absent)


def chain_of(authority: str) -> list[str]:
    pack = BOOK.pack(authority)
    manager = pack.strand(CASTS[authority].safeguarding).manager_role
    return [stage.role or manager for stage in pack.decision_chain.stages]


@pytest.mark.req("SC-16", "TM-16", authority="york")
async def test_a_turn_that_passes_when_the_decision_was_taken_asks_nobody(service: Service) -> None:
    topic = OwnTopic(service)
    records = submitted("york", 1)
    contact = contact_opened("york", 1).contact
    await topic.hear(*records)
    started = {one.rule: one for one in await said(service.database, StartClock) if one.subject == contact}
    await topic.hear(command(SendBack, contact, len(records), "service-manager", "m3", actions=("ask the school",)))
    await service.clocks.run([breach(started["TM-16-chain-1"], MONDAY + timedelta(hours=2))])
    await topic.come_back()
    asked = await said(service.database, DecisionAsked)
    assert [(one.stages[one.turn].role, one.because) for one in asked] == [("advice-manager", "submitted")]
    assert await authorisation_queue_of(service, "york") == []
    whole = await undertakings(service)
    assert await read_again(service, topic.log, 3) == whole


@pytest.mark.req("SC-16", "TM-16", authority="york")
async def test_a_manager_who_is_away_is_skipped_on_the_way(service: Service) -> None:
    topic = OwnTopic(service)
    contact = contact_opened("york", 1).contact
    await topic.hear(marked_away("york", "assessment-manager", "m2", MONDAY), *submitted("york", 1))
    started = {one.rule: one for one in await said(service.database, StartClock) if one.subject == contact}
    await service.clocks.run([breach(started["TM-16-chain-1"], MONDAY + timedelta(hours=2))])
    await topic.come_back()
    asked = await said(service.database, DecisionAsked)
    assert [(one.stages[one.turn].role, one.because) for one in asked] == [
        ("advice-manager", "submitted"),
        ("service-manager", "no-decision-in-time"),
    ]
    await topic.hear(command(Authorise, contact, 8, "service-manager", "m3"))
    assert [row["status"] for row in await rows(service, "select status from contact where id = $1", contact)] == [
        "closed"
    ]


@pytest.mark.req("SC-16", authority="york")
@pytest.mark.parametrize(("taken_back", "turn"), [(False, 1), (True, 0)])
async def test_an_absence_ahead_is_skipped_when_it_has_come_unless_it_was_taken_back(
    service: Service, taken_back: bool, turn: int
) -> None:
    topic = OwnTopic(service)
    by = BOOK.pack("york").roles_with("keep-rota")[0].id
    where = {"undertaking": chain_id("york"), "authority": "york", "person": "m1", "role": "advice-manager"}
    before, day = MONDAY - timedelta(days=4), MONDAY.date()
    await topic.hear(told(MarkAway, before, by, "a1", **where, since=day, until=day))
    if taken_back:
        await topic.hear(told(MarkBack, before + timedelta(minutes=1), by, "a1", **where, absence=day))
    await topic.hear(*submitted("york", 1))
    asked = await said(service.database, DecisionAsked)
    assert [(one.turn, one.because) for one in asked] == [(turn, "submitted")]
    assert await said(service.database, CommandRefused) == []
    whole = await undertakings(service)
    assert await read_again(service, topic.log, 3) == whole


@pytest.mark.req("SC-16", "TM-16", authority="york")
async def test_an_absence_that_begins_while_something_waits_moves_the_turn_at_that_moment(service: Service) -> None:
    topic = OwnTopic(service)
    by = BOOK.pack("york").roles_with("keep-rota")[0].id
    where = {"undertaking": chain_id("york"), "authority": "york", "person": "m1", "role": "advice-manager"}
    begins, ends = MONDAY + timedelta(hours=2), MONDAY + timedelta(hours=5)
    rule = BOOK.pack("york").decision_chain.absence_clock
    await topic.hear(*submitted("york", 1), told(MarkAway, MONDAY, by, "a1", **where, since=begins, until=ends))
    begin, end = [one for one in await said(service.database, StartClock) if one.rule == rule]
    assert {begin.counted_from, end.counted_from} == {begins, ends}
    first = begin if begin.counted_from == begins else end
    await service.clocks.run([breach(first, begins)])
    await topic.come_back()
    asked = await said(service.database, DecisionAsked)
    assert [(one.turn, one.because) for one in asked] == [(0, "submitted"), (1, "somebody-is-away")]
    await topic.hear(told(MarkBack, begins + timedelta(minutes=1), by, "a1", **where))
    cancelled = {one.clock for one in await said(service.database, CancelClock)} & {begin.clock, end.clock}
    assert cancelled == {begin.clock, end.clock} - {first.clock}, "what has gone off is over"
    whole = await undertakings(service)
    assert await read_again(service, topic.log, 3) == whole


async def authorisation_queue_of(service: Service, authority: str) -> list[tuple[UUID, bool]]:
    async with service.database.connection() as connection:
        found = await on_desktops(connection, authority, ["authorisation"], now=MORNING, limit=10)
    return [(one.contact, one.nobody_there) for one in found]


@pytest.mark.parametrize(
    "authority", [pytest.param(one, marks=pytest.mark.req("SC-16", authority=one)) for one in sorted(CASTS)]
)
async def test_when_everybody_is_away_it_is_shown_first(service: Service, authority: str) -> None:
    topic = OwnTopic(service)
    first, second = (contact_opened(authority, number).contact for number in (1, 2))
    await topic.hear(*submitted(authority, 1))
    for number, role in enumerate(chain_of(authority)):
        await topic.hear(marked_away(authority, role, f"m{number}", MONDAY + timedelta(minutes=30)))
    await topic.hear(*submitted(authority, 2))
    queue = await authorisation_queue_of(service, authority)
    assert queue == [(one, True) for one in sorted((first, second))]
    asked = await said(service.database, DecisionAsked)
    assert [one.nobody for one in asked][-2:] == [True, True]


def by_night(authority: str, number: int, **changes: Any) -> Record:
    edt = next(agency.id for agency in BOOK.pack(authority).agencies if agency.kind == "edt")
    contact = contact_opened(authority, number, NIGHT, agency=edt, channel="edt", **changes)
    return record_of(contact, "events.intake", at=NIGHT)


@pytest.mark.parametrize(
    "authority",
    [
        pytest.param(one, marks=pytest.mark.req("ED-1", "ED-2", "ED-3", "ED-5", "ED-7", authority=one))
        for one in sorted(CASTS)
    ],
)
async def test_a_night_from_the_day_teams_alert_to_the_morning_report(service: Service, authority: str) -> None:
    topic = OwnTopic(service)
    night = handover_id(authority, FRIDAY)
    where = {"undertaking": night, "authority": authority}
    cast = CASTS[authority]
    day = BOOK.pack(authority).roles_with("edt-accept")[0].id
    afternoon = datetime(2026, 11, 13, 15, 0, tzinfo=UTC)
    alert = {"night": FRIDAY, "about": "QK7WM-3HXPA", "alert": "The father may come back."}
    await topic.hear(
        told(AlertNightTeam, afternoon, cast.social_worker, "w1", **where, **alert),
        by_night(authority, 1),
        by_night(authority, 2, section_47_begun=True),
    )
    asked = await said(service.database, FormAsked)
    assert [one.contact for one in asked] == [contact_opened(authority, 1, NIGHT).contact]
    items = await handover_items(service, authority, NIGHT)
    alerts = [one.id for one in items if one.kind == "alert"]
    plain = contact_opened(authority, 1, NIGHT).contact
    harm = contact_opened(authority, 2, NIGHT).contact
    morning = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
    await topic.hear(
        told(AcceptItem, NIGHT, "edt-worker", "e1", **where, item=alerts[0]),
        told(AcceptItem, morning, day, "d1", **where, item=plain),
        told(ReportNight, datetime(2026, 11, 16, 9, 30, tzinfo=UTC), day, "d1", **where, night=FRIDAY),
    )
    assert await said(service.database, CommandRefused) == []
    (report,) = await said(service.database, NightReported)
    assert [(line.item, line.missed) for line in report.lines][:1] == [(harm, True)]
    assert report.says == "2 children, 1 section 47 enquiry, 1 not accepted in time, 1 alert of the day team"
    shown = await handover_items(service, authority, datetime(2026, 11, 16, 9, 30, tzinfo=UTC))
    assert shown[0].id == harm
    whole = await undertakings(service)
    assert await read_again(service, topic.log, 2) == whole


async def handover_items(service: Service, authority: str, at: datetime) -> list[Any]:
    async with service.database.connection() as connection:
        held = await handover_of(connection, authority, FRIDAY)
    assert held is not None
    return list(held.queue(at))
