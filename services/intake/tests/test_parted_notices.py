"""No sender's notice stays with another child's contact, whatever people decide of people (IN-17, IN-20)."""

from __future__ import annotations

import pytest

from icart_common.contracts.ids import new_id
from icart_common.contracts.intake import CaseRedirected, ContactOpened, QuestionsAnswered, SubmissionTaken
from icart_common.contracts.joint_work import NoticeJoined, NoticeParted, OpenAfterAll
from icart_common.contracts.open_cases import AnswersRedirected
from icart_common.contracts.people import ApproveMerge, ProposeMerge, UndoLink, UndoMerge
from icart_common.contracts.referral import GapsAnswered
from services.intake.tests.test_deciding import AUTHORITIES, HERE, THERE, actors, told
from services.intake.tests.test_incidents import EVENING, closed, of_one_evening

pytestmark = pytest.mark.broker


async def joined_pair(desk, authority):
    """A contact of one sender, and the notice of another that joined it."""
    first, second, _ = of_one_evening(desk, authority)
    await desk.send(first)
    await desk.send(second)
    contact = (await desk.said(ContactOpened))[-1]
    (joined,) = await desk.said(NoticeJoined)
    assert joined.contact == contact.contact
    return contact, joined.notice


@pytest.mark.parametrize(
    "authority", [pytest.param(name, marks=pytest.mark.req("IN-17", "IN-20", authority=name)) for name in AUTHORITIES]
)
@pytest.mark.parametrize("ended", [False, True])
async def test_a_notice_that_was_put_to_the_wrong_child_leaves_the_contact(desk, authority, ended):
    worker, _ = actors(desk, authority)
    contact, notice = await joined_pair(desk, authority)
    if ended:
        await desk.close(closed(desk, contact))
    undo = UndoLink(actor=worker, mention=notice.child_known.mention, seen_version=1, reason="It was her cousin.")
    await desk.send(undo)
    (parted,) = await desk.said(NoticeParted)
    assert (parted.contact, parted.notice, parted.by) == (contact.contact, notice.contact, worker)
    own = (await desk.said(ContactOpened))[-1]
    assert (own.contact, own.submission) == (notice.contact, notice.submission)
    assert own.child_known.person not in (contact.child_known.person, notice.child_known.person)
    assert own.child_known.mention == notice.child_known.mention
    assert (own.earlier_contacts, own.chronology, own.incident) == ((), (), own.contact)
    rows = {row["id"]: row["person"] for row in await desk.rows("contact")}
    assert rows == {contact.contact: contact.child_known.person, own.contact: own.child_known.person}
    ask = OpenAfterAll(
        notice=notice.contact, submission=notice.submission, authority=authority, contact=contact.contact,
        because="closed",
    )  # fmt: skip
    await desk.send(ask)
    assert len(await desk.said(ContactOpened)) == 2, "it has a contact already"


@pytest.mark.req("IN-17", "IN-20")
async def test_where_the_contact_was_put_to_the_wrong_child_the_notice_stays_with_its_own(desk):
    worker, _ = actors(desk, "halton")
    before = await told(desk)
    contact, notice = await joined_pair(desk, "halton")
    undo = UndoLink(actor=worker, mention=contact.child_known.mention, seen_version=1, reason="It was her cousin.")
    await desk.send(undo)
    (parted,) = await desk.said(NoticeParted)
    assert parted.notice == notice.contact
    own = (await desk.said(ContactOpened))[-1]
    assert own.child_known.person == before.child_known.person
    assert own.earlier_contacts == (before.contact,)
    assert [line.contact for line in own.chronology] == [before.contact]


@pytest.mark.req("IN-17", "IN-20")
async def test_a_notice_that_joined_across_a_merge_leaves_when_that_is_undone(desk):
    worker, manager = actors(desk, "halton")
    here, there = [await told(desk, **born) for born in (HERE, THERE)]
    stays, goes = here.child_known.person, there.child_known.person
    merge = new_id()
    await desk.send(
        ProposeMerge(actor=worker, merge=merge, authority="halton", stays=stays, goes=goes, reason="One child")
    )
    await desk.send(ApproveMerge(actor=manager, merge=merge, seen_version=1))
    first, second, third = of_one_evening(desk)
    await desk.send(first.model_copy(update={"people": (desk.child(**HERE),)}))
    contact = (await desk.said(ContactOpened))[-1]
    await desk.send(second.model_copy(update={"people": (desk.child(**THERE),)}))
    await desk.send(third.model_copy(update={"people": (desk.child(**HERE),)}))
    joined, stayed = await desk.said(NoticeJoined)
    await desk.send(UndoMerge(actor=manager, merge=merge, seen_version=2, reason="Two cousins."))
    (parted,) = await desk.said(NoticeParted)
    assert (parted.contact, parted.notice, parted.because) == (
        contact.contact, joined.notice.contact, "merge-undone",
    )  # fmt: skip
    assert (await desk.said(ContactOpened))[-1].child_known.person == goes
    still = [row["id"] for row in await desk.rows("joined_notice") if row["opened"] is None]
    assert still == [stayed.notice.contact]


async def joined_across_a_merge(desk):
    """Two children, merged; each has a contact of one sender about one evening. Another's notice about the second joined the
    first's. The second's contact, the first's, the notice, and what undoes the merge."""
    worker, manager = actors(desk, "halton")
    first, second, _ = of_one_evening(desk)
    await desk.send(first.model_copy(update={"people": (desk.child(**THERE),)}))
    theirs = (await desk.said(ContactOpened))[-1]
    here = await told(desk, **HERE)
    merge, stays, goes = new_id(), here.child_known.person, theirs.child_known.person
    await desk.send(
        ProposeMerge(actor=worker, merge=merge, authority="halton", stays=stays, goes=goes, reason="One child")
    )
    await desk.send(ApproveMerge(actor=manager, merge=merge, seen_version=1))
    event = {"what": "She came to us.", "when": EVENING}
    await desk.send(desk.referral(agency=first.agency, people=[desk.child(**HERE)], event=event))
    contact = (await desk.said(ContactOpened))[-1]
    await desk.send(second.model_copy(update={"people": (desk.child(**THERE),)}))
    (joined,) = await desk.said(NoticeJoined)
    assert joined.contact == contact.contact
    return theirs, contact, joined.notice, UndoMerge(actor=manager, merge=merge, seen_version=2, reason="Cousins.")


async def answer(desk, notice):
    given = [{"question": "child-views", "text": "I could not sleep."}]
    head = {"agency": notice.agency, "authority": "halton", "submission": notice.submission}
    await desk.send(GapsAnswered.model_validate(head | {"answers": given}))


@pytest.mark.req("IN-17", "IN-20", authority="halton")
async def test_a_parted_notice_joins_the_right_childs_open_contact_about_the_event(desk):
    theirs, contact, notice, undo = await joined_across_a_merge(desk)
    await desk.send(undo)
    (parted,) = await desk.said(NoticeParted)
    assert (parted.contact, parted.notice) == (contact.contact, notice.contact)
    again = (await desk.said(NoticeJoined))[-1]
    assert (again.contact, again.notice.contact) == (theirs.contact, notice.contact)
    assert again.notice.child_known.person == theirs.child_known.person
    assert again.because[0].startswith("it happened at")
    contacts = len(await desk.said(ContactOpened))
    (row,) = await desk.rows("joined_notice")
    assert (row["contact"], row["person"], row["opened"]) == (theirs.contact, theirs.child_known.person, None)
    await answer(desk, notice)
    (answered,) = await desk.said(QuestionsAnswered)
    assert (answered.contact, answered.notice) == (theirs.contact, notice.contact)
    ask = OpenAfterAll(
        notice=notice.contact, submission=notice.submission, authority="halton", contact=theirs.contact,
        because="separated",
    )  # fmt: skip
    await desk.send(ask)
    assert len(await desk.said(ContactOpened)) == contacts + 1
    assert (await desk.said(ContactOpened))[-1].child_known.person == theirs.child_known.person


@pytest.mark.req("IN-17", "IN-20", authority="halton")
async def test_nothing_that_is_parted_joins_a_contact_that_has_closed(desk):
    theirs, _, notice, undo = await joined_across_a_merge(desk)
    await desk.close(closed(desk, theirs))
    await desk.send(undo)
    assert len(await desk.said(NoticeJoined)) == 1
    own = (await desk.said(ContactOpened))[-1]
    assert (own.contact, own.child_known.person) == (notice.contact, theirs.child_known.person)


@pytest.mark.req("IN-17", "IN-5", authority="halton")
async def test_a_parted_notice_about_a_child_with_an_open_case_goes_to_their_worker(desk):
    theirs, _, notice, undo = await joined_across_a_merge(desk)
    await desk.hold(desk.held("c-9", case=desk.open_case(), **THERE))
    contacts = len(await desk.said(ContactOpened))
    await desk.send(undo)
    assert len(await desk.said(NoticeParted)) == 1
    (redirected,) = await desk.said(CaseRedirected)
    assert (redirected.submission, redirected.person) == (notice.submission, theirs.child_known.person)
    assert (redirected.event, redirected.case.number) == (notice.event, "c-9")
    assert len(await desk.said(ContactOpened)) == contacts
    assert [row["id"] for row in await desk.rows("redirection")] == [redirected.redirection]
    taken = (await desk.said(SubmissionTaken))[-1]
    assert (taken.submission, taken.redirected, taken.opened) == (notice.submission, (notice.child.ref,), ())
    await answer(desk, notice)
    (passed,) = await desk.said(AnswersRedirected)
    assert passed.redirection == redirected.redirection
    assert await desk.said(QuestionsAnswered) == []
