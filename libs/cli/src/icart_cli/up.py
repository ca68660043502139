"""`icart up`: everything in the foreground, with logs that people can read, until Ctrl-C."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

from icart_cli.output import Output
from icart_cli.platform import platform

_STYLES = {"error": "red", "critical": "red", "warning": "yellow"}
_FIRST = ("event", "level", "timestamp", "service")


class ReadableLogs:
    """A service's log line as one short line: time, service, what, and its facts."""

    def __init__(self, output: Output, *, least: str = "info") -> None:
        self._output = output
        self._quiet = {"debug"} if least == "info" else {"debug", "info"}

    def __call__(self, service: str, fields: dict[str, object]) -> None:
        level = str(fields.get("level", "info"))
        if level in self._quiet:
            return
        if self._output.as_json:
            self._output.log({**fields, "service": service})
            return
        facts = " ".join(f"{name}={value}" for name, value in fields.items() if name not in _FIRST)
        time = str(fields.get("timestamp", ""))[11:19]
        self._output.line(
            f"{time:8} {service:13} {fields.get('event', '')} {facts}".rstrip(), style=_STYLES.get(level, "")
        )


async def up(output: Output, folder: Path, *, brokers: int, packs: Path | None) -> None:
    """Run until SIGINT or SIGTERM."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    logs = ReadableLogs(output)
    async with platform(folder, brokers=brokers, packs=packs, step=output.line, heard=logs) as running:
        _next_steps(output, running.folder)
        await stop.wait()
        output.line("Stopping: services drain, then the broker and the database.")
    output.line("Stopped. The data is kept; `icart up` goes on from here.")


def _next_steps(output: Output, folder: Path) -> None:
    option = "" if folder == Path(".icart").resolve() else f" --folder {folder}"
    if output.as_json:
        output.fact("ready", "", folder=str(folder))
        return
    output.line("")
    output.line("iCART runs. In another terminal:", style="bold")
    output.line(f"  icart submit docs/examples/referral.json{option}   send a referral and see what becomes of it")
    output.line(f"  icart follow --last{option}                        its contacts, clocks and messages back")
    output.line(f"  icart doctor{option}                               what is reachable, what is behind, what to do")
    output.line(f"  Mail that leaves is kept in {folder / 'mail'}, logs in {folder / 'logs'}. Ctrl-C stops everything.")
    output.line("")
