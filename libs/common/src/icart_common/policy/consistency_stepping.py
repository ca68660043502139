"""Step-up meetings that can be held and lead somewhere (AU-7)."""

from __future__ import annotations

from collections.abc import Iterator

from icart_common.policy.fault import Fault, names, unknown
from icart_common.policy.pack import PolicyPack


def stepping_faults(pack: PolicyPack) -> Iterator[Fault]:
    """Roles, levels and outcomes that do not exist, and a meeting that nothing times."""
    meeting = pack.stepping.step_up.meeting
    at = ("stepping", "step_up", "meeting")
    timed = any(clock.starts_on == "step_up_agreed" for clock in pack.clocks)
    if timed != (meeting is not None):
        reason = "a clock times step-up meetings, but there are none" if timed else "no clock times the meeting"
        yield Fault(at, reason, "Add both the meeting and a clock that starts on step_up_agreed, or neither.")
    if meeting is None:
        return
    for place, role in enumerate(meeting.attended_by):
        yield from unknown((*at, "attended_by", place), "role", role, names(pack.roles))
    yield from unknown((*at, "level"), "level", meeting.level, {level.number for level in pack.levels})
    yield from unknown((*at, "outcome"), "outcome", meeting.outcome, names(pack.outcomes))
    if any(outcome.id == meeting.outcome and not outcome.creates_referral for outcome in pack.outcomes):
        yield Fault((*at, "outcome"), "the outcome creates no referral", "Name one that does.")
