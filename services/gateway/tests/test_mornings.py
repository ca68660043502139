"""The night's handover and the meeting's pack, as a morning begins with them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from icart_common.contracts.handover import handover_id
from icart_common.contracts.meetings import EnquiryDecided, meeting_id
from icart_common.testing import example

NIGHT = date(2026, 11, 15)


def of_night(kind: str, version: int, **changes):
    said = {
        "undertaking": str(handover_id("halton", NIGHT)),
        "authority": "halton",
        "version": version,
        "contact": None,
    }
    return example(f"icart.screening.{kind}.v1", **{**said, **changes})


@pytest.mark.req("ED-5", authority="halton")
@pytest.mark.req("ED-7", authority="halton")
async def test_section_47_stands_first_then_what_nobody_took_on(gateway):
    child = example("icart.screening.handed-over.v1").model_dump(mode="json")["by_night"]
    opens = datetime(2026, 11, 16, 9, 0, tzinfo=UTC).isoformat()

    def handed(number: int, **what):
        item = {
            "item": f"0198c2a4-7d02-7002-8002-00000000000{number}",
            "reference": f"NIGHT-0000{number}",
            "kind": "contact",
        }
        by_night = {**child, **item, "section_47_begun": False, "wrong_desktop": False, **what}
        return of_night("handed-over", number, night=str(NIGHT), opens_at=opens, by_night=by_night)

    await gateway.hear(handed(1), handed(2), handed(3, section_47_begun=True))
    await gateway.hear(of_night("item-accepted", 4, item="0198c2a4-7d02-7002-8002-000000000001"))
    await gateway.sign_in("w-101", "social-work-manager")
    text = (await gateway.client.get(f"/nights/{NIGHT}")).text
    assert text.index("NIGHT-00003") < text.index("NIGHT-00002") < text.index("NIGHT-00001")
    assert text.count("Nobody took it on") == 2
    assert "Nothing was handed over" in (await gateway.client.get("/nights/2026-01-01")).text


@pytest.mark.req("SC-15", authority="york")
async def test_the_meeting_has_each_enquiry_and_what_was_decided(gateway):
    on = date(2026, 11, 16)
    head = {"undertaking": str(meeting_id("york", on)), "authority": "york", "contact": None}
    listed = example("icart.screening.enquiry-listed.v1", **head, version=2)
    enquiry = listed.model_dump(mode="json")["presented"]
    called = example("icart.screening.meeting-called.v1", **head, version=1, on=str(on))
    decided = example("icart.screening.enquiry-decided.v1", **head, version=3, enquiry=enquiry["enquiry"])
    await gateway.hear(called, listed, decided)
    await gateway.sign_in("y-1", "assessment-manager", authority="york")
    text = (await gateway.client.get(f"/meetings/{on}")).text
    assert enquiry["reference"] in text
    assert "Decided" in text
    assert isinstance(decided, EnquiryDecided)
    (task,) = decided.tasks
    assert f"{task.what}: {task.owner}, by" in text[text.index("Still to be done") :]
    ticked = example("icart.screening.task-ticked-off.v1", **head, version=4, task=str(task.task))
    await gateway.hear(ticked)
    assert "Still to be done" not in (await gateway.client.get(f"/meetings/{on}")).text
    await gateway.sign_in("w-101", "social-work-manager")
    assert "no daily meeting" in (await gateway.client.get(f"/meetings/{on}")).text


@pytest.mark.parametrize("address", ["/nights/{}", "/meetings/{}", "/nights?day={}", "/meetings?day={}"])
async def test_days_beside_which_the_calendar_ends_have_no_page(gateway, address):
    await gateway.sign_in("w-101", "social-work-manager")
    for day in ("0001-01-01", "9999-12-31", "1999-12-31", "2100-01-01"):
        assert (await gateway.client.get(address.format(day))).status_code == 404
