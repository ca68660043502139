"""The register of rules (docs/requirements.md), read from its tables.

The file is the one list of what the system must do; the test marker, the matrix and the house rules all
read it here, so that a row that is renamed or removed is noticed everywhere.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REGISTER = ROOT / "docs" / "requirements.md"

# The letters that the register uses for authorities, and the ids of their policy packs.
AUTHORITIES = {"H": "halton", "W": "cheshire-west", "Y": "york"}

# Whose document each source is (the register's own heading).
_SOURCE_OF = {"S0": "H", "S1": "H", "S2": "W", "S3": "H", "S4": "Y"}

_ROW = re.compile(r"^\|\s*(?P<id>[A-Z]{2}-\d+)\s*\|(?P<cells>.*)\|\s*$")
_HEADING = re.compile(r"^## (?P<title>.+)$")


class RegisterError(Exception):
    """The register of rules cannot be read: it has no rows, or one id twice."""


@dataclass(frozen=True)
class Row:
    """One rule. `authorities` holds the letters (H, W, Y) of the authorities whose documents state it."""

    id: str
    section: str
    rule: str
    authorities: str
    line: int

    def words(self, count: int = 9) -> str:
        """The first words of the rule, for a table."""
        words = self.rule.replace("*", "").replace("`", "").split()
        return " ".join(words[:count]) + (" ..." if len(words) > count else "")


def _authorities(section: str, cells: list[str]) -> str:
    last = cells[-1]
    if section.startswith("1."):
        return "".join(letter for letter, cell in zip("HWY", cells[1:], strict=True) if cell)
    if last == "all" or "adopted for all" in cells[0]:
        return "HWY"
    named = set(re.findall(r"\b[HWY]\b", last)) or {_SOURCE_OF[source] for source in re.findall(r"S\d", last)}
    return "".join(letter for letter in "HWY" if letter in named)


def read_register(text: str) -> dict[str, Row]:
    """The rows by id, in the order of the document.

    Raises RegisterError when a row's id appears twice or when there is no row at all.
    """
    rows: dict[str, Row] = {}
    section = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if heading := _HEADING.match(line):
            section = heading["title"]
        found = _ROW.match(line)
        if found is None:
            continue
        cells = [cell.strip() for cell in found["cells"].split("|")]
        if found["id"] in rows:
            raise RegisterError(f"line {number}: {found['id']} is already on line {rows[found['id']].line}")
        rows[found["id"]] = Row(found["id"], section, cells[0], _authorities(section, cells), number)
    if not rows:
        raise RegisterError("no row found: a row looks like '| IN-4 | rule | S1 |'")
    return rows


@cache
def register() -> dict[str, Row]:
    """The rows of docs/requirements.md."""
    return read_register(REGISTER.read_text(encoding="utf-8"))


def fault_of_mark(rows: tuple[object, ...], authority: object) -> str | None:
    """What is wrong with a `req` mark, as a sentence; None when nothing is."""
    if not rows:
        return 'a req mark names no row; write req("IN-4")'
    for row in rows:
        if row not in register():
            return f"{row!r} is no row of docs/requirements.md"
    if authority is not None and authority not in AUTHORITIES.values():
        return f"{authority!r} is no authority of the register ({', '.join(AUTHORITIES.values())})"
    return None
