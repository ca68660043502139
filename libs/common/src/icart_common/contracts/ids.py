"""Ids. What a handler makes is derived from the message that caused it, so that reading a topic again gives the same ids."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""What people read to each other on the telephone: none of the 32 is mistaken for another."""

_VERSION_7 = 0x7 << 76
_VARIANT = 0b10 << 62
_RANDOM_74 = (0xFFF << 64) | ((1 << 62) - 1)


def _made(raw: bytes) -> UUID:
    return UUID(bytes=raw)


_uuid: Callable[[bytes], UUID] = _made


def made_by(kind: Callable[[bytes], UUID]) -> None:
    """Let ids be made of their 16 bytes by another kind of UUID, which is equal to Python's own and has the same hash.

    Whoever reads ids from a database gets the driver's kind, written in C: it is made, hashed and written out several times
    as fast. What a batch makes is hashed hundreds of times a message.
    """
    global _uuid
    _uuid = kind


def _shape(milliseconds: int, noise: bytes) -> UUID:
    bits = int.from_bytes(noise, "big") & _RANDOM_74
    return uuid_of((milliseconds & 0xFFFF_FFFF_FFFF) << 80 | bits | _VERSION_7 | _VARIANT)


def uuid_of(number: int) -> UUID:
    """The UUID of a number of 128 bits that is known to be one."""
    return _uuid(number.to_bytes(16, "big"))


def digest_of(text: str) -> UUID:
    """A digest of a text in the shape of an id: 128 bits of BLAKE2b."""
    return _uuid(hashlib.blake2b(text.encode(), digest_size=16).digest())


def id_in(text: str) -> UUID:
    """The id that a text writes. Raises ValueError when it writes none."""
    if len(text) == 36 and text.count("-") == 4:
        try:
            return _uuid(bytes.fromhex(text.replace("-", "")))
        except ValueError:
            return UUID(text)  # says no in its own words, or knows better
    return UUID(text)


def new_id() -> UUID:
    """A random UUIDv7, for whoever begins something: a partner's message, an operator's command."""
    return _shape(time.time_ns() // 1_000_000, os.urandom(10))


def derived_id(at: datetime, *parts: object) -> UUID:
    """The UUIDv7-shaped id that follows from `parts`: the same parts at the same instant give the same id, always.

    `at` is an aware instant; its milliseconds are the leading bits, so ids sort by the time of what they name.
    """
    # Each part with its length: no two lists of parts run together into one.
    texts = [part if type(part) is str else str(part) for part in parts]
    named = "".join([f"{len(text)}:{text}" for text in texts])
    noise = hashlib.blake2b(named.encode(), digest_size=10).digest()
    return _shape(int(at.timestamp() * 1000), noise)


def instant_of(identifier: UUID) -> datetime:
    """The instant that a UUIDv7 begins with, in UTC."""
    return datetime.fromtimestamp((identifier.int >> 80) / 1000, UTC)


def reference(identifier: UUID) -> str:
    """What people quote on the telephone: ten letters and digits that cannot be confused with one another.

    Taken from the random bits of the id (50 bits: a clash among a million is less than one in a thousand).
    """
    bits = identifier.int & ((1 << 50) - 1)
    letters = "".join(LETTERS[(bits >> shift) & 31] for shift in range(45, -1, -5))
    return f"{letters[:5]}-{letters[5:]}"
