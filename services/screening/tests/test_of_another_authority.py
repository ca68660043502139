"""What belongs to one authority and to no contact is nobody else's: its id can be worked out, and proves nothing (CO-8)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from icart_common.contracts.base import Command, CommandRefused
from icart_common.contracts.decisions import DecisionTaken, MarkAway, MarkBack, chain_id
from icart_common.contracts.handover import AcceptItem, AlertNightTeam, ReportNight, handover_id
from icart_common.contracts.meetings import (
    DecideAtMeeting,
    EndMeeting,
    MeetingMorning,
    PrepareMeeting,
    TickOffTask,
    meeting_id,
)
from icart_common.contracts.undertakings import BeginForAuthority, ForAuthority
from icart_common.testing import record_of, said
from icart_screening.domain.undertakings.kinds import HEARD_BY
from services.screening.tests.conftest import Service
from services.screening.tests.front_door import BOOK, contact_opened
from services.screening.tests.own_topic import OwnTopic
from services.screening.tests.test_own_topic import FRIDAY, MORNING, TUESDAY, enquiry, told, undertakings

pytestmark = pytest.mark.broker

NIGHT, CHAIN, MEETING = handover_id("york", FRIDAY), chain_id("york"), meeting_id("york", TUESDAY)
AFTERNOON = datetime(2026, 11, 13, 15, 0, tzinfo=UTC)
ALERT = {"night": FRIDAY, "about": "QK7WM-3HXPA", "alert": "The father may come back."}
AWAY = {"person": "m1", "role": "advice-manager", "since": MORNING, "until": MORNING + timedelta(days=1)}
DECIDED = {"outcome": "brokered-support", "level": 2, "reasons": "the plan can carry this", "plan": "the school leads"}


def role_of(permission: Any) -> str:
    """A role of Halton's that may."""
    return BOOK.pack("halton").roles_with(permission)[0].id


def from_halton(item: UUID, seen: int) -> list[tuple[type[Command], str, dict[str, Any]]]:
    """Every command about what belongs to no contact, about York's, in a role in which Halton lets it be given."""
    meeting = {"undertaking": MEETING, "seen_version": seen}
    away = {**AWAY, "role": BOOK.pack("halton").roles_with("authorise")[0].id}
    return [
        (AcceptItem, "edt-worker", {"undertaking": NIGHT, "item": item}),
        (AlertNightTeam, role_of("edt-accept"), {"undertaking": NIGHT, **ALERT}),
        (ReportNight, role_of("edt-accept"), {"undertaking": NIGHT, "night": FRIDAY}),
        (MarkAway, role_of("keep-rota"), {"undertaking": CHAIN, **away}),
        (MarkBack, role_of("keep-rota"), {"undertaking": CHAIN, "person": "m1", "role": away["role"]}),
        (PrepareMeeting, role_of("record"), {"undertaking": MEETING, "on": TUESDAY}),
        (DecideAtMeeting, role_of("authorise"), {**meeting, "enquiry": contact_opened("york", 1).contact, **DECIDED}),
        (TickOffTask, role_of("record"), {**meeting, "task": item}),
        (EndMeeting, role_of("authorise"), meeting),
    ]


async def yorks(service: Service) -> tuple[OwnTopic, UUID, int]:
    """York's handover with an alert, its chain with somebody away, its meeting with a pack; the alert, the meeting's version."""
    topic = OwnTopic(service)
    rota, worker = BOOK.pack("york").roles_with("keep-rota")[0].id, BOOK.pack("york").roles_with("edt-accept")[0].id
    of_york = {"authority": "york"}
    await topic.hear(
        told(AlertNightTeam, AFTERNOON, worker, "w1", undertaking=NIGHT, **of_york, **ALERT),
        told(MarkAway, AFTERNOON, rota, "a1", undertaking=CHAIN, **of_york, **AWAY),
        *enquiry(1),
        told(PrepareMeeting, MORNING, "front-door-admin", "a1", undertaking=MEETING, **of_york, on=TUESDAY),
    )
    assert await said(service.database, CommandRefused) == []
    async with service.database.connection() as connection:
        item = await connection.fetchval("select body -> 'items' -> 0 ->> 'id' from undertaking where id = $1", NIGHT)
        seen = await connection.fetchval("select version from undertaking where id = $1", MEETING)
    return topic, UUID(item), seen


@pytest.mark.req("CO-8", "ED-7", "SC-15", "SC-16", authority="york")
async def test_nobody_of_another_authority_does_anything_with_it(service: Service) -> None:
    topic, item, seen = await yorks(service)
    before = await undertakings(service)
    commands = from_halton(item, seen)
    asked = {message for message in HEARD_BY if issubclass(message, ForAuthority | BeginForAuthority)}
    assert {kind for kind, _, _ in commands} == asked, "every command about what belongs to no contact is tried"
    for minute, (kind, role, fields) in enumerate(commands):
        await topic.hear(told(kind, MORNING + timedelta(minutes=minute), role, "h1", authority="halton", **fields))
    refused = await said(service.database, CommandRefused)
    assert [one.command_type for one in refused] == [kind.TYPE for kind, _, _ in commands]
    assert all(one.why and one.allowed for one in refused)
    assert {one.code for one in refused} <= {
        "unknown-item", "not-that-night", "not-that-chain", "no-daily-meeting", "unknown-undertaking",
    }  # fmt: skip
    assert await undertakings(service) == before


async def test_what_a_contact_tells_another_authoritys_undertaking_is_put_aside(service: Service) -> None:
    await yorks(service)
    before = await undertakings(service)
    for number, one in enumerate(
        (
            DecisionTaken(undertaking=CHAIN, authority="halton", decision=contact_opened("halton", 1).contact),
            MeetingMorning(undertaking=MEETING, authority="halton"),
        )
    ):
        poison = await service.contacts.run([record_of(one, "commands.screening", at=MORNING, offset=number)])
        assert len(poison) == 1
    assert await undertakings(service) == before
