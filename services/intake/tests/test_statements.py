"""How many statements a batch takes: the same for one message as for two hundred."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.broker

OF_THE_RUNNER = 5
"""begin, inbox, what waits, outbox, commit."""


async def statements(desk, runner, records):
    before = desk.database.count.statements
    assert await runner.run(records) == []
    return desk.database.count.statements - before


@pytest.mark.parametrize("number", [1, 200])
async def test_a_batch_of_referrals(desk, number):
    def batch():
        return [
            desk.record(
                desk.referral(people=[desk.child(), desk.child("p2", given_name=f"Ivo {place}", role="sibling")])
            )
            for place in range(number)
        ]

    new = await statements(desk, desk.door, batch())
    known = await statements(desk, desk.door, batch())
    assert (new, known) == (OF_THE_RUNNER + 4, OF_THE_RUNNER + 5)


@pytest.mark.parametrize("number", [1, 200])
async def test_a_batch_with_repeats(desk, number):
    referrals = [desk.referral() for _ in range(number)]
    await desk.send(*referrals)
    again = await statements(desk, desk.door, [desk.record(referral) for referral in referrals])
    assert again <= OF_THE_RUNNER + 2


@pytest.mark.parametrize("number", [1, 200])
async def test_a_batch_of_night_contacts_and_completions(desk, number):
    contacts = [desk.night_contact(record_complete=False) for _ in range(number)]
    assert await statements(desk, desk.door, [desk.record(contact) for contact in contacts]) <= OF_THE_RUNNER + 5


@pytest.mark.parametrize("number", [1, 200])
async def test_a_batch_of_the_case_system(desk, number):
    def batch(days):
        return [
            desk.record(desk.held(f"c-{place}", given_name=f"Ivo {place}", as_of=desk.held().as_of.replace(day=days)))
            for place in range(number)
        ]

    assert await statements(desk, desk.feed, batch(1)) <= OF_THE_RUNNER + 4
    assert await statements(desk, desk.feed, batch(2)) <= OF_THE_RUNNER + 4
