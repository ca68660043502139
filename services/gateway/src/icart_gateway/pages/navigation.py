"""The menu that stands on every page: a line for each part that there is."""

from __future__ import annotations

from typing import Final

NAVIGATION: Final[tuple[tuple[str, str], ...]] = (
    ("Desktops", "/desktops"),
    ("Allocation", "/allocation"),
    ("Your drafts", "/drafts"),
    ("Night", "/nights"),
    ("Meeting", "/meetings"),
    ("Possible matches", "/matches"),
    ("Search", "/search"),
)
"""What it is called, and where it begins. A page whose address lies under it shows it as the present one."""
