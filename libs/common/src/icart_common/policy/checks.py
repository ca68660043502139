"""Which checks a screening makes, whom each may ask, what, and by which identifiers (SC-5, CO-7, CO-8)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from icart_common.contracts.base import AgencyId, ShortText, Slug
from icart_common.policy.agencies import Agency, AgencyKind
from icart_common.policy.base import Named, Part

Identifier = Literal["name", "born", "address", "nhs-number", "upn"]


class Question(Part):
    """A question in the authority's words. It is about the child, and tells nothing."""

    id: Slug
    ask: ShortText


class CheckRule(Named):
    """One check. Its clock is the pack's that starts on `check_requested` for such an agency, or for this check."""

    asked_of: Literal["agencies", "worker"]
    """`worker`: somebody of the screening looks in our own records; nothing leaves."""
    agencies: tuple[AgencyId, ...] = ()
    agency_kinds: tuple[AgencyKind, ...] = ()
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]
    needed: tuple[Identifier, ...] = ("name", "born")
    """Without these nobody can answer; a check is not sent while one is unknown."""
    if_known: tuple[Identifier, ...] = ()
    """What is sent besides, when it is known. Nothing else ever is."""
    chased_from: Annotated[float, Field(gt=0, le=1)] = 0.8
    """The share of its time after which each warning of its clock is a reminder to the agency; 1 is only when it is late."""

    def may_ask(self, agency: Agency) -> bool:
        """Whether the agency is one that this check may be sent to."""
        return agency.id in self.agencies or agency.kind in self.agency_kinds
