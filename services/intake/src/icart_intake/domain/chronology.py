"""What went before, in the order in which it happened: the front door's own contacts and the case system's lines (IN-6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from icart_common.contracts.cases import Happened
from icart_common.contracts.family import ChronologyLine
from icart_common.policy.wording import london_day
from icart_intake.domain.incident import Matter

LINES = 200
"""The newest lines that go with a contact, so that a message stays below the broker's limit."""


def chronology(matters: Sequence[Matter], history: Sequence[Happened]) -> tuple[ChronologyLine, ...]:
    """The newest lines, the oldest first. Of two on one day, the case system's come first."""
    lines = [*(_held(line) for line in history), *(line for matter in matters for line in _own(matter))]
    return tuple(sorted(lines, key=lambda line: line.on)[-LINES:])


def _held(line: Happened) -> ChronologyLine:
    return ChronologyLine(on=line.on, kind=line.kind, source="case-system", outcome=line.outcome)


def _own(matter: Matter) -> Iterator[ChronologyLine]:
    """The contact with its outcome, and the referral that it became."""
    ending = matter.ending
    yield ChronologyLine(
        on=matter.on,
        kind="contact",
        source="front-door",
        outcome=ending.outcome if ending else None,
        level=ending.level if ending else None,
        contact=matter.contact,
        reference=matter.reference,
    )
    if ending and ending.referral:
        yield ChronologyLine(
            on=london_day(ending.at),
            kind="referral",
            source="front-door",
            outcome=ending.outcome,
            level=ending.level,
            contact=matter.contact,
            reference=matter.reference,
        )
