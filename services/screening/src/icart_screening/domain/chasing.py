"""A referrer is reminded of the form, the tool or the answers that have not come in time (IN-3, IN-9, IN-10, TM-16, TM-18)."""

from __future__ import annotations

from datetime import datetime

from icart_common.contracts.reminders import ReferrerChased
from icart_common.policy.clocks import ClockRule
from icart_common.policy.errors import UnknownPolicy
from icart_common.policy.pack import PolicyPack
from icart_common.worktime.due import due
from icart_common.worktime.errors import BeyondKnownHolidays
from icart_screening.domain.clocks import OWED
from icart_screening.domain.contact import Contact, open_questions

FORM = "The referral form, with what you told us by telephone."


def is_chase(rule: ClockRule) -> bool:
    """Whether a referrer owes something when this clock runs out."""
    return not OWED.isdisjoint(rule.ends_on)


def chase(contact: Contact, rule_id: str, pack: PolicyPack, at: datetime) -> ReferrerChased | None:
    """The reminder when a clock ran out; None when nothing is owed, or nobody could be told."""
    try:
        rule = pack.clock(rule_id)
    except UnknownPolicy:  # a clock of a version that has been replaced
        return None
    if not is_chase(rule) or contact.status == "closed" or rule.id not in contact.clocks.ids:
        return None
    owed: list[str] = []
    if "written_referral_received" in rule.ends_on and not contact.forms:
        owed.append(FORM)
    if "tool_received" in rule.ends_on:
        owed += dict.fromkeys(gap.question for gap in contact.gaps if gap.field.startswith("tool-"))
    if "questions_answered" in rule.ends_on:
        owed += open_questions(contact)
    if not owed:
        return None
    try:
        by = due(pack.calendar(), rule.allowance, at).due_at
    except BeyondKnownHolidays:
        return None
    return ReferrerChased(
        contact=contact.id,
        authority=contact.authority,
        pack_version=contact.pack_version,
        reference=contact.reference,
        submission=contact.arrival.submission,
        reply_to=contact.arrival.reply_to,
        rule=rule.id,
        owed=tuple(owed),
        due=by,
    )
