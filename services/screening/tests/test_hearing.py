"""What a referrer brings after the contact was opened, and what they are reminded of (IN-3, IN-9, IN-10, CO-6)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from icart_common.contracts.ids import derived_id
from icart_common.contracts.intake import Gap, QuestionsAnswered, WrittenReferralReceived
from icart_common.contracts.joint_work import OpenAfterAll
from icart_common.contracts.referral import Account, Answer, Consent, Person, PrivacyShown, Referrer, WhatHappened
from icart_common.contracts.reminders import ReferrerChased
from icart_common.contracts.screening import (
    AnswersRecorded,
    PrivacyNoticeRecorded,
    RecordPrivacyNotice,
    WrittenReferralAdded,
)
from icart_common.contracts.timers import ClockBreached, MeetClock
from icart_common.testing import record_of, said
from icart_screening import store
from icart_screening.domain.contact import Contact
from icart_screening.domain.hearing import answered, in_writing
from services.screening.tests.conftest import Service
from services.screening.tests.front_door import MONDAY, FrontDoor, contact_opened, each, of, of_type

VIEWS = Gap(field="child-views", question="What does the child say about it?")
TOOL = Gap(field="tool-neglect", question="Please send this with your referral: graded-care-profile.")
FORM = derived_id(MONDAY, "form")


def answers(contact: Contact, *given: Answer, closed: tuple[Gap, ...] = (), **fields: Any) -> QuestionsAnswered:
    return QuestionsAnswered(
        contact=contact.id, authority=contact.authority, submission=contact.arrival.submission,
        agency=contact.arrival.agency, received_at=MONDAY, answers=given, closed=closed, **fields,
    )  # fmt: skip


def form(contact: Contact, **fields: Any) -> WrittenReferralReceived:
    account = Account(
        referrer=Referrer(kind="professional"),
        event=WhatHappened(what="She has bruises on her arm."),
        people=(Person(ref="p1", role="child", born=contact.arrival.child.born), Person(ref="p2", role="parent")),
        consents=(Consent(person="p2", status="refused"),),
    )
    return WrittenReferralReceived(
        contact=contact.id, authority=contact.authority, submission=FORM, first=contact.arrival.submission,
        agency=contact.arrival.agency, channel="form", received_at=MONDAY, account=account,
        own=derived_id(MONDAY, "own"), **fields,
    )  # fmt: skip


@each("IN-3")
def test_answers_stand_in_the_record_and_their_questions_are_closed(door: FrontDoor) -> None:
    contact = door.contacts[door.open(gaps=(VIEWS, TOOL))]
    heard = answers(contact, Answer(question="child-views", text="I like breakfast club."), closed=(VIEWS,))
    change = answered(contact, heard, door.pack, MONDAY)
    (event,) = of_type(change.events, AnswersRecorded)
    assert (event.version, event.gaps) == (2, 1)
    assert change.contact.gaps == (TOOL,)
    assert change.contact.answers[0].answers[0].text == "I like breakfast club."


@each("CO-1")
def test_consent_and_details_of_an_answer_are_taken_over_and_nothing_is_overwritten(door: FrontDoor) -> None:
    child = Person(ref="p1", role="child", given_name="Tamsin")
    contact = door.contacts[door.open(child=child)]
    consent = Consent(person="p2", status="given", sought_by="school", when=MONDAY, how="visit")
    more = Person(ref="p1", role="child", given_name="Thomasina", born="2017-02-28")
    heard = answers(
        contact, Answer(question="consent-how", consent=consent), Answer(question="child-born", details=more)
    )
    held = answered(contact, heard, door.pack, MONDAY).contact
    assert held.consents[-1] == consent
    assert (held.arrival.child.given_name, str(held.arrival.child.born)) == ("Tamsin", "2017-02-28")


@of("IN-10", authorities=("halton",))
def test_a_missing_tool_runs_a_clock_that_the_tool_ends(door: FrontDoor) -> None:
    contact = door.contacts[door.open(gaps=(TOOL,))]
    clock = contact.clocks.ids["TM-16-chase-tool"]
    heard = answers(contact, Answer(question="tool-neglect", tools=("graded-care-profile",)), closed=(TOOL,))
    change = answered(contact, heard, door.pack, MONDAY)
    assert [met.clock for met in of_type(change.clocks, MeetClock)] == [clock]
    assert "TM-16-chase-tool" not in door.contacts[door.open()].clocks.ids


@each("IN-3", "TM-16")
def test_open_questions_run_one_clock_that_the_last_answer_or_the_closing_ends(door: FrontDoor) -> None:
    more = Gap(field="child-born", question="What is the child's date of birth?", person="p1")
    contact = door.contacts[door.open(gaps=(VIEWS, more))]
    clock = contact.clocks.ids["TM-16-chase-answers"]
    one = answered(
        contact, answers(contact, Answer(question="child-views", text="No."), closed=(VIEWS,)), door.pack, MONDAY
    )
    assert one.clocks == ()
    last = answers(contact, Answer(question="child-born", person="p1", text="In 2017."), closed=(more,))
    change = answered(one.contact, last, door.pack, MONDAY)
    assert [met.clock for met in of_type(change.clocks, MeetClock)] == [clock]
    assert "TM-16-chase-answers" not in door.contacts[door.open(gaps=())].clocks.ids
    assert "TM-16-chase-answers" not in door.contacts[door.open(gaps=(TOOL,))].clocks.ids
    anonymous = Referrer(kind="anonymous")
    assert "TM-16-chase-answers" not in door.contacts[door.open(referrer=anonymous)].clocks.ids
    closing = door.allocated(door.cast.safeguarding)
    clock = door.contacts[closing].clocks.ids["TM-16-chase-answers"]
    door.submitted(closing, door.cast.advice, 1, without_consent=door.cast.ground)
    door.authorised(closing)
    assert clock in [met.clock for met in of_type(door.clocks, MeetClock)]


@of("IN-9", "TM-18", authorities=("halton", "cheshire-west"))
def test_the_form_ends_its_clocks_and_its_words_are_proposed_from(door: FrontDoor) -> None:
    contact = door.contacts[door.open(channel="phone")]
    clocks = {contact.clocks.ids["TM-18"], contact.clocks.ids["TM-16-chase-form"]}
    change = in_writing(contact, form(contact, gaps=(VIEWS,)), door.pack, MONDAY)
    (event,) = of_type(change.events, WrittenReferralAdded)
    assert {met.clock for met in of_type(change.clocks, MeetClock)} == clocks
    assert change.contact.forms == (FORM,)
    assert change.contact.gaps == (VIEWS,)
    assert change.contact.consents[-1].status == "refused"
    assert event.proposed.urgency == "immediate"
    assert change.contact.proposed == event.proposed
    assert change.contact.strand is None, "a person decides"


@each("IN-9")
def test_refs_of_a_joined_notice_are_never_mistaken_for_the_contacts_own(door: FrontDoor) -> None:
    contact = door.contacts[door.open(channel="phone", gaps=(VIEWS,))]
    notice = derived_id(MONDAY, "notice")
    held = in_writing(contact, form(contact, notice=notice), door.pack, MONDAY).contact
    assert (held.consents, held.gaps, held.arrival) == (contact.consents, contact.gaps, contact.arrival)
    consent = Consent(person="p2", status="given")
    heard = answers(contact, Answer(question="consent", consent=consent), closed=(VIEWS,), notice=notice)
    held = answered(contact, heard, door.pack, MONDAY).contact
    assert (held.consents, held.gaps) == (contact.consents, contact.gaps)
    assert len(held.answers) == 1


@each("CO-6")
def test_the_privacy_notice_is_recorded_with_who_was_shown_it_by_whom_and_when(door: FrontDoor) -> None:
    brought = PrivacyShown(person="p2", shown_by="school nurse", when=MONDAY - timedelta(days=1))
    contact = door.open(privacy_notices=(brought,))
    assert door.contacts[contact].privacy_notices == (brought,)
    role = door.cast.manager
    shown = PrivacyShown(person="p3", shown_by="w1", when=MONDAY, how="first visit")
    held = door.done(contact, RecordPrivacyNotice, role, "w1", notice=shown)
    assert held.privacy_notices == (brought, shown)
    assert [event.notice for event in of_type(door.log, PrivacyNoticeRecorded)] == [shown]
    for wrong, code in (
        (PrivacyShown(person="p9", shown_by="w1", when=MONDAY), "unknown-person"),
        (PrivacyShown(person="p3", when=MONDAY), "not-whole"),
        (PrivacyShown(person="p3", shown_by="w1"), "not-whole"),
        (PrivacyShown(person="p3", shown_by="w1", when=MONDAY + timedelta(days=30)), "not-yet"),
    ):
        assert door.refused(contact, RecordPrivacyNotice, role, "w1", notice=wrong).code == code


@pytest.mark.broker
@pytest.mark.parametrize(
    ("authority", "rule", "fields", "owed"),
    [
        pytest.param(authority, rule, fields, owed, marks=pytest.mark.req(row, "TM-16", authority=authority))
        for authority, row, rule, fields, owed in (
            ("halton", "IN-9", "TM-18", {"channel": "phone"}, "form"),
            ("halton", "IN-3", "TM-16-chase-answers", {"gaps": (VIEWS, TOOL)}, "What does the child say"),
            ("cheshire-west", "IN-3", "TM-16-chase-answers", {"gaps": (VIEWS,)}, "What does the child say"),
            ("york", "IN-3", "TM-16-chase-answers", {"gaps": (VIEWS,)}, "What does the child say"),
            ("cheshire-west", "IN-9", "TM-18", {"channel": "phone"}, "form"),
            ("halton", "IN-10", "TM-16-chase-tool", {"gaps": (TOOL,)}, "graded-care-profile"),
        )
    ],
)
async def test_when_the_clock_runs_out_the_referrer_is_reminded_until_it_came(
    service: Service, authority: str, rule: str, fields: dict[str, Any], owed: str
) -> None:
    opened = contact_opened(authority, **fields)
    await service.contacts.run([record_of(opened, "events.intake", at=MONDAY)])
    async with service.database.connection() as connection:
        state = await connection.fetchval("select state::text from contact where id = $1", opened.contact)
    contact = Contact.model_validate_json(state)

    def breached(minute: int) -> Any:
        event = ClockBreached(
            clock=contact.clocks.ids[rule], authority=authority, pack_version=contact.pack_version, rule=rule, owner="screening",
            subject=opened.contact, due_at=MONDAY, sum="due",
        )  # fmt: skip
        return record_of(event, "events.timers", at=MONDAY + timedelta(days=1, minutes=minute))

    await service.clocks.run([breached(1)])
    (chased,) = await said(service.database, ReferrerChased)
    assert (chased.contact, chased.rule) == (opened.contact, rule)
    assert owed in chased.owed[0]
    assert chased.due > MONDAY
    if owed == "form":
        heard: Any = form(contact)
    elif rule == "TM-16-chase-answers":
        assert len(chased.owed) == 1, "the tool has its own"
        heard = answers(contact, Answer(question="child-views", text="No."), closed=(VIEWS,))
    else:
        heard = answers(contact, Answer(question="tool-neglect", tools=("graded-care-profile",)), closed=(TOOL,))
    await service.contacts.run([record_of(heard, "events.intake", at=MONDAY + timedelta(hours=1))])
    await service.clocks.run([breached(2)])
    assert len(await said(service.database, ReferrerChased)) == 1


@pytest.mark.broker
@of("IN-9", authorities=("halton", "cheshire-west"))
async def test_a_form_that_gets_to_a_closed_contact_is_not_lost(service: Service, door: FrontDoor) -> None:
    contact = door.allocated(door.cast.safeguarding, channel="phone")
    door.submitted(contact, door.cast.advice, 1, without_consent=door.cast.ground)
    door.authorised(contact)
    held = door.contacts[contact]
    assert held.status == "closed"
    async with service.database.connection() as connection:
        await store.save_contacts(connection, [held])
    heard = form(held)
    await service.contacts.run([record_of(heard, "events.intake", at=MONDAY + timedelta(hours=1))])
    (ask,) = await said(service.database, OpenAfterAll)
    assert (ask.notice, ask.submission, ask.contact) == (heard.own, FORM, contact)
    assert await said(service.database, WrittenReferralAdded) == []
