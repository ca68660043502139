"""Which notices tell of one event: the rule by which a notice joins an open contact, with its reason in words (IN-20)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID

from icart_common.contracts.intake import ContactOpened
from icart_common.contracts.referral import Concern
from icart_common.policy.incidents import IncidentRule
from icart_common.policy.wording import london_day
from icart_common.worktime import LONDON
from icart_intake.domain.submission import Submission

_AT_THE_DOOR: Final = 200
"""The newest contacts about a person that are kept in mind within a batch."""


class Notice(NamedTuple):
    """What of a submission says whether it tells of the same event as another."""

    sender: UUID
    """A digest of who it is from: an agency, or one person who writes through a door that many use."""
    received_at: datetime
    happened: datetime | None
    concerns: tuple[Concern, ...]


@dataclass(frozen=True, slots=True)
class Ending:
    """How a contact ended, as screening said."""

    at: datetime
    outcome: str
    """In the words of the pack under which it was opened."""
    level: int
    referral: UUID | None = None


class Matter(NamedTuple):
    """A contact about a child, with the notices that are worked in it."""

    contact: UUID
    live: UUID
    """Where the work is now: another contact after a transfer to another strand (SC-9)."""
    incident: UUID
    reference: str
    received_at: datetime
    notices: tuple[Notice, ...]
    ending: Ending | None = None

    @property
    def on(self) -> date:
        return london_day(self.received_at)


def notice_of(submission: Submission) -> Notice:
    """The notice that a submission is."""
    account = submission.account
    return Notice(submission.sender, submission.received_at, account.event.when, account.concerns)


def matter_of(contact: ContactOpened, notice: Notice) -> Matter:
    """A contact that was just opened, as later notices find it."""
    return Matter(
        contact=contact.contact,
        live=contact.contact,
        incident=contact.incident or contact.contact,
        reference=contact.reference,
        received_at=contact.received_at,
        notices=(notice,),
    )


def common_ground(new: Notice, matter: Matter, rule: IncidentRule) -> tuple[str, ...]:
    """Why a notice tells of the event that an open contact is about, in words; empty when it does not.

    It is from a sender of whom the contact has no notice, and came within the pack's window of the first. Where both it and
    the contact say when it happened, the times decide alone. Where one does not, a concern in common does.
    """
    first = matter.notices[0]
    # Topics that are read again may tell of the ending before the notice: it had not ended when the notice came.
    ended = matter.ending is not None and matter.ending.at <= new.received_at
    if ended or any(held.sender == new.sender for held in matter.notices):
        return ()
    if abs(new.received_at - first.received_at) > rule.window:
        return ()
    concerns = [
        concern
        for concern in new.concerns
        if concern not in rule.no_common_ground and any(concern in held.concerns for held in matter.notices)
    ]
    times = [held.happened for held in matter.notices if held.happened]
    if new.happened and times:
        happened = new.happened
        nearest = min(times, key=lambda time: (abs(time - happened), time))
        if abs(nearest - happened) > rule.same_time:
            return ()
        return (f"it happened at {_said(happened)}, in the contact at {_said(nearest)}", *_shared(concerns))
    return tuple(_shared(concerns))


def _said(instant: datetime) -> str:
    return instant.astimezone(LONDON).strftime("%H:%M on %d %B %Y")


def _shared(concerns: Sequence[str]) -> Iterable[str]:
    if concerns:
        yield "concerns in common: " + ", ".join(concern.replace("-", " ") for concern in sorted(concerns))


class Joining(NamedTuple):
    """The contact that a notice joins, and why."""

    matter: Matter
    because: tuple[str, ...]


class Matters:
    """The contacts of the people of a batch, kept up to date as the batch goes on. Oldest first."""

    def __init__(self, known: Mapping[UUID, Sequence[Matter]] | None = None) -> None:
        self._of = {person: list(matters) for person, matters in (known or {}).items()}

    def of(self, person: UUID) -> Sequence[Matter]:
        return tuple(self._of.get(person, ()))

    def opened(self, person: UUID, matter: Matter) -> None:
        """One more contact about a person."""
        self._of[person] = [*self._of.get(person, ()), matter][-_AT_THE_DOOR:]

    def joined(self, person: UUID, live: UUID, notice: Notice) -> UUID:
        """One more notice in the contact in which the work is. Returns the contact that was opened first."""
        for place, one in enumerate(self._of[person]):
            if one.live == live:
                self._of[person][place] = one._replace(notices=(*one.notices, notice))
                return one.contact
        raise KeyError(live)

    def open_in(self, person: UUID, incident: UUID) -> Matter | None:
        """The person's open contact in an incident."""
        for matter in self._of.get(person, []):
            if matter.incident == incident and matter.ending is None:
                return matter
        return None

    def joining(self, person: UUID, new: Notice, rule: IncidentRule) -> Joining | None:
        """The newest open contact about the person that is about the same event, if there is one."""
        for matter in reversed(self._of.get(person, [])):
            because = common_ground(new, matter, rule)
            if because:
                return Joining(matter, because)
        return None
