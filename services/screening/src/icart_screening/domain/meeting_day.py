"""The day of the meeting that discusses an enquiry, and what it is told of it as it arrived (SC-15, TM-5)."""

from __future__ import annotations

from datetime import date, datetime

from icart_common.contracts.base import Address
from icart_common.contracts.intake import ContactOpened
from icart_common.contracts.meetings import Outline
from icart_common.policy.pack import PolicyPack
from icart_common.worktime.due import due
from icart_common.worktime.errors import BeyondKnownHolidays
from icart_screening.domain.contact import Contact


def meeting_day(pack: PolicyPack, strand: str, received_at: datetime, at: datetime) -> date | None:
    """The meeting at which TM-5 is due; the next one from now when that has been held. None on a strand without a meeting."""
    rule = pack.daily_meeting
    if rule is None or rule.strand != strand:
        return None
    calendar, allowance = pack.calendar(), pack.clock(rule.clock).allowance
    try:
        wanted = due(calendar, allowance, received_at).due_at
        if wanted <= at:
            wanted = due(calendar, allowance, at).due_at
    except BeyondKnownHolidays:
        return None
    return calendar.local_day(wanted)


def meeting_day_again(contact: Contact, pack: PolicyPack, strand: str, at: datetime) -> date | None:
    """The same for a contact that is triaged: one that stays on its strand stays with its meeting."""
    if contact.strand == strand and contact.meeting_on:
        return contact.meeting_on
    return meeting_day(pack, strand, contact.arrival.received_at, at)


def outline_of(opened: ContactOpened, lives_at: Address | None) -> Outline:
    """What the meeting is told of an enquiry."""
    child, referrer = opened.child, opened.referrer
    numbers = (phone for person in (child, *opened.family) for phone in person.phones)
    name = " ".join(part for part in (child.given_name, child.family_name) if part)
    return Outline(
        child=name[:300] or None,
        born=child.born,
        expected=child.expected,
        address=lives_at,
        numbers=tuple(dict.fromkeys(numbers)),
        referrer=referrer.name,
        referrer_kind=referrer.kind,
        agency=opened.agency,
        reason=opened.event.what,
        why_now=opened.why_now,
        requests=tuple(asked for asked in (opened.expected, opened.requested) if asked),
        history=opened.chronology,
    )
