"""Who belongs in a strategy discussion (SC-14): always, and in some cases."""

from __future__ import annotations

from typing import Literal

from icart_common.contracts.base import AgencyId, Slug
from icart_common.policy.agencies import Agency, AgencyKind
from icart_common.policy.base import Named, Sourced


class StrategyPartner(Named):
    """A seat at the discussion, and the agencies that may take it."""

    needed: Literal["always", "by-case"]
    """`by-case`: only where whoever decides the discussion says so."""
    ourselves: bool = False
    """The authority's own social care, which has no agency to be written to."""
    referrer: bool = False
    """Whichever agency brought the contact, when a professional did."""
    agency_kinds: tuple[AgencyKind, ...] = ()
    agencies: tuple[AgencyId, ...] = ()

    def seats(self, agency: Agency | None, referrer: AgencyId | None) -> bool:
        """Whether the agency (None: the authority itself) may take this seat; `referrer` brought the contact."""
        if agency is None:
            return self.ourselves
        named = agency.id in self.agencies or agency.kind in self.agency_kinds
        return named or (self.referrer and agency.id == referrer)


class StrategyRules(Sourced):
    """The pack's rules of strategy discussions."""

    partners: tuple[StrategyPartner, ...]

    def partner(self, partner_id: Slug) -> StrategyPartner | None:
        """The seat with that id."""
        return next((one for one in self.partners if one.id == partner_id), None)
