"""What a file of the case system gives, whatever its format: statements with their lines, and what was found on the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from icart_common.contracts.cases import PersonHeld

FindingKind = Literal["rejected", "left-out", "note"]
"""Rejected: the record is not sent. Left out: the record is sent without this. Note: sent as it is, and worth a look."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be, and what to do. It never holds what was written: that is in `original`."""

    line: int
    kind: FindingKind
    where: str
    """A JSON path, a column or an element."""
    found: str
    do: str
    original: str = ""
    """The record or the part of it as the file has it: for the rejects file alone."""


@dataclass(frozen=True, slots=True)
class Row:
    """A record of a file: what is to be sent (None when it cannot be), and what was found in it."""

    line: int
    fields: Mapping[str, Any] | None
    findings: tuple[Finding, ...] = ()
    original: str = ""
    type: str = PersonHeld.TYPE


class Source(Protocol):
    """A file that can be gone through again from its start."""

    as_of: str | None
    """What the file says of its own time; null when it says nothing."""

    def rows(self) -> Iterator[Row]:
        """Every record, in the order of the file. Raises `Stop` for a file of another kind."""
        ...
