"""What a document consists of, whatever it is printed as: facts, tables and what somebody wrote, each under a heading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from icart_common.contracts.base import Actor
from icart_common.policy.wording import day_in_words, instant_in_words

_NOTHING: Final[tuple[object, ...]] = (None, "", (), [], {})


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known, each fact by its name. A fact that is not known is left out."""

    title: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. `columns` are its headings; the first cell of each row is the row's own."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote, and what there is to say about it: that it was corrected, or copied."""

    title: str
    text: str
    notes: tuple[str, ...] = ()


Block = Facts | Grid | Written


@dataclass(frozen=True, slots=True)
class Document:
    """A document for one reader. Its title and reference name nobody: they are seen in lists of files and of windows."""

    title: str
    reference: str
    front_door: str
    reached_at: str
    confidential: str
    """Whom it is for, and what they may do with it."""
    blocks: tuple[Block, ...] = field(default_factory=tuple)


def facts(title: str, *rows: tuple[str, Any]) -> Iterator[Facts]:
    """The facts that are known; nothing when none is."""
    known = tuple((name, said(value)) for name, value in rows if value not in _NOTHING)
    if known:
        yield Facts(title, known)


def grid(title: str, columns: tuple[str, ...], rows: Iterable[Iterable[Any]]) -> Iterator[Grid]:
    """The table; nothing when it has no rows. Columns in which nothing stands are left out, but for the first."""
    cells = [tuple("" if cell in _NOTHING else said(cell) for cell in row) for row in rows]
    if not cells:
        return
    filled = [number for number in range(len(columns)) if number == 0 or any(row[number] for row in cells)]
    yield Grid(
        title,
        tuple(columns[number] for number in filled),
        tuple(tuple(row[number] for number in filled) for row in cells),
    )


def written(title: str, text: str | None, *notes: str | None) -> Iterator[Written]:
    """What somebody wrote; nothing when nobody has."""
    if text:
        yield Written(title, text, tuple(note for note in notes if note))


def said(value: Any) -> str:
    """A value in words: dates and times as people say them, lists with commas, what is inside of something by its names."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return instant_in_words(value)
        case date():
            return day_in_words(value)
        case Actor():
            return f"{value.person} ({value.role})"
        case UUID() | int() | float() | str():
            return str(value)
        case Mapping():
            return "; ".join(f"{words(name)}: {said(one)}" for name, one in value.items() if one not in _NOTHING)
        case list() | tuple() | set() | frozenset():
            return ", ".join(said(one) for one in value)
        case _:
            return said({name: getattr(value, name) for name in type(value).model_fields})


def words(name: str) -> str:
    """A name of ours as words: `without_consent`, `section-recorded`."""
    return name.replace("_", " ").replace("-", " ")
