"""Who is meant by what is said: linked, offered or new; and what is known of addresses, relatives and households."""

from __future__ import annotations

from datetime import timedelta

import pytest

from icart_common.contracts.intake import ContactOpened, SubmissionTaken
from icart_common.contracts.people import MatchOffered, MatchWithdrawn
from icart_intake import people_store as store
from icart_intake.domain.matching.blocks import MOST_ALONE

pytestmark = pytest.mark.broker

HOME = {"lines": "1 Nowhere Row", "postcode": "ZZ99 1AA"}
AWAY = {"lines": "7 Elsewhere Lane", "postcode": "ZZ99 2BB"}
SWAPPED = {"born": "2017-03-02"}, {"born": "2017-02-03"}


def every_authority(*rows):
    return pytest.mark.parametrize(
        "authority",
        [
            pytest.param(name, marks=[pytest.mark.req(row, authority=name) for row in rows])
            for name in ("halton", "cheshire-west", "york")
        ],
    )


async def contacts(desk):
    return await desk.said(ContactOpened)


async def test_who_asks_beside_finds_nobody_more(database):
    """What a batch brings together is nobody's likeness: of two large blocks one and the same person has to ask for both."""
    large, beside = 1, 2
    async with database.connection() as connection:
        await connection.execute(
            "insert into person (id, authority, facts, standing, described) "
            "select md5(n::text)::uuid, 'halton', '{}', '{}', '{}' from generate_series(1, $1::int) as n",
            MOST_ALONE + 1,
        )
        await connection.execute(
            "insert into person_block (block, person) "
            "select block, md5(n::text)::uuid from generate_series(1, $2::int) as n, unnest($1::bigint[]) as block",
            [large, beside],
            MOST_ALONE + 1,
        )
        for asked, expected in (((large,), (beside,)), 0), (((large, beside),), MOST_ALONE + 1):
            found, too_large = await store.candidates(connection, asked)
            assert len(found) == expected
            assert set(too_large) == {large, beside}


@every_authority("IN-17")
async def test_the_evidence_may_be_certain_though_it_is_not_to_the_letter(desk, authority):
    one, other = ({"addresses": [HOME], **born} for born in SWAPPED)
    await desk.send(desk.referral(authority, [desk.child(**one)]))
    await desk.send(desk.referral(authority, [desk.child(**other)]))
    first, second = await contacts(desk)
    assert second.child_known.person == first.child_known.person
    assert (first.child_known.match, second.child_known.match) == ("new", "certain")
    assert "date of birth: day and month swapped" in {term.words for term in second.child_known.terms}
    assert second.earlier_contacts == (first.contact,)
    assert await desk.said(MatchOffered) == []


@every_authority("IN-17")
async def test_who_may_be_meant_is_offered_with_reasons_and_nobody_is_linked(desk, authority):
    for born in SWAPPED:
        await desk.send(desk.referral(authority, [desk.child(**born)]))
    first, second = await contacts(desk)
    assert second.child_known.match == "new"
    (offer,) = await desk.said(MatchOffered)
    assert {offer.one, offer.other} == {first.child_known.person, second.child_known.person}
    assert second.child_known.possible == (offer.offer,)
    assert offer.contacts == (second.contact,)
    assert offer.weights == "2026.1"
    text = offer.model_dump_json().casefold()
    assert not [word for word in ("tamsin", "quillfeather", "2017") if word in text]
    assert len(await desk.rows("mention")) == len(await desk.rows("person")) == 2


@pytest.mark.req("IN-17")
async def test_two_referrals_for_the_same_child_in_one_batch_are_about_one_person(desk):
    await desk.send(desk.referral(), desk.referral())
    first, second = await contacts(desk)
    assert first.child_known.person == second.child_known.person
    assert second.earlier_contacts == (first.contact,)
    assert [row["number"] for row in await desk.rows("put")] == [1, 1]
    (person,) = await desk.rows("person")
    assert {row["person"] for row in await desk.rows("mention")} == {person["id"]}


@pytest.mark.req("IN-17")
@pytest.mark.parametrize("together", [True, False], ids=["one batch", "a batch each"])
@pytest.mark.parametrize(("namesakes", "offers"), [(3, 3), (MOST_ALONE + 1, 0)])
async def test_whom_a_name_finds_does_not_depend_on_where_a_batch_ends(desk, namesakes, offers, together):
    known = [desk.referral("halton", [desk.child(born=f"{2010 + year}-02-28")]) for year in range(namesakes)]
    asked = desk.referral("halton", [desk.child(born=None)])
    if together:
        await desk.send(*known, asked)
    else:
        for referral in (*known, asked):
            await desk.send(referral)
    made = [
        offer
        for offer in await desk.said(MatchOffered)
        if offer.mention == (await contacts(desk))[-1].child_known.mention
    ]
    assert len(made) == offers


@pytest.mark.req("IN-17")
async def test_twins_are_two_people(desk):
    twins = [
        desk.child("p1", addresses=[HOME]),
        desk.child("p2", given_name="Ivo", addresses=[HOME]),
    ]
    await desk.send(desk.referral(people=twins), desk.referral(people=twins))
    one, other, one_again, other_again = await contacts(desk)
    assert one.child_known.person != other.child_known.person
    assert one_again.child_known.person == one.child_known.person
    assert other_again.child_known.person == other.child_known.person


@pytest.mark.req("IN-17")
async def test_a_date_of_birth_that_changes_makes_an_offer_and_taking_it_back_withdraws_it(desk):
    await desk.send(desk.referral(people=[desk.child(born="2017-02-03")]))
    await desk.hold(desk.held(born="2011-10-20"))
    assert await desk.said(MatchOffered) == []
    later = desk.held().as_of + timedelta(days=1)
    await desk.hold(desk.held(born="2017-03-02", as_of=later))
    (offer,) = await desk.said(MatchOffered)
    assert offer.mention is None
    await desk.hold(desk.held(born="2011-10-20", as_of=later + timedelta(days=1)))
    (withdrawn,) = await desk.said(MatchWithdrawn)
    assert (withdrawn.offer, withdrawn.version, withdrawn.because) == (offer.offer, 2, "identity-changed")
    await desk.hold(desk.held(born="2017-03-02", as_of=later + timedelta(days=2)))
    assert [one.version for one in await desk.said(MatchOffered)] == [1, 3]


@pytest.mark.req("IN-17")
async def test_an_nhs_number_that_belongs_to_somebody_else_links_nobody_to_them(desk):
    number = "9990000018"
    owner = desk.child(given_name="Rowan", family_name="Pike", born="2010-01-01", nhs_number=number)
    await desk.send(desk.referral(people=[owner]))
    await desk.send(desk.referral())
    await desk.send(desk.referral(people=[desk.child(nhs_number=number)]))
    await desk.send(desk.referral(people=[owner]))
    rowan, tamsin, mistaken, rowan_again = (contact.child_known.person for contact in await contacts(desk))
    assert mistaken == tamsin
    assert rowan_again == rowan
    known = {row["id"]: row["facts"] for row in await desk.rows("person")}
    assert number not in known[tamsin]
    assert number in known[rowan]


@pytest.mark.req("IN-17", "IN-7")
async def test_a_family_of_forty(desk):
    family = [
        desk.child(f"p{place}", given_name=f"{first}{last}", born=f"20{10 + place % 8}-0{1 + place % 9}-11", addresses=[HOME])
        for place, (first, last) in enumerate((one, two) for one in ("Al", "Ber", "Cor", "Dun", "El") for two in
                                              ("gar", "mund", "rick", "wina", "sory", "than", "belle", "fric"))
    ]  # fmt: skip
    await desk.send(desk.referral(people=family))
    await desk.send(desk.referral(people=family))
    assert len(await desk.rows("person")) == 40
    found = await contacts(desk)
    assert len(found) == 80
    assert [one.child_known.person for one in found[:40]] == [one.child_known.person for one in found[40:]]
    assert all(len(one.child_known.household) == 39 for one in found)


@every_authority("IN-18")
async def test_an_address_that_differs_is_kept_beside_the_one_held(desk, authority):
    await desk.hold(desk.held(authority=authority, addresses=[HOME | {"since": "2020-05-01"}]))
    await desk.send(desk.referral(authority, [desk.child(addresses=[AWAY])]))
    (contact,) = await contacts(desk)
    held, said = contact.child_known.addresses
    assert (held.lines, held.now, str(held.since)) == ("1 Nowhere Row", True, "2020-05-01")
    assert (said.lines, said.now, said.said_by, said.said_at) == (
        AWAY["lines"],
        False,
        contact.agency,
        contact.received_at,
    )


@every_authority("IN-18")
async def test_the_night_team_updates_the_address_and_the_one_before_keeps_its_dates(desk, authority):
    await desk.hold(desk.held(authority=authority, addresses=[HOME | {"since": "2020-05-01"}]))
    await desk.send(desk.night_contact(authority, people=(desk.child(addresses=[AWAY]),)))
    (contact,) = await contacts(desk)
    before, now = contact.child_known.addresses
    assert (before.lines, before.now, str(before.since), str(before.until)) == (
        HOME["lines"], False, "2020-05-01", contact.received_at.date().isoformat()
    )  # fmt: skip
    assert (now.lines, now.now) == (AWAY["lines"], True)


@every_authority("IN-7")
async def test_relations_are_known_both_ways_and_responsibility_apart_from_kinship(desk, authority):
    people = [
        desk.child("p1", addresses=[HOME]),
        desk.child("p2", role="parent", given_name="Odalys", born="1989-11-05", addresses=[HOME], parental_responsibility=False),
        desk.child("p3", role="other", given_name="Bela", born="1960-01-05", addresses=[AWAY], parental_responsibility=True),
    ]  # fmt: skip
    links = [
        {"person": "p2", "kind": "mother", "of": "p1", "since": "2017-02-28"},
        {"person": "p3", "kind": "grandparent", "of": "p1"},
    ]
    await desk.send(desk.referral(authority, people, relationships=links))
    await desk.send(desk.referral(authority, [desk.child("x")]))
    mother_said, later = await contacts(desk)
    _, mother, grandparent = (one.person for one in (mother_said.child_known, *mother_said.family_known))
    for contact in (mother_said, later):
        found = {(one.person, one.kind): one for one in contact.child_known.relatives}
        assert found[mother, "mother"].parental_responsibility is False
        assert str(found[mother, "mother"].since) == "2017-02-28"
        assert found[grandparent, "grandparent"].parental_responsibility is True
        assert contact.child_known.household == (mother,)
    assert len(await desk.said(SubmissionTaken)) == 2
