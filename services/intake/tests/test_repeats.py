"""IN-15: the same submission twice opens one contact; a new event opens another, linked to the first."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from icart_common.contracts.base import InboundRefused
from icart_common.contracts.ids import new_id
from icart_common.contracts.intake import ContactOpened, SubmissionRepeated, SubmissionTaken

pytestmark = [pytest.mark.req("IN-15"), pytest.mark.broker]


async def test_same_submission_id_again_is_a_repeat_with_the_first_reference(desk):
    referral = desk.referral()
    await desk.send(referral)
    await desk.send(referral)
    (taken,) = await desk.said(SubmissionTaken)
    (repeat,) = await desk.said(SubmissionRepeated)
    assert repeat.reference == taken.reference
    assert repeat.submission == referral.submission
    assert repeat.same == "message-id"
    assert repeat.first_received_at == taken.received_at < repeat.received_at
    assert len(await desk.said(ContactOpened)) == 1


async def test_two_copies_in_one_batch_open_one_contact_and_the_answer_comes_after_the_first(desk):
    referral = desk.referral()
    await desk.send(referral, referral)
    assert await desk.everything() == ["ContactOpened", "SubmissionTaken", "SubmissionRepeated"]


async def test_same_message_id_with_another_submission_id_is_a_repeat(desk):
    referral, message = desk.referral(), new_id()
    await desk.send(referral, message_id=message)
    await desk.send(referral.model_copy(update={"submission": new_id()}), message_id=message)
    assert [repeat.same for repeat in await desk.said(SubmissionRepeated)] == ["message-id"]


def disclosed(sent):
    """The same again with something that was not said before."""
    event = sent.event.model_copy(update={"what": f"{sent.event.what} Today she says that her stepfather hits her."})
    return sent.model_copy(update={"event": event})


@pytest.mark.parametrize("in_one_batch", [True, False])
@pytest.mark.parametrize("way_in", ["referral", "night_contact"])
async def test_a_used_id_with_new_words_is_refused_and_what_came_first_stands(desk, way_in, in_one_batch):
    first = getattr(desk, way_in)()
    records = [desk.record(one) for one in (first, disclosed(first), first)]
    for batch in [records] if in_one_batch else [[record] for record in records]:
        assert await desk.door.run(batch) == []
    (refused,) = await desk.said(InboundRefused)
    assert (refused.topic, refused.offset) == (records[1].topic, records[1].offset), "where the message itself is kept"
    (problem,) = refused.problems
    assert problem.path == "$.submission"
    assert problem.fix.startswith("send it with a new UUID, or answer the questions that are open")
    assert "stepfather" not in refused.model_dump_json()
    assert [repeat.submission for repeat in await desk.said(SubmissionRepeated)] == [first.submission]
    assert len(await desk.said(ContactOpened)) == len(await desk.rows("submission")) == 1
    await desk.send(disclosed(first).model_copy(update={"submission": new_id()}))
    assert "stepfather" in (await desk.said(ContactOpened))[1].event.what


@pytest.mark.parametrize("in_one_batch", [True, False])
async def test_a_message_id_that_is_used_again_for_another_child_is_refused(desk, in_one_batch):
    message = new_id()
    records = [
        desk.record(desk.referral(people=[desk.child(given_name=name)]), message_id=message) for name in ("Wren", "Ivo")
    ]
    for batch in [records] if in_one_batch else [[record] for record in records]:
        assert await desk.door.run(batch) == []
    (refused,) = await desk.said(InboundRefused)
    assert [problem.path for problem in refused.problems] == ["$"]
    assert "ce_id" in refused.problems[0].fix
    assert await desk.said(SubmissionRepeated) == []
    assert len(await desk.said(ContactOpened)) == 1


async def test_what_means_nothing_may_change_when_it_is_sent_again(desk):
    consent = {"person": "p1", "status": "given", "when": desk.now}
    first = desk.referral(consents=(consent,))
    again = first.model_copy(
        update={
            "people": (desk.child("kid"),),
            "consents": (first.consents[0].model_copy(update={"person": "kid", "when": None}),),
            "event": first.event.model_copy(update={"what": f"  {first.event.what.upper()}\n"}),
        }
    )
    await desk.send(first)
    await desk.send(again)
    assert [repeat.same for repeat in await desk.said(SubmissionRepeated)] == ["message-id"]
    assert await desk.said(InboundRefused) == []


async def test_an_id_in_a_batch_is_free_when_what_took_it_there_was_not_taken(desk):
    """The second's message id stands on a repeat, of which nothing is kept: it is taken, as when it is read by itself."""
    known, message = desk.referral(), new_id()
    await desk.send(known)
    records = [desk.record(one, message_id=message) for one in (known, desk.referral(), disclosed(known))]
    assert await desk.door.run(records) == []
    assert [repeat.submission for repeat in await desk.said(SubmissionRepeated)] == [known.submission]
    assert len(await desk.said(ContactOpened)) == 2
    assert len(await desk.said(InboundRefused)) == 1


async def test_same_content_within_a_day_is_a_repeat_and_so_is_what_repeats_the_repeat(desk):
    referral = desk.referral()
    again = referral.model_copy(update={"submission": new_id()})
    await desk.send(referral)
    desk.now += timedelta(hours=23)
    await desk.send(again)
    await desk.send(again)
    (taken,) = await desk.said(SubmissionTaken)
    repeats = await desk.said(SubmissionRepeated)
    assert [repeat.same for repeat in repeats] == ["content", "message-id"]
    assert {repeat.reference for repeat in repeats} == {taken.reference}
    assert {repeat.submission for repeat in repeats} == {referral.submission}


async def test_same_content_twice_in_one_batch_with_ids_of_their_own(desk):
    referral = desk.referral()
    await desk.send(referral, referral.model_copy(update={"submission": new_id()}))
    assert [repeat.same for repeat in await desk.said(SubmissionRepeated)] == ["content"]
    assert len(await desk.said(ContactOpened)) == 1


@pytest.mark.parametrize("in_one_batch", [True, False])
async def test_same_content_after_a_day_is_a_new_contact_linked_to_the_first(desk, in_one_batch):
    referral = desk.referral()
    records = [desk.record(referral)]
    desk.now += timedelta(hours=25)
    records.append(desk.record(referral.model_copy(update={"submission": new_id()})))
    desk.now += timedelta(hours=20)
    records.append(desk.record(referral.model_copy(update={"submission": new_id()})))
    for batch in [records] if in_one_batch else [[record] for record in records]:
        assert await desk.door.run(batch) == []
    first, second = await desk.said(ContactOpened)
    assert second.earlier_contacts == (first.contact,)
    (repeat,) = await desk.said(SubmissionRepeated)
    assert repeat.submission == second.submission


async def test_a_new_event_about_the_same_child_is_a_new_contact_linked_to_the_earlier_ones(desk):
    await desk.send(desk.referral(), desk.referral())
    await desk.send(desk.referral())
    first, second, third = await desk.said(ContactOpened)
    assert first.child_known.person == second.child_known.person == third.child_known.person
    assert [first.earlier_contacts, second.earlier_contacts] == [(), (first.contact,)]
    assert third.earlier_contacts == (first.contact, second.contact)


async def test_two_agencies_that_report_the_same_event_are_no_repeat(desk, book):
    agencies = [agency.id for agency in book.pack("halton").agencies if "referrals" in agency.may_write][:2]
    first = desk.referral(agency=agencies[0])
    second = first.model_copy(update={"agency": agencies[1], "submission": new_id()})
    await desk.send(first, second)
    assert len(await desk.said(ContactOpened)) == 2
    assert await desk.said(SubmissionRepeated) == []


@pytest.mark.parametrize("in_one_batch", [True, False])
async def test_a_submission_id_of_another_sender_is_refused(desk, book, in_one_batch):
    agencies = [agency.id for agency in book.pack("halton").agencies if "referrals" in agency.may_write][:2]
    first = desk.referral(agency=agencies[0])
    second = desk.referral(agency=agencies[1], submission=first.submission)
    for batch in [[first, second]] if in_one_batch else [[first], [second]]:
        await desk.send(*batch)
    (refused,) = await desk.said(InboundRefused)
    assert refused.agency == agencies[1]
    assert [problem.path for problem in refused.problems] == ["$.submission"]
    assert len(await desk.said(ContactOpened)) == 1


async def test_instances_that_meet_on_one_content_open_one_contact(desk):
    referral = desk.referral()
    copies = [referral.model_copy(update={"submission": new_id()}) for _ in range(6)]
    records = [[desk.record(copy)] for copy in copies]
    await asyncio.gather(*(desk.door.run(batch) for batch in records))
    assert len(await desk.said(ContactOpened)) == 1
    assert len(await desk.said(SubmissionRepeated)) == 5


async def test_instances_that_name_one_new_child_make_one_person(desk):
    records = [[desk.record(desk.referral())] for _ in range(6)]
    await asyncio.gather(*(desk.door.run(batch) for batch in records))
    contacts = await desk.said(ContactOpened)
    assert len({contact.child_known.person for contact in contacts}) == 1
    assert sorted(len(contact.earlier_contacts) for contact in contacts) == [0, 1, 2, 3, 4, 5]
    assert len(await desk.rows("person")) == 1


async def test_a_record_read_twice_from_its_topic_says_nothing_twice(desk):
    record = desk.record(desk.referral())
    await desk.door.run([record])
    before = await desk.everything()
    await desk.door.run([record])
    assert await desk.everything() == before


@pytest.mark.req("IN-15")
@pytest.mark.parametrize(
    ("later", "repeats"), [(timedelta(hours=24), True), (timedelta(hours=24, milliseconds=1), False)]
)
async def test_the_day_of_a_content_ends_to_the_instant(desk, later, repeats):
    referral = desk.referral()
    again = referral.model_copy(update={"submission": new_id()})
    first = desk.record(referral)
    for batch in ([first], [desk.record(again, at=first.timestamp + later)]):
        assert await desk.door.run(batch) == []
    assert len(await desk.said(SubmissionRepeated)) == repeats
    assert len(await desk.said(ContactOpened)) == 2 - repeats
