"""A form's way: shown, checked, sent once, and answered; nothing that was typed is lost."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest

from icart_common.contracts.screening import RecordSection
from icart_common.deployment import deployment_topics
from icart_common.messaging.publish import Publisher
from icart_common.settings import KafkaSettings
from icart_common.testing import example
from services.gateway.tests.filled_in import TRIAGE, hidden, opened
from services.gateway.tests.screening import Screening, commands

pytestmark = [pytest.mark.broker, pytest.mark.usefixtures("commands_topic")]


async def test_a_form_is_carried_out_once_however_often_it_is_sent(
    gateway: Any, stack: Any, screening: Screening
) -> None:
    contact = await screening.open()
    await gateway.sign_in("m1", "social-work-manager")
    form = await opened(gateway, f"/contacts/{contact}/do/triage")
    async with commands(stack) as sent:
        first = await gateway.client.post(f"/contacts/{contact}/do/triage", data={**form, **TRIAGE})
        envelope, command = await sent.next()
        assert first.status_code == 303
        on_its_way = await gateway.client.get(first.headers["location"])
        assert "on its way" in on_its_way.text
        again = await gateway.client.post(f"/contacts/{contact}/do/triage", data={**form, **TRIAGE})
        second, same = await sent.next()
        assert (second.id, same) == (envelope.id, command)
        await screening.answer(envelope, command)
        await screening.answer(second, same)
        done = await gateway.client.get(again.headers["location"])
        assert "The contact has been triaged." in done.text
        third = await gateway.client.post(f"/contacts/{contact}/do/triage", data={**form, **TRIAGE})
        assert third.headers["location"] == first.headers["location"]
        assert await sent.nothing_more()
    assert screening.front.contacts[contact].strand == "safeguarding"


async def test_what_is_blank_is_named_and_what_was_typed_stays(gateway: Any, stack: Any, screening: Screening) -> None:
    contact = await screening.open()
    await gateway.sign_in("m1", "social-work-manager")
    form = await opened(gateway, f"/contacts/{contact}/do/triage")
    async with commands(stack) as sent:
        answer = await gateway.client.post(
            f"/contacts/{contact}/do/triage", data={**form, "strand": "safeguarding", "reason": "<b>hungry</b>"}
        )
        assert await sent.nothing_more()
    assert answer.status_code == 422
    assert '<a href="#urgency">Choose how urgent it is</a>' in answer.text
    assert "&lt;b&gt;hungry&lt;/b&gt;" in answer.text
    assert "<b>hungry" not in answer.text
    assert re.search(r'value="safeguarding" checked', answer.text)
    assert hidden(answer.text, "message") == form["message"]


async def test_a_refusal_says_why_and_what_is_allowed_and_keeps_the_words(
    gateway: Any, stack: Any, screening: Screening
) -> None:
    contact = await screening.allocated("safeguarding")
    await gateway.sign_in("w1", "social-worker")
    gateway.answers_within(10)
    form = await opened(gateway, f"/contacts/{contact}/do/submit")
    filled = {"level": "3", "outcome": "assessment-s17", "reasons": "as I wrote it", "need_code": "N1"}
    async with screening.at_work(stack), gateway.listening():
        answer = await gateway.client.post(f"/contacts/{contact}/do/submit", data={**form, **filled})
    assert answer.status_code == 409
    assert "still blank" in answer.text
    assert "fill in the section" in answer.text
    assert "as I wrote it" in answer.text
    assert hidden(answer.text, "message") != form["message"], "under the old id it would never happen"
    again = await gateway.client.get(f"/contacts/{contact}/do/submit")
    assert "as I wrote it" in again.text


@pytest.mark.req("IN-22", authority="halton")
async def test_a_record_that_moved_on_is_shown_beside_what_was_typed_and_nothing_is_lost(
    gateway: Any, stack: Any, screening: Screening
) -> None:
    contact = await screening.allocated("safeguarding")
    await gateway.sign_in("w1", "social-worker")
    gateway.answers_within(10)
    address = f"/contacts/{contact}/do/record-section?part=contact-record"
    form = await opened(gateway, address)
    other = {"section": "contact-record", "text": "what somebody else found", "statements": {"nature": "theirs"}}
    screening.front.done(contact, RecordSection, "social-worker", "w9", **other)
    mine = {"text": "what I found", "statements.needs": "a warm meal", "statements.nature": ""}
    async with screening.at_work(stack), gateway.listening():
        moved = await gateway.client.post(address, data={**form, **mine})
        assert moved.status_code == 409
        assert "refused" not in moved.text
        await screening.say()
        # The read models now know what the service knew when it refused.
        shown = await gateway.client.get(address)
        for words in ("what I found", "what somebody else found", "a warm meal", "theirs"):
            assert words in shown.text
        again = {name: hidden(shown.text, name) for name in ("csrf", "message", "seen_version", "form")}
        chosen = {
            "text": "what I found", "choose.text": "theirs", "theirs.text": "what somebody else found",
            "statements.needs": "a warm meal", "statements.nature": "theirs",
        }  # fmt: skip
        done = await gateway.client.post(address, data={**again, **chosen})
    assert done.status_code == 303, done.text
    held = screening.front.contacts[contact]
    assert held.sections["contact-record"] == "what somebody else found"
    assert {name: one.text for name, one in held.statements.items()} == {"needs": "a warm meal", "nature": "theirs"}


@pytest.mark.req("IN-22", authority="halton")
async def test_an_undertaking_that_moved_on_shows_what_others_said_to_the_same_question(
    gateway: Any, stack: Any, screening: Screening
) -> None:
    contact, check = await screening.allocated("safeguarding"), UUID(int=77)
    same = {"contact": str(contact), "undertaking": str(check), "authority": "halton"}
    await gateway.hear(example("icart.screening.check-requested.v1", version=1, **same))
    await gateway.sign_in("w9", "social-worker", name="Perpetua Example")
    await gateway.sign_in("w1", "social-worker")
    address = f"/contacts/{contact}/undertakings/{check}/do/record-check-answer"
    form = await opened(gateway, address)
    theirs = {"answer": "seen twice this year", "by": {"person": "w9", "role": "social-worker"}}
    await gateway.hear(example("icart.screening.check-replied.v1", version=2, **theirs, **same))
    mine = {"answer": "nothing is known"}
    gateway.answers_within(0.01)
    async with commands(stack) as sent:
        moved = await gateway.client.post(address, data={**form, **mine})
        assert moved.status_code == 409
        for words in ("Meanwhile somebody else", "by Perpetua Example", "seen twice this year", "nothing is known"):
            assert words in moved.text
        again = {name: hidden(moved.text, name) for name in ("csrf", "message", "seen_version", "form")}
        await gateway.client.post(address, data={**again, **mine})
        _, command = await sent.next()
    assert command.model_dump()["seen_version"] == 2
    assert command.model_dump()["answer"] == "nothing is known"


async def test_a_broker_that_is_away_is_said_to_be_and_the_same_press_sends_later(
    gateway: Any, stack: Any, screening: Screening
) -> None:
    contact = await screening.open()
    await gateway.sign_in("m1", "social-work-manager")
    address = f"/contacts/{contact}/do/triage"
    form = await opened(gateway, address)
    there = gateway.door.publisher
    away = Publisher(
        KafkaSettings(kafka_bootstrap="127.0.0.1:1"),
        deployment_topics(gateway.door.book),
        gateway.clock,
        source="icart/gateway",
    )
    gateway.change(publisher=away)
    answer = await gateway.client.post(address, data={**form, **TRIAGE})
    assert answer.status_code == 503
    assert "has not been sent yet" in answer.text
    assert "two earlier contacts" in answer.text
    shown = await gateway.client.get(address)
    assert "two earlier contacts" in shown.text
    assert hidden(shown.text, "message") == form["message"] == hidden(answer.text, "message")
    gateway.change(publisher=there)
    async with commands(stack) as sent:
        again = await gateway.client.post(address, data={**form, **TRIAGE})
        envelope, _ = await sent.next()
    assert again.status_code == 303
    assert envelope.id == UUID(form["message"])


async def test_other_words_under_a_message_that_was_sent_are_another_message(
    gateway: Any, stack: Any, screening: Screening
) -> None:
    contact = await screening.open()
    await gateway.sign_in("m1", "social-work-manager")
    address = f"/contacts/{contact}/do/triage"
    form = await opened(gateway, address)
    async with commands(stack) as sent:
        await gateway.client.post(address, data={**form, **TRIAGE})
        first, _ = await sent.next()
        changed = {**form, **TRIAGE, "reason": "three earlier contacts"}
        await gateway.client.post(address, data=changed)
        second, _ = await sent.next()
        await gateway.client.post(address, data=changed)
        third, _ = await sent.next()
    assert first.id != second.id == third.id


async def test_what_is_not_open_says_why_and_another_authoritys_is_not_there(
    gateway: Any, screening: Screening
) -> None:
    contact = await screening.open()
    await gateway.sign_in("w1", "social-worker")
    shut = await gateway.client.get(f"/contacts/{contact}/do/triage")
    assert "your role does not hold triage" in shut.text
    assert "<textarea" not in shut.text
    todo = await gateway.client.get(f"/contacts/{contact}/do")
    assert "What you cannot do now, and why" in todo.text
    await gateway.sign_in("m1", "team-manager", authority="cheshire-west")
    for path in (f"/contacts/{contact}/do", f"/contacts/{contact}/do/triage"):
        assert (await gateway.client.get(path)).status_code == 404


async def test_a_form_without_the_sessions_mark_does_nothing(gateway: Any, stack: Any, screening: Screening) -> None:
    contact = await screening.open()
    await gateway.sign_in("m1", "social-work-manager")
    form = await opened(gateway, f"/contacts/{contact}/do/triage")
    async with commands(stack) as sent:
        answer = await gateway.client.post(f"/contacts/{contact}/do/triage", data={**form, **TRIAGE, "csrf": "x"})
        assert await sent.nothing_more()
    assert answer.status_code == 403
