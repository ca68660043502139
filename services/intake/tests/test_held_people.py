"""What the case system says of a person is kept whole: identifiers, relationships, households (IN-7, IN-17, IN-18)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from icart_common.contracts.cases import RecordRemarked
from icart_common.contracts.family import Relative
from icart_common.contracts.intake import CaseRedirected, ContactOpened
from icart_intake import people_store

pytestmark = pytest.mark.broker

HOME = {"lines": "14 Larkspur Close, Fernleigh", "postcode": "ZZ99 1AA"}


async def ids(desk):
    return {row["number"]: row["id"] for row in await desk.rows("person")}


async def known_of(desk, *numbers):
    """These people, whole, as everything that is said at the door reads them."""
    known = await ids(desk)
    async with desk.database.connection() as connection:
        found = await people_store.wholes(connection, [known[number] for number in numbers])
    return known, [found[known[number]] for number in numbers]


def family(desk, **child):
    mother = desk.held("m", given_name="Odalys", born="1990-01-01")
    return mother, desk.held("c", **child)


@pytest.mark.req("IN-7")
async def test_a_relationship_is_known_from_both_sides_with_dates_and_responsibility_apart(desk):
    related = {"number": "m", "kind": "mother", "parental_responsibility": False, "since": "2017-02-28"}
    await desk.hold(*family(desk, related=(related,)))
    known, (child, mother) = await known_of(desk, "c", "m")
    since = date(2017, 2, 28)
    assert child.relatives() == (
        Relative(person=known["m"], kind="mother", since=since, parental_responsibility=False),
    )
    assert mother.relatives() == (Relative(person=known["c"], kind="child", since=since),)


@pytest.mark.req("IN-7")
async def test_a_relationship_that_is_no_longer_said_is_gone_and_one_that_came_before_its_person_is_there(desk):
    two = ({"number": "m", "kind": "mother"}, {"number": "g", "kind": "grandparent", "parental_responsibility": True})
    mother, child = family(desk, related=two)
    await desk.hold(child)
    await desk.hold(mother, desk.held("g", given_name="Hester", born="1960-01-01"))
    _, (found,) = await known_of(desk, "c")
    assert {(one.kind, one.parental_responsibility) for one in found.relatives()} == {
        ("mother", None),
        ("grandparent", True),
    }
    await desk.hold(desk.held("c", as_of=child.as_of + timedelta(days=1), related=two[1:]))
    _, (found,) = await known_of(desk, "c")
    assert [one.kind for one in found.relatives()] == ["grandparent"]


@pytest.mark.req("IN-7", "IN-18")
async def test_a_household_is_who_lives_at_the_same_address_now(desk):
    moved = {**HOME, "until": "2026-05-01"}
    refuge = {"lines": "1 Nowhere Yard", "postcode": "ZZ99 9ZZ", "since": "2026-05-01"}
    written = {"lines": "14, LARKSPUR CLOSE, Fernleigh", "postcode": "zz99 1aa"}
    await desk.hold(
        desk.held("m", given_name="Odalys", born="1990-01-01", addresses=(HOME,)),
        desk.held("c", given_name="Ivo", addresses=(written,)),
        desk.held("s", given_name="Linnet", addresses=(moved, refuge)),
        desk.held("n", given_name="Corin", addresses=({"lines": "14 Larkspur Close, Fernleigh"},)),
    )
    await desk.send(*(desk.referral(people=[desk.child(given_name=name)]) for name in ("Ivo", "Linnet", "Corin")))
    known = await ids(desk)
    found = {one.child_known.person: one.child_known for one in await desk.said(ContactOpened)}
    assert found[known["c"]].household == (known["m"],)
    assert found[known["s"]].household == (), "she moved out"
    assert [home.lines for home in found[known["s"]].addresses] == [moved["lines"], refuge["lines"]]
    assert found[known["n"]].household == (), "without a postcode an address is nobody else's"


@pytest.mark.req("IN-7", "IN-18")
async def test_a_household_is_never_of_two_authorities(desk):
    woman = desk.held("m", given_name="Odalys", born="1990-01-01", addresses=(HOME,), authority="york")
    await desk.hold(woman, desk.held("c", given_name="Ivo", addresses=(HOME,)))
    await desk.send(desk.referral(people=[desk.child(given_name="Ivo", addresses=[HOME])]))
    (opened,) = await desk.said(ContactOpened)
    assert opened.child_known.match != "new"
    assert opened.child_known.household == (), "whom York knows is nobody to Halton"


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
