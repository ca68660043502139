"""What the case system says of a person is kept whole: identifiers, relationships, households (IN-7, IN-17, IN-18)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from icart_common.contracts.base import Address
from icart_common.contracts.cases import RecordRemarked
from icart_common.contracts.intake import CaseRedirected, ContactOpened
from icart_intake import feed_store
from icart_intake.domain.households import Relative, household_of

pytestmark = pytest.mark.broker

HOME = {"lines": "14 Larkspur Close, Fernleigh", "postcode": "ZZ99 1AA"}
TODAY = date(2026, 6, 9)


async def ids(desk):
    return {row["number"]: row["id"] for row in await desk.rows("person")}


async def relatives(desk, *numbers):
    known = await ids(desk)
    async with desk.database.connection() as connection:
        return known, await feed_store.relatives(connection, [known[number] for number in numbers])


async def households(desk, number, day=TODAY):
    known = await ids(desk)
    names = {person: name for name, person in known.items()}
    async with desk.database.connection() as connection:
        found = await feed_store.households(connection, [known[number]], day)
    return sorted(names[one] for one in found.get(known[number], ()))


def family(desk, **child):
    mother = desk.held("m", given_name="Odalys", born="1990-01-01")
    return mother, desk.held("c", **child)


@pytest.mark.req("IN-7")
async def test_a_relationship_is_known_from_both_sides_with_dates_and_responsibility_apart(desk):
    related = {"number": "m", "kind": "mother", "parental_responsibility": False, "since": "2017-02-28"}
    await desk.hold(*family(desk, related=(related,)))
    known, found = await relatives(desk, "c", "m")
    assert set(found) == {
        Relative(known["m"], "mother", known["c"], False, date(2017, 2, 28)),
        Relative(known["c"], "child", known["m"], None, date(2017, 2, 28)),
    }


@pytest.mark.req("IN-7")
async def test_a_relationship_that_is_no_longer_said_is_gone_and_one_that_came_before_its_person_is_there(desk):
    two = ({"number": "m", "kind": "mother"}, {"number": "g", "kind": "grandparent", "parental_responsibility": True})
    mother, child = family(desk, related=two)
    await desk.hold(child)
    await desk.hold(mother, desk.held("g", given_name="Hester", born="1960-01-01"))
    _, found = await relatives(desk, "c")
    assert {(one.kind, one.parental_responsibility) for one in found} == {("mother", None), ("grandparent", True)}
    await desk.hold(desk.held("c", as_of=child.as_of + timedelta(days=1), related=two[1:]))
    _, found = await relatives(desk, "c")
    assert [one.kind for one in found] == ["grandparent"]


@pytest.mark.req("IN-7", "IN-18")
async def test_a_household_is_who_lives_at_the_same_address_that_day(desk):
    moved = {**HOME, "until": "2026-06-01"}
    shelter = {"lines": "1 Nowhere Yard", "postcode": "ZZ99 9ZZ", "since": "2026-06-01", "temporary": True}
    written = {"lines": "14, LARKSPUR CLOSE, Fernleigh", "postcode": "zz99 1aa"}
    await desk.hold(
        desk.held("m", given_name="Odalys", addresses=(HOME,)),
        desk.held("c", given_name="Ivo", addresses=(written, shelter)),
        desk.held("s", given_name="Linnet", addresses=(moved, shelter)),
        desk.held("n", given_name="Corin", addresses=({"lines": "14 Larkspur Close, Fernleigh"},)),
    )
    assert await households(desk, "m") == ["c"]
    assert await households(desk, "c") == ["m", "s"]
    assert await households(desk, "s", date(2026, 5, 31)) == ["c", "m"]
    assert await households(desk, "n") == [], "without a postcode an address is nobody else's"


def test_addresses_of_two_authorities_are_two_households():
    home = Address.model_validate(HOME)
    assert household_of("halton", home) != household_of("york", home)


@pytest.mark.req("IN-17")
@pytest.mark.parametrize("authority", ["halton", "york", "cheshire-west"])
async def test_a_wrong_check_digit_is_kept_marked_reported_once_and_matches_nobody(desk, authority):
    person = desk.held(authority=authority, nhs_number="9990000010", case=desk.open_case())
    await desk.hold(person)
    await desk.hold(person.model_copy(update={"as_of": person.as_of + timedelta(days=1), "school": "Fernleigh"}))
    (remark,) = await desk.said(RecordRemarked)
    assert (remark.number, remark.agency) == (person.number, person.agency)
    assert [problem.path for problem in remark.problems] == ["$.nhs_number"]
    assert "9990000010" not in remark.model_dump_json()
    (row,) = await desk.rows("person")
    assert "9990000010" in row["described"]
    (kept,) = await desk.rows("held_person")
    assert "$.nhs_number" in kept["remarks"]
    stranger = desk.child(given_name="Ivo", family_name="Lowbridge", born=None, nhs_number="9990000010")
    await desk.send(desk.referral(authority, people=[stranger]))
    assert (await desk.said(ContactOpened))[0].child_known.match == "new"
    right = {"as_of": person.as_of + timedelta(days=2), "nhs_number": "9990000018"}
    await desk.hold(person.model_copy(update=right))
    assert (await desk.rows("held_person"))[0]["remarks"] == "[]"
    known = desk.child(given_name=None, family_name=None, nhs_number="9990000018")
    await desk.send(desk.referral(authority, people=[known]))
    assert len(await desk.said(CaseRedirected)) == 1


@pytest.mark.req("IN-5", "IN-6")
@pytest.mark.parametrize("authority", ["halton", "york", "cheshire-west"])
async def test_opened_closed_and_opened_again_out_of_order_is_redirected(desk, authority):
    """The closure of the first episode comes last, and the child's own record after the episodes."""
    again = desk.episode("c-1", "e-2", days=3, authority=authority, worker="Odile Marchbanks")
    closed = desk.episode("c-1", "e-1", days=2, authority=authority, status="closed", closed="2026-05-12")
    opened = desk.episode("c-1", "e-1", days=1, authority=authority)
    for statement in (again, opened, desk.held(authority=authority), closed):
        await desk.hold(statement)
    await desk.send(desk.referral(authority))
    (redirected,) = await desk.said(CaseRedirected)
    assert (redirected.case.number, redirected.case.episode, redirected.case.worker) == (
        "c-1",
        "e-2",
        "Odile Marchbanks",
    )
    await desk.hold(desk.episode("c-1", "e-2", days=4, authority=authority, status="closed", closed="2026-05-14"))
    await desk.send(desk.referral(authority))
    (contact,) = await desk.said(ContactOpened)
    assert contact.child_known.case.status == "closed"
    assert [line.kind for line in contact.child_known.history] == ["referral", "referral"]
