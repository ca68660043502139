"""The menu that stands on every page: a line for each part that there is."""

from __future__ import annotations

from typing import Final

from icart_common.policy import PolicyPack
from icart_gateway.rights import Reading, may_read

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
_FOR_SOME: Final[tuple[tuple[Reading, str, str], ...]] = (
    ("performance", "Performance", "/performance"),
    ("operations", "How it runs", "/ops"),
)


def menu(pack: PolicyPack, role: str) -> tuple[tuple[str, str], ...]:
    """The menu of somebody in a role: what everybody has, and what the table of rights lets them read."""
    return NAVIGATION + tuple((words, to) for reading, words, to in _FOR_SOME if may_read(pack, role, reading).allowed)
