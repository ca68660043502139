"""What every part of a pack has in common: it is immutable, refuses keys it does not know, and says where it is from.

The convention for sources: every value, or the block that it stands in, has a `source` beside it. `S0` to `S4` are the
source documents of docs/requirements.md; a value that no document gives begins with the word `assumed`, so that a service
manager can find, and settle, what was assumed on their behalf.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from icart_common.contracts.base import Slug

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Source = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^(S[0-4]\b|register\b|assumed\b)", min_length=2)
]


class Part(BaseModel):
    """A piece of a policy pack."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Sourced(Part):
    """A piece of a pack with its source beside it (`S1, "EI outcomes"`, or `assumed: why`)."""

    source: Source

    @property
    def assumed(self) -> bool:
        """True when no source document gives the value."""
        return self.source.startswith("assumed")


class Named(Sourced):
    """A piece of a pack that other pieces name by its id."""

    id: Slug
    name: Words
