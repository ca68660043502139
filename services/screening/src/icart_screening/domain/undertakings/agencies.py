"""Agencies that a command names."""

from __future__ import annotations

from icart_common.policy.agencies import Agency
from icart_common.policy.pack import PolicyPack
from icart_screening.domain.refusal import Refusal


def known_agency(pack: PolicyPack, agency: str) -> Agency:
    """The agency of the pack. Raises Refusal, with those there are."""
    known = pack.known_agency(agency)
    if known is None:
        others = (f"{other.name} ({other.id})" for other in pack.agencies)
        raise Refusal("unknown-agency", "the authority's policy has no such agency", others)
    return known
