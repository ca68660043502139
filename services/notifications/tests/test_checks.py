"""What leaves because of a check: the minimum, to the agency that is asked and to nobody else (CO-7, CO-8, TM-11)."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from icart_common.contracts.base import Actor, Message
from icart_common.contracts.checks import (
    Basis,
    CheckCancelled,
    CheckChased,
    CheckReplied,
    CheckRepliedAgain,
    CheckRequested,
    Identifiers,
)
from icart_common.contracts.ids import reference
from icart_common.contracts.notifications import OutboundNotice
from icart_common.contracts.referral import Consent
from icart_common.policy import load_packs
from icart_common.testing import outbox_messages, record_of
from services.notifications.tests.examples import NIGHT, NOON, an_id

pytestmark = pytest.mark.broker
BOOK = load_packs()
WORKER = Actor(person="HBC-2", role="social-worker")
CHECK = an_id("check")
SERVICE = {"halton": "hearthside-halton", "cheshire-west": "saltworks-families", "york": "lantern-lane-york"}
"""Agencies with a secure mailbox and no topic."""
each = pytest.mark.parametrize(
    "authority",
    [
        pytest.param(one, marks=pytest.mark.req("SC-5", "CO-7", "CO-8", "TM-11", authority=one))
        for one in BOOK.authorities
    ],
)


def about_a_check(event: type[Message], authority: str, agency: str | None, **fields: Any) -> Message:
    head = {
        "undertaking": CHECK, "contact": an_id("contact", 0), "authority": authority,
        "pack_version": BOOK.pack(authority).version, "agency": agency, "version": 1, "at": NOON,
    }  # fmt: skip
    return event.model_validate(head | fields)


def asked(authority: str, agency: str | None, **fields: Any) -> Message:
    consents = (Consent(person="p2", status="given", sought_by="Canary Thistlewood", when=NOON, how="canary"),)
    whole: dict[str, Any] = {
        "by": WORKER,
        "rule": "education",
        "name": "School or education service",
        "questions": ("How does the child attend?",),
        "about": Identifiers(given_name="Tamsin", family_name="Quillfeather", born=date(2017, 2, 28)),
        "basis": Basis(kind="consent", consents=consents, decided_by=WORKER, reasons="canary"),
        "due": NIGHT,
    }
    return about_a_check(CheckRequested, authority, agency, **whole | fields)


def answered(authority: str, agency: str, **fields: Any) -> Message:
    event = CheckRepliedAgain if "because" in fields else CheckReplied
    return about_a_check(event, authority, agency, **{"way": "message", "answer": "canary", "late": False} | fields)


async def sent(events, database, event: Message) -> list[tuple[str, OutboundNotice]]:
    """What leaves on topics because of an event."""
    before = len(await outbox_messages(database))
    await events.run([record_of(event, "events.screening", at=NOON)])
    new = (await outbox_messages(database))[before:]
    return [(topic, message) for topic, message in new if isinstance(message, OutboundNotice)]


@each
async def test_each_agency_reads_its_question_on_its_own_topic_alone(events, database, authority):
    pack = BOOK.pack(authority)
    for agency in pack.agencies:
        if not (agency.delivery.topic and any(rule.may_ask(agency) for rule in pack.checks)):
            continue
        ((topic, notice),) = await sent(events, database, asked(authority, agency.id))
        assert topic == f"outbound.{agency.id}"
        assert (notice.template, notice.reference) == ("agency-check", reference(CHECK))
        assert notice.facts["check"] == str(CHECK)
        assert f"topic of replies, giving {CHECK}" in notice.text
        words = notice.model_dump_json()
        assert "Tamsin Quillfeather" in notice.text
        assert "How does the child attend?" in notice.text
        assert "28 February 2017" in notice.text
        assert "Address" not in notice.text
        assert "canary" not in words.lower()
        assert "Quillfeather" not in notice.subject
        await database.pool.execute("truncate outbox, delivery")


@each
async def test_an_agency_without_a_topic_reads_it_in_its_secure_mailbox(events, database, authority):
    assert await sent(events, database, asked(authority, SERVICE[authority])) == []
    (row,) = await database.pool.fetch("select channel, recipient, address, state, body from delivery")
    (mailbox,) = BOOK.pack(authority).agency(SERVICE[authority]).delivery.email
    assert tuple(row)[:4] == ("smtp", SERVICE[authority], mailbox, "waiting")
    assert "topic of replies" not in row["body"], "it has none: it answers by telephone"
    assert reference(CHECK) in row["body"]


@each
async def test_what_a_worker_looks_up_leaves_nothing(events, database, authority):
    own = asked(authority, None, basis=None)
    over = about_a_check(CheckCancelled, authority, None, by=WORKER, because="person", reason="canary")
    assert await sent(events, database, own) == await sent(events, database, over) == []
    assert await database.pool.fetch("select id from delivery") == []


@each
async def test_a_reminder_and_a_cancellation_name_the_question_and_no_child(events, database, authority):
    agency = next(one.id for one in BOOK.pack(authority).agencies if one.kind == "police")
    chase = {
        "undertaking": CHECK, "contact": an_id("contact", 0), "authority": authority,
        "pack_version": BOOK.pack(authority).version, "agency": agency, "clock_rule": "TM-11-police",
        "asked_at": NOON, "due": NIGHT,
    }  # fmt: skip
    ((_, soon),) = await sent(events, database, CheckChased.model_validate({**chase, "late": False}))
    ((topic, late),) = await sent(events, database, CheckChased.model_validate({**chase, "late": True}))
    assert topic == f"outbound.{agency}"
    assert ("time is over" in soon.text, "time is over" in late.text) == (False, True)
    over = about_a_check(
        CheckCancelled, authority, agency, because="consent-withdrawn", reason="the canary consent is withdrawn"
    )
    ((topic, notice),) = await sent(events, database, over)
    assert (topic, notice.template) == (f"outbound.{agency}", "agency-check-not-needed")
    for one in (soon, late, notice):
        assert reference(CHECK) in one.subject
        assert not [word for word in ("Tamsin", "consent", "canary") if word in json.dumps(one.model_dump(mode="json"))]


@each
async def test_an_agency_hears_what_became_of_its_answer(events, database, authority):
    agency = next(one.id for one in BOOK.pack(authority).agencies if one.kind == "school")
    cases: list[tuple[dict[str, Any], str | None]] = [
        ({}, None),
        ({"late": True}, "after the time"),
        ({"because": "repeat"}, "nothing has been added"),
        ({"because": "more"}, "stands beside it"),
        ({"because": "after-cancellation"}, "had been withdrawn"),
    ]
    for fields, expected in cases:
        ((topic, notice),) = await sent(events, database, answered(authority, agency, **fields))
        assert (topic, notice.template) == (f"outbound.{agency}", "agency-answer-taken")
        found = [words for _, words in cases if words and words in notice.text]
        assert found == ([expected] if expected else [])
        assert "canary" not in notice.text
    assert await sent(events, database, answered(authority, agency, way="telephone", by=WORKER)) == []
