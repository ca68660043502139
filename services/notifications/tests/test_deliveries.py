"""ST-12: kept with its rendering, on its topic in the same transaction, resent on demand; and what a batch costs."""

from __future__ import annotations

import json

import pytest

from icart_common.contracts.base import Actor, CommandRefused, InboundRefused
from icart_common.contracts.intake import SubmissionTaken
from icart_common.contracts.notifications import DeliveryMade, OutboundNotice, ResendDelivery
from icart_common.contracts.screening import ContactClosed
from icart_common.contracts.timers import ClockBreached, MeetClock, StartClock
from icart_common.policy import PolicyBook
from icart_common.testing import outbox_messages, record_of, said
from services.notifications.tests import examples
from services.notifications.tests.conftest import events_under
from services.notifications.tests.examples import NOON, SCHOOL, an_id, neighbour, professional
from services.notifications.tests.test_messages import OUTCOMES

pytestmark = pytest.mark.broker


def again(delivery, role: str = "contact-officer") -> ResendDelivery:
    return ResendDelivery(actor=Actor(person="HBC-7", role=role), delivery=delivery, reason="they did not get it")


@pytest.mark.req("ST-12")
@pytest.mark.parametrize("authority", ["halton", "cheshire-west", "york"])
async def test_what_leaves_is_kept_as_rendered_and_said_on_the_agencys_topic(events, database, authority):
    event = examples.taken(authority, professional(authority))
    await events.run([record_of(event, "events.intake", at=NOON)])
    row = await database.pool.fetchrow("select * from delivery")
    (_, clock), (topic, notice), (where, receipt), (_, met) = await outbox_messages(database)
    assert isinstance(notice, OutboundNotice)
    assert isinstance(receipt, DeliveryMade)
    assert isinstance(clock, StartClock)
    assert isinstance(met, MeetClock)
    assert (topic, where) == (f"outbound.{SCHOOL[authority]}", "events.notifications")
    assert notice.delivery == receipt.delivery == row["id"]
    assert (notice.subject, notice.text, notice.facts) == (row["subject"], row["body"].strip(), json.loads(row["view"]))
    assert notice.subject_id == event.submission  # the recipient's own key, so that its answers stay in order
    assert (row["state"], row["attempts"], row["about"], receipt.attempts) == ("made", 1, event.submission, 1)


async def test_the_receipt_of_what_went_out_on_a_topic_asks_nothing_of_the_database(events, database):
    await events.run([record_of(examples.taken("halton", professional("halton")), "events.intake", at=NOON)])
    (receipt,) = await said(database, DeliveryMade)
    before = database.count.statements
    assert await events.run([record_of(receipt, "events.notifications", at=NOON)]) == []
    assert database.count.statements == before


@pytest.mark.req("TM-17", authority="halton")
@pytest.mark.req("TM-17", authority="cheshire-west")
@pytest.mark.req("TM-17", authority="york")
@pytest.mark.parametrize("authority", ["halton", "cheshire-west", "york"])
async def test_the_clock_of_the_receipt_runs_from_arrival_and_is_met_by_the_acknowledgement(
    events, database, authority
):
    event = examples.taken(authority, professional(authority))
    await events.run([record_of(event, "events.intake", at=NOON)])
    (started,), (met,) = await said(database, StartClock), await said(database, MeetClock)
    assert (started.rule, started.subject, started.counted_from) == (
        "TM-17",
        event.opened[0].contact,
        event.received_at,
    )
    assert (met.clock, met.at) == (started.clock, NOON)


@pytest.mark.req("TM-17", authority="halton")
async def test_a_receipt_that_waits_for_the_mail_server_leaves_its_clock_running(events, database):
    await events.run([record_of(examples.taken("halton", neighbour("halton")), "events.intake", at=NOON)])
    assert len(await said(database, StartClock)) == 1
    assert await said(database, MeetClock) == []
    assert len(await database.pool.fetchval("select meets from delivery")) == 1


@pytest.mark.req("ST-12")
async def test_an_event_that_is_read_twice_leaves_once(events, database):
    record = record_of(examples.taken("halton", professional("halton")), "events.intake", at=NOON)
    await events.run([record])
    await events.run([record])
    assert len(await said(database, OutboundNotice)) == 1


@pytest.mark.req("ST-12")
async def test_a_delivery_is_sent_again_as_it_was_rendered(events, notices, database):
    await events.run([record_of(examples.taken("halton", professional("halton")), "events.intake", at=NOON)])
    (first,) = await said(database, OutboundNotice)
    await notices.run([record_of(again(first.delivery), "commands.notifications", at=examples.NIGHT)])
    _, second = await said(database, OutboundNotice)
    assert second.model_dump(exclude={"sent_at"}) == first.model_dump(exclude={"sent_at"})
    assert [one.attempts for one in await said(database, DeliveryMade)] == [1, 2]
    assert tuple(await database.pool.fetchrow("select attempts, sendings from delivery")) == (2, 2)


@pytest.mark.req("ST-12")
async def test_an_e_mail_that_failed_is_due_again_on_demand(events, notices, database):
    await events.run([record_of(examples.taken("halton", neighbour("halton")), "events.intake", at=NOON)])
    delivery = await database.pool.fetchval(
        "update delivery set state = 'failed', reason = 'x', tries = 9 returning id"
    )
    await notices.run([record_of(again(delivery), "commands.notifications", at=NOON)])
    row = await database.pool.fetchrow(
        "select state, reason, tries, sendings, next_try_at < now() as due from delivery"
    )
    assert tuple(row) == ("waiting", None, 0, 2, True)


async def test_a_strangers_role_and_an_unknown_delivery_are_refused(events, notices, database):
    await events.run([record_of(examples.taken("halton", neighbour("halton")), "events.intake", at=NOON)])
    delivery = await database.pool.fetchval("select id from delivery")
    await notices.run([record_of(again(delivery, "a-role-of-elsewhere"), "commands.notifications", at=NOON)])
    await notices.run([record_of(again(an_id("no delivery")), "commands.notifications", at=NOON)])
    await notices.expire(0)
    assert [one.code for one in await said(database, CommandRefused)] == ["role-may-not", "unknown-delivery"]


@pytest.mark.req("PV-8", "TM-15", authority="halton")
async def test_the_clock_of_the_school_is_met_when_the_school_is_told(events, database):
    await events.run([record_of(examples.school_to_be_told(), "events.police-vpa", at=NOON)])
    (met,) = await said(database, MeetClock)
    assert (met.clock, met.at) == (an_id("clock", "TM-15"), NOON)


async def test_a_notice_that_cannot_be_read_is_answered_to_its_sender(events, notices, database):
    record = record_of(examples.probation_check(), "inbound.notices.probation-halton", at=NOON)
    broken = type(record)(
        record.topic, record.partition, record.offset, record.timestamp, record.key, record.headers, b"{}"
    )
    await notices.run([broken])
    (refusal,) = await said(database, InboundRefused)
    await events.run([record_of(refusal, "events.notifications", at=NOON)])
    assert [topic for topic, one in await outbox_messages(database) if isinstance(one, OutboundNotice)] == [
        "outbound.probation-halton"
    ]


def taken(number: int) -> SubmissionTaken:
    reply_to = professional("halton") if number % 2 else neighbour("halton")
    return examples.taken("halton", reply_to, what=number)


async def test_two_hundred_messages_cost_as_many_statements_as_one(events, notices, database):
    def batch(numbers):
        return [record_of(taken(number), "events.intake", at=NOON) for number in numbers]

    def notices_of(numbers):
        topic = "inbound.notices.probation-halton"
        return [record_of(examples.probation_check(number), topic, at=NOON) for number in numbers]

    await events.run(batch([0]))  # the driver asks for its types once
    await notices.run(notices_of([0]))
    costs = []
    for runner, records in (
        (events, batch([1])),
        (events, batch(range(1000, 1200))),
        (notices, notices_of([1])),
        (notices, notices_of(range(1000, 1200))),
    ):
        before = database.count.statements
        await runner.run(records)
        costs.append(database.count.statements - before)
    assert costs[0] == costs[1] <= 5
    assert costs[2] == costs[3] <= 7
    assert await database.pool.fetchval("select count(*) from delivery") == 202


@pytest.mark.parametrize(
    "authority", [pytest.param(one, marks=pytest.mark.req("AU-6", authority=one)) for one in sorted(SCHOOL)]
)
async def test_a_letter_is_in_the_words_of_the_version_that_its_thing_keeps(database, book, authority):
    packs = []
    for pack in book.packs():
        anew = [one.model_copy(update={"subject": f"ANEW {one.subject}"}) for one in pack.templates]
        since = {"version": "2026.2", "applies_from": NOON.date(), "templates": tuple(anew)}
        packs += [pack, pack.model_copy(update=since)]
    events = events_under(PolicyBook(packs), database)
    outcome, level = OUTCOMES[authority]
    told = [
        made
        for number, version in enumerate(("2026.1", "2026.2"))
        for made in (
            examples.closed(authority, professional(authority), outcome, level, pack_version=version,
                            contact=an_id("contact", number), submission=an_id("submission", number)),
            examples.breached(authority, "TM-17", "notifications", version),
        )
    ]  # fmt: skip
    topics = {ContactClosed: "events.screening", ClockBreached: "events.timers"}
    assert await events.run([record_of(one, topics[type(one)], at=NOON) for one in told]) == []
    rows = await database.pool.fetch("select template, subject from delivery")
    by_template: dict[str, list[bool]] = {}
    for row in rows:
        by_template.setdefault(row["template"], []).append(row["subject"].startswith("ANEW "))
    assert {"outcome-professional", "team-alert"} <= by_template.keys()
    for template, anew in by_template.items():
        assert sorted(anew) == [False] * (len(anew) // 2) + [True] * (len(anew) // 2), template
