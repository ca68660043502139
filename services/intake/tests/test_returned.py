"""Cheshire West returns a professional's referral without plan and tool, unless it meets the threshold (IN-11)."""

from __future__ import annotations

import pytest

from icart_common.contracts.ids import new_id
from icart_common.contracts.intake import CaseRedirected, ContactOpened, ReferralReturned, SubmissionRepeated

pytestmark = pytest.mark.broker
PLAN, TOOL = {"plan": "taf"}, ("graded-care-profile",)
DIRTY = {"what": "He comes to school dirty."}


def bare(desk, authority="cheshire-west", **fields):
    return desk.referral(authority, **{"tried": {}, "tools": (), "event": DIRTY} | fields)


@pytest.mark.req("IN-11", authority="cheshire-west")
@pytest.mark.parametrize("channel", ["form", "secure-email", "partner-system"])
@pytest.mark.parametrize(
    ("brought", "missing"),
    [({}, ("plan", "tool")), ({"tried": PLAN}, ("tool",)), ({"tools": TOOL}, ("plan",))],
)
async def test_without_plan_or_tool_it_is_returned_and_nothing_of_it_is_lost(desk, channel, brought, missing):
    referral = bare(desk, channel=channel, **brought)
    await desk.send(referral)
    (returned,) = await desk.said(ReferralReturned)
    assert returned.missing == missing
    assert await desk.everything() == ["ReferralReturned"]
    (row,) = await desk.rows("returned")
    assert row["submission"] == referral.submission
    assert tuple(row["missing"]) == missing
    assert "dirty" in row["account"]
    assert len(row["people"]) == 1


@pytest.mark.req("IN-11", authority="cheshire-west")
@pytest.mark.parametrize(
    "fields",
    [
        {"tried": PLAN, "tools": TOOL},
        {"event": {"what": "He has a black eye."}},
        {"safety": {"safe": False}},
        {"concerns": ["sexual-abuse"]},
        {"requested": "safeguarding", "event": DIRTY | {"urgency": "immediate"}},
        {"requested": "safeguarding", "event": DIRTY | {"harm": "He is cold and does not sleep."}},
        {"requested": "advice", "tried": PLAN},
        {"tried": PLAN | {"what": "The team around the family meets and nothing changes."}},
        {"channel": "phone"},
        {"channel": "form", "referrer": {"kind": "family", "name": "Odalys", "address": "x", "phone": "01632 960111"}},
        {"agency": "cheshire-police"},
        {"agency": "public-cheshire-west"},
    ],
)
async def test_what_is_accepted(desk, fields):
    await desk.send(bare(desk, **fields))
    assert await desk.said(ReferralReturned) == []
    assert len(await desk.said(ContactOpened)) == 1


@pytest.mark.req("IN-11", authority="cheshire-west")
@pytest.mark.parametrize("fields", [{"requested": "safeguarding"}, {"requested": "advice"}, {}])
async def test_asking_for_it_is_not_meeting_the_threshold(desk, fields):
    await desk.send(bare(desk, **fields))
    assert len(await desk.said(ReferralReturned)) == 1


@pytest.mark.req("IN-11", authority="cheshire-west")
async def test_sent_again_with_what_was_missing_it_is_no_repeat(desk):
    referral = bare(desk)
    whole = referral.model_copy(update={"submission": new_id(), "tools": TOOL})
    with_plan = desk.referral("cheshire-west", event=DIRTY)
    await desk.send(referral)
    await desk.send(whole.model_copy(update={"tried": with_plan.tried}))
    assert len(await desk.said(ContactOpened)) == 1
    assert await desk.said(SubmissionRepeated) == []


@pytest.mark.req("IN-11", authority="cheshire-west")
async def test_an_open_case_goes_to_its_worker_whatever_is_missing(desk):
    await desk.hold(desk.held(authority="cheshire-west", case=desk.open_case()))
    await desk.send(bare(desk))
    assert len(await desk.said(CaseRedirected)) == 1
    assert await desk.said(ReferralReturned) == []


@pytest.mark.parametrize("authority", ["halton", "york"])
async def test_nobody_else_returns_anything(desk, authority):
    await desk.send(bare(desk, authority))
    assert len(await desk.said(ContactOpened)) == 1
