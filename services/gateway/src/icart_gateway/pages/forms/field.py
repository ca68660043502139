"""A field of a form, how it is read from what a browser sends, and what is said when it does not fit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal, Protocol

from icart_common.worktime.calendar import LONDON

Kind = Literal["text", "long", "lines", "choice", "choices", "select", "day", "moment", "yes-no", "fixed"]
"""`lines`: one thing a line. `choices`: several may be ticked. `moment`: a day and a time. `fixed`: shown to nobody."""
_SEVERAL: Final = ("lines", "choices")
_CHOSEN: Final = ("choice", "choices", "select", "yes-no")


class Sent(Protocol):
    """What a form holds, as the web framework gives it."""

    def getlist(self, key: str, /) -> Sequence[object]: ...


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One question. Values are text as a person typed it; of several, one a line."""

    name: str
    """Its place in the command: `reason`, `consent.when`, `statements.needs`."""
    label: str
    kind: Kind = "text"
    hint: str = ""
    needed: str = ""
    """What to do when it is blank, as an error says it; empty where it may be blank."""
    choices: tuple[Choice, ...] = ()
    starts_as: str = ""
    """What stands there when the form is opened: the record's own, or nothing."""

    @property
    def pairs(self) -> list[tuple[str, ...]]:
        """The choices as the page's components take them."""
        return [(one.value, one.label, one.hint) if one.hint else (one.value, one.label) for one in self.choices]

    @property
    def options(self) -> list[tuple[str, str]]:
        """The same of a list to choose one from: what it is stands beside its name."""
        return [("", "Choose"), *((one.value, ", ".join(filter(None, (one.label, one.hint)))) for one in self.choices)]

    def read(self, form: Sent) -> str:
        """What was typed or ticked."""
        if self.kind == "day":
            return _day(form, self.name)
        if self.kind == "moment":
            return " ".join(part for part in (_day(form, self.name), _one(form, f"{self.name}-time")) if part)
        if self.kind == "choices":
            return "\n".join(_texts(form, self.name))
        return _one(form, self.name)

    def wrong(self, value: str) -> str:
        """What is wrong with a value and what to do, in one sentence; empty when nothing is."""
        if not value.strip():
            return self.needed
        if self.kind in _CHOSEN and not set(value.splitlines()) <= {one.value for one in self.choices}:
            return f"Choose from the list: {self.label.lower()}"
        if self.kind == "day" and day_of(value) is None:
            return f"{self.label}: write a day like 16 11 2026"
        if self.kind == "moment" and moment_of(value) is None:
            return f"{self.label}: write a day like 16 11 2026 and a time like 14:30"
        return ""

    def said(self, value: str) -> object:
        """The value as the command holds it. Only of a value with which nothing is wrong; None when it is blank."""
        value = value.strip()
        if not value:
            return None
        if self.kind in _SEVERAL:
            return [line.strip() for line in value.splitlines() if line.strip()]
        if self.kind == "yes-no":
            return value == "yes"
        if self.kind == "day":
            found = day_of(value)
            return found.isoformat() if found else None
        if self.kind == "moment":
            at = moment_of(value)
            return at.isoformat() if at else None
        return value

    def boxes(self, value: str) -> tuple[str, str, str, str]:
        """Day, month, year and time of a value, as typed."""
        day, time = (value, "") if self.kind == "day" else value.rpartition(" ")[::2] if " " in value else (value, "")
        parts = (*day.split("/", 2), "", "", "")[:3]
        return parts[0], parts[1], parts[2], time

    def in_words(self, value: str) -> str:
        """The value as a person reads it."""
        labels = {one.value: one.label for one in self.choices}
        return "\n".join(labels.get(line, line) for line in value.splitlines())


YES_NO: Final = (Choice("yes", "Yes"), Choice("no", "No"))


def nested(values: Iterable[tuple[Field, str]]) -> dict[str, object]:
    """What the fields say, as the command's own places; what is blank is left out."""
    found: dict[str, object] = {}
    for field, value in values:
        said = field.said(value)
        if said is None:
            continue
        *path, last = field.name.split(".")
        inner: dict[str, object] = found
        for name in path:
            deeper = inner.setdefault(name, {})
            assert isinstance(deeper, dict), f"{field.name} is within a field that holds a value itself"
            inner = deeper
        inner[last] = said
    return found


def day_of(value: str) -> date | None:
    """A day as people write it: 16/11/2026, or 2026-11-16; None when it is neither."""
    for how in ("%d/%m/%Y", "%Y-%m-%d", "%d.%m.%Y", "%d %m %Y"):
        try:
            return datetime.strptime(value.strip(), how).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


def moment_of(value: str) -> datetime | None:
    """A day and a time on the wall in London, as people write them; None when they are not whole."""
    day, _, time = value.strip().rpartition(" ")
    found = day_of(day)
    if found is None:
        return None
    for how in ("%H:%M", "%H.%M"):
        try:
            clock = datetime.strptime(time, how)  # noqa: DTZ007 - a time of the day
        except ValueError:
            continue
        return datetime(found.year, found.month, found.day, clock.hour, clock.minute, tzinfo=LONDON)
    return None


def blank(values: Mapping[str, str]) -> bool:
    """Whether nothing was typed anywhere."""
    return not any(value.strip() for value in values.values())


def _day(form: Sent, name: str) -> str:
    """The three boxes of a day; only the first is sent when a day is written in one."""
    boxes = [_one(form, box).strip() for box in (name, f"{name}-month", f"{name}-year")]
    return "/".join(boxes) if any(boxes[1:]) else boxes[0]


def _one(form: Sent, name: str) -> str:
    found = _texts(form, name)
    return found[0] if found else ""


def _texts(form: Sent, name: str) -> list[str]:
    """Texts alone: a file in their place counts for nothing. Line ends as everybody has them, and no NUL."""
    given = (value for value in form.getlist(name) if isinstance(value, str))
    return [value.replace("\r\n", "\n").replace("\0", "") for value in given]
