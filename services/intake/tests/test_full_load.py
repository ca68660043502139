"""A full load of the case system: what it leaves out is no longer held, when it is complete and only then (IN-5, IN-6)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import permutations
from uuid import UUID

import pytest

from icart_common.contracts.base import InboundRefused
from icart_common.contracts.cases import LoadSettled
from icart_common.contracts.ids import derived_id
from icart_common.contracts.intake import CaseRedirected, ContactOpened
from icart_intake.domain.people import Standing

from .conftest import TUESDAY

pytestmark = [pytest.mark.broker, pytest.mark.req("IN-5", "IN-6")]

GIVEN = {"a": "Ivo", "b": "Bela", "c": "Rowan", "d": "Odalys", "z": "Quentin"}
"""Given names that nobody would take for one another."""

AUTHORITIES = ["halton", "york", "cheshire-west"]


def load_id(name) -> UUID:
    return derived_id(TUESDAY, "load", name)


def day(desk, days):
    return desk.held().as_of + timedelta(days=days)


def full_load(desk, numbers, *, days=10, name="one", authority="halton", said=None, open_case=True):
    """Beginning, people and end, `days` after what `held` says."""
    load, as_of = load_id(name), day(desk, days)
    case = {"case": desk.open_case()} if open_case else {}
    people = [
        desk.held(number, authority, given_name=GIVEN.get(number, f"Ivo {number}"), as_of=as_of, load=load, **case)
        for number in numbers
    ]
    return [
        desk.load_begun(authority, load=load, as_of=as_of),
        *people,
        desk.load_ended(authority, load=load, people=len(numbers) if said is None else said),
    ]


async def open_numbers(desk):
    return {
        row["number"]
        for row in await desk.rows("person")
        if row["number"] and Standing.model_validate_json(row["standing"]).is_open_and_allocated()
    }


async def settled(desk):
    return [(one.load, one.state, one.said, one.heard, one.no_longer_held) for one in await desk.said(LoadSettled)]


@pytest.mark.parametrize("authority", AUTHORITIES)
async def test_what_a_complete_load_leaves_out_is_no_longer_held_and_stays(desk, authority):
    before = [
        desk.held(number, authority, given_name=GIVEN.get(number, f"Ivo {number}"), case=desk.open_case())
        for number in ("a", "b", "c")
    ]
    await desk.hold(*before)
    await desk.send(desk.referral(authority))  # about somebody whom only the door knows
    people = await desk.rows("person")
    await desk.hold(*full_load(desk, ["a", "b"], authority=authority))
    assert await open_numbers(desk) == {"a", "b"}
    assert await settled(desk) == [(load_id("one"), "complete", 2, 2, 1)]
    assert [row["id"] for row in await desk.rows("person")] == [row["id"] for row in people], "nobody is deleted"
    await desk.send(desk.referral(authority, people=[desk.child(given_name=GIVEN["c"])]))
    assert len(await desk.said(ContactOpened)) == 2, "no longer open: a contact"
    await desk.send(desk.referral(authority, people=[desk.child(given_name=GIVEN["b"])]))
    assert len(await desk.said(CaseRedirected)) == 1


async def test_another_authority_is_not_touched_by_a_load(desk):
    await desk.hold(desk.held("x", "york", case=desk.open_case()))
    await desk.hold(*full_load(desk, ["a"]))
    assert await open_numbers(desk) == {"a", "x"}


@pytest.mark.parametrize(("said", "state"), [(3, "too-few"), (1, "too-many")])
async def test_a_load_whose_count_differs_marks_nobody_and_is_answered(desk, said, state):
    await desk.hold(desk.held("z", given_name=GIVEN["z"], case=desk.open_case()))
    await desk.hold(*full_load(desk, ["a", "b"], said=said))
    assert await open_numbers(desk) == {"a", "b", "z"}, "what came is taken, and nobody is marked"
    assert await settled(desk) == [(load_id("one"), state, said, 2, None)]
    await desk.hold(desk.load_ended(load=load_id("one"), people=2))
    assert await open_numbers(desk) == {"a", "b"}, "an end with the right count completes it"
    assert (await settled(desk))[1:] == [(load_id("one"), "complete", 2, 2, 1)]


async def test_a_load_that_breaks_off_is_told_when_its_feed_goes_on_without_it(desk):
    await desk.hold(desk.held("z", given_name=GIVEN["z"], case=desk.open_case()))
    await desk.hold(*full_load(desk, ["a", "b"])[:-1])
    await desk.hold(desk.episode("a", days=11))
    assert await settled(desk) == []
    desk.now += timedelta(hours=2)
    await desk.hold(desk.episode("a", days=12), desk.episode("b", days=12))
    assert await settled(desk) == [(load_id("one"), "broken-off", None, None, None)]
    assert await open_numbers(desk) == {"a", "b", "z"}
    await desk.hold(desk.load_ended(load=load_id("one"), people=2))
    assert (await settled(desk))[-1] == (load_id("one"), "complete", 2, 2, 1), "its end came after all"


async def test_an_end_without_a_beginning_marks_nobody(desk):
    begun, *rest = full_load(desk, ["a"])
    await desk.hold(desk.held("z", given_name=GIVEN["z"], case=desk.open_case()))
    await desk.hold(*rest)
    assert await settled(desk) == [(load_id("one"), "not-begun", 1, 1, None)]
    assert await open_numbers(desk) == {"a", "z"}
    await desk.hold(begun)
    assert await open_numbers(desk) == {"a"}


async def test_a_load_that_overlaps_a_later_one(desk):
    """Both are interleaved; what the later one says counts, whichever of them ends first."""
    await desk.hold(
        *(desk.held(number, given_name=GIVEN.get(number, f"Ivo {number}"), case=desk.open_case()) for number in "abcz")
    )
    one, two = full_load(desk, ["a", "b"], name="one"), full_load(desk, ["b", "c"], days=11, name="two")
    await desk.hold(one[0], one[1], two[0], two[1], two[2], one[2])
    assert await open_numbers(desk) == {"a", "b", "c", "z"}
    await desk.hold(one[3])
    assert await open_numbers(desk) == {"a", "b", "c"}
    await desk.hold(two[3])
    assert await open_numbers(desk) == {"b", "c"}
    assert [state for _, state, *_ in await settled(desk)] == ["complete", "complete"]


async def test_a_load_that_a_later_one_overtook_is_superseded(desk):
    await desk.hold(
        *(desk.held(number, given_name=GIVEN.get(number, f"Ivo {number}"), case=desk.open_case()) for number in "abc")
    )
    one, two = full_load(desk, ["a", "b"], name="one"), full_load(desk, ["b", "c"], days=11, name="two")
    await desk.hold(*one[:-1], *two)
    assert await open_numbers(desk) == {"b", "c"}
    assert [state for _, state, *_ in await settled(desk)] == ["superseded", "complete"]
    await desk.hold(one[-1])
    assert await open_numbers(desk) == {"b", "c"}, (
        "an older load ends nothing that the later one holds, and opens nothing"
    )


async def test_changes_that_are_newer_than_the_load_stay_whatever_came_first(desk):
    """Of a, which the load left out: a newer episode shows that it is held; an older description that comes late does not."""
    statements = [
        full_load(desk, ["b"]),
        [desk.held("a", given_name=GIVEN["a"])],
        [desk.episode("a", days=12)],
        [desk.held("c", given_name=GIVEN["c"], case=desk.open_case())],
    ]
    for order in permutations(statements):
        async with desk.database.connection() as connection:
            await connection.execute(EMPTY)
        for batch in order:
            await desk.hold(*batch)
        assert await open_numbers(desk) == {"a", "b"}, [type(batch[0]).__name__ for batch in order]


TABLES = ("held_person", "held_episode", "held_relation", "full_load", "person", "person_key")
EMPTY = (
    "truncate inbox, outbox, person, person_key, case_feed, held_person, held_episode, held_relation,"
    " full_load, full_load_person"
)


async def test_a_load_that_is_sent_again_says_nothing_new(desk):
    messages = full_load(desk, ["a", "b"])
    await desk.hold(*messages)
    before = await desk.rows("held_person")
    await desk.hold(*messages)
    assert await desk.rows("held_person") == before
    assert [state for _, state, *_ in await settled(desk)] == ["complete"]
    assert await desk.rows("full_load_person") == [], "names are kept no longer than they are needed"


async def test_a_person_of_a_load_is_as_of_its_beginning_though_the_record_is_older(desk):
    await desk.hold(desk.held("a", given_name="Ivo a", as_of=day(desk, 5)), desk.not_held("a", days=6))
    begun, _, ended = full_load(desk, ["a"])
    older = desk.held("a", given_name="Ivo a", as_of=day(desk, 1), load=load_id("one"), case=desk.open_case())
    await desk.hold(begun, older, ended)
    assert await open_numbers(desk) == {"a"}
    (person,) = await desk.rows("person")
    assert person["as_of"] == day(desk, 10)


async def test_who_is_named_twice_in_a_load_is_one_person(desk):
    begun, person, ended = full_load(desk, ["a"])
    await desk.hold(begun, person, person)
    await desk.hold(person, ended)
    assert await settled(desk) == [(load_id("one"), "complete", 1, 1, 0)]


async def test_an_id_that_was_used_for_another_load_is_refused(desk):
    await desk.hold(*full_load(desk, ["a"]))
    await desk.hold(*full_load(desk, ["a"], days=12))
    (refused,) = await desk.said(InboundRefused)
    assert refused.problems[0].path == "$.load"


async def test_however_the_records_fall_into_batches_the_same_is_said(desk):
    messages = [
        *(desk.held(number, given_name=GIVEN.get(number, f"Ivo {number}"), case=desk.open_case()) for number in "abc"),
        *full_load(desk, ["a", "b"], said=3),
        desk.held("d", given_name=GIVEN["d"], as_of=day(desk, 10), load=load_id("one")),
        desk.not_held("b", days=11),
        desk.episode("b", days=12),
        *full_load(desk, ["a"], days=13, name="two")[:-1],
        desk.load_ended(load=load_id("two"), people=2),
    ]
    records = [desk.record(message) for message in messages]
    found = []
    for size in (1, 3, 100):
        async with desk.database.connection() as connection:
            await connection.execute(EMPTY)
        for start in range(0, len(records), size):
            assert await desk.feed.run(records[start : start + size]) == []
        said = sorted(message.model_dump_json() for message in await desk.said(LoadSettled))
        tables = [sorted(map(str, await desk.rows(table))) for table in TABLES]
        found.append((said, tables))
    assert found[0] == found[1] == found[2]
    assert sorted(state for _, state, *_ in await settled(desk)) == ["complete", "too-few", "too-few"]


async def test_two_instances_with_one_feed_take_turns(desk):
    batches = [[desk.record(message)] for message in full_load(desk, [f"n-{place}" for place in range(6)])]
    await desk.hold(desk.held("z", given_name=GIVEN["z"], case=desk.open_case()))
    await asyncio.gather(*(desk.feed.run(batch) for batch in batches))
    assert await open_numbers(desk) == {f"n-{place}" for place in range(6)}
    assert len(await desk.rows("held_person")) == 7


@pytest.mark.parametrize("authority", AUTHORITIES)
@pytest.mark.parametrize("accepted_at_once", [True, False])
async def test_a_load_that_leaves_out_most_marks_nobody_until_somebody_accepts_it(desk, authority, accepted_at_once):
    numbers = [f"n{number}" for number in range(60)]
    await desk.hold(
        *(desk.held(number, authority, given_name=f"Ivo {number}", case=desk.open_case()) for number in numbers)
    )
    *load, end = full_load(desk, numbers[:5], authority=authority)
    accepted = end.model_copy(update={"accepts_fewer": True})
    if not accepted_at_once:
        await desk.hold(*load)
        await desk.hold(end)
        await desk.hold(end)
        (refused,) = await desk.said(LoadSettled)
        assert (refused.state, refused.no_longer_held, refused.would_leave_out) == ("too-small", None, 55)
        assert await open_numbers(desk) == set(numbers)
        await desk.hold(accepted)
    else:
        await desk.hold(*load, accepted)
    done = (await desk.said(LoadSettled))[-1]
    assert (done.state, done.no_longer_held, done.would_leave_out) == ("complete", 55, None)
    assert await open_numbers(desk) == set(numbers[:5])
    assert await desk.rows("full_load_person") == []


@pytest.mark.parametrize("left", [48, 50])
async def test_a_fifth_may_leave_at_once_and_so_may_fifty(desk, left):
    numbers = [f"n{number:03}" for number in range(240 if left == 48 else 60)]
    await desk.hold(*(desk.held(number, given_name=f"Ivo {number}") for number in numbers))
    await desk.hold(*full_load(desk, numbers[left:], open_case=False))
    assert await settled(desk) == [(load_id("one"), "complete", len(numbers) - left, len(numbers) - left, left)]
