"""Lists leave out the names of children whose record is shut to whoever looks: the record itself says why when it is opened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

RESTRICTED: Final = "Restricted record"


def children(rows: Iterable[Mapping[str, Any]]) -> dict[UUID, UUID | None]:
    """The contacts (`id`) of a list's rows, each with the child whom it is about (`person`)."""
    return {UUID(str(row["id"])): UUID(str(row["person"])) if row["person"] else None for row in rows}
