"""A full load from its beginning to what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from icart_common.contracts.cases import LoadSettled, LoadState

BROKEN_OFF: Final = timedelta(hours=1)
"""A load of which nothing was heard for so long, while its feed went on, is taken to have broken off."""

FEWER: Final = 0.2
FEWER_AT_LEAST: Final = 50
"""A load that leaves out more than this share of those who are held, and more than so many, is taken for a mistake until
somebody accepts it: half a file ends the cases of the other half, and what comes about them goes to nobody who knows them."""


@dataclass(frozen=True, slots=True)
class Load:
    """What was heard of one full load. Its order is its topic's; a part that comes late is counted when it comes."""

    authority: str
    load: UUID
    agency: str
    heard_at: datetime
    """When the newest of it came."""
    as_of: datetime | None = None
    """Null until its beginning was heard."""
    said: int | None = None
    """How many people its end named; null until then."""
    named: int = 0
    """How many different people were heard in it."""
    state: LoadState | None = None
    """What was said of it last."""
    accepts_fewer: bool = False
    """Its end said that it is whole, however few it names."""

    def settled(self) -> Load:
        """With its state as things stand: `complete` is for ever, everything else may still become it."""
        if self.state == "complete" or self.said is None:
            return self
        if self.as_of is None:
            return replace(self, state="not-begun")
        if self.named == self.said:
            if self.state == "too-small" and not self.accepts_fewer:
                return self
            return replace(self, state="complete")
        return replace(self, state="too-few" if self.named < self.said else "too-many")

    def is_running(self) -> bool:
        """Whether its end is still awaited, and nothing was said of it."""
        return self.said is None and self.state is None

    def quiet(self, at: datetime) -> Load:
        """As broken off, when its feed went on without it for too long."""
        return replace(self, state="broken-off") if self.is_running() and self.heard_at + BROKEN_OFF < at else self

    def as_message(self, at: datetime, left_out: int | None) -> LoadSettled:
        """What is said of it. Only an ended load was counted; `left_out` is how many are not in one that is whole."""
        assert self.state is not None, "a load that runs has no outcome"
        return LoadSettled(
            load=self.load,
            agency=self.agency,
            authority=self.authority,
            state=self.state,
            as_of=self.as_of,
            said=self.said,
            heard=None if self.said is None else self.named,
            no_longer_held=left_out if self.state == "complete" else None,
            would_leave_out=left_out if self.state == "too-small" else None,
            at=at,
        )


def superseded(loads: Iterable[Load], by: Load) -> Iterator[Load]:
    """The running loads of the authority that began before one that is complete: what they would say has been said."""
    assert by.as_of is not None, "a complete load has begun"
    for one in loads:
        if one.authority == by.authority and one.is_running() and one.as_of and one.as_of < by.as_of:
            yield replace(one, state="superseded")
