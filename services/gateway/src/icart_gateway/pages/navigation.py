"""The menu that stands on every page: a line for each part that somebody in that role may look at."""

from __future__ import annotations

from typing import Final

from icart_common.contracts.base import Command
from icart_common.contracts.drafts import SaveDraft
from icart_common.contracts.handover import AlertNightTeam
from icart_common.contracts.notifications import AnswerNotice
from icart_common.contracts.police_vpa import PrimaryAssess
from icart_common.policy import PolicyPack
from icart_gateway.rights import Reading, may_ask, may_read

_MENU: Final[tuple[tuple[Reading, str, str], ...]] = (
    ("desktops", "Desktops", "/desktops"),
    ("desktops", "Allocation", "/allocation"),
    ("desktops", "Your drafts", "/drafts"),
    ("desktops", "Night", "/nights"),
    ("desktops", "Meeting", "/meetings"),
    ("desktops", "Possible matches", "/matches"),
    ("search", "Search", "/search"),
    ("performance", "Performance", "/performance"),
    ("restrict", "Shut records", "/guarding"),
    ("operations", "How it runs", "/ops"),
)
"""Who may, what it is called, and where it begins. A page whose address lies under it shows it as the present one."""
_FOR_ACTING: Final[tuple[tuple[type[Command], str, str], ...]] = (
    (SaveDraft, "Take a referral", "/referrals"),
    (AnswerNotice, "Statutory notices", "/notices"),
    (PrimaryAssess, "Police reports", "/assessments"),
    (AlertNightTeam, "Front door", "/do"),
)


def menu(pack: PolicyPack, role: str) -> tuple[tuple[str, str], ...]:
    """What the table of rights gives somebody in a role: words and addresses."""
    read = tuple((words, to) for reading, words, to in _MENU if may_read(pack, role, reading).allowed)
    return read + tuple((words, to) for command, words, to in _FOR_ACTING if may_ask(pack, role, command).allowed)
