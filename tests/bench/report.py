"""What was measured: beside its target, as a table and as JSON. Nothing here passes or fails a build."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Target:
    """A figure that the finished system is held to."""

    unit: str
    target: float
    better: Literal["more", "less"]
    what: str


TARGETS = {
    "P1": Target("of the bare path", 0.5, "more", "a service's whole batch path against the bare path"),
    "P2": Target("times", 15, "more", "batches against one message per transaction, same service"),
    "P3-p50": Target("ms", 25, "less", "referral published to operators' desktop, half of them within"),
    "P3-p99": Target("ms", 100, "less", "referral published to operators' desktop, 99 of 100 within"),
    "P4-p99": Target("ms", 5, "less", "one person matched among a million, 99 of 100 within"),
    "P4-batches": Target("people/s", 5_000, "more", "people matched among a million, in batches"),
    "P5": Target("times", 2, "less", "matching among twelve million against among one"),
    "P6": Target("minutes", 15, "less", "a year of England's contacts through intake, matched"),
    "P9": Target("times", 1.3, "less", "a contact when three million are held against ten thousand"),
    "P10-p95": Target("ms", 50, "less", "server time of an operators' page, 95 of 100 within"),
    "P11": Target("s", 60, "less", "try-out from nothing to the first page, downloads included"),
    "P7-added": Target("clocks/s", 20_000, "more", "clocks added"),
    "P7-due-at-once": Target("clocks/s", 20_000, "more", "clocks that are all due at once, fired"),
    "P7-exact": Target("clocks", 0, "less", "clocks due in one second that were lost or fired twice"),
    "P7-late-p99": Target("ms", 50, "less", "clocks due one by one, 99 of 100 fired within"),
    "P8": Target("rows/s", 20_000, "more", "outbox drained by its relay, order per key kept"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table. `target` is the id of a target when this is the figure that is held to it."""

    part: str
    what: str
    value: float
    unit: str
    ratio: float | None = None
    """Of the line that `against` names."""
    against: str = ""
    target: str | None = None

    @property
    def met(self) -> bool | None:
        if self.target is None:
            return None
        wanted = TARGETS[self.target]
        return self.value >= wanted.target if wanted.better == "more" else self.value <= wanted.target


def facts() -> dict[str, object]:
    """The machine and the versions, so that two runs can be told apart."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "processors": os.cpu_count(),
        "processor": platform.machine(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": f"{platform.system()} {platform.release()}",
        "load_1_5_15_minutes": [round(load, 2) for load in os.getloadavg()],
        "python": platform.python_version(),
        **{name: version(name) for name in ("faststream", "aiokafka", "asyncpg", "pydantic")},
    }


def show(rows: Sequence[Row], machine: dict[str, object], console: Console) -> None:
    """Print the table."""
    table = Table(title="Measured in one run; only ratios can be compared between machines", title_justify="left")
    for name in ("", "what", "measured", "ratio", "target", "met"):
        table.add_column(name, justify="right" if name in ("measured", "ratio", "target") else "left")
    part = ""
    for row in rows:
        if part and row.part != part:
            table.add_section()
        table.add_row(
            "" if row.part == part else row.part,
            row.what,
            f"{_number(row.value)} {row.unit}",
            "" if row.ratio is None else f"{row.ratio:.2f} × {row.against}",
            _wanted(row),
            {True: "[green]yes[/]", False: "[red]no[/]", None: ""}[row.met],
        )
        part = row.part
    console.print(table)
    console.print(", ".join(f"{name} {value}" for name, value in machine.items()), style="dim", soft_wrap=True)


def write(rows: Sequence[Row], machine: dict[str, object], file: Path) -> None:
    """Write every target that was measured, every line of the table, and the facts of the machine."""
    targets = {
        row.target: {
            "value": round(row.value, 3),
            "unit": row.unit,
            "target": TARGETS[row.target].target,
            "better": TARGETS[row.target].better,
            "met": row.met,
            "what": TARGETS[row.target].what,
        }
        for row in rows
        if row.target
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    found = {"targets": targets, "lines": [asdict(row) for row in rows], "machine": machine}
    file.write_text(json.dumps(found, indent=2) + "\n")


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _wanted(row: Row) -> str:
    if row.target is None:
        return ""
    wanted = TARGETS[row.target]
    return f"{'≥' if wanted.better == 'more' else '≤'} {_number(wanted.target)}"
