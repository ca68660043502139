"""Where people live: every address that was ever said, with its dates, and the one that counts now (IN-18; S1)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache

from icart_common.contracts.base import Address
from icart_common.contracts.family import HeldAddress
from icart_intake.domain.matching.facts import comparable_lines

MOST_HOMES = 30
"""So many addresses of a person are kept at hand; the oldest give way. All of them stay in the mentions."""
MOST_RESIDENTS = 50
"""More people at one address are a hostel or a mistake, and no household."""


def home_key(authority: str, address: Address) -> int | None:
    """A digest of an address, the same however it is written; None when it does not say which dwelling. 64 bits.

    An authority's own: nobody is of a household with somebody whom only another authority knows.
    """
    return _key(authority, address.lines, address.postcode or "")


@lru_cache(maxsize=50_000)
def _key(authority: str, lines: str, postcode: str) -> int | None:
    found = comparable_lines(lines)
    if not found or not postcode:
        return None
    digest = hashlib.blake2b(f"{authority}|{postcode.replace(' ', '')}|{found}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def home_keys(authority: str, addresses: Iterable[Address]) -> set[int]:
    """The digests of those addresses that say which dwelling."""
    return {key for address in addresses if (key := home_key(authority, address)) is not None}


def say_homes(
    homes: Sequence[HeldAddress], addresses: Sequence[Address], *, at: datetime, by: str, counts: bool
) -> tuple[HeldAddress, ...]:
    """The addresses when somebody says more. One that differs is kept beside the others.

    `counts` is true of the case system and of the night team: what they say is where the person lives now, and ends
    what they said before. What anybody else says counts only while those two have said nothing.
    """
    found = list(homes)
    day = at.date()
    alone = not homes and len(addresses) == 1  # then it is the one that counts, whoever says it
    for address in addresses:
        if not (address.lines or address.postcode):
            continue
        same = next((number for number, home in enumerate(found) if _same(home, address)), None)
        before = found.pop(same) if same is not None else None
        # Without a last day now, though it had one before, they moved back.
        since, until = address.since or (before.since if before else None), address.until
        now = counts and not _is_over(address, day)
        if before is None or counts:
            home = HeldAddress(
                lines=address.lines, postcode=address.postcode, temporary=address.temporary, since=since, until=until,
                said_at=at, said_by=by, now=now or (alone and not _is_over(address, day)),
            )  # fmt: skip
        else:
            home = before.model_copy(update={"since": since, "until": until, "now": now})
        if now and not home.temporary:
            found = [_ended(one, home, day) for one in found]
        found.append(home)
    return _one_now(found[-MOST_HOMES:], day)


def _same(one: Address, other: Address) -> bool:
    key = home_key("", one)
    return key == home_key("", other) if key is not None else (one.lines, one.postcode) == (other.lines, other.postcode)


def _is_over(home: Address, day: date) -> bool:
    return home.until is not None and home.until < day


def _ended(home: HeldAddress, by: HeldAddress, day: date) -> HeldAddress:
    """An address that counted until another took its place keeps its dates, and gets its end."""
    if not home.now or home.until:
        return home.model_copy(update={"now": False})
    return home.model_copy(update={"now": False, "until": by.since or day})


def _one_now(homes: Sequence[HeldAddress], day: date) -> tuple[HeldAddress, ...]:
    """Exactly one counts, if any does: the last that the case system or the night team said, or else the last said at all."""
    counting = [number for number, home in enumerate(homes) if home.now and not _is_over(home, day)]
    current = [number for number, home in enumerate(homes) if not _is_over(home, day)]
    chosen = (counting or current or [-1])[-1]
    return tuple(
        home if home.now == (number == chosen) else home.model_copy(update={"now": number == chosen})
        for number, home in enumerate(homes)
    )


def lives_at(authority: str, homes: Sequence[HeldAddress]) -> int | None:
    """The digest of the address that counts now."""
    return next((home_key(authority, home) for home in homes if home.now), None)
