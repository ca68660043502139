"""Rows turned into the arrays that a statement unnests."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any


def columns(rows: Collection[tuple[Any, ...]], width: int) -> list[list[Any]]:
    """Rows of `width` values each, column by column: `width` arrays, empty ones when there are no rows."""
    return [[row[place] for row in rows] for place in range(width)]
