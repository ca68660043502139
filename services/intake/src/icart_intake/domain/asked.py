"""What the referrer is still asked, by when, and how much a submission already answers (IN-3, IN-10)."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from typing import Final, NamedTuple

from icart_common.contracts.intake import Gap
from icart_common.contracts.referral import Account
from icart_common.policy.pack import PolicyPack
from icart_common.worktime.due import due
from icart_common.worktime.errors import BeyondKnownHolidays

_PERSON: Final = re.compile(r"^people\[(\d+)\]")
_WHO: Final = ("people", "safety.where")
"""The places in which a child is identified."""


class Asked(NamedTuple):
    """The questions left open, those among them that would identify the child, the tools that are missing, the score."""

    gaps: tuple[Gap, ...]
    who: tuple[Gap, ...]
    tools_missing: tuple[str, ...]
    score: int
    """0 to 100."""

    def about(self, child: str, others: frozenset[str]) -> tuple[Gap, ...]:
        """The questions for one child's contact: what is asked about the `others` is in theirs."""
        return tuple(gap for gap in self.gaps if gap.person == child or gap.person not in others)


def asked_of(account: Account, pack: PolicyPack, agency: str) -> Asked:
    """What the pack asks about an account, of such a referrer and agency."""
    agency_kind = pack.known_agency(agency)
    found = pack.completeness(
        account, referrer_kind=account.referrer.kind, agency_kind=agency_kind.kind if agency_kind else None
    )
    gaps = [(_gap(gap.question_id, gap.question, _person(account, gap.path)), gap.path) for gap in found.gaps]
    missing = {gap.question_id for gap in found.gaps if gap.path == "tools"}
    return Asked(
        gaps=tuple(gap for gap, _ in gaps),
        who=tuple(gap for gap, path in gaps if path.startswith(_WHO)),
        tools_missing=tuple(
            " or ".join(tool.any_of) for tool in pack.good_referral.tools if f"tool-{tool.concern}" in missing
        ),
        score=round(100 * found.score),
    )


@lru_cache(maxsize=10_000)
def _gap(field: str, question: str, person: str | None) -> Gap:
    # Every referral is asked the same questions: they are made once.
    return Gap(field=field, question=question, person=person)


def _person(account: Account, path: str) -> str | None:
    found = _PERSON.match(path)
    return account.people[int(found[1])].ref if found else None


def answers_due(pack: PolicyPack, received_at: datetime) -> datetime | None:
    """By when questions on a referral that came then are to be answered; None past the last known bank holiday."""
    try:
        return due(pack.calendar(), pack.good_referral.answers.allowance, received_at).due_at
    except BeyondKnownHolidays:
        return None
