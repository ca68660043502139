"""`make weight`: what a browser is sent for a page, on its first visit and on each one after, beside what a page may weigh.

    python tests/bench/weight.py [--json build/weight.json]

Bytes as they leave the gateway: head and compressed body of every answer, for a person with a full desktop and a whole contact.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import re
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import httpx2
import structlog
from rich.console import Console
from rich.table import Table
from starlette.types import ASGIApp, Message, Receive, Scope, Send

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from icart_common.policy import load_packs
from icart_localstack.testing import shared_stack
from services.gateway.tests.conftest import Gateway, a_gateway
from services.gateway.tests.contacts_told import opened, received
from services.gateway.tests.test_contact_page import a_contact

ROOT: Final = Path(__file__).resolve().parents[2]
FIRST: Final = 300_000
"""Bytes of a first visit: the page with style, script and picture."""
AFTER: Final = 30_000
"""Bytes of each visit after, when the browser has kept those."""
_STATIC: Final = re.compile(r'(?:href|src)="(/static/[^"]+)"')
_ROWS: Final = 30
"""Contacts on the desktops: more than one page of them shows."""


@dataclass(frozen=True, slots=True)
class Weight:
    """A page, and the bytes that a browser is sent for it."""

    page: str
    first: int
    after: int

    @property
    def light(self) -> bool:
        return self.first < FIRST and self.after < AFTER


class _Scale:
    """Counts the bytes of every answer of an application: its head as HTTP/1.1 writes it, and its body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def counting(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.bytes += len("HTTP/1.1 200 OK\r\n\r\n")
                self.bytes += sum(len(name) + len(value) + len(": \r\n") for name, value in message["headers"])
            self.bytes += len(message.get("body", b""))
            await send(message)

        await self.app(scope, receive, counting)


async def weights(gateway: Gateway) -> list[Weight]:
    """The pages that people open most, each weighed."""
    contact = await a_contact(gateway)
    await gateway.hear(*[one for n in range(3, _ROWS + 1) for one in (opened(n), received(n))])
    csrf = await gateway.sign_in("w-101", "social-work-manager")
    looked = await gateway.client.post("/search", data={"csrf": csrf, "family_name": "Quillfeather"})
    await gateway.client.post("/refer/halton")
    scale = _Scale(gateway.app)
    pages = {
        "desktops": "/desktops", "contact": contact, "search": "/search", "search results": looked.headers["location"],
        "refer form": "/refer/halton", "refer form, about you": "/refer/halton/who",
        "refer form, what happened": "/refer/halton/happened", "performance": "/performance",
        "partners' API": "/api/v1/docs",
    }  # fmt: skip
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=scale), base_url="http://gateway.test", cookies=gateway.client.cookies
    ) as client:
        return [await _weigh(client, scale, name, path) for name, path in pages.items()]


async def _weigh(client: httpx2.AsyncClient, scale: _Scale, name: str, path: str) -> Weight:
    scale.bytes = 0
    answer = await client.get(path)
    answer.raise_for_status()
    after = scale.bytes
    for one in sorted(set(_STATIC.findall(answer.text))):
        (await client.get(one)).raise_for_status()
    return Weight(name, scale.bytes, after)


def show(found: Sequence[Weight], console: Console) -> None:
    """Print the table."""
    table = Table(title="Bytes as they are sent", title_justify="left")
    for name in ("page", "first visit", "each visit after", "light enough"):
        table.add_column(name, justify="right" if "visit" in name else "left")
    for one in found:
        table.add_row(one.page, f"{one.first:,}", f"{one.after:,}", "[green]yes[/]" if one.light else "[red]no[/]")
    table.add_section()
    table.add_row("at most", f"{FIRST:,}", f"{AFTER:,}", "")
    console.print(table)


def write(found: Sequence[Weight], file: Path) -> None:
    """The same as JSON, with the limits."""
    file.parent.mkdir(parents=True, exist_ok=True)
    limits = {"first": FIRST, "after": AFTER}
    file.write_text(json.dumps({"limits": limits, "pages": [asdict(one) for one in found]}, indent=2) + "\n")


async def _main(file: Path) -> None:
    with shared_stack(durable=False) as stack, tempfile.TemporaryDirectory(prefix="icart-weight-") as folder:
        async with a_gateway(stack, load_packs(), Path(folder)) as gateway:
            found = await weights(gateway)
    console = Console(width=None if sys.stdout.isatty() else 120)
    show(found, console)
    write(found, file)
    console.print(f"Written to {file}.")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Weigh the gateway's pages.")
    parser.add_argument(
        "--json", type=Path, default=ROOT / "build" / "weight.json", help="where the figures are written"
    )
    arguments = parser.parse_args()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    asyncio.run(_main(arguments.json))
