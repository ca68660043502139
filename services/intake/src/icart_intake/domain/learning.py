"""What is known of a person from everything that was said of them: the case system's word first, then the mentions."""

from __future__ import annotations

from collections.abc import Iterable

from icart_intake.domain.matching import Facts

_MOST: dict[str, int] = {"names": 8, "places": 12, "phones": 8, "beside": 40}
"""So much of each is kept for comparing. What came first stays; everything is in the mentions all the same."""


def learn(known: Facts, said: Facts) -> Facts:
    """What is known when something more is said. The same object when it adds nothing.

    Where both say something that can only be one way, what was known stays: another date of birth is no correction, and
    a worker sees it among the terms. A guessed date gives way to one that is no guess.
    """
    if said == known:
        return known
    found: dict[str, object] = {}
    for name, most in _MOST.items():
        before, more = getattr(known, name), getattr(said, name)
        new = [one for one in more if one not in before]
        if new and len(before) < most:
            kept = (*before, *new)[:most]
            found[name] = tuple(sorted(kept)) if name in ("names", "phones") else kept
    for name in ("expected", "sex", "nhs_number", "upn", "school", "household", "mother"):
        if not getattr(known, name) and getattr(said, name):
            found[name] = getattr(said, name)
    if said.born and (known.born is None or (known.estimated and not said.estimated)):
        found |= {"born": said.born, "estimated": said.estimated}
    return known.model_copy(update=found) if found else known


def learned(held: Facts | None, mentions: Iterable[Facts]) -> Facts:
    """The same from the start: what the case system holds, and the mentions in the order in which they were put there."""
    known = held or Facts()
    for said in mentions:
        known = learn(known, said)
    return known
