"""Hours that fit together, and clocks that can run (AU-7)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import Final

from icart_common.policy.clocks import ClockRule, Moment
from icart_common.policy.fault import Fault, names, unknown
from icart_common.policy.pack import PolicyPack
from icart_common.worktime.allowance import Elapsed
from icart_common.worktime.due import due
from icart_common.worktime.errors import WorkingTimeError
from icart_common.worktime.hours import WEEKDAYS

_BEFORE_TRIAGE: Final[frozenset[Moment]] = frozenset(
    {
        "contact_opened", "contact_redirected", "notice_recorded", "edt_contact_recorded", "vpa_received",
        "vpa_exposed", "records_asked", "placement_check_asked", "missing_returned",
    }
)  # fmt: skip
"""Moments at which nobody has chosen a strand or an urgency yet."""


def hours_faults(pack: PolicyPack) -> Iterator[Fault]:
    """Public hours outside working hours, and a night team that overlaps with the morning or leaves a gap."""
    night = pack.night_team
    for weekday, name in enumerate(WEEKDAYS):
        working, public = pack.working_hours.week[weekday], pack.public_hours.week[weekday]
        if public and (not working or public.open < working.open or public.close > working.close):
            fix = "Keep the public hours within the working hours."
            yield Fault(("public_hours", name), "the public is told hours at which nobody works", fix)
        if working is None or weekday > 4:
            continue
        if night.hands_back > working.open:
            reason = f"overlapping hours: the night team hands back after the day opens at {working.open:%H:%M}"
            yield Fault(("night_team", "hands_back"), reason, "Make it the opening time or earlier.")
        takes_over = night.takes_over(weekday)
        if takes_over <= working.open:
            reason = f"overlapping hours: the night team takes over before the day opens at {working.open:%H:%M}"
            yield Fault(("night_team", name), reason, "Make it a time in the afternoon.")
        if takes_over > working.close:
            reason = f"nobody answers from {working.close:%H:%M} until the night team takes over"
            yield Fault(("night_team", name), reason, "Make it the closing time or earlier.")


def clock_faults(pack: PolicyPack) -> Iterator[Fault]:
    """Clocks that could never start, never end, or have no due date."""
    for index, clock in enumerate(pack.clocks):
        at = ("clocks", index)
        when = clock.when
        for place, strand in enumerate(when.strand):
            yield from unknown((*at, "when", "strand", place), "strand", strand, names(pack.strands))
        for place, check in enumerate(when.check):
            yield from unknown((*at, "when", "check", place), "check", check, names(pack.checks))
        for place, agency in enumerate(when.agency):
            yield from unknown((*at, "when", "agency", place), "agency", agency, names(pack.agencies))
        kinds = {agency.kind for agency in pack.agencies}
        for place, kind in enumerate(when.agency_kind):
            if kind not in kinds:
                where = (*at, "when", "agency_kind", place)
                reason = f"a clock that cannot run: the pack has no agency of kind {kind!r}"
                yield Fault(where, reason, "Remove the condition, or add such an agency.")
        if clock.alerts is not None:
            yield from unknown((*at, "alerts"), "role", clock.alerts, names(pack.roles))
        if (when.strand or when.urgency) and clock.starts_on in _BEFORE_TRIAGE:
            reason = f"a clock that cannot run: strand and urgency are not known on {clock.starts_on}"
            yield Fault((*at, "when"), reason, "Start it on triaged, or take the condition away.")
        if clock.allowance == Elapsed(hours=0) and clock.id != pack.decision_chain.absence_clock:
            reason = "a clock that cannot run: it is due as it starts"
            yield Fault((*at, "allowance"), reason, "Give it some time.")
        if clock.starts_on in clock.ends_on:
            reason = f"a clock that cannot run: {clock.starts_on} both starts and ends it"
            yield Fault((*at, "ends_on"), reason, "End it on another event.")
        if list(clock.warn_at) != sorted(set(clock.warn_at)):
            yield Fault((*at, "warn_at"), "warnings are not in order", "Write each once, smallest first.")
        if clock.may_pause and not clock.allowance.may_pause:
            reason = f"an allowance of kind {clock.allowance.kind!r} never pauses"
            yield Fault((*at, "may_pause"), reason, "Write `may_pause: false`.")
        answers = pack.good_referral.answers.allowance
        if "questions_answered" in clock.ends_on and clock.allowance != answers:
            reason = "answers are asked for by one day and chased on another"
            yield Fault((*at, "allowance"), reason, "Write the allowance of good_referral.answers.")
        yield from _no_due_date(pack, clock, at)


def _no_due_date(pack: PolicyPack, clock: ClockRule, at: tuple[str, int]) -> Iterator[Fault]:
    start = datetime.combine(pack.applies_from, time(12), UTC)
    try:
        due(pack.calendar(), clock.allowance, start)
    except WorkingTimeError as error:
        reason = f"a clock that cannot run: from {pack.applies_from}, {error}"
        yield Fault((*at, "allowance"), reason, "Correct the allowance, the hours or the closures.")
