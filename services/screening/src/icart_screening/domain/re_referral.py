"""A child who comes back: what was decided the last time, when that was not long ago (SC-23; S3)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from icart_common.contracts.family import ChronologyLine, DecidedBefore
from icart_common.contracts.intake import ContactOpened
from icart_common.policy.pack import PolicyPack


def decided_before(opened: ContactOpened, pack: PolicyPack) -> DecidedBefore | None:
    """The newest decision of the pack's window, from the history that the contact itself brings along.

    The message is the only source: another contact's ending stands in another partition, which may be read in another order
    when the topics are read again (0002). A contact that nobody has decided about is none, nor is one without an outcome.
    """
    day = pack.calendar().local_day(opened.received_at)
    since = months_before(day, pack.stepping.re_referral.within_months)
    lines = [line for line in opened.chronology if _decides(line) and since <= line.on <= day]
    if not lines:
        return None
    newest = max(lines, key=lambda line: (line.on, line.kind == "referral"))
    return DecidedBefore.model_validate(newest.model_dump())


def _decides(line: ChronologyLine) -> bool:
    return line.kind in ("contact", "referral") and line.outcome is not None


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
