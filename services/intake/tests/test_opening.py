"""What becomes of a submission, from its topic to the outbox, for each authority."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from icart_common.contracts.base import InboundRefused
from icart_common.contracts.ids import new_id
from icart_common.contracts.intake import (
    AdviceGiven,
    CaseRedirected,
    ContactOpened,
    IdentifyPeople,
    PeopleIdentified,
    SubmissionTaken,
    SubmitAccount,
)

pytestmark = pytest.mark.broker


def every_authority(*rows):
    """The test proves these rows for each authority."""
    return pytest.mark.parametrize(
        "authority",
        [
            pytest.param(name, marks=[pytest.mark.req(row, authority=name) for row in rows])
            for name in ("halton", "cheshire-west", "york")
        ],
    )


@every_authority("IN-5")
async def test_open_and_allocated_is_redirected_and_no_contact_opened(desk, authority):
    await desk.hold(desk.held(authority=authority, case=desk.open_case()))
    await desk.send(desk.referral(authority))
    (redirected,) = await desk.said(CaseRedirected)
    (taken,) = await desk.said(SubmissionTaken)
    assert redirected.case.worker == "Odile Marchbanks"
    assert redirected.case.number == "c-1"
    assert redirected.reference == taken.reference
    assert taken.redirected == ("p1",)
    assert taken.opened == ()
    assert await desk.said(ContactOpened) == []


@every_authority("IN-6")
async def test_known_but_closed_opens_a_contact_with_the_history(desk, authority):
    history = [
        {"on": "2025-03-01", "kind": "assessment", "outcome": "no further action"},
        {"on": "2024-01-05", "kind": "contact"},
    ]
    closed = {"status": "closed", "closed": "2025-04-01"}
    await desk.hold(desk.held(authority=authority, case=closed, services={"caf": True}, history=history))
    await desk.send(desk.referral(authority))
    (contact,) = await desk.said(ContactOpened)
    assert contact.child_known.match == "exact"
    assert contact.child_known.case.status == "closed"
    assert contact.child_known.services.caf
    assert [line.kind for line in contact.child_known.history] == ["contact", "assessment"]
    assert contact.pack_version == desk.book.pack(authority).version


@pytest.mark.req("IN-5", "IN-6")
async def test_open_but_not_allocated_opens_a_contact(desk):
    await desk.hold(desk.held(case=desk.open_case(allocated=False)))
    await desk.send(desk.referral())
    assert len(await desk.said(ContactOpened)) == 1
    assert await desk.said(CaseRedirected) == []


@every_authority("IN-4")
async def test_nobody_identifiable_is_advice_and_nothing_about_a_child_is_kept(desk, authority):
    nobody = desk.child(given_name=None, family_name="unknown", born=None, sex="female")
    stranger = desk.child("p2", role="other", given_name="Rowan", family_name="Pike", born=None)
    await desk.send(desk.referral(authority, [nobody, stranger], event={"what": "A girl cried at the bus stop."}))
    (advice,) = await desk.said(AdviceGiven)
    assert not advice.call_police_now
    assert advice.ask
    assert await desk.everything() == ["AdviceGiven"]
    assert await desk.rows("person") == []


@every_authority("IN-4")
async def test_words_of_significant_risk_to_an_unknown_child_call_the_police(desk, authority):
    await desk.send(
        desk.referral(authority, [desk.child(given_name=None, family_name=None, born=None)],
                      event={"what": "A man dragged a girl along; she was bruised and he hit her."})
    )  # fmt: skip
    (advice,) = await desk.said(AdviceGiven)
    assert advice.call_police_now
    assert "bruised" in advice.words


@pytest.mark.req("IN-4")
@pytest.mark.parametrize(
    "known",
    [
        {"given_name": "Tamsin"},
        {"born": "2017-02-28"},
        {"expected": "2026-08-01"},
        {"whereabouts": "the caravan behind the mill"},
        {"addresses": [{"lines": "14 Larkspur Close"}]},
    ],
)
async def test_one_thing_that_identifies_the_child_is_enough_for_a_contact(desk, known):
    blank = {"given_name": None, "family_name": None, "born": None}
    await desk.send(desk.referral(people=[desk.child(**(blank | known))]))
    assert len(await desk.said(ContactOpened)) == 1


@pytest.mark.req("IN-4", "IN-7")
async def test_a_relative_is_enough_and_the_contact_is_about_a_child_yet_to_be_named(desk):
    await desk.send(desk.referral(people=[desk.child("child", role="parent", given_name="Odalys", born=None)]))
    (contact,) = await desk.said(ContactOpened)
    assert contact.child.ref == "child-1"
    assert contact.child_known.match == "new"
    assert [person.ref for person in contact.family] == ["child"]
    (relative,) = contact.child_known.relatives
    assert (relative.kind, relative.person) == ("parent", contact.family_known[0].person)


@every_authority("IN-7")
async def test_a_contact_for_each_sibling_linked_both_ways(desk, authority):
    people = [
        desk.child("p1"),
        desk.child("p2", role="parent", given_name="Odalys", born="1989-11-05"),
        desk.child("p3", role="sibling", given_name="Ivo", born="2012-02-29"),
        desk.child("p4", role="half-sibling", given_name="Bela", family_name="Moss", born=None),
        desk.child("p5", role="sibling", given_name="Grown", born="2001-01-01"),
        desk.child("p6", role="sibling", given_name=None, family_name=None, born=None),
        desk.child("p7", role="sibling", given_name=None, family_name=None, born=None, expected="2026-12-14"),
    ]
    links = [{"person": "p2", "kind": "mother", "of": "p1"}]
    await desk.send(desk.referral(authority, people, relationships=links))
    contacts = {contact.child.ref: contact for contact in await desk.said(ContactOpened)}
    assert set(contacts) == {"p1", "p3", "p4", "p7"}
    for ref, contact in contacts.items():
        assert set(contact.siblings) == {other.contact for name, other in contacts.items() if name != ref}
        assert len(contact.family) == len(contact.family_known) == 6
    kinds = [row["kind"] for row in await desk.rows("relation")]
    assert sorted(kinds) == ["half-sibling", "mother", "sibling", "sibling", "sibling", "sibling"]
    (taken,) = await desk.said(SubmissionTaken)
    assert {opened.child for opened in taken.opened} == set(contacts)


@pytest.mark.req("IN-5", "IN-7")
async def test_of_two_children_the_open_one_is_redirected_and_the_other_gets_a_contact(desk):
    await desk.hold(desk.held(case=desk.open_case()))
    sibling = desk.child("p2", role="sibling", given_name="Ivo", born="2015-05-05")
    await desk.send(desk.referral(people=[desk.child(), sibling]))
    (contact,) = await desk.said(ContactOpened)
    (taken,) = await desk.said(SubmissionTaken)
    assert (contact.child.ref, taken.redirected) == ("p2", ("p1",))
    assert contact.family_known[0].case.worker == "Odile Marchbanks"


@pytest.mark.req("IN-7")
async def test_a_child_entered_twice_has_one_contact(desk):
    await desk.send(desk.referral(people=[desk.child("p1"), desk.child("p2", given_name="TAMSIN")]))
    assert len(await desk.said(ContactOpened)) == 1


@every_authority("IN-3")
async def test_gaps_are_asked_and_the_score_rises_with_what_is_answered(desk, authority):
    full = {"child_views": "I like breakfast club.", "why_now": "third time", "expected": "an assessment"}
    sibling = desk.child("p2", given_name="Ivo", born=None)
    await desk.send(desk.referral(authority, [desk.child(), sibling]), desk.referral(authority, **full))
    sparse, fuller = await desk.said(SubmissionTaken)
    assert 0 <= sparse.score < fuller.score <= 100
    asked = {gap.field for gap in sparse.gaps}
    assert "child-views" in asked
    assert "child-views" not in {gap.field for gap in fuller.gaps}
    ivo = {gap.field for gap in sparse.gaps if gap.person == "p2"}
    tamsin, other, _ = await desk.said(ContactOpened)
    assert ivo
    assert {gap.person for gap in tamsin.gaps} <= {None, "p1"}
    assert {gap.person for gap in other.gaps} <= {None, "p2"}


@pytest.mark.req("IN-10", authority="halton")
async def test_a_missing_assessment_tool_is_named_and_one_that_comes_is_not(desk):
    await desk.send(
        desk.referral(concerns=["neglect"]), desk.referral(concerns=["neglect"], tools=["graded-care-profile"])
    )
    without, with_tool = await desk.said(SubmissionTaken)
    assert without.tools_missing == ("graded-care-profile or home-conditions-tool",)
    assert "tool-neglect" in {gap.field for gap in without.gaps}
    assert with_tool.tools_missing == ()


@pytest.mark.req("IN-12", authority="cheshire-west")
async def test_the_form_without_the_referrers_details_is_refused_and_can_be_sent_again_mended(desk):
    referral = desk.referral("cheshire-west", channel="form", referrer={"kind": "professional", "name": "Hester Lowe"})
    await desk.send(referral)
    (refused,) = await desk.said(InboundRefused)
    assert {problem.path for problem in refused.problems} == {"$.referrer.address", "$.referrer.phone|email"}
    assert await desk.rows("submission") == []
    whole = {"kind": "professional", "name": "Hester Lowe", "address": "2 Elm Row", "email": "h.lowe@example.org"}
    await desk.send(desk.referral("cheshire-west", channel="form", referrer=whole, submission=referral.submission))
    assert len(await desk.said(ContactOpened)) == 1


@pytest.mark.parametrize(
    "authority",
    [pytest.param(name, marks=pytest.mark.req("IN-12", authority=name)) for name in ("halton", "york")],
)
async def test_an_anonymous_caller_is_heard(desk, authority):
    await desk.send(desk.referral(authority, channel="phone", referrer={"kind": "anonymous"}))
    (contact,) = await desk.said(ContactOpened)
    assert contact.source_code == "9"


@pytest.mark.req("IN-16")
@pytest.mark.parametrize(
    ("kind", "concerned"), [("family", True), ("child", True), ("professional", False), ("public", False)]
)
async def test_the_person_concerned_is_told_apart(desk, kind, concerned):
    await desk.send(desk.referral(referrer={"kind": kind, "name": "Odalys", "email": "o@example.org"}))
    (taken,) = await desk.said(SubmissionTaken)
    assert taken.reply_to.person_concerned is concerned
    assert taken.reply_to.email == "o@example.org"


@every_authority("IN-21")
async def test_the_source_is_the_given_code_or_the_agencys(desk, authority):
    referral = desk.referral(authority)
    agency = desk.book.pack(authority).agency(referral.agency)
    await desk.send(referral, desk.referral(authority, source_code="3C"))
    assert [contact.source_code for contact in await desk.said(ContactOpened)] == [agency.source_code, "3C"]


@every_authority("ED-6")
async def test_out_of_hours_is_by_the_authoritys_own_hours(desk, authority):
    for at in (datetime(2026, 6, 9, 10, tzinfo=UTC), datetime(2026, 6, 13, 10, tzinfo=UTC)):
        await desk.send(desk.referral(authority), at=at)
    assert [contact.out_of_hours for contact in await desk.said(ContactOpened)] == [False, True]


@pytest.mark.req("ED-6")
async def test_the_end_of_the_day_is_each_authoritys_own(desk):
    at = datetime(2026, 6, 9, 16, 15, tzinfo=UTC)  # 17:15 in England: after W's day, before the end of H's
    await desk.send(desk.referral("halton"), desk.referral("cheshire-west"), at=at)
    hours = {contact.authority: contact.out_of_hours for contact in await desk.said(ContactOpened)}
    assert hours == {"halton": False, "cheshire-west": True}


@pytest.mark.req("PV-3", "PV-5")
async def test_what_the_police_bring_takes_the_same_path_at_the_time_it_came_to_them(desk):
    account = desk.referral().model_dump(include={"referrer", "event", "people"})
    came = datetime(2026, 6, 6, 22, tzinfo=UTC)
    await desk.send(
        SubmitAccount(
            submission=new_id(), authority="halton", agency="cheshire-police", channel="police", received_at=came,
            account=account, vpa_grade="high", social_worker_first=True,
        )
    )  # fmt: skip
    (contact,) = await desk.said(ContactOpened)
    assert (contact.received_at, contact.out_of_hours) == (came, True)
    assert (contact.vpa_grade, contact.social_worker_first) == ("high", True)


@pytest.mark.req("ST-1")
async def test_who_people_are_is_answered_and_nobody_is_made_known_by_it(desk):
    await desk.hold(desk.held(case=desk.open_case(), services={"child_in_need": True}))
    people = (desk.child(), desk.child("p2", given_name="Ivo", born="2015-05-05"))
    await desk.send(IdentifyPeople(request=new_id(), authority="halton", asked_by="notifications", people=people))
    (answer,) = await desk.said(PeopleIdentified)
    assert [known.match for known in answer.people] == ["exact", "new"]
    assert answer.people[0].services.child_in_need
    assert answer.people[0].case.number == "c-1"
    assert len(await desk.rows("person")) == 1
