"""SC-2: desktops as queues. SC-26: every contact of a period ends in exactly one outcome, and those that do not are listed."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from icart_common.contracts.base import Actor
from icart_common.contracts.decisions import chain_id
from icart_common.contracts.disagreements import RaiseDisagreement
from icart_common.contracts.ids import derived_id
from icart_common.contracts.screening import Triage
from icart_common.contracts.timers import ClockStarted, StartClock
from icart_common.db.pool import named_sql
from icart_common.testing import record_of, said
from icart_screening.queues import Finding, Queued, Reconciled, on_desktops, reconcile, tally
from services.screening.tests.conftest import Service
from services.screening.tests.front_door import BOOK, CASTS, MONDAY, contact_opened
from services.screening.tests.test_topics_to_tables import command, minute, opened, rows, whole_life

pytestmark = pytest.mark.broker
DAY = timedelta(days=1)


async def queue(service: Service, authority: str, *desktops: str, now: int = 10, limit: int = 100) -> list[Queued]:
    pack = BOOK.pack(authority)
    wanted = desktops or tuple(one.id for one in pack.desktops)
    async with service.database.connection() as connection:
        return await on_desktops(connection, authority, wanted, now=minute(now), limit=limit)


async def runs(service: Service, clock: StartClock, due: int) -> None:
    """The timers say when the clock is due."""
    started = ClockStarted(
        clock=clock.clock,
        authority=clock.authority,
        pack_version=clock.pack_version,
        rule=clock.rule,
        owner="screening",
        subject=clock.subject,
        counted_from=MONDAY,
        due_at=minute(due),
        sum="as it was counted",
        warns_at=(),
    )
    await service.clocks.run([record_of(started, "events.timers", at=MONDAY)])


@pytest.mark.parametrize(
    "authority", [pytest.param(one, marks=pytest.mark.req("SC-2", "SC-4", authority=one)) for one in sorted(CASTS)]
)
async def test_the_clock_that_is_due_first_is_on_top_whatever_came_first(service: Service, authority: str) -> None:
    assert await queue(service, authority) == []
    cast, pack = CASTS[authority], BOOK.pack(authority)
    contacts = [contact_opened(authority, number).contact for number in (1, 2, 3)]
    triaged = {"strand": cast.safeguarding, "urgency": "urgent", "reason": "two earlier contacts"}
    await service.contacts.run([opened(authority, number) for number in (1, 2, 3)])
    await service.contacts.run([command(Triage, one, 1, cast.manager, "m1", **triaged) for one in contacts[:2]])
    started: dict[UUID, StartClock] = {}
    for clock in await said(service.database, StartClock):
        started.setdefault(clock.subject, clock)
    await runs(service, started[contacts[0]], due=30)
    await runs(service, started[contacts[1]], due=5)
    found = await queue(service, authority)
    assert [one.contact for one in found][:2] == [contacts[1], contacts[0]]
    assert {one.contact for one in found} == set(contacts), "each contact is there once"
    first, second = found[:2]
    strand = pack.strand(cast.safeguarding)
    assert (first.desktop, first.strand, first.urgency, first.worker) == (strand.desktop, strand.id, "urgent", None)
    assert (first.rule, first.due_at, first.late, first.overdue) == (started[contacts[1]].rule, minute(5), True, 1)
    assert (second.due_at, second.late, second.overdue) == (minute(30), False, 0)
    arrivals = await queue(service, authority, pack.desktop_of("arrivals").id)
    assert [one.contact for one in arrivals] == contacts[2:]
    assert [one.contact for one in await queue(service, authority, limit=1)] == contacts[1:2]


@pytest.mark.req("SC-2", authority="halton")
async def test_what_is_waited_for_stands_beside_its_contact_with_its_own_clock(service: Service) -> None:
    contacts = [contact_opened("halton", number).contact for number in (1, 2)]
    await service.contacts.run([opened("halton", number) for number in (1, 2)])
    raised = RaiseDisagreement(
        actor=Actor(person="m1", role=CASTS["halton"].manager),
        contact=contacts[1],
        agency=CASTS["halton"].school,
        about="the outcome",
        because="nothing changed",
        wants="more",
    )
    await service.contacts.run([record_of(raised, "commands.screening", at=minute(2))])
    clock = next(one for one in await said(service.database, StartClock) if one.subject not in contacts)
    await runs(service, clock, due=4)
    found = await queue(service, "halton")
    assert [one.contact for one in found] == [contacts[1], contacts[0]], "what is waited for is due too"
    (waiting,) = found[0].undertakings
    assert (waiting.kind, waiting.state, waiting.rule, waiting.late) == (
        "disagreement", "with-managers", clock.rule, True,
    )  # fmt: skip
    assert found[1].undertakings == ()


async def test_a_queue_is_found_by_index_at_a_full_front_door(service: Service) -> None:
    """30,000 contacts of three authorities, of which 333 lie on the desktop that is asked for, each with two clocks."""
    async with service.database.connection() as connection:
        await connection.execute("""
            insert into contact (id, authority, pack_version, version, status, desktop, received_at, state)
            select gen_random_uuid(), (array['halton', 'york', 'cheshire-west'])[1 + n % 3], '2026.1', 1,
                   case when n % 10 = 0 then 'open' else 'closed' end,
                   case when n % 10 = 0 then (array['icart', 'cart', 'edt'])[1 + n / 3 % 3] end,
                   timestamptz '2026-11-16' + n * interval '1 second', '{"reference": "R"}'
            from generate_series(1, 30000) n;
            insert into contact_clock (clock, contact, rule, state, due_at, view)
            select gen_random_uuid(), id, 'TM-' || k, 'running', received_at + k * interval '1 hour', '{}'
            from contact, generate_series(1, 2) k;
            analyze contact; analyze contact_clock; analyze undertaking;
        """)
        statement = named_sql("icart_screening")["desktop"]
        plan = await connection.fetchval(
            f"explain (format json) {statement}", "halton", ["icart"], MONDAY, 200, chain_id("halton")
        )
    assert "contact_desktop" in plan
    assert "contact_clock_next" in plan
    scanned = {node["Relation Name"] for node in _nodes(json.loads(plan)[0]["Plan"]) if node["Node Type"] == "Seq Scan"}
    assert scanned <= {"undertaking"}, "an empty table is read whole, and no other"
    assert len(await queue(service, "halton", "icart", limit=200)) == 200


def _nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for inner in plan.get("Plans", ()) for node in _nodes(inner))]


async def reconciled(service: Service, authority: str, opened_by_intake: tuple[UUID, ...] = ()) -> list[Reconciled]:
    async with service.database.connection() as connection:
        return await reconcile(connection, authority, MONDAY - DAY, MONDAY + DAY, opened_by_intake)


@pytest.mark.parametrize(
    "authority", [pytest.param(one, marks=pytest.mark.req("SC-26", authority=one)) for one in sorted(CASTS)]
)
async def test_every_contact_has_ended_once_or_is_listed(service: Service, authority: str) -> None:
    await service.contacts.run([*whole_life(authority, 1), opened(authority, 2)])
    found = await reconciled(service, authority)
    assert [(one.finding, one.outcomes) for one in found] == [("ended", (CASTS[authority].assessment,)), ("open", ())]
    assert await reconciled(service, next(one for one in CASTS if one != authority)) == []
    lost = derived_id(MONDAY, "lost")
    found = await reconciled(service, authority, (contact_opened(authority, 1).contact, lost))
    assert [one.contact for one in found if one.finding == "not-here"] == [lost]
    assert tally(found) == {"ended": 1, "not-here": 1, "open": 1}


@pytest.mark.req("SC-26", authority="halton")
@pytest.mark.parametrize(
    ("spoilt", "finding"),
    [
        ("update contact_event set type = 'x' where type = 'icart.screening.closed.v1'", "no-outcome"),
        ("insert into contact_event select contact, version + 1, 0, type, at, body from contact_event "
         "where type = 'icart.screening.closed.v1'", "several-outcomes"),
        ("update contact set status = 'open', desktop = 'icart'", "open-again"),
        ("update contact set state = jsonb_set(state, '{ending,outcome}', '\"advise-caf\"')", "another-outcome"),
        ("update contact_event set body = body || '{\"successor\": \"0198c2a4-7d01-7001-8001-4f6a1b2c0001\"}' "
         "where type = 'icart.screening.closed.v1'", "goes-nowhere"),
    ],
)  # fmt: skip
async def test_what_has_not_ended_once_is_found_whatever_broke_it(
    service: Service, spoilt: str, finding: Finding
) -> None:
    await service.contacts.run(whole_life("halton"))
    await rows(service, "alter table contact_event disable trigger contact_event_stays")
    await rows(service, spoilt)
    assert [one.finding for one in await reconciled(service, "halton")] == [finding]
