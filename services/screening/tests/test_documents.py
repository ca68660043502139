"""A contact's record lists its documents by id and state, whatever order intake's words come in (IN-14)."""

from __future__ import annotations

from itertools import permutations
from typing import Any
from uuid import UUID

import pytest

from icart_common.contracts.attachments import NamedDocument
from icart_common.contracts.documents import (
    DocumentClean,
    DocumentEvent,
    DocumentNamed,
    DocumentReceived,
    DocumentRefused,
)
from icart_common.contracts.ids import derived_id, new_id
from icart_common.contracts.intake import WrittenReferralReceived
from icart_common.contracts.referral import Account, Referrer, WhatHappened
from icart_common.messaging.message import Record
from icart_common.testing import record_of
from icart_screening.domain.document.page import Grid
from icart_screening.domain.document.readers import document as document_for
from icart_screening.reading import read
from services.screening.tests.conftest import Service
from services.screening.tests.front_door import BOOK, MONDAY, contact_opened

pytestmark = pytest.mark.broker
OPENED = contact_opened()


def document(number: int) -> UUID:
    return derived_id(MONDAY, "document", number)


def said(event: type[DocumentEvent], number: int, **fields: Any) -> Record:
    head = {
        "document": document(number),
        "attachment": document(number),
        "submission": OPENED.submission,
        "reference": "QK7WM-3HXPA",
        "authority": "halton",
        "agency": OPENED.agency,
        "pack_version": OPENED.pack_version,
        "at": MONDAY,
    }
    return record_of(event.model_validate(head | fields), "events.intake", at=MONDAY)


def opened(*numbers: int) -> Record:
    named = tuple(NamedDocument(document=document(number), attachment=document(number)) for number in numbers)
    return record_of(OPENED.model_copy(update={"documents": named}), "events.intake", at=MONDAY)


async def listed(service: Service) -> dict[UUID, tuple[str, str | None]]:
    """What the record to take away lists."""
    async with service.database.connection() as connection:
        told = await read(connection, BOOK, OPENED.contact, reader="worker", person="w1", reason="an audit")
    grids = [one for one in document_for(told, "worker").blocks if one.title == "Documents" and isinstance(one, Grid)]
    shown = [dict(zip(grid.columns, row, strict=True)) for grid in grids for row in grid.rows]
    return {UUID(row["Document"]): (row["State"], row.get("Why") or None) for row in shown}


@pytest.mark.req("IN-14", authority="halton")
async def test_a_record_lists_its_documents_as_they_stand(service):
    assert await service.contacts.run([opened(1, 2)]) == []
    assert await listed(service) == {document(1): ("named", None), document(2): ("named", None)}
    reply_to = {"agency": OPENED.agency, "kind": "professional"}
    assert not await service.contacts.run([
        said(DocumentReceived, 1, size=7),
        said(DocumentClean, 1, kind="pdf", size=7, sha256="0" * 64),
        said(DocumentRefused, 2, name="Notes.txt", reason="malware", reply_to=reply_to),
        said(DocumentNamed, 3),
    ])  # fmt: skip
    assert await listed(service) == {
        document(1): ("clean", None),
        document(2): ("refused", "malware"),
        document(3): ("named", None),
    }


async def test_what_is_known_is_not_overtaken_by_what_was_said_before(service):
    words = [opened(1), said(DocumentReceived, 1, size=7), said(DocumentClean, 1, kind="pdf", size=7, sha256="0" * 64)]
    for order in permutations(words):
        async with service.database.connection() as connection:
            await connection.execute("truncate document, contact_document, submission_document, inbox")
        for record in order:
            assert await service.contacts.run([record]) == []
        assert await listed(service) == {document(1): ("clean", None)}


@pytest.mark.req("IN-14", "IN-9", authority="halton")
async def test_the_record_lists_what_came_with_the_form_and_what_was_added_to_it_later(service):
    form = derived_id(MONDAY, "form")
    account = Account(
        referrer=Referrer(kind="professional"), event=WhatHappened(what="As I said."), people=(OPENED.child,)
    )
    named = NamedDocument(document=document(2), attachment=document(2))
    written = WrittenReferralReceived(
        contact=OPENED.contact, authority="halton", submission=form, first=OPENED.submission, agency=OPENED.agency,
        channel="form", received_at=MONDAY, account=account, documents=(named,), own=new_id(),
    )  # fmt: skip
    await service.contacts.run([opened(1), record_of(written, "events.intake", at=MONDAY)])
    await service.contacts.run([said(DocumentNamed, 3, submission=form)])
    assert await listed(service) == dict.fromkeys(map(document, (1, 2, 3)), ("named", None))
