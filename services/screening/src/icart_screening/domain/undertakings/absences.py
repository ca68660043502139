"""When managers of the chain of decision are away: now and ahead, corrected and taken back (SC-16)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from icart_common.contracts.base import Instant, Part, RoleId, StaffId
from icart_common.contracts.decisions import ManagerAway, ManagerBack, MarkAway, MarkBack
from icart_screening.domain.refusal import Refusal


class Absence(Part):
    """From when to when somebody is away; `until` itself is the moment of their return."""

    since: Instant
    until: Instant


class Post(Part):
    """Somebody who decides in a role, and when they are away: in the order of the absences, none overlapping another."""

    person: StaffId
    role: RoleId
    absences: tuple[Absence, ...] = ()

    def away(self, at: datetime) -> bool:
        """Whether they are away then. An absence ends by itself."""
        return any(one.since <= at < one.until for one in self.absences)


def absence_of(command: MarkAway, zone: tzinfo) -> Absence:
    """The absence that is marked. Days are whole: the last one is away to its end, in the authority's time."""
    until = command.until
    if not isinstance(until, datetime):
        until = _first_moment(until + timedelta(days=1), zone)
    return Absence(since=_moment(command.since, zone), until=until)


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
            new = Absence(since=event.since, until=event.until)
            apart = [one for one in absences if one.until <= new.since or new.until <= one.since]
            absences = sorted([*apart, new], key=lambda one: one.since)
        case ManagerBack(absence=None):
            absences = [one for one in absences if one.since > event.at]
        case ManagerBack():
            absences = [one for one in absences if one.since != event.absence]
    others = (one for one in posts if one is not own)
    return (*others, Post(person=event.person, role=event.role, absences=tuple(absences)))


def _moment(said: datetime | date, zone: tzinfo) -> datetime:
    return said if isinstance(said, datetime) else _first_moment(said, zone)


def _first_moment(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
