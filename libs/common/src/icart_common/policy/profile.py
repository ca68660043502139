"""What the profile of a family establishes about it and its adults (SC-22)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from icart_common.contracts.base import Slug
from icart_common.policy.base import Named, Sourced, Words


class ProfileFlag(Named):
    """Something that is so, or not, of the whole family or of each adult."""

    of: Literal["family", "adult"]
    known_as: Literal["troubled_family", "adult_safeguarding"] | None = None
    """What the case system's feed calls it, when it says it."""


class ProfileRule(Sourced):
    """The profile, and its flags."""

    name: Words
    flags: Annotated[tuple[ProfileFlag, ...], Field(min_length=1)]

    def flag(self, wanted: Slug) -> ProfileFlag | None:
        """The flag of that id, if there is one."""
        return next((flag for flag in self.flags if flag.id == wanted), None)
