"""What a clock that runs out asks of an undertaking that belongs to no contact (SC-15, SC-16). It is asked by a message, which
the undertaking hears in its own order: the order in which the timers are heard makes no difference to it (0013, 6)."""

from __future__ import annotations

from icart_common.contracts.decisions import AbsenceTurned, DecisionOverdue, chain_id
from icart_common.contracts.meetings import MeetingMorning
from icart_common.contracts.timers import ClockBreached
from icart_common.contracts.undertakings import ToAuthority
from icart_common.policy.pack import PolicyPack


def run_out(breached: ClockBreached, pack: PolicyPack) -> ToAuthority | None:
    """The turn of a manager has passed, an absence begins or ends, or it is time for the daily meeting's pack; None for every
    other clock."""
    if pack.daily_meeting is not None and breached.rule == pack.daily_meeting.pack_clock:
        return MeetingMorning(undertaking=breached.subject, authority=breached.authority)
    if breached.rule == pack.decision_chain.absence_clock:
        return AbsenceTurned(undertaking=breached.subject, authority=breached.authority, moment=breached.due_at)
    if any(stage.clock == breached.rule for stage in pack.decision_chain.stages):
        return DecisionOverdue(
            undertaking=chain_id(breached.authority),
            authority=breached.authority,
            decision=breached.subject,
            rule=breached.rule,
        )
    return None
