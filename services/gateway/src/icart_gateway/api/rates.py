"""How often a client may call: in a moving minute, counted by each gateway for itself."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network, ip_address

from fastapi import Request
from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from icart_gateway.api.problems import Refused


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a client's minute."""

    limit: int
    remaining: int
    seconds: int
    """Until there is more."""

    @property
    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.seconds),
        }


def address_of(request: Request) -> str:
    """Whose call it is, by the address that a trusted proxy says or the connection has.

    Of IPv6 it is the network of 64 bits that one subscriber has: its addresses are more than anybody counts.
    """
    host = request.client.host if request.client else "-"
    try:
        found = ip_address(host.partition("%")[0])
    except ValueError:
        return host[:64]
    if isinstance(found, IPv6Address) and not found.ipv4_mapped:
        return str(IPv6Network((int(found), 64), strict=False))
    return str(getattr(found, "ipv4_mapped", found))


class Rates:
    """Counts calls by a name: an agency's, or an address that asks for tokens."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def count(self, what: str, who: str, a_minute: int) -> Left:
        """Count one call. Raises `Refused` (429) when there were too many."""
        item = RateLimitItemPerMinute(a_minute)
        allowed = await self._limiter.hit(item, what, who)
        window = await self._limiter.get_window_stats(item, what, who)
        seconds = max(1, math.ceil(window.reset_time - time.time()))
        left = Left(a_minute, window.remaining, seconds)
        if not allowed:
            raise Refused(
                429, "too-many", "Too many calls in a minute",
                "Wait as long as Retry-After says, then go on. For a child in danger call the front door or 999.",
                headers={**left.headers, "Retry-After": str(seconds)},
            )  # fmt: skip
        return left
