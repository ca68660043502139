"""`make faults`: R1, R4 and R5 on the real services, Apache Kafka and PostgreSQL.

Prints a table and writes build/faults.json. Everything random follows from `--seed`, which is printed; what the machine adds of
its own (when exactly a kill falls) does not.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import secrets
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from rich.console import Console  # noqa: E402 - the tests' own modules lie beside this program
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: E402
from rich.table import Table  # noqa: E402

from icart_cli.platform import Platform, platform  # noqa: E402
from icart_common.clock import monotonic  # noqa: E402
from tests.faults import flood, kills, rebuild  # noqa: E402
from tests.faults.figures import Figure, write  # noqa: E402

TARGETS = ("R1", "R4", "R5")
Tell = Callable[[str, int, int], None]


async def measure(only: set[str], *, seed: int, quick: bool, tell: Tell) -> dict[str, Figure]:
    """Run the chosen fault tests: what was killed under load is then rebuilt; the flood has a platform of its own."""
    found: dict[str, Figure] = {}
    if only & {"R1", "R4"}:
        async with _platform(tell) as running:
            size = {"messages": 2_000, "kills": 4} if quick else {"messages": 20_000, "kills": 20}
            if "R1" not in only:  # the rebuild needs something to rebuild
                size["kills"] = 1
            figure = await kills.run(running, seed=seed, progress=tell, **size)
            if "R1" in only:
                found["R1"] = figure
            if "R4" in only:
                found["R4"] = await rebuild.run(running, progress=tell)
    if "R5" in only:
        async with _platform(tell) as running:
            found["R5"] = await flood.run(running, seed=seed, inputs=8_000 if quick else 100_000, progress=tell)
    return found


@asynccontextmanager
async def _platform(tell: Tell) -> AsyncIterator[Platform]:
    """The services on a broker and a database of their own, in a folder that is gone afterwards."""
    more = {
        # The breaker has its own test; here most of what some senders send is broken, and all of it has to be read.
        "ICART_BREAKER_SHARE": "1.0",
        "ICART_LOG_LEVEL": "ERROR",
        # An e-mail that a killed sender had claimed is nobody's until its lease ends: five minutes, if nothing is said.
        "ICART_SMTP_TIMEOUT_SECONDS": "5",
        "ICART_SMTP_LEASE_SECONDS": "20",
    }
    folder = Path(tempfile.mkdtemp(prefix="icart-faults-"))
    try:
        async with platform(folder, more=more, step=lambda sentence: tell(sentence, 0, 1)) as running:
            yield running
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def show(console: Console, found: dict[str, Figure], seconds: float) -> None:
    table = Table(title=f"Faults ({seconds:.0f} s)", title_justify="left")
    for column in ("target", "value", "unit", "wanted", "met", "what was done"):
        table.add_column(column, overflow="fold")
    for name, figure in sorted(found.items()):
        met = "[green]yes[/]" if figure.met else "[red]no[/]"
        table.add_row(name, f"{figure.value:,.0f}", figure.unit, f"{figure.target:,.0f}", met, figure.says)
    console.print(table)
    for name, figure in sorted(found.items()):
        if not figure.met:
            console.print(f"{name}: {figure.facts}")


def main() -> int:
    """0 when every target was met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--only", action="append", choices=sorted(TARGETS), help="run this target alone; may be repeated"
    )
    parser.add_argument("--quick", action="store_true", help="fewer kills and messages: about two minutes")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000), help="the seed of all that is random")
    chosen = parser.parse_args()
    console = Console()
    console.print(f"seed {chosen.seed}")
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    began = monotonic()
    columns = (TextColumn("{task.description:<40}"), BarColumn(), TextColumn("{task.completed:,.0f}/{task.total:,.0f}"))
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as bar:
        task = bar.add_task("starting", total=1)

        def tell(what: str, done: int, total: int) -> None:
            bar.update(task, description=what, completed=done, total=total)

        found = asyncio.run(measure(set(chosen.only or TARGETS), seed=chosen.seed, quick=chosen.quick, tell=tell))
    show(console, found, monotonic() - began)
    write(ROOT / "build" / "faults.json", found, seed=chosen.seed)
    return 0 if all(figure.met for figure in found.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
