"""A story with people looking on: it waits until they are there, and the pages stay until they have seen enough."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import webbrowser
from typing import Final

from icart_cli.output import Output

BREATH_SECONDS: Final = 2.0
"""Between two steps: long enough to see a desktop move."""
_PAUSE_SECONDS: Final = 15.0
"""How long a story waits for its watchers where nobody can press Enter."""


async def opened(output: Output, address: str) -> None:
    """Open the browser where there is a screen, and wait for Enter, or for a pause where nobody can press it."""
    if _has_screen():
        await asyncio.to_thread(webbrowser.open, address)
    if sys.stdin.isatty() and not output.as_json:
        output.line("Sign in, open the desktops, then press Enter here: the story begins.", style="bold")
        await _line_on(asyncio.get_running_loop())
    else:
        output.line(f"The story begins in {_PAUSE_SECONDS:.0f} s.")
        await asyncio.sleep(_PAUSE_SECONDS)


async def until_told_to_stop(output: Output, address: str) -> None:
    """Let the pages be until SIGINT or SIGTERM."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    output.line(f"The story is over; what it left can be looked at in {address}. Ctrl-C ends it.", style="bold")
    await stop.wait()


async def _line_on(loop: asyncio.AbstractEventLoop) -> None:
    """Wait for a line on standard input; unlike a thread that reads, it can be cancelled."""
    pressed = asyncio.Event()
    loop.add_reader(sys.stdin, pressed.set)
    try:
        await pressed.wait()
    finally:
        loop.remove_reader(sys.stdin)
    sys.stdin.readline()


def _has_screen() -> bool:
    """Whether a browser would open a window: without a screen it might take over the terminal."""
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
