"""A table of figures, as the page and the file show it alike: words and numbers, never markup."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Final

Cell = str | int | float | None
"""A float is a share of one, shown in per cent; None is what cannot be said, because there was nothing."""
_BEGINS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Chart:
    """Which columns of its table are drawn, by their number; `shares` true: each is a share of one."""

    columns: tuple[int, ...]
    shares: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """`id` is its address and its file's name."""

    id: str
    title: str
    says: str
    """What it shows and how it is counted, in a sentence."""
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str
    chart: Chart | None = None


def share(part: int, whole: int) -> float | None:
    """A share of one; None of nothing."""
    return part / whole if whole else None


def shown(cell: Cell) -> str:
    """A cell in words."""
    if cell is None:
        return "–"
    if isinstance(cell, float):
        return f"{cell:.0%}"
    return f"{cell:,}" if isinstance(cell, int) else cell


def as_csv(table: Table) -> bytes:
    """The table as a file for a spreadsheet: no cell is taken for a formula there, and its letters are recognised."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([_safe(column) for column in table.columns])
    for row in table.rows:
        writer.writerow(
            [_safe(cell) if isinstance(cell, str) else "" if cell is None else _number(cell) for cell in row]
        )
    return text.getvalue().encode("utf-8-sig")


def _number(cell: int | float) -> str:
    return f"{cell:.4f}" if isinstance(cell, float) else str(cell)


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_BEGINS_A_FORMULA) else text
