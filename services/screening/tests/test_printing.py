"""A document as a file: HTML that can be read aloud, PDF for paper, the same bytes for the same events (SC-19)."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from reportlab.pdfbase import pdfmetrics

from icart_screening.domain.document.page import Document, Facts, Grid, Written
from icart_screening.domain.document.readers import READERS
from icart_screening.printing import to_html, to_pdf
from services.screening.tests.front_door import FrontDoor
from services.screening.tests.test_documents_of_records import lived


class Outline(HTMLParser):
    """The tags of a page, and what their attributes say."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def of(self, *names: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag in names]


def page_of(*blocks: Facts | Grid | Written) -> Document:
    return Document("Record of a contact", "K3W-7QX", "The front door", "0151 000 0000", "Confidential", blocks)


@pytest.mark.req("SC-19")
@pytest.mark.parametrize("reader", READERS)
def test_the_page_can_be_read_aloud(reader) -> None:
    cabinet, contact = lived(FrontDoor("halton"))
    outline = Outline(to_html(cabinet.document(contact, reader)))
    assert outline.of("html") == [{"lang": "en-GB"}]
    assert len(outline.of("h1")) == len(outline.of("main")) == len(outline.of("title")) == 1
    assert {head["scope"] for head in outline.of("th")} <= {"row", "col"}
    parts = {heading["id"] for heading in outline.of("h2")}
    labelled = [one["aria-labelledby"] for one in outline.of("table", "section")]
    assert set(labelled) == parts
    assert not outline.of("script", "img", "link", "h3", "h4"), "nothing from elsewhere, and no level is left out"


@pytest.mark.req("SC-19")
def test_what_somebody_wrote_is_text_and_nothing_else() -> None:
    nasty = "<script>alert(1)</script> & <b>bold</b> {{ 7 * 7 }} <para>"
    page = page_of(
        Facts("Facts", (("Name", nasty),)), Written("Section", nasty, (nasty,)), Grid("T", ("A",), ((nasty,),))
    )
    shown = to_html(page).decode()
    assert not Outline(to_html(page)).of("script", "b", "para")
    assert shown.count("{{ 7 * 7 }}") == 4
    assert to_pdf(page).startswith(b"%PDF-")


@pytest.mark.req("SC-19")
@pytest.mark.parametrize("authority", ["halton", "cheshire-west", "york"])
def test_the_same_events_give_the_same_bytes(authority: str) -> None:
    made = []
    for _ in range(2):
        cabinet, contact = lived(FrontDoor(authority))
        made.append([show(cabinet.document(contact, reader)) for reader in READERS for show in (to_html, to_pdf)])
    assert made[0] == made[1]


@pytest.mark.req("SC-19")
def test_the_longest_text_and_letters_of_other_alphabets_come_out_on_paper() -> None:
    long = "x" * 20_000 + "\n" + "a word or two " * 1_400
    names = "Siân Ŵyn Łucja Nguyễn Ελένη Юлия"
    page = page_of(
        Facts(names, ((long[:300], long),)), Grid("T", ("A", "B"), ((long, "b"), ("", long))), Written("S", long)
    )
    paper = to_pdf(page)
    assert paper.count(b"/Type /Page\n") > 10
    letters = pdfmetrics.getFont("Record").face.charToGlyph
    assert all(ord(one) in letters for one in names)
    assert b"/Lang (en-GB)" in paper
    assert b"20260" not in paper.split(b"/CreationDate")[1][:40], "no hour of printing"
