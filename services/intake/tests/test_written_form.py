"""A professional's telephone call and the form that confirms it are one contact (IN-9, TM-18)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from icart_common.contracts.ids import new_id
from icart_common.contracts.intake import (
    ContactOpened,
    QuestionsAnswered,
    ReferralReturned,
    SubmissionTaken,
    WrittenReferralReceived,
)
from icart_common.contracts.joint_work import NoticeJoined, OpenAfterAll
from icart_common.contracts.people import DecideMatch, MatchOffered
from icart_common.contracts.referral import GapsAnswered
from services.intake.tests.conftest import TUESDAY
from services.intake.tests.test_deciding import HERE, THERE, actors, told
from services.intake.tests.test_incidents import agencies, closed

pytestmark = pytest.mark.broker

H_AND_W = pytest.mark.parametrize(
    "authority",
    [
        pytest.param(name, marks=pytest.mark.req("IN-9", "TM-18", authority=name))
        for name in ("halton", "cheshire-west")
    ],
)


def call(desk, authority="halton", people=(), **fields):
    return desk.referral(authority, people or [desk.child("kid")], channel="phone", tried={}, tools=(), **fields)


@H_AND_W
@pytest.mark.parametrize("channel", ["form", "secure-email", "partner-system"])
async def test_the_form_is_put_to_the_calls_contact_and_closes_its_questions(desk, authority, channel):
    mother = desk.child("mum", role="parent", given_name="Odalys", family_name="Quillfeather", born="1989-11-05")
    called = call(desk, authority, [desk.child("kid"), mother])
    form = desk.referral(
        authority,
        [mother.model_copy(update={"ref": "p1", "parental_responsibility": True}), desk.child("p2"),
         desk.child("mum", role="other", given_name="Rowan", family_name="Pike", born="1970-01-01")],
        channel=channel, child_views="I want my room back.", tried={}, tools=(),
        relationships=[{"person": "p1", "kind": "mother", "of": "p2"}],
    )  # fmt: skip
    await desk.send(called)
    await desk.send(form)
    (contact,) = await desk.said(ContactOpened)
    (written,) = await desk.said(WrittenReferralReceived)
    first, second = await desk.said(SubmissionTaken)
    assert (written.contact, written.first) == (contact.contact, called.submission)
    assert written.account.child_views == "I want my room back."
    refs = {person.given_name: person.ref for person in written.account.people}
    assert (refs["Tamsin"], refs["Odalys"]) == ("kid", "mum"), "as the call named them"
    assert len(set(refs.values())) == 3
    (link,) = written.account.relationships
    assert (link.person, link.of) == ("mum", "kid")
    assert "child-views" in {gap.field for gap in written.closed}
    assert "child-views" not in {gap.field for gap in written.gaps}
    assert second.reference == first.reference
    assert (second.opened, [one.contact for one in second.put_to]) == ((), [contact.contact])
    assert await desk.said(ReferralReturned) == [], "it was discussed"


@pytest.mark.req("IN-9", authority="halton")
async def test_what_the_call_had_answered_is_not_asked_again_and_answers_find_the_contact(desk):
    called = call(desk, why_now="It is the third time.")
    form = desk.referral(people=[desk.child("p1")], channel="form")
    await desk.send(called)
    await desk.send(form)
    (contact,) = await desk.said(ContactOpened)
    _, taken = await desk.said(SubmissionTaken)
    assert "why-now" not in {gap.field for gap in taken.gaps}
    given = {"question": "child-school", "person": "p1", "text": "Larkspur Lane."}
    head = {"agency": form.agency, "authority": "halton", "submission": form.submission}
    await desk.send(GapsAnswered.model_validate(head | {"answers": [given]}))
    (said,) = await desk.said(QuestionsAnswered)
    assert (said.contact, said.answers[0].person) == (contact.contact, "kid")
    assert [gap.person for gap in said.closed] == ["kid"]


@pytest.mark.req("IN-9", authority="halton")
async def test_call_and_form_in_one_batch(desk):
    await desk.send(call(desk), desk.referral(channel="form"))
    assert len(await desk.said(ContactOpened)) == 1
    assert len(await desk.said(WrittenReferralReceived)) == 1


@pytest.mark.req("IN-9", authority="halton")
@pytest.mark.parametrize(
    ("what", "fields"),
    [
        ("another agency", {"agency": "brackenfield-high"}),
        ("another child", {"people": "another"}),
        ("another call", {"channel": "phone"}),
        ("a member of the public", {"referrer": {"kind": "public"}}),
        ("a week and a day later", {}),
    ],
)
async def test_what_is_not_the_form_of_the_call_is_a_contact_of_its_own(desk, what, fields):
    if "people" in fields:
        fields = {"people": [desk.child(given_name="Ivo", born="2015-05-05")]}
    await desk.send(call(desk))
    later = TUESDAY + (timedelta(days=8) if "week" in what else timedelta(hours=1))
    await desk.send(desk.referral(**{"channel": "form"} | fields), at=later)
    assert len(await desk.said(ContactOpened)) == 2
    assert await desk.said(WrittenReferralReceived) == []


@pytest.mark.req("IN-9", authority="halton")
async def test_a_second_form_after_the_first_is_news(desk):
    await desk.send(call(desk))
    await desk.send(desk.referral(channel="form"))
    await desk.send(desk.referral(channel="form", event={"what": "It happened again, and worse."}))
    assert len(await desk.said(WrittenReferralReceived)) == 1
    assert len(await desk.said(ContactOpened)) == 2


@pytest.mark.req("IN-9", authority="halton")
async def test_a_sibling_whom_only_the_form_names_gets_a_contact(desk):
    await desk.send(call(desk))
    people = [desk.child("p1"), desk.child("p2", role="sibling", given_name="Ivo", born="2015-05-05")]
    await desk.send(desk.referral(people=people, channel="form"))
    _, taken = await desk.said(SubmissionTaken)
    assert ([one.child for one in taken.put_to], [one.child for one in taken.opened]) == (["p1"], ["p2"])


@pytest.mark.req("IN-9", authority="halton")
async def test_a_call_that_our_own_contact_centre_wrote_down_is_known_by_the_callers_name(desk):
    await desk.send(call(desk, agency="public-halton"))
    other = {"kind": "professional", "name": "Hester Lowbridge"}
    await desk.send(desk.referral(channel="form", agency="brackenfield-high", referrer=other))
    assert await desk.said(WrittenReferralReceived) == []
    await desk.send(desk.referral(channel="form"))
    assert len(await desk.said(WrittenReferralReceived)) == 1


@pytest.mark.req("IN-9", "IN-14", authority="halton")
async def test_what_comes_with_the_form_is_listed_with_the_calls_contact(desk):
    await desk.send(call(desk))
    (contact,) = await desk.said(ContactOpened)
    attachment = {"id": new_id(), "name": "plan.pdf", "type": "application/pdf", "size": 10, "sha256": "0" * 64}
    form = desk.referral(
        "halton", [desk.child("p7")], channel="form", tried={}, tools=(), attachments=[attachment | {"about": ["p7"]}]
    )
    await desk.send(form)
    (written,) = await desk.said(WrittenReferralReceived)
    (document,) = written.documents
    assert (written.contact, document.attachment, document.about) == (contact.contact, attachment["id"], ("kid",))


@H_AND_W
async def test_a_form_whose_call_has_closed_gets_a_contact_of_its_own_and_its_sender_is_told(desk, authority):
    mother = desk.child("mum", role="parent", given_name="Odalys", family_name="Quillfeather", born="1989-11-05")
    await desk.send(call(desk, authority, [desk.child("kid"), mother]))
    form = desk.referral(
        authority, [mother.model_copy(update={"ref": "p1"}), desk.child("p2")], channel="form", tried={}, tools=(),
        event={"what": "He hit her again.", "when": TUESDAY - timedelta(hours=9)}, concerns=["physical-abuse"],
    )  # fmt: skip
    await desk.send(form)
    (contact,) = await desk.said(ContactOpened)
    (written,) = await desk.said(WrittenReferralReceived)
    head = {"agency": form.agency, "authority": authority, "submission": form.submission}
    early = {"question": "child-school", "person": "p2", "text": "Larkspur Lane."}
    await desk.send(GapsAnswered.model_validate(head | {"answers": [early]}))
    await desk.close(closed(desk, contact))
    ask = OpenAfterAll(
        notice=written.own, submission=form.submission, authority=authority, contact=contact.contact, because="closed"
    )
    await desk.send(ask, ask)
    await desk.send(ask)
    _, own = await desk.said(ContactOpened)
    assert (own.contact, own.submission, own.after) == (written.own, form.submission, contact.contact)
    assert own.event == form.event
    assert (own.child.ref, own.child_known.person) == ("p2", contact.child_known.person)
    assert contact.contact in own.earlier_contacts
    asked = {(gap.field, gap.person) for gap in own.gaps}
    assert "child-views" in {field for field, _ in asked}
    assert ("child-school", "p2") not in asked
    first, second, again = await desk.said(SubmissionTaken)
    assert (again.submission, again.reference) == (form.submission, first.reference)
    assert second.reference == first.reference
    assert [(one.contact, one.reference, one.child) for one in again.opened] == [(own.contact, own.reference, "p2")]
    later = {"question": "child-views", "text": "I want him to stop."}
    await desk.send(GapsAnswered.model_validate(head | {"answers": [later]}))
    before, after = await desk.said(QuestionsAnswered)
    assert (before.contact, before.answers[0].person) == (contact.contact, "kid")
    assert after.contact == own.contact
    police = desk.referral(
        authority, [desk.child("k")], agency=agencies(desk, authority)[1], concerns=["physical-abuse"],
        event={"what": "Shouting.", "when": TUESDAY - timedelta(hours=9)},
    )  # fmt: skip
    await desk.send(police, at=TUESDAY + timedelta(hours=4))
    (joined,) = await desk.said(NoticeJoined)
    assert joined.contact == own.contact, "it is a contact like any other"


@pytest.mark.req("IN-9", authority="halton")
async def test_a_request_for_a_form_that_was_not_read_yet_waits_for_it(desk):
    form = desk.referral(channel="form")
    await desk.send(
        OpenAfterAll(
            notice=new_id(), submission=form.submission, authority="halton", contact=new_id(), because="closed"
        )
    )
    assert len(await desk.rows("waiting")) == 1


@pytest.mark.req("IN-9", "IN-7", authority="halton")
async def test_of_two_children_only_the_one_whose_contact_closed_gets_another(desk):
    sister = {"role": "sibling", "given_name": "Ivo", "born": "2015-05-05"}
    await desk.send(call(desk, people=[desk.child("a"), desk.child("b", **sister)]))
    form = desk.referral(people=[desk.child("p1"), desk.child("p2", **sister)], channel="form")
    await desk.send(form)
    contacts = await desk.said(ContactOpened)
    one, other = await desk.said(WrittenReferralReceived)
    await desk.send(
        OpenAfterAll(
            notice=one.own, submission=form.submission, authority="halton", contact=one.contact, because="closed"
        )
    )
    *_, own = await desk.said(ContactOpened)
    assert len(await desk.said(ContactOpened)) == len(contacts) + 1 == 3
    assert own.siblings == (other.contact,), "whose contact takes the form in"
    head = {"agency": form.agency, "authority": "halton", "submission": form.submission}
    given = [
        {"question": "child-school", "person": "p1", "text": "Larkspur Lane."},
        {"question": "child-views", "text": "No."},
    ]
    await desk.send(GapsAnswered.model_validate(head | {"answers": given}))
    said = {
        answered.contact: [answer.person for answer in answered.answers]
        for answered in await desk.said(QuestionsAnswered)
    }
    assert said == {own.contact: ["p1", None], other.contact: [None]}


@pytest.mark.req("IN-9", "IN-17", authority="halton")
async def test_a_form_follows_its_call_to_the_child_whom_a_person_put_it_to(desk):
    worker, _ = actors(desk, "halton")
    known, _ = [await told(desk, **HERE) for _ in range(2)]
    await desk.send(call(desk, people=[desk.child("kid", **THERE)]))
    contact = (await desk.said(ContactOpened))[-1]
    (offer,) = await desk.said(MatchOffered)
    await desk.send(DecideMatch(actor=worker, offer=offer.offer, seen_version=1, same=True, reason="One child."))
    await desk.send(desk.referral(people=[desk.child("p9", **HERE)], channel="form"))
    (written,) = await desk.said(WrittenReferralReceived)
    assert (written.contact, written.account.people[0].ref) == (contact.contact, "kid")
    assert known.child_known.person != contact.child_known.person
