"""Values of the census, and what is found to be wrong with them."""

from __future__ import annotations

from datetime import date

from icart_cli.feed.rows import Finding, FindingKind
from icart_cli.feed.xml import Element


class Found:
    """Collects what is found in one child. `day` is the file's own: what lies after it has not happened."""

    def __init__(self, day: date) -> None:
        self.today = day
        self.findings: list[Finding] = []

    def _add(self, kind: FindingKind, part: Element, found: str, do: str) -> None:
        self.findings.append(Finding(part.line, kind, part.name, found, do, part.as_text()))

    def rejected(self, part: Element, found: str, do: str) -> None:
        """A whole episode cannot be sent."""
        self._add("rejected", part, found, do)

    def left_out(self, part: Element, do: str) -> None:
        """One value cannot be sent."""
        self._add("left-out", part, "a value that cannot be one" if part.text else "nothing", do)

    def note(self, part: Element, found: str, do: str) -> None:
        """It is sent, and worth a look."""
        self._add("note", part, found, do)

    def not_carried(self, part: Element) -> None:
        """The front door has no use for it."""
        self._add("note", part, "what the front door has no use for", "nothing: it stays in the file")

    def unknown(self, part: Element) -> None:
        """It is not in the census as it is known here."""
        self._add("left-out", part, "an element that is not known here", "say so to whoever looks after iCART")

    def code(self, part: Element, codes: tuple[str, ...]) -> str | None:
        """A code of a list; None, and left out, when it is none of them."""
        if part.text in codes:
            return part.text
        self.left_out(part, f"use one of: {', '.join(codes)}")
        return None

    def flag(self, part: Element) -> bool | None:
        """Yes or no."""
        known = {"true": True, "1": True, "false": False, "0": False}
        if part.text.lower() in known:
            return known[part.text.lower()]
        self.left_out(part, "use true or false")
        return None

    def day(self, part: Element, *, ahead: bool = False) -> str | None:
        """A date as it is sent; None, and left out, when it is none. One that lies ahead is noted, unless it may."""
        try:
            found = date.fromisoformat(part.text)
        except ValueError:
            self.left_out(part, "write the date as 2026-03-31")
            return None
        if found > self.today and not ahead:
            self.note(
                part, "a date after the file's own time", "check the year: it is kept, and counts for nothing yet"
            )
        return found.isoformat()
