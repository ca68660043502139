"""Who may do what, on which strand, and the desktops that work lies on (SC-2, SC-3, SC-10)."""

from __future__ import annotations

from typing import Literal

from icart_common.contracts.base import Slug
from icart_common.policy.base import Named

Permission = Literal[
    "open", "triage", "allocate", "record", "submit", "authorise", "send-back", "transfer", "close-advice",
    "vpa-primary", "vpa-secondary", "notice-check", "authorise-notice", "share-without-consent",
    "step-up", "edt-record", "edt-accept", "correct", "separate-notice", "settle-siblings", "step-down",
    "strategy", "keep-rota", "pause-clocks", "read", "see-performance", "operate", "guard-records",
]  # fmt: skip
"""`open`: record a contact. `record`: fill sections. `transfer`: close a contact and open one on another strand (SC-9).
`separate-notice`: give a notice that joined a contact one of its own (IN-20). `settle-siblings`: include or dismiss a sibling
whom a referral left out (IN-19). `step-up`: review an early-help case that is to be
stepped up, and put immediate risk before everything else (SC-13, SC-17). `step-down`: give a case to early help (SC-18).
`strategy`: decide a strategy discussion, and close it (SC-14).
`share-without-consent`: let agencies be asked without the parent's knowledge (CO-4).
`pause-clocks`: let clocks stand still where the pack lets them, and run on (section 8).
`keep-rota`: say which managers are away (SC-16).
`see-performance`: volumes, timeliness and trends (QA-1). `operate`: look after the running services. `guard-records`: restrict a
record, and see who read one (QA-4)."""

DesktopKind = Literal[
    "admin", "arrivals", "early-intervention", "safeguarding", "advice", "authorisation", "edt", "police",
    "statutory", "meeting",
]  # fmt: skip


class Role(Named):
    """What a person may do while acting in this role."""

    permissions: tuple[Permission, ...]
    strands: tuple[Slug, ...] = ()
    """Strands on which the role acts; permissions that belong to no strand (VPA, notices, EDT) need none."""
    sections: tuple[Slug, ...] = ()
    """Sections of the record that the role may fill (SC-3)."""

    def may(self, permission: Permission, strand: str | None = None) -> bool:
        """Whether the role holds the permission, on that strand when one is named."""
        return permission in self.permissions and (strand is None or strand in self.strands)

    def may_fill(self, section: str) -> bool:
        """Whether the role may fill a section of the record."""
        return "record" in self.permissions and section in self.sections


class Desktop(Named):
    """A team's shared work queue. A contact is on exactly one at a time (SC-2)."""

    kind: DesktopKind
