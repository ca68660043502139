"""What a command prints: rich on a terminal, one JSON object a line otherwise. The same facts either way."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table


class Output:
    """Where a command's words go. `as_json` turns every line into one JSON object."""

    def __init__(self, *, as_json: bool = False, console: Console | None = None) -> None:
        self.as_json = as_json
        # Where there is no terminal whose width counts, tables keep their columns whole.
        width = None if sys.stdout.isatty() else 160
        self.console = console or Console(highlight=False, soft_wrap=True, width=width)
        self.errors = Console(stderr=True, highlight=False, soft_wrap=True)

    @property
    def interactive(self) -> bool:
        return not self.as_json and self.console.is_terminal

    def line(self, sentence: str, /, *, style: str = "", **facts: Any) -> None:
        """One fact: as a sentence for people (already escaped by style only), or as an object with its name."""
        if self.as_json:
            self._json({"line": sentence, **facts})
        else:
            self.console.print(escape(sentence), style=style)

    def fact(self, name: str, sentence: str, /, *, style: str = "", **facts: Any) -> None:
        """One fact with a name that scripts can look for."""
        if self.as_json:
            self._json({"fact": name, **({"says": sentence} if sentence else {}), **facts})
        else:
            self.console.print(escape(sentence), style=style)

    def table(
        self, name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, empty: str, title: str = ""
    ) -> None:
        """A table, or `empty` when it has no rows; as JSON one object a row."""
        rows = [list(row) for row in rows]
        if self.as_json:
            for row in rows:
                self._json({"fact": name, **dict(zip(columns, row, strict=True))})
            return
        if not rows:
            self.console.print(escape(empty), style="dim")
            return
        table = Table(title=title or None, title_justify="left", show_edge=False, pad_edge=False, header_style="bold")
        for column in columns:
            table.add_column(column, overflow="fold")
        for row in rows:
            table.add_row(*(escape("" if cell is None else str(cell)) for cell in row))
        self.console.print(table)

    def log(self, fields: dict[str, Any]) -> None:
        """A service's log line, as JSON."""
        self._json({"fact": "log", **fields})

    def error(self, sentence: str, fix: str = "") -> None:
        """What went wrong and what to do, on standard error."""
        if self.as_json:
            print(json.dumps({"error": sentence, "fix": fix}, default=str), file=sys.stderr, flush=True)
            return
        self.errors.print(escape(sentence), style="red")
        if fix:
            self.errors.print(escape(fix))

    def _json(self, fields: dict[str, Any]) -> None:
        print(json.dumps(fields, default=str), flush=True)
