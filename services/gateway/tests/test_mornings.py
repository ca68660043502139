"""The night's handover and the meeting's pack, as a morning begins with them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from icart_common.contracts.handover import handover_id
from icart_common.contracts.meetings import EnquiryDecided, meeting_id
from icart_common.testing import example
from services.gateway.tests.contacts_told import OTHER_CHILD, contact_id, opened, received, two_children

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
    made = example("icart.screening.meeting-prepared.v1", **head, version=3, on=str(on), enquiries=[enquiry["enquiry"]])
    decided = example("icart.screening.enquiry-decided.v1", **head, version=4, enquiry=enquiry["enquiry"])
    await gateway.hear(called, listed, made, decided)
    await gateway.sign_in("y-1", "assessment-manager", authority="york")
    text = (await gateway.client.get(f"/meetings/{on}")).text
    assert enquiry["reference"] in text
    assert "Decided" in text
    assert isinstance(decided, EnquiryDecided)
    (task,) = decided.tasks
    assert f"{task.what}: {task.owner}, by" in text[text.index("Still to be done") :]
    ticked = example("icart.screening.task-ticked-off.v1", **head, version=5, task=str(task.task))
    await gateway.hear(ticked)
    assert "Still to be done" not in (await gateway.client.get(f"/meetings/{on}")).text
    await gateway.sign_in("w-101", "social-work-manager")
    assert "no daily meeting" in (await gateway.client.get(f"/meetings/{on}")).text


@pytest.mark.parametrize("address", ["/nights/{}", "/meetings/{}", "/nights?day={}", "/meetings?day={}"])
async def test_days_beside_which_the_calendar_ends_have_no_page(gateway, address):
    await gateway.sign_in("w-101", "social-work-manager")
    for day in ("0001-01-01", "9999-12-31", "1999-12-31", "2100-01-01"):
        assert (await gateway.client.get(address.format(day))).status_code == 404


def _enquiry(number: int) -> dict[str, object]:
    """One of the invented contacts, as a meeting's pack presents it."""
    listed = example("icart.screening.enquiry-listed.v1").model_dump(mode="json")["presented"]
    outline = {**listed["outline"], "child": f"Tamsin{number} Quillfeather", "why_now": f"It is time {number}."}
    return {**listed, "enquiry": str(contact_id(number)), "reference": f"QK7WM-{number:05}", "outline": outline}


@pytest.mark.req("QA-4", authority="york")
async def test_a_meeting_shows_nothing_of_a_child_whose_records_are_shut_and_says_who_saw_the_others(gateway):
    on = date(2026, 11, 16)
    head = {"undertaking": str(meeting_id("york", on)), "authority": "york", "contact": None}
    task = example("icart.screening.enquiry-decided.v1").model_dump(mode="json")["tasks"][0]
    about = {"enquiry": str(contact_id(1)), "reference": "QK7WM-00001"}
    given = {**about, "tasks": [{**task, **about, "what": "Ring the aunt of one"}]}
    same = example("icart.intake.contact-opened.v1").model_dump(mode="json")["child_known"]
    of_one_child = opened(3, authority="york", child_known={**same, "person": str(OTHER_CHILD)})
    await gateway.hear(*two_children(1, authority="york"), of_one_child, received(3, authority="york"))
    await gateway.hear(
        example("icart.screening.meeting-called.v1", **head, version=1, on=str(on)),
        *(example("icart.screening.enquiry-listed.v1", **head, version=1 + n, presented=_enquiry(n)) for n in (1, 2)),
        example(
            "icart.screening.meeting-prepared.v1", **head, version=4, enquiries=[str(contact_id(1)), str(contact_id(2))]
        ),
        example("icart.screening.enquiry-decided.v1", **head, version=5, **given),
    )
    meeting, form = f"/meetings/{on}", f"/undertakings/{meeting_id('york', on)}/do/decide-at-meeting"

    async def shown(person: str) -> list[str]:
        await gateway.sign_in(person, "advice-manager", authority="york")
        return [(await gateway.client.get(one)).text for one in (meeting, form)]

    pack, choices = await shown("y-1")
    assert all(words in pack for words in ("Tamsin1", "Tamsin2", "It is time 2.", "Ring the aunt of one"))
    assert "Tamsin2" in choices
    csrf = await gateway.sign_in("y-9", "advice-manager", authority="york")
    for reference, staff in (("QK7WM-00003", ""), ("QK7WM-00001", "y-3")):  # the second's child by another contact
        shut = {
            "csrf": csrf,
            "message": str(uuid4()),
            "reference": reference,
            "reason": "The father works here",
            "staff": staff,
        }
        done = await gateway.client.post("/guarding/shut", data={**shut, "whole_child": "true"})
        assert done.status_code == 303, done.text
    pack, choices = await shown("y-2")
    assert "Tamsin1" in pack
    assert not any(words in text for words in ("Tamsin2", "It is time 2.") for text in (pack, choices))
    assert "Restricted record" in pack
    pack, _ = await shown("y-3")
    assert not any(words in pack for words in ("Tamsin1", "It is time 1.", "Ring the aunt of one"))
    async with gateway.door.held.connection() as connection:
        rows = await connection.fetch("select person, what, contact from read_audit order by place")
    one, two = contact_id(1), contact_id(2)
    assert [tuple(row) for row in rows] == [
        ("y-1", "meeting", one), ("y-1", "meeting", two), ("y-1", "form", two), ("y-2", "meeting", one),
    ]  # fmt: skip


@pytest.mark.req("QA-4", authority="halton")
async def test_what_the_night_team_is_told_of_a_shut_record_is_not_read_by_others(gateway):
    await gateway.hear(*two_children())
    alerts = [
        of_night(
            "night-alert-raised", n, night=str(NIGHT), item=str(uuid4()), about=f"qk7wm-0000{n}", alert=f"Words of {n}"
        )
        for n in (1, 2)
    ]
    await gateway.hear(*alerts)
    csrf = await gateway.sign_in("m-1", "social-work-manager")
    shut = {
        "csrf": csrf,
        "message": str(uuid4()),
        "reference": "QK7WM-00002",
        "reason": "The father works here",
        "staff": "",
    }
    assert (await gateway.client.post("/guarding/shut", data=shut)).status_code == 303
    text = (await gateway.client.get(f"/nights/{NIGHT}")).text
    assert ("Words of 1" in text, "Words of 2" in text) == (True, False)
