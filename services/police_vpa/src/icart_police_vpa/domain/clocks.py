"""The clocks of an assessment, and those that wait for a child's school to be told (TM-15)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from icart_common.contracts.ids import derived_id
from icart_common.contracts.timers import ClockMessage, StartClock
from icart_common.contracts.vpa import VpaSubmitted
from icart_common.policy.clocks import ClockFacts, Moment
from icart_common.policy.pack import PolicyPack
from icart_common.policy.running_clocks import RunningClocks
from icart_police_vpa.domain.vpa import OWNER, Vpa


def facts(submitted: VpaSubmitted, pack: PolicyPack) -> ClockFacts:
    """What the pack's conditions may ask of an assessment."""
    force = pack.known_agency(submitted.agency)
    kind = force.kind if force else None
    return ClockFacts(referrer_kind="professional", channel="police", agency=submitted.agency, agency_kind=kind)


def at_arrival(
    submitted: VpaSubmitted, pack: PolicyPack, at: datetime
) -> tuple[RunningClocks, tuple[ClockMessage, ...]]:
    """The clocks that an assessment starts when it comes in."""
    return RunningClocks().on(
        "vpa_received",
        facts(submitted, pack),
        pack=pack,
        owner=OWNER,
        subject=submitted.vpa,
        received_at=at,
        at=at,
    )


def of_school(
    submitted: VpaSubmitted, child: str, pack: PolicyPack, at: datetime
) -> tuple[RunningClocks, tuple[ClockMessage, ...]]:
    """The clocks of one child's school: each child has its own, for one school told says nothing of another's."""
    running, said = RunningClocks().on(
        "vpa_exposed",
        facts(submitted, pack),
        pack=pack,
        owner=OWNER,
        subject=derived_id(at, submitted.vpa, child),
        received_at=at,
        at=at,
    )
    return running, tuple(_about(submitted.vpa, message) for message in said)


def _about(vpa: UUID, message: ClockMessage) -> ClockMessage:
    """What a clock times is the assessment that people can look up; the child's part only made the clock's id its own."""
    return message.model_copy(update={"subject": vpa}) if isinstance(message, StartClock) else message


def at_end(vpa: Vpa, moment: Moment | None, pack: PolicyPack, at: datetime) -> tuple[ClockMessage, ...]:
    """What the assessment's clocks are told when it is over; the schools' run on until the schools are told."""
    running = vpa.clocks
    said: tuple[ClockMessage, ...] = ()
    if moment:
        running, said = running.on(
            moment,
            facts(vpa.submitted, pack),
            pack=pack,
            owner=OWNER,
            subject=vpa.id,
            received_at=vpa.received_at,
            at=at,
        )
    _, cancelled = running.cancel(at=at, reason="the assessment is over")
    return (*said, *cancelled)
