"""A document as PDF, for paper: the same events give the same bytes. Whoever reads with a screen reader takes the HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from importlib import resources
from io import BytesIO
from itertools import zip_longest
from textwrap import wrap
from typing import Any, Final

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle

from icart_screening.domain.document.page import Block, Document, Facts, Grid

_FONTS: Final = {"Record": "DejaVuSans.ttf", "Record-Bold": "DejaVuSans-Bold.ttf"}
_LEGIBLE: Final = "\N{WHITE SQUARE}"
"""Stands for a letter that the font lacks, which is said at the end."""
_UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_PIECE: Final = 400
"""Characters of a cell that surely fit on a page, however narrow its column."""
_MARGIN: Final = 20 * mm
_WIDTH: Final = A4[0] - 2 * _MARGIN
_GREY: Final = HexColor("#b1b4b6")

for _name, _file in _FONTS.items():
    pdfmetrics.registerFont(TTFont(_name, BytesIO((resources.files(__package__) / "fonts" / _file).read_bytes())))
_LETTERS: Final = frozenset(pdfmetrics.getFont("Record").face.charToGlyph)
_TEXT: Final = ParagraphStyle("text", fontName="Record", fontSize=9.5, leading=13.5, splitLongWords=True)
_SMALL: Final = ParagraphStyle("small", _TEXT, fontSize=8, leading=11)
_STRONG: Final = ParagraphStyle("strong", _TEXT, fontName="Record-Bold")
_COLUMN: Final = ParagraphStyle("column", _SMALL, fontName="Record-Bold")
_TITLE: Final = ParagraphStyle("title", _TEXT, fontName="Record-Bold", fontSize=16, leading=22)
_HEADING: Final = ParagraphStyle(
    "heading", _TEXT, fontName="Record-Bold", fontSize=12, leading=16, spaceBefore=12, spaceAfter=4, keepWithNext=1
)
_NOTE: Final = ParagraphStyle("note", _SMALL, leftIndent=4 * mm, spaceBefore=2)


def to_pdf(document: Document) -> bytes:
    """The file, A4."""
    file, printer = BytesIO(), _Printer()
    pages = SimpleDocTemplate(
        file, pagesize=A4, leftMargin=_MARGIN, rightMargin=_MARGIN, topMargin=_MARGIN, bottomMargin=_MARGIN,
        title=f"{document.title}, {document.reference}", author=document.front_door, lang="en-GB", invariant=1,
    )  # fmt: skip

    def footer(canvas: Any, _: Any) -> None:
        canvas.setFont("Record", 8)
        canvas.drawString(_MARGIN, 12 * mm, f"{document.title}, {document.reference}")
        canvas.drawRightString(A4[0] - _MARGIN, 12 * mm, f"page {canvas.getPageNumber()}")

    pages.build(list(printer.flow(document)), onFirstPage=footer, onLaterPages=footer)
    return file.getvalue()


class _Printer:
    """Turns blocks into what is laid out, and remembers whether the font lacked a letter."""

    def __init__(self) -> None:
        self._lacking = False

    def flow(self, document: Document) -> Iterator[Flowable]:
        yield self._paragraph(document.front_door, _TEXT)
        yield self._paragraph(document.title, _TITLE)
        yield self._paragraph(f"Reference {document.reference}", _TEXT)
        yield self._paragraph(document.confidential, _STRONG)
        for block in document.blocks:
            yield self._paragraph(block.title, _HEADING)
            yield from self._block(block)
        yield Spacer(0, 6 * mm)
        yield self._paragraph(f"{document.front_door}: {document.reached_at}", _TEXT)
        if self._lacking:
            yield self._paragraph(
                f"{_LEGIBLE} stands for a letter that cannot be printed here: the HTML has it.", _NOTE
            )

    def _block(self, block: Block) -> Iterator[Flowable]:
        if isinstance(block, Facts):
            yield self._table([[(name, _STRONG), (value, _TEXT)] for name, value in block.rows], [0.28, 0.72])
        elif isinstance(block, Grid):
            head = [(column, _COLUMN) for column in block.columns]
            rows = [[(cell, _SMALL) for cell in row] for row in block.rows]
            yield self._table([head, *rows], _shares(block), heading=1)
        else:
            for text in block.text.splitlines() or [""]:
                yield self._paragraph(text, _TEXT)
            for note in block.notes:
                yield self._paragraph(note, _NOTE)

    def _table(
        self, rows: list[list[tuple[str, ParagraphStyle]]], shares: list[float], *, heading: int = 0
    ) -> Flowable:
        cells: list[list[Paragraph]] = []
        lines: list[tuple[Any, ...]] = [("VALIGN", (0, 0), (-1, -1), "TOP")]
        for row in rows:
            for pieces in zip_longest(*(list(_pieces(text)) for text, _ in row), fillvalue=""):
                styles = (style for _, style in row)
                cells.append([self._paragraph(text, style) for text, style in zip(pieces, styles, strict=True)])
            lines.append(("LINEBELOW", (0, len(cells) - 1), (-1, len(cells) - 1), 0.5, _GREY))
        widths = [share * _WIDTH for share in shares]
        return LongTable(cells, colWidths=widths, repeatRows=heading, style=TableStyle(lines), splitInRow=1)

    def _paragraph(self, text: str, style: ParagraphStyle) -> Paragraph:
        lines = (escape(self._legible(line)) for line in text.splitlines())
        return Paragraph("<br/>".join(lines) or " ", style)

    def _legible(self, text: str) -> str:
        letters = [one if ord(one) in _LETTERS else _LEGIBLE for one in _UNPRINTABLE.sub(" ", text.expandtabs(4))]
        self._lacking = self._lacking or _LEGIBLE in letters
        return "".join(letters)


def _pieces(text: str) -> Iterator[str]:
    """A cell's text in pieces that fit on a page, each in a row of its own: a table breaks between rows."""
    for line in text.splitlines() or [""]:
        yield from wrap(line, _PIECE) or [""]


def _shares(block: Grid) -> list[float]:
    """The columns' widths as parts of the whole: by the longest text in each, within bounds."""
    columns = list(zip(block.columns, *block.rows, strict=True))
    longest = [min(60, max(10, *(len(text) for text in column))) for column in columns]
    return [length / sum(longest) for length in longest]
