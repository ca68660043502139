"""Figures in the words of whoever is on call."""

from __future__ import annotations


def waiting(seconds: float) -> str:
    """How long somebody waits, in words; below a second nobody does."""
    if seconds < 1:
        return "nobody waits"
    return f"{length(seconds)}"


def length(seconds: float) -> str:
    """A length of time in its largest units: `45 seconds`, `12 minutes`, `3 hours`, `2 days`."""
    for size, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            return _counted(int(seconds // size), name)
    return _counted(int(seconds), "second")


def _counted(count: int, name: str) -> str:
    return f"{count} {name}" if count == 1 else f"{count} {name}s"
