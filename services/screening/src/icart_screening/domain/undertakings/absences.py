"""When managers of the chain of decision are away: now and ahead, corrected and taken back (SC-16)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from uuid import UUID

from icart_common.contracts.base import Instant, Part, RoleId, StaffId
from icart_common.contracts.decisions import ManagerAway, ManagerBack, MarkAway, MarkBack
from icart_common.contracts.ids import derived_id
from icart_common.contracts.timers import CancelClock, ClockMessage, StartClock
from icart_common.policy.pack import PolicyPack
from icart_screening.domain.clocks import OWNER
from icart_screening.domain.refusal import Refusal


class Absence(Part):
    """From when to when somebody is away; `until` itself is the moment of their return."""

    since: Instant
    until: Instant
    begins: UUID
    """The clock that goes off as it begins; none was started for what had begun when it was marked."""
    ends: UUID
    """The clock that goes off as it ends."""


class Post(Part):
    """Somebody who decides in a role, and when they are away: in the order of the absences, none overlapping another."""

    person: StaffId
    role: RoleId
    absences: tuple[Absence, ...] = ()

    def away(self, at: datetime) -> bool:
        """Whether they are away then. An absence ends by itself."""
        return any(one.since <= at < one.until for one in self.absences)


def from_until(command: MarkAway, zone: tzinfo) -> tuple[datetime, datetime]:
    """When what is marked begins and ends. Days are whole: on the last one they are away to its end, in the authority's time."""
    until = command.until
    if not isinstance(until, datetime):
        until = _first_moment(until + timedelta(days=1), zone)
    return _moment(command.since, zone), until


def ahead(posts: Iterable[Post], command: MarkBack, zone: tzinfo, at: datetime) -> Absence:
    """The absence that a person takes back. Raises Refusal when none that is still to come, or lasts, begins then."""
    assert command.absence is not None, "none is named"
    begins = _moment(command.absence, zone)
    marked_ones = [
        one
        for post in posts
        if (post.person, post.role) == (command.person, command.role)
        for one in post.absences
        if one.until > at
    ]
    for one in marked_ones:
        if one.since == begins:
            return one
    names = [f"take back the one from {one.since.isoformat()}" for one in marked_ones] or ("none is marked",)
    raise Refusal("no-such-absence", "no absence of theirs begins then", names)


def marked(posts: tuple[Post, ...], event: ManagerAway | ManagerBack) -> tuple[Post, ...]:
    """The posts after the mark. What has passed is forgotten: it decides about nothing any more."""
    own = next((one for one in posts if (one.person, one.role) == (event.person, event.role)), None)
    absences = [one for one in (own.absences if own else ()) if one.until > event.at]
    match event:
        case ManagerAway():
            names = (event.at, event.undertaking, event.version)
            begins, ends = derived_id(*names, "begins"), derived_id(*names, "ends")
            new = Absence(since=event.since, until=event.until, begins=begins, ends=ends)
            apart = [one for one in absences if one.until <= new.since or new.until <= one.since]
            absences = sorted([*apart, new], key=lambda one: one.since)
        case ManagerBack(absence=None):
            absences = [one for one in absences if one.since > event.at]
        case ManagerBack():
            absences = [one for one in absences if one.since != event.absence]
    others = (one for one in posts if one is not own)
    return (*others, Post(person=event.person, role=event.role, absences=tuple(absences)))


def clocks(
    before: Iterable[Post], after: Iterable[Post], pack: PolicyPack, chain: UUID, at: datetime
) -> list[ClockMessage]:
    """A clock for each moment to come at which an absence begins or ends, and an end to those of what is marked no more."""
    running, wanted = _to_come(before, at), _to_come(after, at)
    reason = "the absence was taken back, or marked anew"
    ended = [CancelClock(clock=clock, at=at, reason=reason) for clock in sorted(running.keys() - wanted.keys())]
    started = [
        StartClock(
            clock=clock,
            authority=pack.authority.id,
            pack_version=pack.version,
            rule=pack.decision_chain.absence_clock,
            owner=OWNER,
            subject=chain,
            counted_from=wanted[clock],
        )
        for clock in sorted(wanted.keys() - running.keys())
    ]
    return [*ended, *started]


def _to_come(posts: Iterable[Post], at: datetime) -> dict[UUID, datetime]:
    found = dict[UUID, datetime]()
    for absence in (one for post in posts for one in post.absences):
        found |= {absence.begins: absence.since, absence.ends: absence.until}
    return {clock: moment for clock, moment in found.items() if moment > at}


def _moment(said: datetime | date, zone: tzinfo) -> datetime:
    return said if isinstance(said, datetime) else _first_moment(said, zone)


def _first_moment(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
