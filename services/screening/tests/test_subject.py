"""A contact about another person record: only whom it is about changes, open or closed, in whatever order it is heard (IN-17)."""

import json
from typing import Any

import pytest

from icart_common.contracts.base import CommandRefused
from icart_common.contracts.people import ContactPersonChanged
from icart_common.contracts.screening import Allocate, ContactTriaged, SubjectChanged, Triage
from icart_common.messaging.message import Record
from icart_common.testing import record_of, said
from services.screening.tests.conftest import Service
from services.screening.tests.front_door import CASTS, contact_opened
from services.screening.tests.test_topics_to_tables import command, minute, opened, whole_life

pytestmark = pytest.mark.broker
OTHER = "0198c2a4-7d02-7002-8002-0000000000ff"


def changed(at: int, authority: str = "halton", person: str = OTHER) -> Record:
    first = contact_opened(authority)
    body = ContactPersonChanged(
        contact=first.contact, authority=authority, at=minute(at), person=person, before=first.child_known.person,
        because="people-merged", case_number="C-77",
    )  # fmt: skip
    return record_of(body, "events.intake", at=minute(at))


async def state(service: Service) -> dict[str, Any]:
    async with service.database.connection() as connection:
        found: dict[str, Any] = json.loads(await connection.fetchval("select state from contact"))
        return found


@pytest.mark.req("IN-17")
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
async def test_the_record_is_about_the_other_and_nothing_else_changes(service, order):
    records = [opened(), changed(1)]
    await service.contacts.run([opened()] if order == (0, 1) else [])
    for place in order:
        assert await service.contacts.run([records[place]]) == []
    (event,) = await said(service.database, SubjectChanged)
    assert (str(event.person), event.version, event.because) == (OTHER, 2, "people-merged")
    record = await state(service)
    assert (record["arrival"]["child"]["person"], record["arrival"]["child"]["case_number"]) == (OTHER, "C-77")
    assert record["desktop"]
    await service.contacts.run([changed(2)])
    assert len(await said(service.database, SubjectChanged)) == 1, "it is about that person already"


@pytest.mark.req("IN-17")
async def test_a_decision_on_the_record_as_it_was_is_asked_for_again(service):
    cast = CASTS["halton"]
    contact = contact_opened("halton").contact
    fields = {"strand": cast.safeguarding, "urgency": "urgent", "reason": "two earlier contacts"}
    seen = command(Triage, contact, 1, cast.manager, "m1", **fields)
    await service.contacts.run([opened(), changed(0), seen])
    assert await said(service.database, ContactTriaged) == []


@pytest.mark.req("IN-17")
async def test_a_closed_contact_too(service):
    await service.contacts.run(whole_life("halton"))
    before = await state(service)
    await service.contacts.run([changed(60)])
    after = await state(service)
    assert after["status"] == before["status"] == "closed"
    assert after["version"] == before["version"] + 1
    assert after["arrival"]["child"]["person"] == OTHER


@pytest.mark.req("IN-17")
async def test_read_before_a_decision_that_was_given_earlier_it_takes_nothing_from_that(service):
    """Topics read again (decision 0002): the same record in either order, and every later decision finds its version."""
    cast = CASTS["halton"]
    contact = contact_opened("halton").contact
    fields = {"strand": cast.safeguarding, "urgency": "urgent", "reason": "two earlier contacts"}
    decisions = [
        command(Triage, contact, 1, cast.manager, "m1", **fields),
        command(Allocate, contact, 3, cast.manager, "m1", worker="w1"),
    ]
    in_time = [opened(), decisions[0], changed(2), decisions[1]]
    found = []
    for order in (in_time, [opened(), changed(2), *decisions], [opened(), *decisions, changed(2)]):
        async with service.database.connection() as connection:
            await connection.execute("alter table contact_event disable trigger contact_event_stays")
            await connection.execute("truncate contact, contact_event, inbox, outbox, waiting")
        for one in order:
            assert await service.contacts.run([one]) == []
        assert await said(service.database, CommandRefused) == []
        now = await state(service)
        found.append((now | {"heard": []}, [one["version"] for one in now["heard"]]))
    assert [one for one, _ in found] == [found[0][0]] * 3
    assert [versions for _, versions in found] == [[3], [2], [3]], "only when it came into the log differs"
