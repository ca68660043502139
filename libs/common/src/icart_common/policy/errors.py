"""What is wrong with a pack: each problem with its file, its line, the reason and what to do (AU-7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong with a pack. `line` counts from 1; 0 means the file as a whole."""

    file: str
    line: int
    path: str
    """Where in the pack, for example `clocks[3].starts_on`."""
    reason: str
    fix: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        at = f" ({self.path})" if self.path else ""
        return f"{where}: {self.reason}{at}. {self.fix}"


class PolicyRefused(ValueError):
    """One or more policy packs cannot be used; nothing starts until every problem listed here is mended."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(problems))
        many = "problem" if len(self.problems) == 1 else "problems"
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(f"policy refused, {len(self.problems)} {many}:\n{lines}")


class UnknownPolicy(LookupError):
    """No pack is loaded for this authority, version or date."""
