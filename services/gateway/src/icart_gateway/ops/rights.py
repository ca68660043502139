"""The operations and the performance pages are for those whom the table of rights lets read them."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from icart_gateway.guarding.records import require
from icart_gateway.signing_in.session import Acting, Door, SignedIn, Who


def _operator(who: Who, door: Door) -> SignedIn:
    require(door, who, "operations")
    return who


def _operating(who: Acting, door: Door) -> SignedIn:
    require(door, who, "operations")
    return who


def _sees_performance(who: Who, door: Door) -> SignedIn:
    require(door, who, "performance")
    return who


OnCall = Annotated[SignedIn, Depends(_operator)]
"""Somebody who may operate: for pages that are read."""
OnCallActing = Annotated[SignedIn, Depends(_operating)]
"""The same, for forms."""
SeesPerformance = Annotated[SignedIn, Depends(_sees_performance)]
