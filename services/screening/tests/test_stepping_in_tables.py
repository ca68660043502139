"""Steps up and down from the topics to the tables and the outbox, and read again (SC-17, SC-18, SC-23)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from icart_common.contracts.base import Actor, Command, CommandRefused
from icart_common.contracts.family import ChronologyLine
from icart_common.contracts.referral import Consent
from icart_common.contracts.screening import ContactMoved, ContactReceived, ReferralCreated
from icart_common.contracts.stepping import (
    AuthoriseStepUp,
    OverrideStepUp,
    RecordStepUpMeeting,
    ReviewStepUp,
    StepDown,
    SteppedDown,
    StepUpAgreed,
)
from icart_common.contracts.timers import CancelClock, MeetClock, StartClock
from icart_common.messaging.message import Record
from icart_common.testing import record_of, said
from services.screening.tests.conftest import Service
from services.screening.tests.front_door import CASTS, contact_opened
from services.screening.tests.test_topics_to_tables import minute, opened, rows, whole_life

pytestmark = pytest.mark.broker

CONTACT = contact_opened("halton").contact
SW = Actor(person="w7", role="social-worker")
CONSENT = (Consent(person="p2", status="given"),)
MEETING: dict[str, Any] = {
    "held_at": minute(30), "attended": (SW,), "assessment": True, "recommendations": ("Assess.",), "reasons": "Neglect.",
}  # fmt: skip


def asks(kind: type[Command], at: int, actor: Actor, **fields: Any) -> Record:
    """A command given `at` minutes after the contact arrived."""
    return record_of(kind.model_validate({"actor": actor, **fields}), "commands.screening", at=minute(at))


async def step_up(service: Service) -> dict[str, Any]:
    """The one step-up that a contact which came as a request has begun."""
    (row,) = await rows(service, "select id from undertaking where kind = 'step-up'")
    return {"contact": CONTACT, "undertaking": row["id"]}


async def tables(service: Service) -> list[str]:
    found = []
    for table, order in (
        ("contact", "id"),
        ("contact_event", "contact, version, ordinal"),
        ("undertaking", "id"),
        ("undertaking_event", "undertaking, version, ordinal"),
    ):
        found += [str(dict(row)) for row in await rows(service, f"select * from {table} order by {order}")]
    return found


@pytest.mark.req("SC-17", "TM-7", authority="halton")
async def test_from_a_groups_request_to_the_area_team_and_the_same_when_read_again(service: Service) -> None:
    arrives, *life = [opened(channel="step-up", consents=CONSENT), *whole_life("halton")[1:]]
    await service.contacts.run([arrives])
    on = await step_up(service)
    manager = Actor(person="m9", role="social-work-manager")
    goes_on = [
        asks(ReviewStepUp, 5, SW, **on, seen_version=1, level=3, reasons="Six months of no change."),
        asks(RecordStepUpMeeting, 40, SW, **on, seen_version=2, **{**MEETING, "attended": ()}),
        asks(RecordStepUpMeeting, 41, SW, **on, seen_version=2, **MEETING),
        asks(AuthoriseStepUp, 42, SW, **on, seen_version=3, need_code="N1"),
        asks(AuthoriseStepUp, 43, manager, **on, seen_version=3, need_code="N1"),
    ]
    await service.contacts.run(goes_on)
    refused = [one.code for one in await said(service.database, CommandRefused)]
    assert refused == ["nobody-of-ours", "role-may-not", "contact-open"]
    (agreed,) = await said(service.database, StepUpAgreed)
    assert (agreed.meet_by - agreed.at).days in (13, 14)
    (clock,) = [clock for clock in await said(service.database, StartClock) if clock.subject == on["undertaking"]]
    assert clock.rule == "TM-7"
    assert clock.clock in {met.clock for met in await said(service.database, MeetClock)}
    await service.contacts.run(life)
    (created,) = await said(service.database, ReferralCreated)
    (row,) = await rows(service, "select state, version, body::text from undertaking where kind = 'step-up'")
    assert (row["state"], row["version"]) == ("transferred", 4)
    assert str(created.referral) in row["body"]
    before = await tables(service)
    async with service.database.connection() as connection:
        for table in ("contact_event", "undertaking_event"):
            await connection.execute(f"alter table {table} disable trigger {table}_stays")
        await connection.execute(
            "truncate contact, contact_event, undertaking, undertaking_event, inbox, outbox, waiting"
        )
    for record in [arrives, *goes_on, *life]:
        await service.contacts.run([record])
    assert await tables(service) == before


@pytest.mark.req("SC-17", authority="halton")
async def test_immediate_risk_takes_the_contact_straight_to_safeguarding(service: Service) -> None:
    await service.contacts.run([opened(channel="step-up")])
    on = await step_up(service)
    await service.contacts.run(
        [
            asks(ReviewStepUp, 5, SW, **on, seen_version=1, level=3, reasons="No change."),
            asks(OverrideStepUp, 6, SW, **on, seen_version=2, because="She was hit last night."),
        ]
    )
    (row,) = await rows(service, "select desktop, strand, state ->> 'urgency' as urgency from contact")
    assert tuple(row) == ("cart", "safeguarding", "immediate")
    assert [move.to_desktop for move in await said(service.database, ContactMoved)] == ["icart", "cart"]
    (clock,) = [clock for clock in await said(service.database, StartClock) if clock.subject == on["undertaking"]]
    assert clock.clock in {cancelled.clock for cancelled in await said(service.database, CancelClock)}
    assert await said(service.database, CommandRefused) == []


@pytest.mark.parametrize(
    "authority", [pytest.param(name, marks=pytest.mark.req("SC-18", authority=name)) for name in sorted(CASTS)]
)
async def test_a_closed_case_goes_down_to_a_service_that_can_be_told(
    service: Service, authority: str, book: Any
) -> None:
    cast, pack = CASTS[authority], book.pack(authority)
    await service.contacts.run(whole_life(authority))
    manager = Actor(person="m1", role=cast.manager)
    said_of_it = {
        "contact": contact_opened(authority).contact,
        "service": cast.school,
        "plan_kind": pack.stepping.step_down.plans[0].id,
        "lead_professional": "Isolde Pennywhistle",
        "because": "The aims of the plan were met.",
    }
    await service.contacts.run(
        [
            asks(StepDown, 60, manager, **said_of_it),
            asks(StepDown, 61, manager, **said_of_it, plan="Weekly visits until Easter."),
        ]
    )
    (refused,) = await said(service.database, CommandRefused)
    assert (refused.code, refused.allowed) == ("not-whole", ("name the plan",))
    (stepped,) = await said(service.database, SteppedDown)
    assert (stepped.service, stepped.plan, stepped.child.given_name) == (
        cast.school, "Weekly visits until Easter.", "Tamsin",
    )  # fmt: skip
    (row,) = await rows(service, "select kind, state, open from undertaking where kind = 'step-down'")
    assert tuple(row) == ("step-down", "offered", True)


@pytest.mark.req("SC-23", authority="halton")
async def test_a_re_referral_is_flagged_and_stays_in_the_record(service: Service) -> None:
    earlier: UUID = contact_opened("halton", 2).contact
    line = ChronologyLine(
        on="2026-08-04", kind="referral", source="front-door", outcome="Assessment", level=3, contact=earlier
    )
    await service.contacts.run([opened(chronology=(line,))])
    (received,) = await said(service.database, ContactReceived)
    assert received.re_referral is not None
    assert (received.re_referral.contact, received.re_referral.outcome) == (earlier, "Assessment")
    (row,) = await rows(service, "select state -> 'arrival' -> 're_referral' ->> 'outcome' as outcome from contact")
    assert row["outcome"] == "Assessment"
