"""A disagreement inside a pack, before it is given its file and line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Protocol

from icart_common.policy.marks import Path


@dataclass(frozen=True)
class Fault:
    """Where in the pack, what is wrong, and what to do."""

    path: Path
    reason: str
    fix: str


class Identified(Protocol):
    @property
    def id(self) -> str: ...


def names(items: Iterable[Identified]) -> set[str]:
    """The ids of the items."""
    return {item.id for item in items}


def unknown(path: Path, what: str, wanted: str | int, known: Set[str] | Set[int]) -> Iterator[Fault]:
    """A fault when `wanted` is none of the known ids, with the nearest of them as the thing to do."""
    if wanted in known:
        return
    choices = sorted(str(item) for item in known)
    near = get_close_matches(str(wanted), choices, n=1)
    fix = f"Did you mean {near[0]!r}?" if near else f"Use one of {', '.join(choices) or 'those to be added'}."
    yield Fault(path, f"unknown {what} {wanted!r}", fix)
