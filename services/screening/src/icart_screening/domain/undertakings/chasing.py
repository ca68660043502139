"""An agency is reminded of a check when its clock warns, and when it runs out (TM-11). The check itself does not change."""

from __future__ import annotations

from typing import Final

from icart_common.contracts.checks import CheckChased
from icart_common.contracts.timers import ClockBreached, ClockWarned
from icart_common.policy.clocks import Moment
from icart_common.policy.pack import PolicyPack
from icart_screening.domain.undertakings.check import Check

ANSWERS: Final[frozenset[Moment]] = frozenset({"check_replied"})


def remind(check: Check, event: ClockWarned | ClockBreached, pack: PolicyPack) -> CheckChased | None:
    """The reminder; None when the answer is there or no longer needed, when we asked ourselves, or when it is too early."""
    if not check.open or check.agency is None or check.contact is None or event.rule not in check.clocks.ids:
        return None
    if isinstance(event, ClockWarned) and event.fraction < pack.check(check.rule).chased_from:
        return None
    return CheckChased(
        undertaking=check.id,
        contact=check.contact,
        authority=check.authority,
        pack_version=check.pack_version,
        agency=check.agency,
        clock_rule=event.rule,
        asked_at=check.begun_at,
        due=event.due_at,
        late=isinstance(event, ClockBreached),
    )
