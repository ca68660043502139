"""What a partner reads: how its submissions stand, what it is still asked, and the messages to it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icart_common.contracts.catalogue import MESSAGES
from icart_common.contracts.ids import new_id
from icart_common.testing import record_of
from icart_gateway.api.places import BadCursor, cursor_of, message_places
from icart_gateway.model.for_agencies import TOLD, hearing_of
from services.gateway.tests.conftest import NOW
from services.gateway.tests.partners import EXAMPLES, SCHOOL, Partner, example, referral
from services.gateway.tests.test_api_submissions import topics

pytestmark = [pytest.mark.broker, pytest.mark.usefixtures(topics.__name__)]
__all__ = ["topics"]
TAKEN, REPEATED = "icart.intake.submission-taken.v1", "icart.intake.submission-repeated.v1"
OUTBOUND = "icart.outbound.notice.v1"


def reply_to(kind: str = "professional") -> dict[str, Any]:
    return {"agency": SCHOOL, "kind": kind, "person_concerned": False}


async def sent(partner: Partner) -> tuple[dict[str, Any], str, str]:
    """A referral that was taken: its body, its receipt, and where its standing is."""
    body = referral()
    receipt = (await partner.send(body)).json()["receipt"]
    return body, receipt, f"/submissions/{receipt}"


@pytest.mark.req("IN-3", "IN-15", authority="halton")
async def test_a_standing_goes_from_received_to_taken_with_what_is_missing(gateway):
    partner = await Partner.of(gateway)
    body, receipt, place = await sent(partner)
    assert (await partner.call("GET", place)).json()["state"] == "received"
    gap = {"field": "child-school", "question": "Which school or nursery does the child go to?", "person": "p1"}
    opened = [{"contact": str(new_id()), "reference": "AAAAA-22222", "child": "p1"}]
    await partner.said(
        TAKEN, await partner.correlation(receipt), submission=body["submission"], reference="AAAAA-22222",
        reply_to=reply_to(), opened=opened, joined=[], put_to=[], redirected=[], gaps=[gap], answers_due="2026-11-18T10:00:00Z",
    )  # fmt: skip
    standing = (await partner.call("GET", place)).json()
    assert standing["state"] == "taken"
    assert standing["children"] == [{"ref": "p1", "reference": "AAAAA-22222"}]
    assert standing["missing"] == [{"question": gap["field"], "words": gap["question"], "person": "p1"}]
    answers = example(
        "icart.referral.gaps-answered.v1", agency=SCHOOL, authority="halton", submission=body["submission"]
    )
    answer = (await partner.send(answers, "/answers")).json()
    await partner.said(
        "icart.intake.answers-taken.v1", await partner.correlation(answer["receipt"]), submission=body["submission"],
        reply_to=reply_to(), still_open=[],
    )  # fmt: skip
    standing = (await partner.call("GET", place)).json()
    assert (standing["state"], standing["missing"]) == ("taken", [])
    assert (await partner.call("GET", f"/submissions/{answer['receipt']}")).json()["state"] == "taken"
    # The same content under another id: a repeat of the first, which itself stays taken.
    _, second, second_place = await sent(partner)
    await partner.said(
        REPEATED, await partner.correlation(second), submission=body["submission"], reference="AAAAA-22222",
        reply_to=reply_to(),
    )  # fmt: skip
    repeated = (await partner.call("GET", second_place)).json()
    assert (repeated["state"], repeated["reference"]) == ("repeated", "AAAAA-22222")
    assert (await partner.call("GET", place)).json()["state"] == "taken"


@pytest.mark.req("IN-5", "IN-20", "CO-5", authority="halton")
@pytest.mark.parametrize("kind", ["professional", "family", "public"])
async def test_a_standing_says_nothing_confidential(gateway, kind):
    partner = await Partner.of(gateway)
    body, receipt, place = await sent(partner)
    joined = [{"notice": str(new_id()), "contact": str(new_id()), "reference": "BBBBB-33333", "child": "p2"}]
    await partner.said(
        TAKEN, await partner.correlation(receipt), submission=body["submission"], reply_to=reply_to(kind), opened=[],
        put_to=[], joined=joined, redirected=["p1"], gaps=[],
    )  # fmt: skip
    answer = await partner.call("GET", place)
    standing = answer.json()
    assert standing["state"] == "taken"
    assert standing["children"] == [{"ref": "p2", "reference": "BBBBB-33333"}]  # as if it had been opened for it alone
    assert standing["redirected"] == (["p1"] if kind == "professional" else [])
    assert joined[0]["contact"] not in answer.text
    assert joined[0]["notice"] not in answer.text


async def test_advice_returned_refused_documents_and_the_outcome(gateway):
    partner = await Partner.of(gateway)
    for kind, changes, state in (
        ("icart.intake.advice-given.v1", {"reply_to": reply_to()}, "advice"),
        ("icart.intake.referral-returned.v1", {"reply_to": reply_to()}, "returned"),
        ("icart.inbound.refused.v1", {"agency": SCHOOL}, "refused"),
    ):
        body, receipt, place = await sent(partner)
        subject = {} if state == "refused" else {"submission": body["submission"]}
        await partner.said(kind, await partner.correlation(receipt), **changes, **subject)
        standing = (await partner.call("GET", place)).json()
        assert standing["state"] == state
        assert bool(standing["problems"]) == (state == "refused")
        assert all(one["pointer"].startswith("#") for one in standing["problems"])
    body, receipt, place = await sent(partner)
    await partner.said("icart.document.refused.v1", submission=body["submission"], agency=SCHOOL, reply_to=reply_to())
    template = gateway.door.book.pack("halton").outcomes[0].feedback.professional
    await partner.said(
        OUTBOUND, family="outbound.{agency}", in_reply_to=body["submission"], template=template, delivery=str(new_id())
    )
    standing = (await partner.call("GET", place)).json()
    assert [one["state"] for one in standing["documents"]] == ["refused"]
    assert standing["outcome_ready"] is True
    assert [one["template"] for one in standing["messages"]] == [template]


async def test_messages_page_by_page_miss_none_and_are_read_again(gateway):
    partner = await Partner.of(gateway)
    for _ in range(5):
        await partner.said(OUTBOUND, family="outbound.{agency}", delivery=str(new_id()))
    seen, after = [], ""
    while True:
        page = (await partner.call("GET", f"/messages?limit=2&after={after}")).json()
        seen += [one["message"] for one in page["messages"]]
        after = page["after"]
        if not page["more"]:
            break
    assert len(seen) == len(set(seen)) == 5
    assert (await partner.call("GET", f"/messages?after={after}")).json() == {
        "messages": [],
        "after": after,
        "more": False,
    }
    await partner.said(OUTBOUND, family="outbound.{agency}", delivery=str(new_id()))
    assert len((await partner.call("GET", f"/messages?after={after}")).json()["messages"]) == 1


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "after=x", "after=9:1", "after=0:1,", "limit=-1"])
async def test_a_bad_page_is_a_problem(gateway, query):
    partner = await Partner.of(gateway)
    assert (await partner.call("GET", f"/messages?{query}")).status_code == 400


async def test_the_same_topics_read_again_give_the_same_rows(gateway):
    family, topic = "outbound.{agency}", f"outbound.{SCHOOL}"
    notice = MESSAGES[OUTBOUND].model_validate(example(OUTBOUND))
    record = record_of(notice, topic, at=NOW)
    kept = []
    for _ in range(2):
        assert await gateway.runners[family].run([record]) == []
        async with gateway.door.models.connection() as connection:
            kept.append(await connection.fetch("select * from for_agency"))
            await connection.execute("delete from inbox")
    assert len(kept[0]) == 1
    assert kept[0] == kept[1]


async def test_a_large_batch_costs_as_many_statements_as_a_small_one(gateway):
    family, topic = "outbound.{agency}", f"outbound.{SCHOOL}"
    counts = []
    for size in (1, 1, 20):  # the first makes the inbox's partitions
        notices = [MESSAGES[OUTBOUND].model_validate(example(OUTBOUND, delivery=str(new_id()))) for _ in range(size)]
        before = gateway.door.models.count.statements
        assert await gateway.runners[family].run([record_of(one, topic, at=NOW) for one in notices]) == []
        counts.append(gateway.door.models.count.statements - before)
    assert counts[1] == counts[2]


@given(st.dictionaries(st.integers(0, 1), st.integers(0, 10**18 - 1), max_size=2))
def test_a_cursor_is_read_as_it_was_written(offsets):
    places = message_places(SCHOOL, "") | {(f"outbound.{SCHOOL}", number): offset for number, offset in offsets.items()}
    if cursor_of(places):
        assert message_places(SCHOOL, cursor_of(places)) == places


@given(st.text(max_size=40))
def test_any_other_cursor_is_refused(text):
    try:
        assert cursor_of(message_places(SCHOOL, text)) is not None
    except BadCursor:
        assert text


def test_what_an_agency_hears_is_cut_to_it():
    """No field of our own record, of another agency or of a worker is in what is kept of any message but its own letter."""
    confidential = ("contact", "notice", "worker", "case", "by", "agency", "person_concerned", "email", "name")

    def keys(value):
        if isinstance(value, dict):
            for key, inner in value.items():
                yield key
                yield from keys(inner)
        if isinstance(value, list):
            for inner in value:
                yield from keys(inner)

    for kind in TOLD:
        body = kind.model_validate(json.loads((EXAMPLES / f"{kind.TYPE}.json").read_text()))
        hearing = hearing_of(body, f"outbound.{SCHOOL}")
        if hearing and kind.TYPE != OUTBOUND:
            assert not set(keys(hearing.told)) & set(confidential), kind.TYPE
