"""Where a webhook may be: never inside. A name is looked up once, and what it was found to be is what is called (SSRF)."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

_MOST: Final = 500
_TO_IPV4: Final = ipaddress.ip_network("64:ff9b::/96")
"""Addresses that a network's own gateway turns into IPv4 ones, inner ones too."""


class NotThere(ValueError):
    """No webhook may be there. Says why in words for whoever registers it."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A webhook's address, taken apart and looked up."""

    call: str
    """The URL with the address in place of the name: nothing is looked up again."""
    host: str
    """What the `Host` header says."""
    name: str
    """Whose certificate it has to be."""


async def whereabouts(url: str, *, anywhere: bool) -> Whereabouts:
    """Look up where a webhook is. Raises `NotThere`, and `OSError` when the name is not known just now."""
    parts = _parts(url, anywhere=anywhere)
    name = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = await asyncio.get_running_loop().getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except UnicodeError:  # a part of the name that is empty, or longer than 63 letters
        raise NotThere("its host's name cannot be one") from None
    addresses = [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]
    if not addresses or (not anywhere and not all(map(_outside, addresses))):
        raise NotThere("its name leads to an address inside a network, and not to the internet")
    first = addresses[0]
    place = f"[{first}]:{port}" if first.version == 6 else f"{first}:{port}"
    return Whereabouts(parts._replace(netloc=place, fragment="").geturl(), parts.netloc, name)


def _parts(url: str, *, anywhere: bool) -> SplitResult:
    if len(url) > _MOST or not url.isascii() or any(sign <= " " for sign in url):
        raise NotThere(f"a URL has at most {_MOST} characters, ASCII and without blanks")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NotThere("it is no URL") from None
    if parts.scheme != "https" and not (anywhere and parts.scheme == "http"):
        raise NotThere("it does not begin with https://")
    if not parts.hostname or parts.username is not None or parts.password is not None or port == 0:
        raise NotThere("it has no host, or a name and password in it")
    return parts


def _outside(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if not address.is_global or address.is_multicast or address in _TO_IPV4:
        return False
    inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    return inner is None or bool(inner.is_global)
