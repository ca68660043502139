"""People decide who is who: offers, merges by two, and everything taken back whole (IN-17)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from icart_common.contracts.base import Actor, CommandRefused
from icart_common.contracts.ids import derived_id, new_id
from icart_common.contracts.intake import CaseRedirected, ContactOpened
from icart_common.contracts.people import (
    ApproveMerge,
    ContactPersonChanged,
    DecideMatch,
    MatchDecided,
    MatchOffered,
    MentionMoved,
    MergeProposed,
    MergeRefused,
    MergeUndone,
    PeopleMerged,
    ProposeMerge,
    RefuseMerge,
    UndoLink,
    UndoMerge,
)
from services.intake.tests.conftest import EVERY_TABLE_EMPTY
from services.intake.tests.test_incidents import closed

pytestmark = pytest.mark.broker

AUTHORITIES = ("halton", "cheshire-west", "york")
HERE, THERE = {"born": "2017-03-02"}, {"born": "2017-02-03"}
"""Day and month swapped: possible, and not certain."""


def actors(desk, authority):
    """Somebody who may decide, and somebody else who may make merges."""
    matching = desk.book.pack(authority).matching
    return Actor(person="a-1", role=matching.decide_roles[0]), Actor(person="m-2", role=matching.merge_roles[0])


async def told(desk, authority="halton", **fields):
    """A referral about the child; the contact that it opens."""
    await desk.send(desk.referral(authority, [desk.child(**fields)]))
    return (await desk.said(ContactOpened))[-1]


async def merged(desk, authority="halton"):
    """Two people with two contacts each, merged: their contacts, and the merge."""
    worker, manager = actors(desk, authority)
    here = [await told(desk, authority, **HERE) for _ in range(2)]
    there = [await told(desk, authority, **THERE) for _ in range(2)]
    stays, goes = here[0].child_known.person, there[0].child_known.person
    merge = new_id()
    await desk.send(
        ProposeMerge(actor=worker, merge=merge, authority=authority, stays=stays, goes=goes, reason="One child")
    )
    await desk.send(ApproveMerge(actor=manager, merge=merge, seen_version=1))
    return here, there, merge


@pytest.mark.parametrize(
    "authority", [pytest.param(name, marks=pytest.mark.req("IN-17", authority=name)) for name in AUTHORITIES]
)
async def test_not_the_same_is_remembered_until_more_is_known(desk, authority):
    worker, _ = actors(desk, authority)
    for born in (HERE, THERE):
        await told(desk, authority, **born)
    (offer,) = await desk.said(MatchOffered)
    await desk.send(DecideMatch(actor=worker, offer=offer.offer, seen_version=1, same=False, reason="Two cousins."))
    (decided,) = await desk.said(MatchDecided)
    assert (decided.same, decided.by, decided.version, decided.merge) == (False, worker, 2, None)
    await told(desk, authority, school="Larkspur Lane", **THERE)
    offers = await desk.said(MatchOffered)
    assert [(one.offer, one.version) for one in offers] == [(offer.offer, 1), (offer.offer, 3)], "more is known of one"
    await told(desk, authority, **THERE)
    assert len(await desk.said(MatchOffered)) == 2


@pytest.mark.parametrize(
    "authority", [pytest.param(name, marks=pytest.mark.req("IN-17", authority=name)) for name in AUTHORITIES]
)
async def test_the_same_puts_a_lone_mention_to_the_other_and_the_link_can_be_undone(desk, authority):
    worker, _ = actors(desk, authority)
    first, _ = [await told(desk, authority, **HERE) for _ in range(2)]
    second = await told(desk, authority, **THERE)
    (offer,) = await desk.said(MatchOffered)
    people = await desk.rows("person")
    await desk.send(
        DecideMatch(actor=worker, offer=offer.offer, seen_version=1, same=True, reason="The school has one.")
    )
    (decided,) = await desk.said(MatchDecided)
    mention = second.child_known.mention
    assert (decided.same, decided.mention, decided.merge) == (True, mention, None)
    (changed,) = await desk.said(ContactPersonChanged)
    assert (changed.contact, changed.person) == (second.contact, first.child_known.person)
    await desk.send(UndoLink(actor=worker, mention=mention, seen_version=2, reason="They are cousins."))
    moved = (await desk.said(MentionMoved))[-1]
    assert (moved.to_person, moved.contacts) == (second.child_known.person, (second.contact,))
    assert await desk.rows("person") == people
    history = [
        (row["number"], row["person"], row["by"] is None) for row in await desk.rows("put") if row["mention"] == mention
    ]
    own, other = second.child_known.person, first.child_known.person
    assert sorted(history) == [(1, own, True), (2, other, False), (3, own, False)]


@pytest.mark.parametrize(
    "authority", [pytest.param(name, marks=pytest.mark.req("IN-17", authority=name)) for name in AUTHORITIES]
)
async def test_two_records_take_two_people_to_merge(desk, authority):
    worker, manager = actors(desk, authority)
    here = [await told(desk, authority, **HERE) for _ in range(2)]
    there = [await told(desk, authority, **THERE) for _ in range(2)]
    (offer,) = await desk.said(MatchOffered)
    await desk.send(DecideMatch(actor=manager.model_copy(update={"role": worker.role}), offer=offer.offer, seen_version=1,
                                same=True, reason="One."))  # fmt: skip
    (proposed,) = await desk.said(MergeProposed)
    assert await desk.said(PeopleMerged) == []
    await desk.send(ApproveMerge(actor=manager, merge=proposed.merge, seen_version=1))
    (refused,) = await desk.said(CommandRefused)
    assert refused.code == "own-proposal"
    other = Actor(person="m-3", role=manager.role)
    await desk.send(ApproveMerge(actor=other, merge=proposed.merge, seen_version=1, note="Seen."))
    (made,) = await desk.said(PeopleMerged)
    assert made.contacts == tuple(contact.contact for contact in there)
    assert {one.contact for one in await desk.said(ContactPersonChanged)} == set(made.contacts)
    after = await told(desk, authority, **THERE)
    assert after.child_known.person == here[0].child_known.person
    assert set(after.earlier_contacts) == {one.contact for one in (*here, *there)}


@pytest.mark.parametrize(
    "authority", [pytest.param(name, marks=pytest.mark.req("IN-17", authority=name)) for name in AUTHORITIES]
)
async def test_a_merge_undone_after_three_more_contacts(desk, authority):
    here, there, merge = await merged(desk, authority)
    _, manager = actors(desk, authority)
    later = [await told(desk, authority, **born) for born in (HERE, THERE, THERE)]
    await desk.send(UndoMerge(actor=manager, merge=merge, seen_version=2, reason="They are cousins."))
    (undone,) = await desk.said(MergeUndone)
    one, other = here[0].child_known.person, there[0].child_known.person
    assert [(item.id, item.person, item.look) for item in undone.meanwhile] == [
        (later[0].contact, one, False), (later[1].contact, other, False), (later[2].contact, other, False)
    ]  # fmt: skip
    assert set(undone.contacts) == {contact.contact for contact in (*there, *later[1:])}
    again = [await told(desk, authority, **born) for born in (HERE, THERE)]
    assert [contact.child_known.person for contact in again] == [one, other]
    assert set(again[0].earlier_contacts) == {contact.contact for contact in (*here, later[0])}


@pytest.mark.req("IN-17", "IN-5")
async def test_what_was_redirected_on_the_merged_record_is_listed(desk):
    here, there, merge = await merged(desk)
    _, manager = actors(desk, "halton")
    await desk.hold(desk.held(born=HERE["born"], case=desk.open_case()))
    await desk.send(desk.referral(people=[desk.child(**THERE)]))
    (redirected,) = await desk.said(CaseRedirected)
    assert redirected.person == here[0].child_known.person
    await desk.send(UndoMerge(actor=manager, merge=merge, seen_version=2, reason="They are cousins."))
    (undone,) = await desk.said(MergeUndone)
    (item,) = undone.meanwhile
    assert (item.kind, item.id, item.person) == ("redirection", redirected.redirection, there[0].child_known.person)


@pytest.mark.req("IN-17")
async def test_a_merge_and_its_undoing_leave_every_row_of_people_as_it_was(desk):
    for born in (HERE, HERE, THERE, THERE):
        await told(desk, **born)
    before = {
        table: await desk.rows(table) for table in ("person", "mention", "contact", "put", "relation", "residence")
    }
    people = [row["id"] for row in before["person"]]
    worker, manager = actors(desk, "halton")
    merge = new_id()
    await desk.send(
        ProposeMerge(actor=worker, merge=merge, authority="halton", stays=people[0], goes=people[1], reason="One."),
        ApproveMerge(actor=manager, merge=merge, seen_version=1),
        UndoMerge(actor=manager, merge=merge, seen_version=2, reason="Two."),
    )
    assert {table: await desk.rows(table) for table in before} == before
    assert [row["state"] for row in await desk.rows("merge")] == ["undone"]


@pytest.mark.req("IN-17")
async def test_refusals_say_why_and_what_would_be_allowed(desk):
    here, there, merge = await merged(desk)
    worker, manager = actors(desk, "halton")
    stays, goes = here[0].child_known.person, there[0].child_known.person
    nobody = Actor(person="x", role="edt-worker")
    stranger = derived_id(desk.now, "nobody")

    def proposal(**fields):
        given = {
            "actor": worker,
            "merge": new_id(),
            "authority": "halton",
            "stays": stays,
            "goes": goes,
            "reason": "One.",
        }
        return ProposeMerge.model_validate(given | fields)

    for command, code in (
        (ApproveMerge(actor=worker, merge=merge, seen_version=2), "role-may-not"),
        (UndoMerge(actor=nobody, merge=merge, seen_version=2, reason="No."), "role-may-not"),
        (ApproveMerge(actor=manager, merge=merge, seen_version=1), "version-moved"),
        (ApproveMerge(actor=manager, merge=merge, seen_version=2), "already-decided"),
        (RefuseMerge(actor=manager, merge=merge, seen_version=2, reason="No."), "already-decided"),
        (proposal(), "merged-already"),
        (proposal(goes=stays), "same-person"),
        (proposal(goes=stranger), "unknown-person"),
        (proposal(authority="york", actor=actors(desk, "york")[0]), "unknown-person"),
        (proposal(actor=nobody), "role-may-not"),
    ):
        await desk.send(command)
        refused = (await desk.said(CommandRefused))[-1]
        assert (refused.code, refused.command_type) == (code, command.TYPE)
        assert refused.why
    await desk.send(ApproveMerge(actor=manager, merge=stranger, seen_version=1))
    assert len(await desk.rows("waiting")) == 1, "what is not there yet is waited for"


@pytest.mark.req("IN-17")
async def test_a_proposal_that_is_refused_merges_nobody(desk):
    one, other = await told(desk, **HERE), await told(desk, given_name="Rowan", **THERE)
    worker, manager = actors(desk, "halton")
    people = {"stays": one.child_known.person, "goes": other.child_known.person}
    merge = new_id()
    await desk.send(ProposeMerge(actor=worker, merge=merge, authority="halton", reason="One.", **people))
    await desk.send(ProposeMerge(actor=worker, merge=new_id(), authority="halton", reason="One.", **people))
    assert (await desk.said(CommandRefused))[-1].code == "already-proposed"
    await desk.send(RefuseMerge(actor=manager, merge=merge, seen_version=1, reason="Brothers."))
    (refused,) = await desk.said(MergeRefused)
    assert (refused.version, refused.by) == (2, manager)
    assert [row["merged_into"] for row in await desk.rows("person")] == [None, None]


@pytest.mark.req("IN-17")
async def test_a_link_of_the_machine_can_be_undone(desk):
    worker, _ = actors(desk, "halton")
    first, second = await told(desk), await told(desk, school="Larkspur Lane")
    before = (await desk.rows("person"))[0]
    assert "larkspur" in before["facts"]
    await desk.send(
        UndoLink(actor=worker, mention=second.child_known.mention, seen_version=1, reason="Two of one name.")
    )
    (moved,) = await desk.said(MentionMoved)
    assert (moved.from_person, moved.contacts) == (first.child_known.person, (second.contact,))
    rows = {row["id"]: row for row in await desk.rows("person")}
    assert "larkspur" not in rows[first.child_known.person]["facts"]
    assert "larkspur" in rows[moved.to_person]["facts"]


@pytest.mark.parametrize("number", [1, 100])
async def test_a_batch_of_decisions_takes_as_many_statements_as_one(desk, number):
    names = [f"{'BCDFGHKLMN'[place % 10]}a{'bdfgklmnrt'[place // 10]}i" for place in range(number)]
    for born in (HERE, THERE):
        await desk.send(*(desk.referral("halton", [desk.child(given_name=name, **born)]) for name in names))
    worker, _ = actors(desk, "halton")
    offers = await desk.said(MatchOffered)
    commands = [
        desk.record(DecideMatch(actor=worker, offer=one.offer, seen_version=one.version, same=False, reason="Two."))
        for one in offers[:number]
    ]
    before = desk.database.count.statements
    assert await desk.door.run(commands) == []
    assert desk.database.count.statements - before <= 5 + 9


@pytest.mark.req("IN-17", "SC-11")
async def test_a_referral_that_was_made_on_the_merged_record_is_listed_when_the_merge_is_undone(desk):
    _, manager = actors(desk, "halton")
    here, _, merge = await merged(desk)
    referral = new_id()
    ending = closed(desk, here[0], referral=referral, at=desk.now + timedelta(minutes=5))
    await desk.close(ending)
    desk.now = ending.at
    await desk.send(UndoMerge(actor=manager, merge=merge, seen_version=2, reason="Two cousins."))
    (undone,) = await desk.said(MergeUndone)
    (meanwhile,) = undone.meanwhile
    assert (meanwhile.kind, meanwhile.id, meanwhile.at) == ("referral", referral, ending.at)
    assert (meanwhile.reference, meanwhile.person) == (here[0].reference, here[0].child_known.person)


@pytest.mark.req("IN-17")
@pytest.mark.parametrize("same", [True, False])
async def test_a_decision_that_is_read_before_its_offer_is_made_with_it(desk, same):
    worker, _ = actors(desk, "halton")
    records = [desk.record(desk.referral(people=[desk.child(**born)])) for born in (HERE, HERE, THERE, THERE)]
    await desk.door.run(records)
    (offer,) = await desk.said(MatchOffered)
    command = DecideMatch(actor=worker, offer=offer.offer, seen_version=1, same=same, reason="The school says so.")
    decision = desk.record(command)
    async with desk.database.connection() as connection:
        await connection.execute(EVERY_TABLE_EMPTY)
    await desk.door.run([decision])
    assert len(await desk.rows("waiting")) == 1
    await desk.door.run(records)
    (decided,) = await desk.said(MatchDecided)
    assert (decided.offer, decided.same) == (offer.offer, same)
    assert await desk.rows("waiting") == []


@pytest.mark.req("IN-17")
async def test_an_approval_that_is_read_before_the_decision_that_proposed_its_merge_is_made_with_it(desk):
    worker, manager = actors(desk, "halton")
    records = [desk.record(desk.referral(people=[desk.child(**born)])) for born in (HERE, HERE, THERE, THERE)]
    await desk.door.run(records)
    (offer,) = await desk.said(MatchOffered)
    decision = desk.record(DecideMatch(actor=worker, offer=offer.offer, seen_version=1, same=True, reason="One."))
    await desk.door.run([decision])
    (proposed,) = await desk.said(MergeProposed)
    approval = desk.record(ApproveMerge(actor=manager, merge=proposed.merge, seen_version=1))
    async with desk.database.connection() as connection:
        await connection.execute(EVERY_TABLE_EMPTY)
    await desk.door.run([approval])
    await desk.door.run([decision])
    assert len(await desk.rows("waiting")) == 2
    await desk.door.run(records)
    assert len(await desk.said(PeopleMerged)) == 1
    assert await desk.rows("waiting") == []
