"""The dates that every clock's sum and firing are tried on (R7), and the table of them in docs/clocks.md.

Written by hand from a wall calendar, not by the code that they try. Run this file to print the page.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from icart_common.worktime import LONDON

PAGE = Path(__file__).parents[3] / "docs" / "clocks.md"


@dataclass(frozen=True, slots=True)
class Tried:
    """One clock on one date. Wall times are London's."""

    about: str
    authority: str
    rule: str
    received: str
    due: str
    due_utc: str
    """The time of day of `due` in UTC: which side of a change of the clocks it is on."""
    second: bool = False
    """Whether `received` is the second coming of a time that comes twice."""
    shut: date | None = None
    """A day that the authority closes on, which is only heard of when the clock runs already."""

    @property
    def received_at(self) -> datetime:
        return datetime.fromisoformat(self.received).replace(tzinfo=LONDON, fold=self.second)

    @property
    def due_at(self) -> datetime:
        """The instant that is due: the day and the time in UTC together leave no doubt."""
        return datetime.combine(date.fromisoformat(self.due[:10]), datetime.min.time(), UTC).replace(
            hour=int(self.due_utc[:2]), minute=int(self.due_utc[3:])
        )


def _tried(about: str, *rows: str) -> tuple[Tried, ...]:
    found = []
    for row in rows:
        authority, rule, received, due, due_utc, *more = (part.strip() for part in row.split("|"))
        shut = next((date.fromisoformat(one.removeprefix("shut ")) for one in more if one.startswith("shut ")), None)
        found.append(Tried(about, authority, rule, received, due, due_utc, "second" in more, shut))
    return tuple(found)


TRIED: tuple[Tried, ...] = (
    *_tried(
        "clocks go forward",
        "halton        | TM-10 | 2026-03-27 20:00 | 2026-03-30 21:00 | 20:00",
        "halton        | TM-13 | 2026-03-28 12:00 | 2026-03-30 13:00 | 12:00",
        "halton        | TM-2  | 2026-03-27 16:00 | 2026-03-30 17:30 | 16:30",
        "york          | TM-5  | 2026-03-27 16:00 | 2026-03-30 09:30 | 08:30",
        "york          | TM-14 | 2026-02-28 12:00 | 2026-03-30 17:00 | 16:00",
    ),
    *_tried(
        "clocks go back",
        "york          | TM-10 | 2026-10-23 20:00 | 2026-10-26 19:00 | 19:00",
        "halton        | TM-6  | 2026-10-24 12:00 | 2026-10-25 11:00 | 11:00",
        "halton        | TM-9  | 2026-10-25 01:30 | 2026-10-26 10:00 | 10:00",
        "halton        | TM-9  | 2026-10-25 01:30 | 2026-10-26 10:00 | 10:00 | second",
        "cheshire-west | TM-4  | 2026-10-23 12:00 | 2026-10-26 17:00 | 17:00",
    ),
    *_tried(
        "ends in the hour that does not exist",
        "halton        | TM-10 | 2026-03-26 01:30 | 2026-03-29 02:30 | 01:30",
        "cheshire-west | TM-6  | 2026-03-28 01:00 | 2026-03-29 02:00 | 01:00",
        "york          | TM-1  | 2026-03-29 00:30 | 2026-03-29 02:30 | 01:30",
    ),
    *_tried(
        "ends in the hour that comes twice",
        "halton        | TM-10 | 2026-10-22 01:30 | 2026-10-25 01:30 | 00:30",
        "halton        | TM-10 | 2026-10-22 02:30 | 2026-10-25 01:30 | 01:30",
        "york          | TM-1  | 2026-10-25 01:30 | 2026-10-25 01:30 | 01:30",
        "york          | TM-1  | 2026-10-25 01:30 | 2026-10-25 02:30 | 02:30 | second",
    ),
    *_tried(
        "leap day",
        "halton        | TM-2  | 2028-02-28 10:00 | 2028-02-29 17:30 | 17:30",
        "halton        | TM-3  | 2028-02-28 10:00 | 2028-03-02 17:30 | 17:30",
        "halton        | TM-14 | 2028-01-31 10:00 | 2028-02-29 17:30 | 17:30",
        "cheshire-west | TM-14 | 2028-02-29 10:00 | 2028-03-29 17:00 | 16:00",
        "halton        | TM-14 | 2027-01-31 10:00 | 2027-03-01 17:30 | 17:30",
        "york          | TM-10 | 2028-02-28 10:00 | 2028-03-02 10:00 | 10:00",
    ),
    *_tried(
        "end of the year",
        "halton        | TM-2  | 2026-12-24 16:00 | 2026-12-29 17:30 | 17:30",
        "cheshire-west | TM-17 | 2026-12-24 16:00 | 2026-12-29 17:00 | 17:00",
        "halton        | TM-3  | 2026-12-31 10:00 | 2027-01-06 17:30 | 17:30",
        "york          | TM-17 | 2026-12-31 16:00 | 2027-01-04 17:00 | 17:00",
        "halton        | TM-12 | 2026-12-23 15:00 | 2026-12-29 17:30 | 17:30",
        "halton        | TM-7  | 2026-12-14 10:00 | 2026-12-24 17:30 | 17:30",
        "cheshire-west | TM-14 | 2027-12-25 10:00 | 2028-01-25 17:00 | 17:00",
    ),
    *_tried(
        "Good Friday and Easter Monday",
        "halton        | TM-3  | 2026-04-02 15:00 | 2026-04-09 17:30 | 16:30",
        "cheshire-west | TM-4  | 2026-04-02 18:00 | 2026-04-08 17:00 | 16:00",
        "york          | TM-5  | 2026-04-02 16:00 | 2026-04-07 09:30 | 08:30",
        "halton        | TM-15 | 2026-04-02 22:00 | 2026-04-13 08:45 | 07:45",
        "halton        | TM-9  | 2026-04-03 03:00 | 2026-04-07 10:00 | 09:00",
    ),
    *_tried(
        "Friday after closing",
        "halton        | TM-1  | 2026-11-20 16:40 | 2026-11-23 17:30 | 17:30",
        "halton        | TM-2  | 2026-11-20 16:45 | 2026-11-24 17:30 | 17:30",
        "cheshire-west | TM-1  | 2026-11-20 16:45 | 2026-11-23 17:00 | 17:00",
        "york          | TM-1  | 2026-11-20 17:30 | 2026-11-20 18:30 | 18:30",
        "halton        | TM-15 | 2026-11-20 22:00 | 2026-11-23 08:45 | 08:45",
    ),
    *_tried(
        "a holiday that is added when the clock runs",
        "halton        | TM-3  | 2026-11-24 10:00 | 2026-11-30 17:30 | 17:30 | shut 2026-11-25",
        "halton        | TM-2  | 2026-11-24 10:00 | 2026-11-26 17:30 | 17:30 | shut 2026-11-25",
        "cheshire-west | TM-4  | 2026-11-24 10:00 | 2026-11-26 17:00 | 17:00 | shut 2026-11-25",
        "york          | TM-5  | 2026-11-24 10:00 | 2026-11-26 09:30 | 09:30 | shut 2026-11-25",
        "york          | TM-14 | 2026-10-25 12:00 | 2026-11-26 17:00 | 17:00 | shut 2026-11-25",
        "halton        | TM-10 | 2026-11-24 10:00 | 2026-11-27 10:00 | 10:00 | shut 2026-11-25",
    ),
)


def page() -> str:
    """docs/clocks.md, whole."""
    lines = [
        "# Clocks: the dates tried",
        "",
        "Each row is tried by `services/timers/tests/test_dates_tried.py` against the rules of the packs and through the firing",
        "loop: due at that instant, warned and breached once each, never early, with the machine's clock going on by small",
        "steps, jumping forward, and jumping back. Times are London's; the last column tells which side of a change of the",
        "clocks it is on. What every clock does is in [its service's README](../services/timers/README.md);",
        "how a holiday that is added late",
        "moves a clock is [decision 0014](decisions/0014-a-calendar-that-changes-moves-its-clocks.md).",
        "",
        "| tried | authority | clock | received | due | in UTC |",
        "|---|---|---|---|---|---|",
    ]
    for one in TRIED:
        about = f"{one.about}: {one.shut:%a} {one.shut.day} {one.shut:%b %Y}" if one.shut else one.about
        received = f"{one.received_at:%a %Y-%m-%d %H:%M}" + (" (the second)" if one.second else "")
        due = f"{one.due_at.astimezone(LONDON):%a %Y-%m-%d %H:%M %Z}"
        lines.append(f"| {about} | {one.authority} | {one.rule} | {received} | {due} | {one.due_utc} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    sys.stdout.write(page())
