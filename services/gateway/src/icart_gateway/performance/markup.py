"""The rows of a table as markup. A year has thousands of cells: put together here they take a quarter of a template's time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from markupsafe import Markup, escape

from icart_gateway.performance.tables import Cell, Table, shown

_HEADED: Final = '<tr class="govuk-table__row"><th scope="row" class="govuk-table__header">'
_CELL: Final = '<td class="govuk-table__cell govuk-table__cell--numeric">'


def rows_of(table: Table) -> Markup:
    """Each row with its first cell as its heading."""
    return Markup("".join(_rows(table)))  # noqa: S704 - every text in it was escaped where it was put in


def _rows(table: Table) -> Iterator[str]:
    for first, *others in table.rows:
        cells = "".join(f"{_CELL}{_safe(one)}</td>" for one in others)
        yield f"{_HEADED}{_safe(first)}</th>{cells}</tr>\n"


def _safe(cell: Cell) -> str:
    """In words; a number has no sign that markup would read."""
    return str(escape(cell)) if isinstance(cell, str) else shown(cell)
