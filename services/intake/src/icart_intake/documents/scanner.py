"""Whether a document is malware: ClamAV's daemon, asked over its socket (INSTREAM), so that no hostile file runs beside us.

It answers `stream: OK` or `stream: <signature> FOUND`. Whatever else it says, and whenever it says nothing, the document is
not clean: it waits.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Final, Protocol
from urllib.parse import urlsplit

from icart_common.contracts.attachments import RefusedFor

_CONNECT_SECONDS: Final = 3.0
_MEANS: Final[dict[str, RefusedFor]] = {
    "Heuristics.Encrypted.": "encrypted",
    "Heuristics.OLE2.ContainsMacros": "macros",
    "Heuristics.Limits.Exceeded": "expands-too-far",
}
"""Findings of the daemon that are no malware, when its settings ask for them."""


class ScannerAway(Exception):
    """Nobody can say whether a document is clean. The argument is a class of reason, without the scanner's own words."""


class Scanner(Protocol):
    """Who says whether a document is clean."""

    async def scan(self, chunks: AsyncIterator[bytes]) -> RefusedFor | None:
        """Why a document may not be kept; None when nothing was found. Raises ScannerAway."""
        ...

    async def version(self) -> str:
        """Which scanner it is, with its signatures. Raises ScannerAway."""
        ...


class NoScanner:
    """A try-out without a scanner: documents wait. Nothing is ever let through unscanned."""

    async def scan(self, chunks: AsyncIterator[bytes]) -> RefusedFor | None:
        raise ScannerAway("no scanner: set ICART_SCANNER")

    async def version(self) -> str:
        raise ScannerAway("no scanner: set ICART_SCANNER")


class ClamAV:
    """The daemon at `unix:///run/clamav/clamd.ctl` or `tcp://host:3310`."""

    def __init__(self, address: str, seconds: float) -> None:
        parts = urlsplit(address)
        self._path = parts.path if parts.scheme == "unix" else ""
        self._host, self._port = parts.hostname or "", parts.port or 3310
        self._seconds = seconds
        if not (self._path or (parts.scheme == "tcp" and self._host)):
            raise ValueError("ICART_SCANNER is unix:///path/of/the/socket or tcp://host:port")

    async def scan(self, chunks: AsyncIterator[bytes]) -> RefusedFor | None:
        answer = await self._ask(b"zINSTREAM\0", chunks)
        if answer == "stream: OK":
            return None
        if answer.startswith("stream: ") and answer.endswith(" FOUND"):
            signature = answer.removeprefix("stream: ")
            return next((reason for start, reason in _MEANS.items() if signature.startswith(start)), "malware")
        raise ScannerAway("the scanner answered neither clean nor found")

    async def version(self) -> str:
        return await self._ask(b"zVERSION\0", None)

    async def _ask(self, command: bytes, chunks: AsyncIterator[bytes] | None) -> str:
        try:
            async with asyncio.timeout(self._seconds):
                async with asyncio.timeout(_CONNECT_SECONDS):
                    reader, writer = await self._connect()
                try:
                    writer.write(command)
                    if chunks is not None:
                        await _pour(chunks, writer)
                    return (await reader.readuntil(b"\0"))[:-1].decode(errors="replace")
                finally:
                    writer.close()
                    with suppress(OSError):
                        await writer.wait_closed()
        except (OSError, EOFError, asyncio.LimitOverrunError) as error:  # a timeout is an OSError
            raise ScannerAway(type(error).__name__) from None

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._path:
            return await asyncio.open_unix_connection(self._path)
        return await asyncio.open_connection(self._host, self._port)


async def _pour(chunks: AsyncIterator[bytes], writer: asyncio.StreamWriter) -> None:
    async for chunk in chunks:
        writer.write(len(chunk).to_bytes(4, "big"))
        writer.write(chunk)
        await writer.drain()
    writer.write(bytes(4))
    await writer.drain()


def scanner_at(address: str | None, seconds: float) -> Scanner:
    """The scanner of the settings. Raises ValueError for an address that cannot be one."""
    return ClamAV(address, seconds) if address else NoScanner()
