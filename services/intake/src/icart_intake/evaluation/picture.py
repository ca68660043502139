"""The scores of one person, of one household and of strangers, as a picture: where the bands lie (docs/matching.md)."""

from __future__ import annotations

from collections import Counter

from icart_intake.domain.matching.likeness import compare
from icart_intake.domain.matching.weights import Weights
from icart_intake.evaluation.pairs import candidates
from icart_intake.evaluation.sets import Described

_LOW, _HIGH, _STEP = -30, 110, 2
_KINDS = (("one person", "#1d70b8"), ("one household", "#f47738"), ("strangers", "#505a5f"))
_WIDTH, _HEIGHT, _LEFT, _BOTTOM = 760, 300, 50, 250


def picture(data: Described, weights: Weights) -> str:
    """An SVG: pairs that share a block by their score, each kind as a share of its own."""
    counts: dict[str, Counter[int]] = {kind: Counter() for kind, _ in _KINDS}
    for a, b in sorted(candidates(data.people, between=data.between)[0]):
        score = compare(data.people[a], data.people[b], weights).score
        kind = (
            "one person" if data.whose[a] == data.whose[b]
            else "one household" if data.households[a] == data.households[b] else "strangers"
        )  # fmt: skip
        counts[kind][int((min(max(score, _LOW), _HIGH - 1) - _LOW) // _STEP)] += 1
    largest = max((max(found.values(), default=0) / max(1, found.total()) for found in counts.values()), default=1) or 1
    lines = [_line(counts[kind], colour, largest) for kind, colour in _KINDS]
    marks = [_mark(weights.thresholds.possible, "possible", 14), _mark(weights.thresholds.certain, "certain", 30)]
    words = [
        f'<text x="{_LEFT + 500}" y="{30 + 18 * place}" fill="{colour}">{kind}</text>'
        for place, (kind, colour) in enumerate(_KINDS)
    ]
    ticks = [
        f'<text x="{_x(score)}" y="{_BOTTOM + 18}" text-anchor="middle">{score}</text>' for score in range(-20, 101, 20)
    ]
    axis = f'<line x1="{_LEFT}" x2="{_x(_HIGH)}" y1="{_BOTTOM}" y2="{_BOTTOM}" stroke="#0b0c0c"/>'
    words.append(f'<text x="{_LEFT}" y="{_BOTTOM + 40}">score in bits, by weights {weights.version}</text>')
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" font-size="13"'
        ' role="img" aria-label="Pairs by score: strangers and households on the left, one person on the right">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>', axis, *lines, *marks, *words, *ticks, "</svg>", "",
    ])  # fmt: skip


def _x(score: float) -> float:
    return round(_LEFT + (score - _LOW) / (_HIGH - _LOW) * (_WIDTH - _LEFT - 20), 1)


def _line(found: Counter[int], colour: str, largest: float) -> str:
    total = max(1, found.total())
    points = " ".join(
        f"{_x(_LOW + (place + 0.5) * _STEP)},{round(_BOTTOM - found[place] / total / largest * 220, 1)}"
        for place in range((_HIGH - _LOW) // _STEP)
    )
    return f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'


def _mark(score: float, word: str, height: int) -> str:
    return (
        f'<line x1="{_x(score)}" x2="{_x(score)}" y1="20" y2="{_BOTTOM}" stroke="#0b0c0c" stroke-dasharray="4 4"/>'
        f'<text x="{_x(score) + 4}" y="{height}">{word} from {score}</text>'
    )
