"""What a referral leaves open is asked, answered and closed, for each authority (IN-3, IN-10)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from icart_common.contracts.base import InboundRefused
from icart_common.contracts.ids import new_id
from icart_common.contracts.intake import (
    AnswersTaken,
    CaseRedirected,
    ContactOpened,
    QuestionsAnswered,
    SubmissionTaken,
)
from icart_common.contracts.open_cases import AnswersRedirected
from icart_common.contracts.referral import GapsAnswered, ReferralSubmitted
from services.intake.tests.test_opening import every_authority

pytestmark = pytest.mark.broker


def answers(referral: ReferralSubmitted, *given: dict[str, Any], **fields: Any) -> GapsAnswered:
    head = {"agency": referral.agency, "authority": referral.authority, "submission": referral.submission}
    return GapsAnswered.model_validate(head | {"answers": given} | fields)


@every_authority("IN-3")
async def test_each_question_says_by_when_and_an_answer_closes_it_in_the_contact(desk, authority):
    referral = desk.referral(authority)
    await desk.send(referral)
    (taken,) = await desk.said(SubmissionTaken)
    (contact,) = await desk.said(ContactOpened)
    assert taken.answers_due == contact.answers_due
    assert taken.answers_due > taken.received_at
    assert all(gap.question for gap in taken.gaps)
    await desk.send(
        answers(
            referral,
            {"question": "child-views", "text": "She would like somebody to ask her mother."},
            {"question": "child-address", "person": "p1", "details": {
                "ref": "p1", "role": "child", "addresses": [{"lines": "14 Larkspur Close", "postcode": "ZZ99 1AA"}]
            }},
        )
    )  # fmt: skip
    (said,) = await desk.said(QuestionsAnswered)
    assert (said.contact, said.late) == (contact.contact, False)
    assert [gap.field for gap in said.closed] == ["child-views", "child-address"]
    (receipt,) = await desk.said(AnswersTaken)
    assert [answer.state for answer in receipt.answers] == ["taken", "taken"]
    assert receipt.reference == taken.reference
    assert {gap.field for gap in receipt.still_open} == {gap.field for gap in taken.gaps} - {
        "child-views",
        "child-address",
    }


@every_authority("IN-3")
async def test_late_and_second_answers_are_passed_on_and_said_to_be_so(desk, authority):
    referral = desk.referral(authority)
    await desk.send(referral)
    (taken,) = await desk.said(SubmissionTaken)
    late = taken.answers_due + timedelta(minutes=1)
    await desk.send(answers(referral, {"question": "why-now", "text": "It is the third time."}), at=late)
    await desk.send(answers(referral, {"question": "why-now", "text": "And it is getting colder."}), at=late)
    assert [receipt.answers[0].state for receipt in await desk.said(AnswersTaken)] == ["late", "again"]
    first, second = await desk.said(QuestionsAnswered)
    assert first.late
    assert second.answers[0].text == "And it is getting colder."
    assert second.closed == ()


@pytest.mark.req("IN-3")
async def test_the_answer_about_one_child_goes_to_that_childs_contact_and_one_about_the_matter_to_both(desk):
    referral = desk.referral(people=[desk.child("p1"), desk.child("p2", given_name="Ivo", born=None)])
    await desk.send(referral)
    contacts = {contact.child.ref: contact.contact for contact in await desk.said(ContactOpened)}
    await desk.send(answers(referral, {"question": "child-born", "person": "p2", "text": "Third of May 2015."}))
    (said,) = await desk.said(QuestionsAnswered)
    assert said.contact == contacts["p2"]
    await desk.send(answers(referral, {"question": "child-views", "text": "Both want to stay."}))
    assert {one.contact for one in (await desk.said(QuestionsAnswered))[1:]} == set(contacts.values())


@pytest.mark.req("IN-3")
async def test_what_was_not_asked_is_answered_with_its_path_and_nothing_is_kept(desk):
    referral = desk.referral(why_now="third time")
    await desk.send(referral)
    await desk.send(
        answers(referral, {"question": "child-views", "text": "x"}, {"question": "why-now", "text": "x"}),
        answers(referral, {"question": "child-views"}),
        answers(referral, {"question": "child-views", "text": "x"}, {"question": "child-views", "text": "y"}),
        answers(referral, *({"question": "child-views", "text": "x" * 19_000} for _ in range(28))),
    )
    refused = await desk.said(InboundRefused)
    assert [[problem.path for problem in one.problems][:2] for one in refused] == [
        ["$.answers[1].question"],
        ["$.answers[0]"],
        ["$.answers[1]"],
        ["$", "$.answers[1]"],
    ]
    assert await desk.said(QuestionsAnswered) == []


@every_authority("IN-3")
async def test_another_agencys_referral_cannot_be_answered_nor_one_that_is_not_there(desk, authority):
    first, second = [agency.id for agency in desk.book.pack(authority).agencies if "referrals" in agency.may_write][:2]
    referral = desk.referral(authority, agency=first)
    await desk.send(referral)
    given = {"question": "child-views", "text": "Nobody asked you."}
    await desk.send(answers(referral, given, agency=second))
    await desk.send(answers(referral, given, submission=new_id()))
    assert await desk.door.expire(0) == 1, "what may come before its referral waits for it"
    refused = await desk.said(InboundRefused)
    assert [one.agency for one in refused] == [second, first]
    assert {problem.path for one in refused for problem in one.problems} == {"$.submission"}
    assert len({one.problems for one in refused}) == 1, "nobody learns that the id is another's"


async def test_answers_that_come_before_their_referral_wait_for_it(desk):
    referral = desk.referral()
    await desk.send(answers(referral, {"question": "child-views", "text": "She likes it there."}))
    assert await desk.everything() == []
    await desk.send(referral)
    assert len(await desk.said(QuestionsAnswered)) == 1


async def test_the_id_of_a_repeat_stands_for_the_first(desk):
    referral = desk.referral()
    again = referral.model_copy(update={"submission": new_id()})
    await desk.send(referral)
    await desk.send(again)
    await desk.send(answers(again, {"question": "child-views", "text": "She likes it there."}))
    (said,) = await desk.said(QuestionsAnswered)
    assert said.submission == referral.submission


@pytest.mark.req("IN-10", authority="halton")
@pytest.mark.parametrize(
    "concern",
    [
        "neglect", "unborn-child", "parental-substance-misuse", "domestic-abuse", "parental-mental-health",
        "short-break", "child-exploitation",
    ],
)  # fmt: skip
async def test_a_missing_tool_is_accepted_asked_for_and_closed_by_the_tool_alone(desk, concern):
    referral = desk.referral(concerns=[concern])
    await desk.send(referral)
    (taken,) = await desk.said(SubmissionTaken)
    assert len(taken.opened) == len(taken.tools_missing) == 1
    question = f"tool-{concern}"
    assert question in {gap.field for gap in taken.gaps}
    await desk.send(answers(referral, {"question": question, "text": "It is in the post."}))
    (tool,) = [tool.any_of[0] for tool in desk.book.pack("halton").good_referral.tools if tool.concern == concern]
    await desk.send(answers(referral, {"question": question, "tools": [tool]}))
    promised, brought = await desk.said(QuestionsAnswered)
    assert promised.closed == ()
    assert [gap.field for gap in brought.closed] == [question]


@every_authority("CO-1")
async def test_incomplete_consent_is_asked_about_and_the_whole_of_it_closes_the_question(desk, authority):
    people = [
        desk.child(),
        desk.child("p2", role="parent", given_name="Odalys", born=None, parental_responsibility=True),
    ]
    referral = desk.referral(authority, people, consents=[{"person": "p2", "status": "given"}])
    await desk.send(referral)
    (contact,) = await desk.said(ContactOpened)
    assert ("consent-how", "p2") in {(gap.field, gap.person) for gap in contact.gaps}
    assert contact.consents[0].person == "p2"
    half = {"person": "p2", "status": "given", "sought_by": "Bertrand Thistlewood"}
    whole = half | {"when": "2026-06-08T09:00:00Z", "how": "at the school gate"}
    for consent in (half, whole):
        await desk.send(answers(referral, {"question": "consent-how", "person": "p2", "consent": consent}))
    first, second = await desk.said(QuestionsAnswered)
    assert (len(first.closed), len(second.closed)) == (0, 1)


@every_authority("IN-3")
async def test_the_record_of_what_an_agency_leaves_out_has_the_childs_voice_first(desk, authority):
    from icart_cli.referrals import GAPS

    referral = desk.referral(authority)
    await desk.send(referral, desk.referral(authority, child_views="I like it here."))
    await desk.send(answers(referral, {"question": "child-views", "text": "She likes it there."}))
    async with desk.database.connection() as connection:
        rows = await connection.fetch(GAPS, authority, referral.agency, None, ["child-views"])
        none = await connection.fetch(GAPS, authority, "nobody", None, [])
    assert (rows[0]["question"], rows[0]["asked"], rows[0]["answered"]) == ("child-views", 1, 1)
    assert rows[0]["hours"] is not None
    assert {row["question"]: row["asked"] for row in rows}["harm"] == 2
    assert none == []


@every_authority("IN-3", "IN-5")
async def test_answers_to_a_redirected_referral_go_to_whoever_the_worker_is_now(desk, authority):
    await desk.hold(desk.held(authority=authority, case=desk.open_case()))
    referral = desk.referral(authority)
    await desk.send(referral)
    (told,) = await desk.said(CaseRedirected)
    await desk.hold(
        desk.held(
            authority=authority, as_of=desk.now - timedelta(minutes=1), case=desk.open_case(worker="Ottoline Fray")
        )
    )
    await desk.send(answers(referral, {"question": "why-now", "text": "It is the third time."}))
    assert await desk.said(InboundRefused) == []
    assert await desk.said(QuestionsAnswered) == []
    (said,) = await desk.said(AnswersRedirected)
    assert (said.redirection, said.reference, said.case.worker) == (told.redirection, told.reference, "Ottoline Fray")
    assert [(answer.question, gap.field) for answer, gap in zip(said.answers, said.closed, strict=True)] == [
        ("why-now", "why-now")
    ]
    (receipt,) = await desk.said(AnswersTaken)
    assert [one.state for one in receipt.answers] == ["taken"]


@pytest.mark.req("IN-3", "IN-5")
async def test_of_two_children_each_answer_goes_where_its_child_went(desk):
    await desk.hold(desk.held(case=desk.open_case()))
    born = {"born": None}
    referral = desk.referral(people=[desk.child("p1"), desk.child("p2", given_name="Ivo", **born)])
    await desk.send(referral)
    (contact,) = await desk.said(ContactOpened)
    await desk.send(answers(referral, {"question": "child-born", "person": "p2", "text": "Third of May 2015."}))
    assert await desk.said(AnswersRedirected) == []
    await desk.send(answers(referral, {"question": "child-views", "text": "Both want to stay."}))
    (passed,) = await desk.said(AnswersRedirected)
    assert [answer.question for answer in passed.answers] == ["child-views"]
    assert [one.contact for one in await desk.said(QuestionsAnswered)] == [contact.contact] * 2
