"""The clocks of a contact: which of the pack's this service starts, and what each moment says to them (TM-1 to TM-5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from icart_common.contracts.timers import ClockMessage
from icart_common.policy.clocks import ClockFacts, ClockRule, Moment
from icart_common.policy.pack import PolicyPack
from icart_screening.domain.contact import Arrival, Contact, open_questions, owes_tool

OWNER = "screening"
LIVE: frozenset[Moment] = frozenset(
    {
        "contact_opened", "contact_stepped", "triaged", "stepped_up", "allocated", "submitted", "decision_needed",
        "sent_back", "tool_asked", "questions_asked",
    }
)  # fmt: skip
"""Moments of an open contact. A clock that starts as the contact closes times somebody else's work."""
OWED: frozenset[Moment] = frozenset({"written_referral_received", "tool_received", "questions_answered"})
"""Moments at which a referrer brings what was owed."""
_OPENING: frozenset[Moment] = frozenset({"contact_opened", "tool_asked", "questions_asked"})
ENDS: frozenset[Moment] = (
    LIVE | OWED | {"edt_answered", "meeting_decided", "decision_made", "authorised", "closed", "referral_created"}
)
"""Moments that screening knows of. A clock that none of them ends is started by whoever hears its end."""


def ours(rule: ClockRule) -> bool:
    """Whether screening starts the clock."""
    return rule.starts_on in LIVE and not ENDS.isdisjoint(rule.ends_on)


def at_moments(
    contact: Contact, *moments: Moment, pack: PolicyPack, at: datetime, leave_out: frozenset[str] = frozenset()
) -> tuple[Contact, tuple[ClockMessage, ...]]:
    """The contact with its clocks after these moments, and the commands that make it so.

    They count from the first contact's arrival where the pack says `received` (SC-9). When the contact has closed, what still
    ran is cancelled. Rules of `leave_out` are not started.
    """
    rules = tuple(rule for rule in pack.clocks if ours(rule) and rule.id not in leave_out)
    own = pack.model_copy(update={"clocks": rules})
    arrival = contact.arrival
    running = contact.clocks
    commands: list[ClockMessage] = []
    for moment, when in _with_the_night_teams_answer(moments, arrival, at):
        running, more = running.on(
            moment,
            facts_of(contact),
            pack=own,
            owner=OWNER,
            subject=contact.id,
            received_at=arrival.received_at,
            at=when,
        )
        commands += more
    if contact.status == "closed":
        running, more = running.cancel(at=at, reason="the contact is closed")
        commands += more
    return contact.model_copy(update={"clocks": running}), tuple(commands)


def _with_the_night_teams_answer(
    moments: Iterable[Moment], arrival: Arrival, at: datetime
) -> Iterator[tuple[Moment, datetime]]:
    """A clock for the first response starts at triage; what the night team answered then had been answered on arrival."""
    for moment in moments:
        yield moment, at
        if moment == "triaged" and arrival.answered_by_edt:
            yield "edt_answered", arrival.received_at


def asked_of(contact: Contact) -> Iterator[Moment]:
    """What the referrer is asked as the contact opens."""
    if owes_tool(contact):
        yield "tool_asked"
    if open_questions(contact):
        yield "questions_asked"


def no_longer_owed(first: Contact, pack: PolicyPack) -> frozenset[str]:
    """The clocks of an opening that no longer run for a contact: the one that follows from it does not owe them again.

    What still ran when the first closed by transfer runs on in the second, from the first one's arrival (SC-9).
    """
    return frozenset(rule.id for rule in pack.clocks if rule.starts_on in _OPENING and rule.id not in first.clocks.ids)


def facts_of(contact: Contact) -> ClockFacts:
    """What is known of the contact. A proposal decides nothing: before triage the urgency is the referrer's own word."""
    arrival = contact.arrival
    return ClockFacts(
        strand=contact.strand,
        urgency=contact.urgency or ("immediate" if arrival.said_immediate else None),
        referrer_kind=arrival.reply_to.kind,
        channel=arrival.channel,
        agency=arrival.agency,
        agency_kind=arrival.agency_kind,
    )
