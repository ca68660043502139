"""People from a CSV, and any statement of the feed from JSON Lines."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from icart_cli import exits
from icart_cli.feed.rows import Finding, Row
from icart_common.contracts.cases import EpisodeHeld, PersonHeld, PersonNotHeld

_LISTS = {"other_names", "phones"}
_FLAGS = {"child_protection", "child_in_need", "looked_after", "caf", "troubled_family", "adult_safeguarding"}
_CASE = {"status", "allocated", "worker", "worker_email", "team", "opened", "closed"}
COLUMNS = (
    "number", "as_of", "given_name", "family_name", "other_names", "born", "died", "sex", "nhs_number", "upn", "address",
    "postcode", "phones", "school", "status", "allocated", "worker", "worker_email", "team", "opened", "closed",
    *sorted(_FLAGS),
)  # fmt: skip
"""The columns that a CSV may have; lists are separated by `;`, yes/no as `true`/`false`, dates as 2026-11-22."""
_TYPES: Final = {message.TYPE for message in (PersonHeld, PersonNotHeld, EpisodeHeld)}


class Table:
    """A `.csv` or `.jsonl` file. It says nothing of its own time."""

    as_of: str | None = None

    def __init__(self, path: Path) -> None:
        self._path = path

    def rows(self) -> Iterator[Row]:
        """Each line as a row. Raises `Stop` for another kind of file, a bad header, or bytes that are no text."""
        try:
            if self._path.suffix == ".csv":
                yield from self._csv()
            elif self._path.suffix in {".jsonl", ".ndjson"}:
                yield from self._json_lines()
            else:
                raise exits.Stop(
                    exits.WRONG_USE,
                    f"{self._path.name} is neither .csv nor .jsonl.",
                    "A children-in-need census is loaded with --format cin-census.",
                )
        except UnicodeDecodeError:
            raise exits.Stop(
                exits.WRONG_USE, f"{self._path.name} is not UTF-8 text.", "Export it again as UTF-8."
            ) from None

    def _csv(self) -> Iterator[Row]:
        with self._path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file, restkey=None)
            names = reader.fieldnames or ()
            unknown = sorted(set(names) - set(COLUMNS))
            if unknown or "number" not in names:
                raise exits.Stop(
                    exits.WRONG_USE,
                    f"{self._path.name}: "
                    + (f"unknown columns {', '.join(unknown)}." if unknown else "there is no column `number`."),
                    f"Columns are: {', '.join(COLUMNS)}.",
                )
            for row in reader:
                original = json.dumps(row, ensure_ascii=False, default=str)
                if None in row:
                    do = f"give {len(names)} values, as the header has: quote a value with a comma in it"
                    finding = Finding(reader.line_num, "rejected", "line", "more values than columns", do, original)
                    yield Row(reader.line_num, None, (finding,), original)
                else:
                    yield Row(reader.line_num, _from_csv(row), (), original)

    def _json_lines(self) -> Iterator[Row]:
        with self._path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                try:
                    fields: Any = json.loads(line)
                except ValueError:
                    fields = None
                kind = fields.pop("type", PersonHeld.TYPE) if isinstance(fields, dict) else None
                if kind in _TYPES:
                    yield Row(number, fields, (), line.rstrip("\n"), kind)
                    continue
                found = "a type that the feed does not take from a file" if kind else "text that is not a JSON object"
                do = f"send one of: {', '.join(sorted(_TYPES))}" if kind else "write one JSON object on each line"
                finding = Finding(number, "rejected", "$.type" if kind else "$", found, do, line.rstrip("\n"))
                yield Row(number, None, (finding,), line.rstrip("\n"))


def _from_csv(row: dict[str, str | None]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    case: dict[str, Any] = {}
    services: dict[str, bool] = {}
    address: dict[str, Any] = {}
    for name, value in row.items():
        if value is None or not value.strip():
            continue
        if name in _LISTS:
            found[name] = [part.strip() for part in value.split(";") if part.strip()]
        elif name in _FLAGS:
            services[name] = _yes(value)
        elif name in _CASE:
            case[name] = _yes(value) if name == "allocated" else value.strip()
        elif name == "address":
            address["lines"] = value
        elif name == "postcode":
            address["postcode"] = value
        else:
            found[name] = value.strip()
    if address:
        found["addresses"] = [{"lines": "", **address}]
    if case:
        found["case"] = case
    if services:
        found["services"] = services
    return found


def _yes(value: str) -> bool:
    return value.strip().lower() in {"true", "yes", "1"}
