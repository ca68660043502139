"""Statutory notices that the front door answers (ST-1)."""

from __future__ import annotations

from typing import Final, Literal

from icart_common.contracts.base import Slug
from icart_common.policy.agencies import AgencyKind, Email
from icart_common.policy.base import Named

Service = Literal["child_protection", "child_in_need", "looked_after", "caf", "troubled_family", "adult_safeguarding"]

SERVICES: Final[dict[Service, str]] = {
    "child_protection": "child protection",
    "child_in_need": "child in need",
    "looked_after": "looked-after children",
    "caf": "CAF",
    "troubled_family": "troubled families",
    "adult_safeguarding": "adult safeguarding",
}
"""Services by their names, in a sentence."""


class NoticeRule(Named):
    """How one kind of notice is checked, authorised and answered. `id` is the kind, for example `probation-check`."""

    from_agency_kinds: tuple[AgencyKind, ...]
    desktop: Slug
    check_role: Slug
    authorise_role: Slug | None = None
    """None when the check is answered by the role that made it."""
    checks: tuple[Service, ...]
    reply_template: Slug
    reply_mailboxes: tuple[Email, ...] = ()

    @property
    def answer_role(self) -> str:
        """The role in which it is answered."""
        return self.authorise_role or self.check_role
