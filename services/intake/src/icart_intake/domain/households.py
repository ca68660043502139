"""Households: people at the same current address, and how they are related there."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from icart_common.contracts.base import Address
from icart_common.contracts.cases import Kin
from icart_intake.domain.matching.facts import place_of


@dataclass(frozen=True, slots=True)
class Relative:
    """`person` is the `kind` of `of`. Parental responsibility is apart from kinship; null is not known."""

    person: UUID
    kind: Kin
    of: UUID
    parental_responsibility: bool | None = None
    since: date | None = None
    until: date | None = None


def household_of(authority: str, address: Address) -> UUID | None:
    """The digest of an address: the same for everybody who lives there. None without both its lines and its postcode."""
    place = place_of(address)
    if not place.lines or not place.postcode:
        return None
    text = f"{authority}\x1fhousehold\x1f{place.lines}\x1f{place.postcode}"
    return UUID(bytes=hashlib.blake2b(text.encode(), digest_size=16).digest())
