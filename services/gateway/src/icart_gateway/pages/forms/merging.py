"""Somebody else changed the record while this was typed: what is kept, what comes along, and where a person chooses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from icart_gateway.pages.forms.field import Field


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that two people filled differently."""

    field: Field
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Merged:
    """What stands in the form now. Nothing that was typed is gone: of a clash, what was typed stands in the field."""

    values: dict[str, str]
    came: tuple[Field, ...]
    """Fields that hold somebody else's newer words, because nothing was typed there."""
    clashes: tuple[Clash, ...]


def merge(before: Sequence[Field], now: Sequence[Field], typed: Mapping[str, str]) -> Merged:
    """Three ways: how the record stood when the form was opened, how it stands now, and what was typed.

    `before` and `now` are the form's fields, filled from the record then and now.
    """
    stood = {one.name: one.starts_as for one in before}
    values: dict[str, str] = {}
    came: list[Field] = []
    clashes: list[Clash] = []
    for field in now:
        base, theirs = stood.get(field.name, ""), field.starts_as
        mine = typed.get(field.name, base)
        if _same(mine, base):
            values[field.name] = theirs
            if not _same(theirs, base):
                came.append(field)
            continue
        values[field.name] = mine
        if not _same(theirs, base) and not _same(theirs, mine):
            clashes.append(Clash(field, mine, theirs))
    return Merged(values, tuple(came), tuple(clashes))


def _same(one: str, other: str) -> bool:
    """A browser ends lines and texts as it likes."""
    return one.strip() == other.strip()
