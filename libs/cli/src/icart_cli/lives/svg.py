"""A life as a picture: states from top to bottom, each arrow in a lane of its own, and at the right what its number means.

Every arrow leaves and reaches a box at a height of its own, so that no two lie on each other and no words are crossed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from textwrap import wrap

from icart_cli.lives.drawn import Drawn, DrawnStep

LEFT, TOP, WIDTH = 24, 64, 210
PORT, LANE, BETWEEN = 26, 20, 30
LINE = 17
_COLUMN = 76
"""Letters in a line of the legend."""


@dataclass(frozen=True)
class Box:
    """A state."""

    state: str
    y: int
    height: int
    stays: tuple[int, ...]
    """Numbers of the steps that leave it as it is."""


@dataclass(frozen=True)
class Arrow:
    """A step from one box to another: out at `start`, down or up its lane, in at `end`."""

    number: int
    start: int
    lane: int
    end: int


@dataclass(frozen=True)
class Layout:
    """Where everything is."""

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    legend: int
    """Where the legend begins."""
    width: int
    height: int


def layout(life: Drawn) -> Layout:
    """Boxes, and arrows that share no height at a box and no lane."""
    moves = [(step.number, source, target) for step in life.steps for source, target in step.arrows()]
    boxes: list[Box] = []
    y = TOP
    for state in life.states:
        ports = sum((source == state) + (target == state) for _, source, target in moves)
        stays = tuple(step.number for step in life.steps if state in step.leaves and step.reaches in (None, state))
        height = max(ports * PORT + 8, 34 + LINE * len(_stays(stays)))
        boxes.append(Box(state, y, height, stays))
        y += height + BETWEEN
    free = {box.state: iter(range(box.y + PORT // 2 + 4, box.y + box.height, PORT)) for box in boxes}
    arrows = tuple(
        Arrow(number, next(free[source]), LEFT + WIDTH + 44 + LANE * lane, next(free[target]))
        for lane, (number, source, target) in enumerate(moves)
    )
    legend = LEFT + WIDTH + 44 + LANE * len(moves) + 24
    tall = TOP + sum(LINE * len(_words(step)) + 8 for step in life.steps)
    return Layout(tuple(boxes), arrows, legend, legend + 7 * _COLUMN, max(y, tall) + 8)


def svg(life: Drawn) -> str:
    """The picture's text."""
    return "\n".join(_lines(life, layout(life))) + "\n"


def _lines(life: Drawn, placed: Layout) -> Iterator[str]:
    size = f'width="{placed.width}" height="{placed.height}" viewBox="0 0 {placed.width} {placed.height}"'
    yield f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="system-ui, sans-serif" font-size="13">'
    yield f"<title>{escape(life.title)}</title>"
    yield '<defs><marker id="head" markerWidth="9" markerHeight="8" refX="8" refY="4" orient="auto">'
    yield '<path d="M0 0 L9 4 L0 8 z" fill="#44505c"/></marker></defs>'
    yield f'<rect width="{placed.width}" height="{placed.height}" fill="#ffffff"/>'
    yield f'<text x="{LEFT}" y="36" font-size="18" font-weight="600" fill="#1c2733">{escape(life.title)}</text>'
    for box in placed.boxes:
        yield from _box(box, is_end=box.state in life.ends)
    for arrow in placed.arrows:
        yield from _arrow(arrow)
    yield from _legend(life, placed.legend)
    yield "</svg>"


def _box(box: Box, *, is_end: bool) -> Iterator[str]:
    fill, stroke = ("#e7eef5", 3) if is_end else ("#f7f9fb", 1.5)
    shape = f'x="{LEFT}" y="{box.y}" width="{WIDTH}" height="{box.height}" rx="8"'
    yield f'<rect {shape} fill="{fill}" stroke="#44505c" stroke-width="{stroke}"/>'
    name = escape(box.state.replace("-", " "))
    yield f'<text x="{LEFT + 12}" y="{box.y + 22}" font-weight="600" fill="#1c2733">{name}</text>'
    for place, words in enumerate(_stays(box.stays)):
        y = box.y + 22 + LINE * (place + 1)
        yield f'<text x="{LEFT + 12}" y="{y}" font-size="11" fill="#44505c">{words}</text>'


def _arrow(arrow: Arrow) -> Iterator[str]:
    edge = LEFT + WIDTH
    path = f"M{edge} {arrow.start} H{arrow.lane} V{arrow.end} H{edge + 3}"
    yield f'<path d="{path}" fill="none" stroke="#44505c" stroke-width="1.3" marker-end="url(#head)"/>'
    yield f'<circle cx="{edge + 18}" cy="{arrow.start}" r="10" fill="#0b5394"/>'
    at = f'x="{edge + 18}" y="{arrow.start + 4}"'
    yield f'<text {at} text-anchor="middle" font-size="11" font-weight="600" fill="#ffffff">{arrow.number}</text>'


def _legend(life: Drawn, x: int) -> Iterator[str]:
    y = TOP + 12
    for step in life.steps:
        for place, words in enumerate(_words(step)):
            style = 'font-weight="600" fill="#1c2733"' if place == 0 else 'font-size="12" fill="#44505c"'
            yield f'<text x="{x + (0 if place == 0 else 22)}" y="{y}" {style}>{escape(words)}</text>'
            y += LINE
        y += 8


def _words(step: DrawnStep) -> list[str]:
    """What stands in the legend for a step: what is done, by whom, and its clocks."""
    lines = [f"{step.number}. {step.says}", *wrap(step.who, _COLUMN)]
    for what, clocks in (("starts", step.starts), ("ends", step.ends)):
        lines += wrap(f"{what} {', '.join(clocks)}", _COLUMN) if clocks else []
    return lines


def _stays(numbers: tuple[int, ...]) -> list[str]:
    return wrap(f"stays: {', '.join(map(str, numbers))}", 34) if numbers else []
