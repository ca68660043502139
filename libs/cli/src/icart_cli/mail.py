"""The try-out's mail server: takes what the services send and keeps it in a folder, so that nothing leaves the machine."""

from __future__ import annotations

import asyncio
import itertools
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP


class KeptMail:
    """Accepts every e-mail on loopback and writes it to `folder` as `0001.eml`, `0002.eml`, …"""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._numbers = itertools.count(1 + len(list(folder.glob("*.eml"))))
        self._server: asyncio.Server | None = None

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        path = self.folder / f"{next(self._numbers):04}.eml"
        path.touch(mode=0o600)
        path.write_bytes(envelope.content)
        return "250 kept"

    async def start(self) -> int:
        """Listen on a free port; returns it."""
        self._server = await asyncio.get_running_loop().create_server(
            lambda: SMTP(self, enable_SMTPUTF8=True), "127.0.0.1", 0
        )
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def stop(self) -> None:
        """Take no more mail. What was taken stays in the folder."""
        if self._server:
            self._server.close()
            await self._server.wait_closed()
