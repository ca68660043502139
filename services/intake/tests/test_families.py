"""IN-6, IN-8, IN-19: who gets a contact of their own, who is offered to a worker, and what went before of each child."""

from __future__ import annotations

from datetime import timedelta

import pytest

from icart_common.contracts.ids import new_id
from icart_common.contracts.intake import CaseRedirected, ContactOpened
from icart_common.contracts.joint_work import OpenForSibling
from icart_intake.domain.left_out import KnownSibling, left_out
from services.intake.tests.conftest import TUESDAY
from services.intake.tests.test_incidents import closed, every_authority

HOME = {"addresses": [{"lines": "14 Larkspur Close", "postcode": "ZZ99 1AA"}]}
ELSEWHERE = {"addresses": [{"lines": "2 Elm Row", "postcode": "ZZ99 7QQ"}]}


@pytest.mark.broker
@every_authority("IN-8")
async def test_a_parent_under_18_has_a_contact_of_her_own_linked_to_her_childs(desk, authority):
    mother = desk.child("mum", role="parent", given_name="Odalys", born="2009-03-01")
    father = desk.child("dad", role="parent", given_name="Peregrine", born="2006-03-01")
    await desk.send(desk.referral(authority, [desk.child("baby", born="2026-01-10"), mother, father]))
    contacts = {one.child.ref: one for one in await desk.said(ContactOpened)}
    assert set(contacts) == {"baby", "mum"}
    baby, mum = contacts["baby"], contacts["mum"]
    assert [(one.contact, one.how) for one in baby.linked] == [(mum.contact, "parent")]
    assert [(one.contact, one.how) for one in mum.linked] == [(baby.contact, "child")]
    assert (baby.opened_for, mum.opened_for) == ("child", "young-parent")
    assert baby.siblings == mum.siblings == ()
    assert baby.incident == mum.incident


@pytest.mark.broker
@every_authority("IN-8")
async def test_a_child_of_another_household_who_is_said_to_have_harmed_has_one_of_their_own(desk, authority):
    boy = desk.child(
        "boy", role="other", given_name="Fabian", family_name="Koss", born="2012-05-05", alleged_to_have_harmed=True,
        **ELSEWHERE,
    )  # fmt: skip
    await desk.send(desk.referral(authority, [desk.child("girl", **HOME), boy]))
    contacts = {one.child.ref: one for one in await desk.said(ContactOpened)}
    assert contacts["boy"].opened_for == "alleged-to-have-harmed"
    assert [one.how for one in contacts["girl"].linked] == ["said-to-be-harmed-by"]
    assert [one.how for one in contacts["boy"].linked] == ["alleged-to-have-harmed"]
    assert contacts["boy"].siblings == contacts["girl"].siblings == ()


@pytest.mark.broker
@every_authority("IN-8")
@pytest.mark.parametrize("why", ["same household", "an adult", "a cousin by relationship"])
async def test_who_is_said_to_have_harmed_and_has_no_contact_of_their_own(desk, authority, why):
    fields = {"same household": HOME, "an adult": ELSEWHERE, "a cousin by relationship": ELSEWHERE}[why]
    boy = desk.child(
        "boy", role="other", given_name="Fabian", alleged_to_have_harmed=True,
        born="1999-05-05" if why == "an adult" else "2012-05-05", **fields,
    )  # fmt: skip
    related = ({"person": "boy", "kind": "step-sibling", "of": "girl"},) if why.startswith("a cousin") else ()
    await desk.send(desk.referral(authority, [desk.child("girl", **HOME), boy], relationships=related))
    assert [one.child.ref for one in await desk.said(ContactOpened)] == ["girl"]


@pytest.mark.broker
@pytest.mark.req("IN-5", "IN-8")
async def test_a_young_mother_with_an_open_case_is_passed_to_her_worker(desk):
    await desk.hold(desk.held("c-9", given_name="Odalys", born="2009-03-01", case=desk.open_case()))
    mother = desk.child("mum", role="parent", given_name="Odalys", born="2009-03-01")
    await desk.send(desk.referral(people=[desk.child("baby", born="2026-01-10"), mother]))
    assert [one.child.ref for one in await desk.said(ContactOpened)] == ["baby"]
    assert [one.child.ref for one in await desk.said(CaseRedirected)] == ["mum"]


@pytest.mark.broker
@every_authority("IN-19", "IN-7")
@pytest.mark.parametrize("in_one_batch", [False, True])
async def test_a_sibling_by_an_earlier_referral_or_the_case_system_is_offered_and_no_contact_opened(
    desk, authority, in_one_batch
):
    cousin = {"number": "c-7", "kind": "half-sibling"}
    await desk.hold(
        desk.held("c-1", authority, related=[cousin], addresses=HOME["addresses"]),
        desk.held("c-7", authority, given_name="Bela", born="2019-09-09", addresses=ELSEWHERE["addresses"]),
        desk.held("c-8", authority, given_name="Grown", born="2001-09-09"),
    )
    ivo = desk.child("p2", role="sibling", given_name="Ivo", born="2015-05-05", **HOME)
    grown = desk.child("p3", role="sibling", given_name="Grown", born="2001-09-09")
    both = desk.referral(authority, [desk.child(**HOME), ivo, grown]), desk.referral(authority, [desk.child(**HOME)])
    for batch in [both] if in_one_batch else [[one] for one in both]:
        await desk.send(*batch)
    *_, later = await desk.said(ContactOpened)
    offered = {one.given_name: one for one in later.left_out}
    assert set(offered) == {"Ivo", "Bela"}
    assert (offered["Ivo"].same_household, offered["Bela"].same_household) == (True, False)
    assert later.siblings == ()


@pytest.mark.broker
@pytest.mark.req("IN-19", authority="halton")
@pytest.mark.parametrize("in_one_batch", [False, True])
async def test_children_of_one_mother_are_siblings_though_no_referral_names_both(desk, in_one_batch):
    mother = desk.child("mum", role="parent", given_name="Odalys", born="1989-11-05", nhs_number="9990000026")
    ivo = desk.child(given_name="Ivo", born="2015-05-05")
    told = [desk.referral(people=[child, mother]) for child in (desk.child(), ivo, desk.child())]
    for batch in [told] if in_one_batch else [[one] for one in told]:
        await desk.send(*batch)
    *_, later = await desk.said(ContactOpened)
    assert [(one.given_name, one.kind) for one in later.left_out] == [("Ivo", "child of the same parent")]


@pytest.mark.broker
@every_authority("IN-19")
async def test_a_sibling_whom_a_person_includes_has_a_contact_from_the_same_submission(desk, authority):
    ivo = desk.child("p2", role="sibling", given_name="Ivo", born="2015-05-05", **HOME)
    await desk.send(desk.referral(authority, [desk.child(**HOME), ivo]))
    desk.now += timedelta(days=9)
    second = desk.referral(authority, [desk.child(**HOME)])
    await desk.send(second)
    earlier, brothers, later = await desk.said(ContactOpened)
    (offer,) = later.left_out
    ask = OpenForSibling(contact=later.contact, submission=second.submission, authority=authority, person=offer.person)
    await desk.send(ask)
    await desk.send(ask)
    *_, own = await desk.said(ContactOpened)
    assert len(await desk.said(ContactOpened)) == 4
    assert own.child_known.person == brothers.child_known.person
    assert (own.submission, own.received_at, own.incident) == (later.submission, later.received_at, later.incident)
    assert (own.opened_for, own.child.given_name, own.siblings) == ("left-out-sibling", "Ivo", (later.contact,))
    assert own.earlier_contacts == (brothers.contact,)
    assert own.event == later.event
    assert earlier.contact not in own.siblings


@pytest.mark.broker
@pytest.mark.req("IN-5", "IN-19")
async def test_an_included_sibling_with_an_open_case_is_passed_to_the_worker(desk):
    related = [{"number": "c-7", "kind": "twin"}]
    await desk.hold(
        desk.held("c-1", related=related),
        desk.held("c-7", given_name="Bela", born="2019-09-09", case=desk.open_case()),
    )
    referral = desk.referral()
    await desk.send(referral)
    (contact,) = await desk.said(ContactOpened)
    await desk.send(
        OpenForSibling(
            contact=contact.contact, submission=referral.submission, authority="halton",
            person=contact.left_out[0].person,
        )
    )  # fmt: skip
    (redirected,) = await desk.said(CaseRedirected)
    assert (redirected.child.given_name, redirected.submission) == ("Bela", referral.submission)
    assert len(await desk.said(ContactOpened)) == 1


@pytest.mark.broker
@every_authority("IN-6")
async def test_the_chronology_has_all_that_went_before_in_order(desk, authority):
    history = [
        {"on": "2025-03-01", "kind": "child-protection-plan", "outcome": "neglect"},
        {"on": "2019-01-05", "kind": "looked-after"},
        {"on": "2022-05-05", "kind": "plan", "outcome": "CAF"},
    ]
    await desk.hold(desk.held(authority=authority, case={"status": "closed"}, history=history))
    await desk.send(desk.referral(authority))
    (first,) = await desk.said(ContactOpened)
    assert [line.kind for line in first.chronology] == ["looked-after", "plan", "child-protection-plan"]
    ending = closed(desk, first, referral=new_id())
    await desk.close(ending)
    desk.now += timedelta(days=40)
    await desk.send(desk.referral(authority))
    *_, second = await desk.said(ContactOpened)
    newest = second.chronology[-2:]
    assert [line.kind for line in newest] == ["contact", "referral"]
    assert {line.outcome for line in newest} == {desk.book.pack(authority).outcome(ending.outcome).name}
    assert [line.on for line in second.chronology] == sorted(line.on for line in second.chronology)
    assert {line.source for line in second.chronology} == {"front-door", "case-system"}


@pytest.mark.req("IN-19")
def test_who_was_left_out_is_whoever_may_be_a_child_and_is_not_named(writer):
    def known(name: str, born: str | None, postcodes: tuple[str, ...] = ()) -> KnownSibling:
        child = writer.child(given_name=name, born=born)
        return KnownSibling(new_id(), "sibling", name, None, child.born, frozenset(postcodes))

    day = TUESDAY.date()
    ivo, named = known("Ivo", "2015-05-05", ("ZZ991AA",)), known("Named", "2016-06-06")
    grown, unknown = known("Grown", "2008-06-09"), known("Unknown", None, ("ZZ997QQ",))
    nearly = known("Nearly", "2008-06-10")
    found = left_out([ivo, named, grown, unknown, nearly, ivo], {named.person}, {"ZZ991AA"}, day)
    assert {one.given_name: one.same_household for one in found} == {"Ivo": True, "Unknown": False, "Nearly": None}
