"""Lists leave out the names of children whose record is shut to whoever looks: the record itself says why when it is opened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

RESTRICTED: Final = "Restricted record"


def hides(shut: frozenset[UUID], row: Mapping[str, Any]) -> bool:
    """Whether the contact (`id`) or its child (`person`) of a row is shut."""
    return bool(shut) and not shut.isdisjoint(UUID(str(row[name])) for name in ("id", "person") if row[name])
