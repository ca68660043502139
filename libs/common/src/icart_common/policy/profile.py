"""What the profile of a family establishes about it and its adults (SC-22)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from icart_common.contracts.base import Slug
from icart_common.policy.agencies import AgencyKind
from icart_common.policy.base import Named, Sourced, Words


class SaidByCheck(Sourced):
    """A fact of an agency's answer that is the flag's own answer, where a source gives a ground for it."""

    check: Slug
    agency_kind: AgencyKind
    fact: Words
    """As the agency's system names it; its value is `yes`, `no` or `not known`."""


class ProfileFlag(Named):
    """Something that is so, or not, of the whole family or of each adult."""

    of: Literal["family", "adult"]
    known_as: Literal["troubled_family", "adult_safeguarding"] | None = None
    """What the case system's feed calls it, when it says it."""
    said_by: SaidByCheck | None = None
    """None: a worker reads the answers and records what they come to."""


class ProfileRule(Sourced):
    """The profile, and its flags."""

    name: Words
    flags: Annotated[tuple[ProfileFlag, ...], Field(min_length=1)]

    def flag(self, wanted: Slug) -> ProfileFlag | None:
        """The flag of that id, if there is one."""
        return next((flag for flag in self.flags if flag.id == wanted), None)
