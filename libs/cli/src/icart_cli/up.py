"""`icart up`: everything in the foreground, with logs that people can read, until Ctrl-C."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

from icart_cli.output import Output
from icart_cli.platform import Platform, platform
from icart_gateway.signing_in.local_people import LocalPerson, local_people

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


async def up(output: Output, folder: Path, *, brokers: int, packs: Path | None, pages_port: int) -> None:
    """Run until SIGINT or SIGTERM."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    logs = ReadableLogs(output)
    async with platform(
        folder, brokers=brokers, packs=packs, pages_port=pages_port, step=output.line, heard=logs
    ) as running:
        show_pages(output, running)
        await stop.wait()
        output.line("Stopping: services drain, then the broker and the database.")
    output.line("Stopped. The data is kept; `icart up` goes on from here.")


def show_pages(output: Output, running: Platform) -> None:
    """The one address to open, and the people to be there."""
    people = local_people(running.book)
    if output.as_json:
        output.fact("ready", "", folder=str(running.folder), pages=running.pages)
    output.line("")
    output.line(f"iCART runs. Open  {running.pages}", style="bold")
    output.line("and be anybody you like; nothing has to be read first:")
    output.line("")
    rows = [
        (one.name, _roles(running, one), running.book.pack(one.posts[0].authority).authority.name) for one in people
    ]
    output.table("sign-in", ("person", "role", "authority"), rows, empty="")
    output.line("")
    output.line(
        f"Mail that leaves is kept in {running.mail_folder}, logs in {running.folder / 'logs'}. Ctrl-C stops everything."
    )
    output.line("")


def _roles(running: Platform, person: LocalPerson) -> str:
    return ", or ".join(running.book.pack(post.authority).role(post.role).name for post in person.posts)
