"""How many statements a batch takes: the same for one message as for many."""

from __future__ import annotations

import pytest

from icart_common.contracts.ids import new_id
from icart_common.messaging.outbox import WRITE_BYTES

pytestmark = pytest.mark.broker

OF_THE_RUNNER = 5
"""begin, inbox, what waits, outbox, commit."""


@pytest.fixture(autouse=True)
async def the_driver_knows_the_types(desk):
    """Its own look at them, once a connection, is none of a batch's statements."""
    stranger = {"given_name": "Wren", "born": "2011-11-11"}
    await desk.send(desk.referral(people=[desk.child(**stranger)]))
    await desk.hold(desk.held("c-stranger", **stranger))
    people = (desk.child(**stranger),)
    await desk.send(desk.referral(people=people), desk.night_contact(people=people))


async def statements(desk, runner, records):
    before = desk.database.count.statements
    assert await runner.run(records) == []
    return desk.database.count.statements - before


@pytest.mark.parametrize("number", [1, 50])  # all of one child, so that everybody is compared with everybody
async def test_a_batch_of_referrals(desk, number):
    def batch():
        return [
            desk.record(
                desk.referral(people=[desk.child(), desk.child("p2", given_name=f"Ivo {place}", role="sibling")])
            )
            for place in range(number)
        ]

    await desk.send(desk.referral(people=[desk.child(given_name="Odalys")]))  # asyncpg asks for types once a connection
    new = await statements(desk, desk.door, batch())
    known = await statements(desk, desk.door, batch())
    # take, two for the keys, candidates, what follows of people, what follows of submissions, what is asked; and what waits
    # for the offers, where any were made
    assert OF_THE_RUNNER + 7 <= new <= OF_THE_RUNNER + 8
    # people, their pairs, who else is in those; three for what went before, calls, and what is joined
    assert known <= OF_THE_RUNNER + 15


@pytest.mark.parametrize("number", [1, 200])
async def test_a_batch_with_repeats(desk, number):
    referrals = [desk.referral() for _ in range(number)]
    await desk.send(*referrals)
    again = await statements(desk, desk.door, [desk.record(referral) for referral in referrals])
    assert again <= OF_THE_RUNNER + 2
    changed = [desk.record(one.model_copy(update={"why_now": "She has run away."})) for one in referrals]
    assert await statements(desk, desk.door, changed) <= OF_THE_RUNNER + 2
    once = await statements(desk, desk.door, [desk.record(desk.referral()) for _ in range(number)])
    twice = [desk.record(one) for one in (desk.referral() for _ in range(number)) for _ in range(2)]
    assert await statements(desk, desk.door, twice) <= once + 1


@pytest.mark.parametrize("number", [1, 200])
async def test_a_batch_of_night_contacts_and_completions(desk, number):
    contacts = [desk.night_contact(record_complete=False) for _ in range(number)]
    taken = await statements(desk, desk.door, [desk.record(contact) for contact in contacts])
    said = await desk.database.pool.fetchval("select sum(octet_length(value)) from outbox")
    assert taken <= OF_THE_RUNNER + 7 + said // WRITE_BYTES, "what is said takes a statement for every four mebibytes"


@pytest.mark.parametrize("number", [1, 100])
async def test_a_batch_of_the_case_system(desk, number):
    def batch(days, **fields):
        day = desk.held().as_of.replace(day=days)
        return [
            desk.record(desk.held(f"c-{place}", given_name=f"Ivo {place}", as_of=day, **fields))
            for place in range(number)
        ]

    assert await statements(desk, desk.feed, batch(1)) <= OF_THE_RUNNER + 10
    assert await statements(desk, desk.feed, batch(2)) <= OF_THE_RUNNER + 11
    load = new_id()
    whole = [
        desk.record(desk.load_begun(load=load, as_of=desk.held().as_of.replace(day=3))),
        *batch(3, load=load, nhs_number="9990000010", episodes=({"episode": "e", "status": "open"},)),
        desk.record(desk.load_ended(load=load, people=number)),
    ]
    assert await statements(desk, desk.feed, whole) <= OF_THE_RUNNER + 15
    changes = [
        desk.record(desk.episode(f"c-{place}", "f", days=4, status="closed", closed="2026-05-01"))
        for place in range(number)
    ]
    assert await statements(desk, desk.feed, changes) <= OF_THE_RUNNER + 3
