"""The sender of a document that was refused, or never came, is told which, why, and what to do (IN-14)."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from icart_common.contracts.attachments import RefusedFor
from icart_common.contracts.documents import DocumentMissing, DocumentRefused
from icart_common.contracts.intake import ReplyTo
from services.notifications.tests.examples import NOON, PUBLIC, SCHOOL, an_id, neighbour, professional
from services.notifications.tests.test_messages import leaving, req_for_each

REASONS = get_args(RefusedFor)


def head(authority: str, reply_to: ReplyTo) -> dict[str, Any]:
    return {
        "document": an_id("document"),
        "attachment": an_id("attachment"),
        "submission": an_id("submission", 0),
        "reference": "QK7WM-3HXPA",
        "authority": authority,
        "agency": reply_to.agency,
        "pack_version": "2026.1",
        "at": NOON,
        "name": "Letter from the nurse.pdf",
        "reply_to": reply_to,
    }


@req_for_each("IN-14")
def test_a_professional_hears_which_document_why_and_what_to_do(book, authority):
    event = DocumentRefused(**head(authority, professional(authority)), reason="encrypted")
    (one,) = leaving(book, event)
    assert (one.template, one.channel, one.recipient) == ("document-not-taken", "topic", SCHOOL[authority])
    assert "Letter from the nurse.pdf" in one.text
    assert "locked with a password" in one.text
    assert "send it again, under a new id" in one.text
    assert "Letter" not in one.subject, "mail systems on the way see a subject"
    assert one.in_reply_to == event.submission


def test_anybody_else_hears_it_at_their_own_address(book):
    (one,) = leaving(book, DocumentRefused(**head("halton", neighbour("halton")), reason="empty"))
    assert (one.channel, one.recipient, one.address) == ("smtp", PUBLIC["halton"], "quentin.ashbarrow@example.org")


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_has_its_own_words(book, reason):
    texts = {
        other: leaving(book, DocumentRefused(**head("york", professional("york")), reason=other))[0].text
        for other in REASONS
    }
    assert all(text != texts[reason] for other, text in texts.items() if other != reason)
    assert reason not in texts[reason] or "-" not in reason


@req_for_each("IN-14")
def test_a_document_that_never_came_is_asked_for(book, authority):
    (one,) = leaving(book, DocumentMissing(**head(authority, professional(authority))))
    assert "did not arrive within 24 hours" in one.text


def test_what_is_taken_is_listed_and_limits_are_the_packs(book):
    def said(reason: str) -> str:
        event = DocumentRefused.model_validate(head("halton", professional("halton")) | {"reason": reason})
        return leaving(book, event)[0].text

    assert "PDF, JPEG" in said("type-not-taken")
    assert "at most 10 documents" in said("too-many")
    assert "larger than 25 MiB" in said("too-large")
