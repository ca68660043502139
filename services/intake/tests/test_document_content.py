"""What documents are, by their content: kinds that are taken, lies, programs, archives, locked and macro-bearing files."""

from __future__ import annotations

import io
from contextlib import suppress
from typing import Final, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icart_common.contracts.attachments import DocumentKind
from icart_intake.documents import archive
from icart_intake.documents.content import agrees, kind_of, look
from icart_intake.documents.marks import NotTaken
from services.intake.tests.papers import DOCX, PDF, docx, zipped

EVERY: Final[frozenset[DocumentKind]] = frozenset({"pdf", "jpeg", "png", "text", "docx", "xlsx", "pptx", "odt", "eml"})
OPEN_TEXT = b"application/vnd.oasis.opendocument.text"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def refused(content: bytes) -> str:
    with pytest.raises(NotTaken) as why:
        kind_of(io.BytesIO(content))
    return why.value.reason


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("pdf", PDF),
        ("jpeg", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01" + bytes(40)),
        ("png", b"\x89PNG\r\n\x1a\n" + bytes(40)),
        ("gif", b"GIF89a" + bytes(40)),
        ("tiff", b"II*\x00\x08\x00\x00\x00" + bytes(40)),
        ("heic", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(40)),
        ("webp", b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(40)),
        ("text", "Tamsin came to school hungry. She said “nobody was in”.\n".encode()),
        ("text", "Found in the note: £20, and a café’s receipt.\n".encode("cp1252")),
        ("text", "name,born\nTamsin,2017-02-28\n".encode("utf-16")),
        ("text", b"MZ said that he would come back."),
        ("eml", b"Received: from a by b\r\nFrom: x@example.org\r\nSubject: The meeting\r\n\r\nAs agreed.\r\n"),
        ("docx", docx()),
        ("docx", docx(word__media__image1_emz=b"\x1f\x8b\x08\x00 a compressed drawing")),
        ("docx", docx(word__embeddings__sheet_xlsx=zipped({"[Content_Types].xml": b"", "xl/workbook.xml": b""}))),
        ("xlsx", zipped({"[Content_Types].xml": b"", "xl/workbook.xml": b""})),
        ("pptx", zipped({"[Content_Types].xml": b"", "ppt/presentation.xml": b""})),
        ("odt", zipped({"mimetype": OPEN_TEXT, "content.xml": b"<office:text/>"})),
    ],
)
def test_a_document_is_what_its_content_is(kind, content):
    assert kind_of(io.BytesIO(content)) == kind


@pytest.mark.parametrize(
    ("reason", "content"),
    [
        ("empty", b""),
        ("executable", b"MZ\x90\x00\x03" + bytes(100)),
        ("executable", b"\x7fELF\x02\x01\x01" + bytes(100)),
        ("executable", b"#!/bin/sh\necho come in\n"),
        ("executable", docx(word__embeddings__letter_bin=b"MZ\x90\x00" + bytes(100))),
        ("archive", zipped({"Letter.pdf": PDF})),
        ("archive", b"Rar!\x1a\x07\x01\x00" + bytes(40)),
        ("archive", b"7z\xbc\xaf\x27\x1c" + bytes(40)),
        ("archive", b"\x1f\x8b\x08\x00" + bytes(40)),
        ("archive", b"Letter.pdf".ljust(257, b"\0") + b"ustar\x0000" + bytes(300)),
        ("archive-within", zipped({"more.zip": zipped({"Letter.pdf": PDF})})),
        ("archive-within", docx(word__embeddings__more_zip=zipped({"Letter.pdf": PDF}))),
        ("archive-within", docx(word__embeddings__a_docx=docx(word__embeddings__b_docx=docx()))),
        ("archive-within", docx(word__embeddings__more_rar=b"Rar!\x1a\x07\x01\x00" + bytes(40))),
        ("encrypted", PDF.replace(b"/Root", b"/Encrypt 5 0 R /Root")),
        ("encrypted", OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(90)),
        ("encrypted", zipped({"mimetype": OPEN_TEXT, "META-INF/manifest.xml": b"<manifest:encryption-data/>"})),
        ("old-office", OLE + bytes(600)),
        ("macros", docx(word__vbaProject_bin=b"attack")),
        ("macros", zipped({"mimetype": OPEN_TEXT, "Basic/Standard/Module1.xml": b""})),
        ("damaged", docx()[:-40]),
        (
            "damaged",
            zipped({"mimetype": OPEN_TEXT, "a": b"one thing"}, compress=False).replace(b"one thing", b"another 1"),
        ),
        ("type-not-taken", b"<!DOCTYPE html><html><script>1</script></html>"),
        ("type-not-taken", b"\x00\x01\x02\x03 something of a kind that nobody knows"),
        ("type-not-taken", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ],
)
def test_what_is_never_taken_is_refused_with_its_reason(reason, content):
    assert refused(content) == reason


def test_a_zip_file_with_a_password_is_refused():
    locked = bytearray(docx())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + place] |= 1
    assert refused(bytes(locked)) == "encrypted"


def test_a_bomb_is_unpacked_only_as_far_as_its_bounds(monkeypatch):
    monkeypatch.setattr(archive._Budget, "__init__", _small)
    assert refused(docx(word__media__big=bytes(3_000_000))) == "expands-too-far"
    inner = zipped({"[Content_Types].xml": b"", "xl/workbook.xml": bytes(1_500_000)})
    assert refused(docx(word__embeddings__a=inner, word__embeddings__b=inner)) == "expands-too-far"
    many = {"[Content_Types].xml": b"", "word/document.xml": b""} | {f"word/{number}": b"" for number in range(60)}
    assert refused(zipped(many)) == "expands-too-far"


def _small(budget: archive._Budget) -> None:
    budget.entries, budget.unpacked = 50, 2_000_000


def test_a_bomb_that_lies_about_its_size_is_refused():
    """Its directory says a hundred bytes, and three megabytes of nothing would come out."""
    bomb = bytearray(docx(word__media__big=bytes(3_000_000)))
    told, lie = (3_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little")
    assert bomb.count(told) == 2
    assert refused(bytes(bomb).replace(told, lie)) == "damaged"


@pytest.mark.parametrize(
    ("declared", "content", "reason"),
    [
        ("image/jpeg", PDF, "type-differs"),
        ("application/pdf", docx(), "type-differs"),
        ("application/pdf", b"Only a text.", "type-differs"),
        ("application/msword", docx(), "type-differs"),
        ("image/gif", b"GIF89a" + bytes(40), "type-not-taken"),
        ("application/pdf", b"MZ\x90\x00" + bytes(100), "executable"),
    ],
)
def test_a_lie_about_the_type_is_refused(declared, content, reason):
    with pytest.raises(NotTaken) as why:
        look(io.BytesIO(content), declared, EVERY)
    assert why.value.reason == reason


@pytest.mark.parametrize("declared", ["application/octet-stream", DOCX])
def test_who_says_nothing_or_the_truth_is_believed(declared):
    assert look(io.BytesIO(docx()), declared, EVERY) == "docx"
    assert not agrees("text/html", "text")


@given(st.binary(max_size=2000), st.sampled_from([b"", b"PK\x03\x04", PDF, OLE, docx(), docx()[:100]]))
def test_no_content_does_more_than_to_be_refused(noise, start):
    with suppress(NotTaken):
        assert kind_of(io.BytesIO(start + noise)) in get_args(DocumentKind)
