"""Charts as SVG, made on the server: patterns and labels tell the columns apart, so that nobody needs colour to read them."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup, escape

from icart_gateway.performance.tables import Cell, Table, shown

_WIDTH: Final = 720
_HEIGHT: Final = 240
_BASE: Final = 190
_TOP: Final = 24
_LEFT: Final = 8
_FILLS: Final = ("#1d70b8", "url(#{id}-hatch)", "url(#{id}-dots)")


def chart(table: Table) -> Markup:
    """The chart of a table, or nothing: groups of columns with the figure above each, and what each pattern is."""
    if table.chart is None or not table.rows:
        return Markup("")
    columns, rows = table.chart.columns, table.rows
    most = max((_value(row[column]) for row in rows for column in columns), default=0.0)
    scale = (_BASE - _TOP) / (1.0 if table.chart.shares else most or 1.0)
    group = (_WIDTH - 2 * _LEFT) / len(rows)
    bar = min(40.0, group * 0.8 / len(columns))
    parts = [_opening(table)]
    for number, row in enumerate(rows):
        left = _LEFT + number * group + (group - bar * len(columns)) / 2
        for place, column in enumerate(columns):
            parts.append(_bar(table, row[column], left + place * bar, bar, scale, place))
        middle = _LEFT + number * group + group / 2
        parts.append(_text(middle, _BASE + 16, _shortened(str(row[0]), group)))
    parts.append(_legend(table, columns))
    return Markup("".join(parts) + "</svg>")  # noqa: S704 - every text in it was escaped where it was put in


def _opening(table: Table) -> str:
    named = f"{table.id}-title"
    return (
        f'<svg class="icart-chart" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}" role="img" '
        f'aria-labelledby="{named}" preserveAspectRatio="xMinYMin meet">'
        f'<title id="{named}">{escape(table.title)}. The table beside it has the same figures.</title><defs>'
        f'<pattern id="{table.id}-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="6" height="6" fill="#ffffff"/><rect width="3" height="6" fill="#0b0c0c"/></pattern>'
        f'<pattern id="{table.id}-dots" width="6" height="6" patternUnits="userSpaceOnUse">'
        '<rect width="6" height="6" fill="#ffffff"/><circle cx="3" cy="3" r="1.7" fill="#0b0c0c"/></pattern></defs>'
        f'<line x1="{_LEFT}" y1="{_BASE}" x2="{_WIDTH - _LEFT}" y2="{_BASE}" stroke="#0b0c0c"/>'
    )


def _bar(table: Table, cell: Cell, left: float, width: float, scale: float, place: int) -> str:
    if cell is None:
        return ""
    height = _value(cell) * scale
    fill = _FILLS[place % len(_FILLS)].format(id=table.id)
    rectangle = (
        f'<rect x="{left:.1f}" y="{_BASE - height:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}" '
        'stroke="#0b0c0c" stroke-width="1"/>'
    )
    return rectangle + _text(left + width / 2, _BASE - height - 4, shown(cell))


def _legend(table: Table, columns: tuple[int, ...]) -> str:
    parts, left = [], float(_LEFT)
    for place, column in enumerate(columns):
        fill = _FILLS[place % len(_FILLS)].format(id=table.id)
        name = table.columns[column]
        parts.append(f'<rect x="{left:.0f}" y="222" width="14" height="14" fill="{fill}" stroke="#0b0c0c"/>')
        parts.append(_text(left + 20, 234, name, anchor="start"))
        left += 40 + 8 * len(name)
    return "".join(parts)


def _text(x: float, y: float, words: str, *, anchor: str = "middle") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="12" text-anchor="{anchor}" fill="#0b0c0c">{escape(words)}</text>'


def _shortened(words: str, width: float) -> str:
    room = max(3, int(width / 7))
    return words if len(words) <= room else f"{words[: room - 1]}…"


def _value(cell: Cell) -> float:
    return float(cell) if isinstance(cell, int | float) else 0.0
