"""Every topic read again from the start gives the same tables and says the same, however the records fall into batches (R4)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from icart_common.contracts.edt import EdtRecordCompleted
from icart_common.contracts.ids import derived_id, new_id
from icart_common.contracts.intake import CaseRedirected, ContactOpened, IdentifyPeople, SubmissionTaken
from icart_common.contracts.joint_work import NoticeJoined
from icart_common.contracts.people import MatchOffered
from icart_common.contracts.referral import GapsAnswered
from icart_common.testing import fresh_database, outbox_messages
from services.intake.tests.test_incidents import of_one_evening

pytestmark = pytest.mark.broker

TABLES = (
    "submission", "content", "person", "person_key", "person_block", "mention", "put", "match_pair", "merge", "relation",
    "residence", "contact", "redirection", "asked", "form_awaited", "returned",
    "held_person", "held_episode", "held_relation", "full_load", "full_load_person", "case_feed",
)  # fmt: skip


def some_weeks(desk):
    """Feed and door, with repeats, a refusal, a new event, an open case, advice and the night team."""
    referral = desk.referral()
    night = desk.night_contact("york", record_complete=False)
    rest = EdtRecordCompleted(
        agency=night.agency, authority="york", submission=night.submission, worker="edt-9", notes="Slept at her aunt's."
    )
    family = [
        desk.child("a"),
        desk.child("b", role="sibling", given_name="Ivo"),
        desk.child("c", role="parent", born=None),
    ]
    feed = [
        desk.held("c-1", given_name="Ivo", case=desk.open_case()),
        desk.held("c-2", "york"),
        desk.held("c-1", given_name="Ivo", as_of=desk.held().as_of.replace(day=2), case=desk.open_case()),
        desk.episode("c-1", days=2, status="closed", closed="2026-05-02"),
        desk.load_begun(load=derived_id(desk.now, "load"), as_of=desk.held().as_of),
        desk.held("c-3", given_name="Linnet", load=derived_id(desk.now, "load"), nhs_number="9990000010"),
        desk.not_held("c-1", days=3),
        desk.episode("c-1", "e-2", days=1),
        desk.load_ended(load=derived_id(desk.now, "load"), people=1),
    ]
    door = [
        referral,
        referral,
        desk.referral(people=family),
        desk.referral(people=[desk.child(born="2049-01-01")]),
        desk.referral(people=[desk.child(given_name=None, family_name=None, born=None)]),
        referral.model_copy(update={"submission": new_id()}),
        referral.model_copy(update={"why_now": "He came back drunk."}),
        night,
        IdentifyPeople(request=new_id(), authority="halton", asked_by="notifications", people=tuple(family)),
        rest,
        desk.referral("cheshire-west"),
        called := desk.referral(channel="phone", people=[desk.child("a", given_name="Wren")]),
        GapsAnswered(
            agency=called.agency,
            authority="halton",
            submission=called.submission,
            answers=[{"question": "child-views", "text": "She wants her dog."}],
        ),
        desk.referral(people=[desk.child("kid", given_name="Wren")], child_views="She wants her dog back."),
        desk.referral("cheshire-west", tried={}, tools=()),
    ]
    return [desk.record(message) for message in feed], [desk.record(message) for message in door]


async def kept(desk):
    rows = {table: sorted(map(str, await desk.rows(table))) for table in TABLES}
    said = [(topic, message.model_dump_json()) for topic, message in await outbox_messages(desk.database)]
    return rows, sorted(said)


async def handle(desk, feed, door, size):
    for runner, records in ((desk.feed, feed), (desk.door, door)):
        for start in range(0, len(records), size):
            assert await runner.run(records[start : start + size]) == []
    return await kept(desk)


async def test_any_batches_any_number_of_times(desk, stack, book):
    feed, door = some_weeks(desk)
    whole = await handle(desk, feed, door, 100)
    assert await handle(desk, feed, door, 3) == whole, "read twice into the same tables"
    for size in (1, 4):
        async with fresh_database(stack, "icart_intake") as other:
            again = type(desk)(other, book)
            assert await handle(again, feed, door, size) == whole, f"batches of {size}"


async def test_two_agencies_whose_topics_have_no_order_bring_up_the_same_offer(desk, stack, book):
    """Their referrals are about two who may be one. Whichever is read first: the row and what is said are the same."""
    school, hospital = (desk.book.pack("halton").agencies[place].id for place in (0, 1))
    earlier = desk.record(desk.referral(agency=school, people=[desk.child(born="2017-02-03")]))
    later = desk.record(desk.referral(agency=hospital, people=[desk.child(born="2017-03-02")]))

    async def offered(intake, *batches):
        for batch in batches:
            assert await intake.door.run(batch) == []
        return await intake.rows("match_pair"), await intake.said(MatchOffered)

    rows, said = in_time = await offered(desk, [earlier], [later])
    async with fresh_database(stack, "icart_intake") as other:
        assert await offered(type(desk)(other, book), [later], [earlier]) == in_time
    assert len(rows) == len(said) == len(said[0].contacts) == 1


async def read(intake, *batches):
    for batch in batches:
        assert await intake.door.run(batch) == []
    rows, _ = await kept(intake)
    return rows, await intake.said(ContactOpened), await intake.said(NoticeJoined)


@pytest.mark.req("IN-20")
async def test_two_notices_of_one_event_whose_topics_have_no_order_are_one_contact_with_the_other_one_joined(
    desk, stack, book
):
    """An exception of decision 0002: which is the contact is the order of reading. Nobody is lost, doubled or left unanswered."""
    school, hospital, _ = of_one_evening(desk)
    first, second = desk.record(school), desk.record(hospital)
    rows, (opened,), (joined,) = await read(desk, [first], [second])
    assert (opened.submission, joined.notice.submission) == (school.submission, hospital.submission)
    taken = {one.submission for one in await desk.said(SubmissionTaken)}
    async with fresh_database(stack, "icart_intake") as database:
        other = type(desk)(database, book)
        again, (opened_again,), (joined_again,) = await read(other, [second], [first])
        assert {one.submission for one in await other.said(SubmissionTaken)} == taken
    assert (opened_again.submission, joined_again.notice.submission) == (hospital.submission, school.submission)
    assert opened_again.contact == joined.notice.contact, "each keeps the id and the reference that are its own"
    assert joined_again.notice.contact == opened.contact
    differ = {table for table in TABLES if rows[table] != again[table]}
    assert differ == {"asked", "contact", "mention", "person", "person_block", "put", "submission"}, (
        "who was named first is who it is"
    )


@pytest.mark.req("IN-5")
async def test_a_case_that_opened_after_the_referral_takes_it_over_where_the_feed_is_read_first(desk, stack, book):
    """An exception of decision 0002: an intake that reads from the start reads the feed first. The child's worker is told."""
    later = desk.record(desk.held(as_of=desk.now + timedelta(days=5), case=desk.open_case()))
    referral = desk.record(desk.referral())
    assert await desk.door.run([referral]) == []
    assert await desk.feed.run([later]) == []
    (opened,) = await desk.said(ContactOpened)
    async with fresh_database(stack, "icart_intake") as database:
        other = type(desk)(database, book)
        assert await other.feed.run([later]) == []
        assert await other.door.run([referral]) == []
        (redirected,) = await other.said(CaseRedirected)
        assert await other.said(ContactOpened) == []
    assert redirected.submission == opened.submission
