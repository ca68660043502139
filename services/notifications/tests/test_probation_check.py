"""ST-1: from probation's notice to the reply in both secure mailboxes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from icart_common.contracts.base import Actor, CommandRefused, InboundRefused
from icart_common.contracts.cases import Case, Services
from icart_common.contracts.intake import IdentifyPeople, Known, PeopleIdentified
from icart_common.contracts.notifications import (
    AnswerNotice,
    KnownToServices,
    NoticeAnswered,
    NoticeChecked,
    NoticeRecorded,
    OutboundNotice,
)
from icart_common.contracts.timers import MeetClock, StartClock
from icart_common.testing import outbox_messages, record_of, said
from services.notifications.tests import examples
from services.notifications.tests.examples import EMPTY, NOON, an_id, probation_check

pytestmark = pytest.mark.broker

INBOUND, COMMANDS = "inbound.notices.probation-halton", "commands.notifications"
OFFICER = Actor(person="HBC-7", role="contact-officer")
NOTICE = an_id("notice", 0)


def identified(asked_by: str = "notifications") -> PeopleIdentified:
    return PeopleIdentified(
        request=NOTICE,
        authority="halton",
        asked_by=asked_by,
        people=(
            Known(ref="a", person=an_id("person", "a"), match="new"),
            Known(
                ref="b",
                person=an_id("person", "b"),
                match="exact",
                case=Case(status="open", allocated=True, worker="Ives Pomfret"),
                services=Services(child_in_need=True, caf=True, looked_after=True),
            ),
        ),
    )


def answer(**given) -> AnswerNotice:
    answers = (
        KnownToServices(ref="a", known=False),
        KnownToServices(
            ref="b", known=True, services=Services(child_in_need=True, caf=True), open_case=True, lead="Ives Pomfret"
        ),
    )
    return AnswerNotice(**{"actor": OFFICER, "notice": NOTICE, "seen_version": 2, "answers": answers} | given)


@pytest.fixture
async def checked(events, notices):
    await notices.run([record_of(probation_check(), INBOUND, at=NOON)])
    await notices.run([record_of(identified(), "events.intake", at=NOON + timedelta(seconds=1))])


@pytest.mark.req("ST-1", "TM-8", authority="halton")
async def test_a_notice_is_recorded_its_clocks_start_and_intake_is_asked(notices, database):
    await notices.run([record_of(probation_check(), INBOUND, at=NOON)])
    (recorded,) = await said(database, NoticeRecorded)
    assert (recorded.notice, recorded.agency, recorded.received_at) == (NOTICE, "probation-halton", NOON)
    assert recorded.pack_version == "2026.1"
    clocks = {clock.rule: clock for clock in await said(database, StartClock)}
    assert set(clocks) == {"TM-8", "TM-8-chase"}
    assert clocks["TM-8"].counted_from == NOON
    (asked,) = await said(database, IdentifyPeople)
    assert (asked.request, asked.asked_by, len(asked.people)) == (NOTICE, "notifications", 2)


@pytest.mark.req("ST-1", authority="halton")
async def test_the_proposed_answer_tells_the_services_that_were_asked_about_and_no_other(checked, database):
    (event,) = await said(database, NoticeChecked)
    nobody, known = event.proposed
    assert (event.version, nobody.known, known.known) == (2, False, True)
    assert known.services == Services(child_in_need=True, caf=True)  # looked after is none of probation's questions
    assert (known.open_case, known.lead) == (True, "Ives Pomfret")


async def test_who_the_people_are_may_be_heard_before_the_notice_is_read_again(notices, database):
    await notices.run([record_of(identified(), "events.intake", at=NOON)])
    assert await said(database, NoticeChecked) == []
    await notices.run([record_of(probation_check(), INBOUND, at=NOON)])
    (checked,) = await said(database, NoticeChecked)
    assert (checked.notice, checked.version) == (NOTICE, 2)


async def test_people_that_another_service_asked_about_are_passed_by(events, notices, database):
    await notices.run([record_of(probation_check(), INBOUND, at=NOON)])
    await notices.run([record_of(identified("police-vpa"), "events.intake", at=NOON)])
    assert await said(database, NoticeChecked) == []


@pytest.mark.req("ST-1", "TM-8", "ST-12", authority="halton")
async def test_the_reply_goes_to_the_topic_and_both_mailboxes_and_the_clocks_are_met(checked, notices, database):
    started = {clock.clock for clock in await said(database, StartClock)}
    await notices.run([record_of(answer(), COMMANDS, at=NOON + timedelta(hours=1))])
    (event,) = await said(database, NoticeAnswered)
    assert (event.version, event.by) == (3, OFFICER)
    assert {clock.clock for clock in await said(database, MeetClock)} == started
    (notice,) = await said(database, OutboundNotice)
    assert ("outbound.probation-halton", notice) in await outbox_messages(database)
    assert notice.in_reply_to == NOTICE
    assert "Person 1: not known to child protection, child in need" in notice.text
    assert "Person 2: known to child in need and CAF; not known to child protection" in notice.text
    assert "Wetherstone" not in notice.text
    mails = await database.pool.fetch("select address, state from delivery where channel = 'smtp' order by address")
    assert [tuple(row) for row in mails] == [
        ("NWNPS.Cheshire.Halton@probation.gsi.gov.uk", "waiting"),
        ("contact.and.referral.team@halton.cjsm.net", "waiting"),
    ]


@pytest.mark.req("ST-1", authority="halton")
@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"actor": Actor(person="HBC-9", role="social-worker")}, "role-may-not"),
        ({"seen_version": 1}, "version-moved"),
        ({"answers": (KnownToServices(ref="a", known=False),)}, "answers-incomplete"),
    ],
)
async def test_an_answer_that_may_not_be_sent_is_refused_with_the_reason(checked, notices, database, given, code):
    await notices.run([record_of(answer(**given), COMMANDS, at=NOON)])
    (refusal,) = await said(database, CommandRefused)
    assert (refusal.code, refusal.subject) == (code, NOTICE)
    assert refusal.allowed
    assert await said(database, NoticeAnswered) == []


async def test_an_answer_before_the_check_and_a_second_answer_are_refused(events, notices, database):
    await notices.run([record_of(probation_check(), INBOUND, at=NOON)])
    await notices.run([record_of(answer(seen_version=1), COMMANDS, at=NOON)])
    await notices.run([record_of(identified(), "events.intake", at=NOON)])
    await notices.run([record_of(answer(), COMMANDS, at=NOON)])
    await notices.run([record_of(answer(seen_version=3), COMMANDS, at=NOON)])
    assert [one.code for one in await said(database, CommandRefused)] == ["not-checked", "already-answered"]
    assert len(await said(database, NoticeAnswered)) == 1


async def test_an_answer_waits_for_its_notice_and_is_refused_when_there_never_is_one(notices, database):
    await notices.run([record_of(answer(seen_version=1), COMMANDS, at=NOON)])
    await notices.run([record_of(probation_check(), INBOUND, at=NOON)])
    assert [one.code for one in await said(database, CommandRefused)] == ["not-checked"]
    await notices.run([record_of(answer(notice=an_id("no", "notice")), COMMANDS, at=NOON)])
    await notices.expire(0)
    assert [one.code for one in await said(database, CommandRefused)] == ["not-checked", "unknown-notice"]


async def test_the_same_notice_again_is_taken_in_once(notices, database):
    await notices.run([record_of(probation_check(), INBOUND, at=NOON), record_of(probation_check(), INBOUND, at=NOON)])
    await notices.run([record_of(probation_check(), INBOUND, at=NOON)])
    assert len(await said(database, NoticeRecorded)) == 1


async def test_a_notice_that_takes_anothers_id_is_refused_to_its_sender(notices, database):
    await notices.run([record_of(probation_check(), INBOUND, at=NOON)])
    await database.pool.execute(
        "update notice set whole = jsonb_set(whole, '{agency}', '\"another-probation-office\"')"
    )
    await notices.run([record_of(probation_check(), INBOUND, at=NOON)])
    (refusal,) = await said(database, InboundRefused)
    assert refusal.problems[0].path == "$.notice"


@pytest.mark.req("ST-1", authority="halton")
async def test_a_notice_of_a_day_without_a_policy_is_answered_with_what_to_mend(events, notices, database):
    before = NOON.replace(year=2020)
    assert await notices.run([record_of(probation_check(), INBOUND, at=before)]) == []
    (refused,) = await said(database, InboundRefused)
    assert [(one.path, one.fix) for one in refused.problems] == [
        ("$.authority", "ask the authority from when it takes notices here")
    ]
    assert await events.run([record_of(refused, "events.notifications", at=before)]) == []
    (told,) = [one for _, one in await outbox_messages(database) if isinstance(one, OutboundNotice)]
    assert refused.problems[0].fix in told.text


@pytest.mark.req("ST-1", "TM-8", authority="halton")
@pytest.mark.parametrize("rule", ["TM-8", "TM-8-chase"])
async def test_a_reply_that_is_late_is_chased_at_the_front_door(events, database, rule):
    await events.run([record_of(examples.breached("halton", rule, "notifications"), "events.timers", at=NOON)])
    row = await database.pool.fetchrow("select template, channel, recipient, body from delivery")
    assert tuple(row)[:3] == ("team-alert", "smtp", "halton")
    assert "is overdue" in row["body"]


@pytest.mark.req("ST-1", authority="halton")
async def test_reading_the_topics_again_gives_the_same_tables(events, notices, database):
    story = [
        (notices, record_of(probation_check(), INBOUND, at=NOON)),
        (notices, record_of(identified(), "events.intake", at=NOON + timedelta(seconds=1))),
        (notices, record_of(answer(), COMMANDS, at=NOON + timedelta(hours=1))),
        (events, record_of(examples.school_to_be_told(), "events.police-vpa", at=NOON)),
    ]
    tables = """select (select jsonb_agg(n order by id) from notice n), (select jsonb_agg(d order by id) from delivery d),
                       (select jsonb_agg(o.id order by seq) from outbox o)"""
    told = []
    for _ in range(2):
        await database.pool.execute(EMPTY)
        for runner, record in story:
            await runner.run([record])
        told.append(tuple(await database.pool.fetchrow(tables)))
    assert told[0] == told[1]
    assert "answered" in told[0][0]
