"""What teams hear of decisions that wait, of the daily meeting and of nights: by reference, never by name (SC-15, SC-16, ED)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from icart_common.contracts.base import Actor
from icart_common.contracts.decisions import DecisionAsked, Stage
from icart_common.contracts.handover import FormAsked, NightAlertRaised, NightReported, ReportLine
from icart_common.contracts.intake import ReplyTo
from icart_common.contracts.meetings import EnquiryDecided
from icart_common.contracts.notifications import OutboundNotice
from icart_common.policy import PolicyBook
from icart_common.testing import record_of, said
from services.notifications.tests.examples import EDT, NIGHT, NOON, an_id
from services.notifications.tests.test_messages import ALL, by_template, leaving, req_for_each

REFERENCE = "QK7WM-3HXPA"
CHAIN = {
    "halton": ("social-work-manager",),
    "cheshire-west": ("team-manager",),
    "york": ("advice-manager", "assessment-manager", "service-manager"),
}


def head(authority: str) -> dict[str, Any]:
    return {
        "undertaking": an_id("undertaking"),
        "authority": authority,
        "pack_version": "2026.1",
        "version": 2,
        "at": NOON,
    }


def asked(authority: str, turn: int, **given: Any) -> DecisionAsked:
    whole = {
        "decision": an_id("contact"),
        "reference": REFERENCE,
        "strand": "enquiry",
        "own_work_of": ("w1",),
        "stages": tuple(Stage(role=role) for role in CHAIN[authority]),
        "turn": turn,
        "because": "no-decision-in-time",
        "needed_at": NOON,
        **given,
    }
    return DecisionAsked.model_validate({**head(authority), **whole})


@pytest.mark.req("SC-16", authority="york")
def test_the_manager_whose_turn_has_come_is_told_by_reference(book: PolicyBook) -> None:
    stages = book.pack("york").decision_chain.stages
    for turn in (1, 2):
        (one,) = leaving(book, asked("york", turn))
        assert (one.template, one.channel, one.address) == ("decision-waits", "smtp", stages[turn].email)
        assert REFERENCE in one.subject
        assert book.pack("york").role(CHAIN["york"][turn]).name in one.text
    assert leaving(book, asked("york", 0, because="submitted")) == []


@req_for_each("SC-16")
def test_when_everybody_is_away_the_last_of_the_chain_and_the_front_door_are_told(
    book: PolicyBook, authority: str
) -> None:
    pack = book.pack(authority)
    last = len(CHAIN[authority]) - 1
    found = leaving(book, asked(authority, last, nobody=True, because="submitted"))
    expected = [pack.decision_chain.stages[last].email, pack.contact_points.secure_mailbox.email]
    assert [one.address for one in found] == expected
    assert all("Everybody who could decide is away" in one.text for one in found)


@pytest.mark.req("SC-15", authority="york")
def test_the_link_to_a_decision_goes_to_the_duty_worker_the_assessment_manager_and_admin(book: PolicyBook) -> None:
    event = EnquiryDecided(
        **head("york"),
        by=Actor(person="m2", role="advice-manager"),
        on=date(2026, 10, 14),
        enquiry=an_id("contact"),
        reference=REFERENCE,
        outcome="step-up-now",
        level=4,
        reasons="Tamsin told her teacher more",
        plan="the assessment team visits Tamsin today",
    )
    found = leaving(book, event)
    rule = book.pack("york").daily_meeting
    assert rule is not None
    assert [box.role for box in rule.links_to] == ["duty-social-worker", "assessment-manager", "front-door-admin"]
    assert [one.address for one in found] == [box.email for box in rule.links_to]
    for one in found:
        assert REFERENCE in one.text
        assert "Tamsin" not in one.subject + one.text


@req_for_each("ED-7")
def test_an_alert_reaches_the_night_team_on_its_own_topic(book: PolicyBook, authority: str) -> None:
    event = NightAlertRaised(
        **head(authority),
        by=Actor(person="w1", role="social-worker"),
        night=date(2026, 10, 16),
        opens_at=NIGHT,
        item=an_id("item"),
        about=REFERENCE,
        alert="The father may come back.",
    )
    assert by_template(book, event) == {"night-alert": [("topic", EDT[authority], None)]}
    assert "The father may come back." in leaving(book, event)[0].text


def reported(authority: str) -> NightReported:
    return NightReported(
        **head(authority),
        by=Actor(person="d1", role="contact-officer"),
        night=date(2026, 10, 16),
        opens_at=NIGHT,
        lines=(
            ReportLine(item=an_id(1), reference="HHHHH-HHHHH", kind="contact", section_47_begun=True, missed=True),
            ReportLine(item=an_id(2), reference="KKKKK-KKKKK", kind="open-case", wrong_desktop=True),
        ),
        says="2 children, 1 section 47 enquiry",
    )


@req_for_each("ED-5")
def test_the_morning_report_goes_to_the_teams_mailbox(book: PolicyBook, authority: str) -> None:
    (one,) = leaving(book, reported(authority))
    assert (one.template, one.address) == ("morning-report", book.pack(authority).contact_points.secure_mailbox.email)
    assert "16 October 2026: 2 children, 1 section 47 enquiry." in one.text
    lines = [line for line in one.text.splitlines() if line.startswith("- ")]
    assert lines == [
        "- HHHHH-HHHHH: for the front door, section 47 enquiry begun, nobody accepted it before opening",
        "- KKKKK-KKKKK: went to the worker of an open case, on the wrong desktop",
    ]


def form_asked(authority: str, email: str | None) -> FormAsked:
    return FormAsked(
        contact=an_id("contact"),
        authority=authority,
        pack_version="2026.1",
        reference=REFERENCE,
        agency=EDT[authority],
        submission=an_id("submission"),
        reply_to=ReplyTo(agency=EDT[authority], kind="professional", name="Bertrand Thistlewood", email=email),
    )


@req_for_each("ED-3")
def test_a_professional_of_the_night_is_asked_for_the_form_at_their_own_address(
    book: PolicyBook, authority: str
) -> None:
    (one,) = leaving(book, form_asked(authority, "b.thistlewood@example.org"))
    assert (one.template, one.address) == ("form-asked-at-night", "b.thistlewood@example.org")
    assert REFERENCE in one.text
    (through,) = leaving(book, form_asked(authority, None))
    assert (through.channel, through.recipient) == ("topic", EDT[authority])


@pytest.mark.broker
@pytest.mark.parametrize("authority", ALL)
async def test_they_leave_through_the_handler(database: Any, events: Any, authority: str) -> None:
    heard = [reported(authority), form_asked(authority, None), asked(authority, 0, nobody=True)]
    assert await events.run([record_of(one, "events.screening", at=NOON) for one in heard]) == []
    (notice,) = await said(database, OutboundNotice)
    assert notice.template == "form-asked-at-night"
    async with database.connection() as connection:
        rows = await connection.fetch("select template, state from delivery order by template")
    templates = [row["template"] for row in rows]
    assert templates == ["decision-waits", "decision-waits", "form-asked-at-night", "morning-report"]
