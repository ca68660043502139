"""Documents at the door: named by messages, copied, measured, looked into, scanned, and shut until they are clean (IN-14)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from icart_common.contracts.base import Message
from icart_common.contracts.documents import (
    AddedAttachment,
    AttachmentsAdded,
    DocumentClean,
    DocumentMissing,
    DocumentNamed,
    DocumentReceived,
    DocumentRefused,
)
from icart_common.contracts.ids import new_id
from icart_common.contracts.intake import ContactOpened, IdentifyPeople, SubmissionRepeated, SubmissionTaken
from icart_common.testing.clamd import eicar
from icart_intake.documents import places
from icart_intake.domain.documents import document_id
from services.intake.tests.papers import PDF, docx, zipped

pytestmark = [pytest.mark.broker, pytest.mark.scanner]
MEBIBYTE = 1024 * 1024
EVERYWHERE = ("halton", "cheshire-west", "york")


def each(function: Any) -> Any:
    """A test for each authority that the row applies to."""
    marked = [pytest.param(name, marks=pytest.mark.req("IN-14", authority=name)) for name in EVERYWHERE]
    return pytest.mark.parametrize("authority", marked)(function)


@each
async def test_a_clean_document_is_kept_under_its_digest(papers, authority):
    referral = await papers.send(PDF, authority=authority)
    assert await papers.states() == [("named", None)]
    assert await papers.look() > 0
    (row,) = await papers.rows()
    assert (row["state"], row["kind"], row["size"]) == ("clean", "pdf", len(PDF))
    lying = papers.lying()
    assert lying.pop(f"kept/{row['sha256']}") == PDF
    assert set(lying) == {f"findings/{row['id']}"}
    (received,), (clean,) = await papers.desk.said(DocumentReceived), await papers.desk.said(DocumentClean)
    assert (received.document, received.size) == (row["id"], len(PDF))
    attachment = referral.attachments[0]
    assert (clean.attachment, clean.sha256, clean.submission) == (attachment.id, attachment.sha256, referral.submission)
    assert await papers.look() == 0, "and nothing is left to do"


@each
async def test_malware_is_kept_away_from_everybody_and_its_sender_is_told(papers, authority):
    referral = await papers.send(eicar(), authority=authority, kind="text/plain", name="Notes of the visit.txt")
    await papers.look()
    assert await papers.states() == [("refused", "malware")]
    assert papers.places_used() == {"refused", "findings"}
    (refused,) = await papers.desk.said(DocumentRefused)
    assert (refused.reason, refused.name) == ("malware", "Notes of the visit.txt")
    assert refused.reply_to.agency == referral.agency
    assert await papers.desk.said(DocumentClean) == []


async def test_malware_inside_of_an_office_file_is_found(papers):
    await papers.send(docx(word__embeddings__a_txt=eicar()), kind="application/octet-stream")
    await papers.look()
    assert await papers.states() == [("refused", "malware")]


@pytest.mark.parametrize(
    ("reason", "content", "said"),
    [
        ("type-differs", PDF, {"kind": "image/jpeg"}),
        ("executable", b"MZ\x90\x00" + bytes(100), {}),
        ("archive", zipped({"Letter.pdf": PDF}), {"kind": "application/zip"}),
        ("archive-within", zipped({"more.zip": zipped({"Letter.pdf": PDF})}), {"kind": "application/zip"}),
        ("macros", docx(word__vbaProject_bin=b"attack"), {}),
        ("encrypted", PDF.replace(b"/Root", b"/Encrypt 5 0 R /Root"), {}),
        ("size-differs", PDF, {"size": len(PDF) + 1}),
        ("size-differs", PDF, {"size": 20}),
        ("digest-differs", PDF, {"sha256": "0" * 64}),
    ],
)
async def test_what_is_not_what_it_should_be_is_refused_with_its_reason(papers, reason, content, said):
    await papers.send(content, **said)
    await papers.look()
    assert await papers.states() == [("refused", reason)]
    assert papers.places_used() == {"refused", "findings"}


async def test_an_empty_document_is_refused_whether_it_says_so_or_not(papers):
    await papers.send(b"")
    await papers.send(b"", size=10)
    await papers.look()
    assert await papers.states() == [("refused", "empty")] * 2
    assert papers.places_used() == {"findings"}, "nothing is kept of nothing"


async def test_what_is_too_large_is_refused_by_what_is_said_and_by_what_comes(papers):
    large = b"%PDF-" + bytes(25 * MEBIBYTE - 4)
    await papers.send(PDF, size=25 * MEBIBYTE + 1)
    assert await papers.states() == [("refused", "too-large")], "at once: nobody has to look"
    await papers.send(large, size=1000)
    await papers.look()
    assert await papers.states() == [("refused", "too-large")] * 2
    assert papers.places_used() == {"findings"}


async def test_a_document_that_grows_while_it_is_read_is_not_read_to_its_end(papers, monkeypatch):
    """The size that the store tells is not believed: what comes is counted."""
    await papers.send(b"%PDF-" + bytes(26 * MEBIBYTE), size=1000)

    async def small(_self: Any, _path: str) -> int:
        return 1000

    monkeypatch.setattr(places.Places, "size", small)
    await papers.look()
    assert await papers.states() == [("refused", "too-large")]
    assert papers.places_used() == {"findings"}


async def test_the_eleventh_document_is_refused_and_ten_are_taken(papers):
    referral = await papers.send(*(PDF + str(number).encode() for number in range(11)))
    (taken,) = await papers.desk.said(SubmissionTaken)
    assert [one.state for one in taken.documents] == ["named"] * 10 + ["refused"]
    (refused,) = await papers.desk.said(DocumentRefused)
    assert (refused.reason, refused.attachment) == ("too-many", referral.attachments[10].id)
    await papers.look()
    assert sorted(await papers.states()) == [("clean", None)] * 10 + [("refused", "too-many")]
    assert papers.places_used() == {"kept", "findings"}


async def test_a_document_that_never_arrives_is_missing_after_the_packs_time(papers):
    named = papers.named(PDF)
    await papers.desk.send(papers.desk.referral(attachments=(named,)))
    papers.clock.set(papers.desk.now + timedelta(hours=23, minutes=59))
    await papers.look()
    assert await papers.states() == [("named", None)]
    papers.clock.set(papers.desk.now + timedelta(hours=24))
    await papers.look()
    assert await papers.states() == [("missing", None)]
    (missing,) = await papers.desk.said(DocumentMissing)
    assert (missing.attachment, missing.name) == (named.id, named.name)


async def test_a_document_may_arrive_after_its_message(papers):
    named = papers.named(PDF)
    referral = papers.desk.referral(attachments=(named,))
    await papers.desk.send(referral)
    await papers.look()
    await papers.put(referral.agency, named.id, PDF)
    await papers.look()
    assert await papers.states() == [("clean", None)]


async def test_contacts_list_the_documents_about_their_child(papers):
    desk = papers.desk
    both, one = papers.named(PDF), papers.named(PDF, about=("p2",))
    referral = desk.referral(
        people=[desk.child(), desk.child("p2", given_name="Ivo", role="sibling")], attachments=(both, one)
    )
    await desk.send(referral)
    listed = {
        opened.child.ref: [document.attachment for document in opened.documents]
        for opened in await desk.said(ContactOpened)
    }
    assert listed == {"p1": [both.id], "p2": [both.id, one.id]}
    document = document_id(referral.agency, both.id)
    assert {opened.documents[0].document for opened in await desk.said(ContactOpened)} == {document}


async def test_documents_are_added_later_and_sent_again_mended(papers):
    referral = await papers.send(*(PDF + str(number).encode() for number in range(9)), b"MZ\x90\x00" + bytes(90))
    await papers.look()
    bad = referral.attachments[9].id
    await papers.add(referral, PDF)
    assert (await papers.desk.said(DocumentRefused))[-1].reason == "too-many"
    added = await papers.add(referral, PDF, instead_of=bad)
    (named,) = await papers.desk.said(DocumentNamed)
    assert (named.attachment, named.submission) == (added.attachments[0].id, referral.submission)
    await papers.look()
    assert (await papers.desk.said(DocumentClean))[-1].attachment == added.attachments[0].id


async def test_what_is_added_before_its_submission_waits_for_it(papers):
    referral = papers.desk.referral()
    await papers.add(referral, PDF)
    assert await papers.states() == []
    await papers.desk.send(referral)
    await papers.look()
    assert await papers.states() == [("clean", None)]


async def test_nobody_adds_documents_to_another_senders_submission(papers):
    referral = papers.desk.referral()
    await papers.desk.send(referral)
    others = [one.id for one in papers.desk.book.pack("halton").agencies if "referrals" in one.may_write]
    stranger = referral.model_copy(update={"agency": next(one for one in others if one != referral.agency)})
    await papers.add(stranger, PDF)
    assert await papers.states() == []
    assert "InboundRefused" in await papers.desk.everything()


async def test_a_sender_who_uses_anothers_id_gets_nothing_of_it(papers):
    """The same id from two agencies are two documents, and each has to bring its own."""
    first = await papers.send(PDF)
    agencies = [one.id for one in papers.desk.book.pack("halton").agencies if "referrals" in one.may_write]
    other = next(one for one in agencies if one != first.agency)
    await papers.desk.send(papers.desk.referral(agency=other, attachments=first.attachments))
    await papers.look()
    assert sorted(await papers.states()) == [("clean", None), ("named", None)]


@pytest.mark.parametrize("own_id", [True, False])
async def test_a_repeat_with_new_ids_brings_what_did_not_arrive_the_first_time(papers, own_id):
    named = papers.named(PDF)
    first = papers.desk.referral(attachments=(named,))
    again = first.model_copy(
        update={
            "submission": new_id() if own_id else first.submission,
            "attachments": (named.model_copy(update={"id": new_id()}),),
        }
    )
    await papers.put(again.agency, again.attachments[0].id, PDF)
    await papers.desk.send(first, again)
    assert len(await papers.desk.said(SubmissionRepeated)) == 1
    await papers.look()
    states = {row["attachment"]: (row["submission"], row["state"]) for row in await papers.rows()}
    assert states == {
        named.id: (first.submission, "named"),
        again.attachments[0].id: (first.submission, "clean"),
    }


@pytest.mark.parametrize("number", [1, 100])
async def test_documents_take_one_statement_more(papers, number):
    desk = papers.desk

    async def statements(*messages: Message) -> int:
        before: int = desk.database.count.statements
        await desk.send(*messages)
        return int(desk.database.count.statements) - before

    await desk.send(desk.referral())
    without = await statements(*(desk.referral() for _ in range(number)))
    referrals = [desk.referral(attachments=(papers.named(PDF), papers.named(PDF))) for _ in range(number)]
    assert await statements(*referrals) == without + 1
    nothing = await statements(
        IdentifyPeople(request=new_id(), authority="halton", asked_by="notifications", people=())
    )
    added = [
        AttachmentsAdded(
            agency=referral.agency,
            authority=referral.authority,
            submission=referral.submission,
            attachments=(AddedAttachment.model_validate(papers.named(PDF).model_dump()),),
        )
        for referral in referrals
    ]
    assert await statements(*added) == nothing + 2
