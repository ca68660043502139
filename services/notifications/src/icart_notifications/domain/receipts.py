"""The clock by which a referrer is told of receipt and next step (TM-17): started and met where the telling is done."""

from __future__ import annotations

from collections.abc import Iterator

from icart_common.contracts.ids import derived_id
from icart_common.contracts.intake import SubmissionTaken
from icart_common.contracts.timers import StartClock
from icart_common.policy import ClockFacts, PolicyPack
from icart_notifications.domain.notices import OWNER


def awaited(event: SubmissionTaken, pack: PolicyPack) -> Iterator[StartClock]:
    """For each contact opened, and each notice that joined another's, the pack's clocks that an acknowledgement ends; its
    delivery meets them.

    Screening knows nothing of acknowledgements, so it starts none of these. Where nobody can be written to, the clock runs
    out, and the front door hears that somebody has to be told in another way.
    """
    agency = pack.known_agency(event.reply_to.agency)
    facts = ClockFacts(
        referrer_kind=event.reply_to.kind,
        channel=event.channel,
        agency=event.reply_to.agency,
        agency_kind=agency.kind if agency else None,
    )
    for rule in pack.starting("contact_opened", facts):
        if "acknowledged" not in rule.ends_on:
            continue
        for subject in (*(one.contact for one in event.opened), *(one.notice for one in event.joined)):
            yield StartClock(
                clock=derived_id(event.received_at, subject, rule.id),
                authority=pack.authority.id,
                pack_version=pack.version,
                rule=rule.id,
                owner=OWNER,
                subject=subject,
                counted_from=event.received_at,
            )
