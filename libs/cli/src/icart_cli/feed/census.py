"""The children-in-need census return (XML) as a feed: every child, and every referral episode with its source, need and dates.

The census has no names: a child is known by the authority's number, date of birth, sex and UPN. Dates that lie after the
file's own time are kept, and count for nothing yet. What the front door has no use for (ethnicity, disabilities) stays in
the file, and is named once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from icart_cli import exits
from icart_cli.feed.census_episodes import episode_of
from icart_cli.feed.census_values import Found
from icart_cli.feed.rows import Finding, Row
from icart_cli.feed.xml import Element, records

_HEADER: Final = ("Message", "Header")
_CHILD: Final = ("Message", "Children", "Child")
_NUMBER: Final = re.compile(r"[A-Za-z0-9-]{1,40}")
_UPN: Final = re.compile(r"[A-Z][0-9]{11}[0-9A-Z]")
_LONDON: Final = ZoneInfo("Europe/London")
_SEX: Final = {
    "0": "unknown", "1": "male", "2": "female", "9": "other",  # GenderCurrent, to 2022
    "M": "male", "F": "female", "U": "unknown",  # Sex, since 2023
}  # fmt: skip
_NOT_CARRIED: Final = frozenset(
    {"ChildCharacteristics", "FormerUPN", "UPNunknown", "UniqueLearnerNumber", "DisabilityOnDate"}
)
"""What the front door has no use for."""


class Census:
    """A census file. `as_of` is its own time, or the one that is given; nothing after that day has happened yet."""

    def __init__(self, path: Path, *, now: datetime, team: str | None = None, as_of: datetime | None = None) -> None:
        self._path = path
        self._team = team
        found = as_of or self._own_time()
        if found > now:
            raise exits.Stop(
                exits.WRONG_USE,
                f"{path.name} says that it was made after now.",
                "Give the instant that it holds for: --as-of 2026-03-31T23:59:59Z.",
            )
        self.as_of: str | None = found.isoformat()
        self._day = found.astimezone(_LONDON).date()

    def _own_time(self) -> datetime:
        for header in records(self._path, "Message", _HEADER, _CHILD):
            if header.name != "Header":
                break
            details = {part.name: part.text for group in header.children for part in group.children}
            if details.get("Collection") not in {None, "CIN"}:
                raise exits.Stop(
                    exits.WRONG_USE, f"{self._path.name} is another collection's file.", "A census is CIN's."
                )
            return _instant(details.get("DateTime"), details.get("ReferenceDate")) or self._no_time()
        return self._no_time()

    def _no_time(self) -> datetime:
        raise exits.Stop(
            exits.WRONG_USE,
            f"{self._path.name} does not say when it was made.",
            "Give the instant that it holds for: --as-of 2026-03-31T23:59:59Z.",
        )

    def rows(self) -> Iterator[Row]:
        """Every child as a row, in the order of the file."""
        seen: set[str] = set()
        for element in records(self._path, "Message", _CHILD):
            yield self._row(element, seen)

    def _row(self, element: Element, seen: set[str]) -> Row:
        found = Found(self._day)
        identifiers = next(iter(element.all("ChildIdentifiers")), Element("ChildIdentifiers", element.line))
        number = next((one.text for one in identifiers.all("LAchildID")), "")
        original = element.as_text()
        if not _NUMBER.fullmatch(number):
            do = "give each child the authority's own number: letters, digits and hyphens, at most 40"
            return Row(element.line, None, (Finding(element.line, "rejected", "LAchildID", _is(number), do, original),))
        if number in seen:
            do = "put all episodes of a child into one Child"
            return Row(
                element.line,
                None,
                (Finding(element.line, "rejected", "LAchildID", "a child who came before in the file", do, original),),
            )
        seen.add(number)
        fields: dict[str, Any] = {"number": number, **self._identity(identifiers, found)}
        history: list[dict[str, Any]] = []
        episodes: list[dict[str, Any]] = []
        for part in element.children:
            if part.name == "CINdetails":
                episode = episode_of(part, found, history, {one["episode"] for one in episodes}, self._team)
                if episode:
                    self._after_death(fields.get("died"), episode, part, found)
                    episodes.append(episode)
            elif part.name in _NOT_CARRIED:
                found.not_carried(part)
            elif part.name != "ChildIdentifiers":
                found.unknown(part)
        fields["episodes"] = episodes
        fields["history"] = history
        return Row(element.line, fields, tuple(found.findings), original)

    def _identity(self, identifiers: Element, found: Found) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        for part in identifiers.children:
            match part.name:
                case "UPN" if _UPN.fullmatch(part.text):
                    fields["upn"] = part.text
                case "UPN":
                    found.left_out(part, "a UPN is a letter, eleven digits and a digit or letter")
                case "PersonBirthDate":
                    fields["born"] = found.day(part)
                case "ExpectedPersonBirthDate":
                    fields["expected"] = found.day(part, ahead=True)
                case "PersonDeathDate":
                    fields["died"] = found.day(part)
                case "GenderCurrent" | "Sex" if part.text in _SEX:
                    fields["sex"] = _SEX[part.text]
                case "GenderCurrent" | "Sex":
                    found.left_out(part, "use 0, 1, 2 or 9, or since 2023 F, M or U")
                case "LAchildID":
                    pass
                case name if name in _NOT_CARRIED:
                    found.not_carried(part)
                case _:
                    found.unknown(part)
        born, died = fields.get("born"), fields.get("died")
        if born and died and died < born:
            where = next(iter(identifiers.all("PersonDeathDate")))
            found.note(where, "a date of death before the date of birth", "check both dates: both are sent")
        return {name: value for name, value in fields.items() if value is not None}

    def _after_death(self, died: str | None, episode: dict[str, Any], part: Element, found: Found) -> None:
        if died and episode["status"] == "open" and date.fromisoformat(died) <= self._day:
            found.note(
                part, "an open episode of a child who has died", "close it in the case system: it is sent as open"
            )


def _instant(made: str | None, reference: str | None) -> datetime | None:
    """The instant of a header: when it was made, else the end of its reference day."""
    try:
        if made:
            instant = datetime.fromisoformat(made)
            return instant if instant.tzinfo else instant.replace(tzinfo=_LONDON)
        return datetime.combine(date.fromisoformat(reference), time(23, 59, 59), _LONDON) if reference else None
    except ValueError:
        return None


def _is(text: str) -> str:
    return "a number that cannot be one" if text else "nothing"
