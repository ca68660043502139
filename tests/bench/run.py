"""`make bench`: the speed targets, measured in one run, as a table and as build/bench.json. Nothing here fails a build.

    python tests/bench/run.py [--only P1,P3] [--quick] [--held 10000,200000] [--contacts 3000000]

P1 and P2 are measured together; P11 is measured when it is named, for it downloads everything.
Leaves with 0 when everything could be measured, whether or not a target is met.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import structlog
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from icart_common.deployment import deployment_topics
from icart_common.messaging.provision import Administration
from icart_common.policy import load_packs
from icart_common.settings import KafkaSettings
from icart_localstack.testing import Stack, shared_stack
from tests.bench import backlog, batches, clocks, desktop, feed, first_page, held, pages, rebuilding, report
from tests.bench.report import Row

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("P1", "P2", "P3", "P7", "P8", "P9", "P10", "REBUILD", "FEED")
ALONE = ("P11",)
"""Only when it is named: it builds everything anew and fetches it."""
Say = Callable[[str, int, int], None]


async def measure(
    stack: Stack,
    wanted: set[str],
    rows: list[Row],
    *,
    quick: bool,
    contacts: tuple[int, int],
    shown: int,
    say: Callable[[str], Say],
) -> None:
    """All that is wanted, one after the other; adds to `rows` what was measured. `contacts` are held for P9: few, and many;
    `shown` are in the read models for P10."""
    if wanted & {"P1", "P2", "P8", "REBUILD", "FEED"}:
        await asyncio.to_thread(_make_topics, KafkaSettings(kafka_bootstrap=stack.bootstrap))
    if wanted & {"P1", "P2"}:
        size = batches.Size(2000, 100, 5000, 1) if quick else batches.Size(5000, 200, 20_000, 3)
        found = await batches.measure(stack, size, say("P1, P2"))
        rows += [row for row in found if row.part in wanted]
    if "P7" in wanted:
        rows += await clocks.measure(stack, clocks.QUICK if quick else clocks.WHOLE, say("P7"))
    if "P8" in wanted:
        rows += await backlog.measure(stack, 10_000 if quick else 50_000, say("P8"))
    if "P9" in wanted:
        few, many = (1_000, 10_000) if quick else contacts
        rows += await held.measure(stack, few, many, 500 if quick else 3000, say("P9"))
    if "P10" in wanted:
        rows += await pages.measure(stack, 30_000 if quick else shown, say("P10"))
    if "REBUILD" in wanted:
        rows += await rebuilding.measure(stack, 10_000 if quick else 200_000, say("REBUILD"))
    if "FEED" in wanted:
        rows += await feed.measure(stack, 3000 if quick else 30_000, say("FEED"))


def _make_topics(kafka: KafkaSettings) -> None:
    administration = Administration(kafka)
    administration.apply(administration.plan(deployment_topics(load_packs()), with_acls=False))


@asynccontextmanager
async def _progress(console: Console, parts: Sequence[str]) -> AsyncIterator[Callable[[str], Say]]:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[what]}"))
    # Drawn seldom: the bar must not be what is measured.
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True, refresh_per_second=2) as bar:
        tasks = {part: bar.add_task(part, total=None, start=False, what="") for part in parts}

        def for_part(part: str) -> Say:
            bar.start_task(tasks[part])
            return lambda what, done, of: bar.update(tasks[part], what=what, completed=done, total=of or None)

        yield for_part


def _wanted(argument: str) -> set[str]:
    found = {part.strip().upper() for part in argument.split(",")}
    if unknown := found - {*PARTS, *ALONE}:
        raise argparse.ArgumentTypeError(f"{', '.join(sorted(unknown))}: choose from {', '.join((*PARTS, *ALONE))}")
    return found


def _few_and_many(argument: str) -> tuple[int, int]:
    try:
        few, many = map(int, argument.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{argument}: write two numbers, for example 10000,3000000") from None
    return few, many


async def _main(wanted: set[str], *, quick: bool, contacts: tuple[int, int], shown: int) -> None:
    console = Console(width=None if sys.stdout.isatty() else 150)
    began = time.perf_counter()
    machine = report.facts()
    parts = [
        name
        for name in ("P1, P2", "P7", "P8", "P9", "P10", "REBUILD", "FEED", "P3", "P11")
        if wanted & set(name.split(", "))
    ]
    rows: list[Row] = []
    try:
        async with _progress(console, parts) as say:
            if wanted - {"P3", *ALONE}:
                with shared_stack() as stack:
                    await measure(stack, wanted, rows, quick=quick, contacts=contacts, shown=shown, say=say)
            if "P3" in wanted:
                seconds = 5 if quick else 30
                rows += await desktop.measure(((100, seconds), (40, seconds), (5, seconds)), say("P3"))
            if "P11" in wanted:
                rows += await first_page.measure(ROOT, say("P11"))
    finally:  # what was measured before something broke is shown all the same
        rows.sort(key=lambda row: row.part)
        machine |= {"took_seconds": round(time.perf_counter() - began), "quick": quick}
        report.show(rows, machine, console)
        report.write(rows, machine, ROOT / "build" / "bench.json")
        console.print("Written to build/bench.json.")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Measure the speed targets.")
    parser.add_argument(
        "--only", type=_wanted, default=set(PARTS), metavar="P1,P3", help=f"some of {', '.join((*PARTS, *ALONE))}"
    )
    parser.add_argument("--quick", action="store_true", help="less of everything: to see that it works")
    parser.add_argument(
        "--held",
        type=_few_and_many,
        default=(10_000, 200_000),
        metavar="10000,3000000",
        help="contacts held in P9: few, many",
    )
    parser.add_argument(
        "--contacts",
        type=int,
        default=3_000_000,
        metavar="300000",
        help="contacts in the gateway's read models in P10; three million take some 25 GB of disk",
    )
    arguments = parser.parse_args()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # new topics are asked for until they have a leader
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    asyncio.run(_main(arguments.only, quick=arguments.quick, contacts=arguments.held, shown=arguments.contacts))
