"""A day's meeting as it stands: the enquiries of its pack, what was decided about each, and what is still to be done (SC-15; S4,
"The Daily Meeting")."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from icart_common.contracts.base import Message
from icart_common.contracts.meetings import (
    EnquiryDecided,
    EnquiryListed,
    EnquiryWithdrawn,
    GivenTask,
    MeetingEnded,
    MeetingPrepared,
    Presented,
    still_open,
)


@dataclass(frozen=True, slots=True)
class Enquiry:
    """One enquiry of the pack, with the decision when there is one."""

    presented: Presented
    decided: EnquiryDecided | None


@dataclass(frozen=True, slots=True)
class Meeting:
    """What the meeting looks at."""

    enquiries: tuple[Enquiry, ...]
    prepared: MeetingPrepared | None
    ended: bool
    open_tasks: tuple[GivenTask, ...]
    """What it and earlier meetings gave out and nobody has ticked off."""

    @property
    def contacts(self) -> tuple[UUID, ...]:
        """All whose records are shown with it: the enquiries, and what tasks are still open about."""
        return (*(one.presented.enquiry for one in self.enquiries), *(one.enquiry for one in self.open_tasks))


def meeting(said: Iterable[Message]) -> Meeting:
    """Fold what was said of the meeting, in the order of its versions. The pack as it was made counts when it has been made."""
    listed: dict[UUID, Presented] = {}
    decided: dict[UUID, EnquiryDecided] = {}
    prepared, ended = None, False
    open_tasks: tuple[GivenTask, ...] = ()
    for one in said:
        open_tasks = still_open(open_tasks, one)
        match one:
            case EnquiryListed():
                listed[one.presented.enquiry] = one.presented
            case EnquiryWithdrawn():
                listed.pop(one.enquiry, None)
            case MeetingPrepared():
                prepared, listed = one, {key: listed[key] for key in one.enquiries if key in listed}
            case EnquiryDecided():
                decided[one.enquiry] = one
            case MeetingEnded():
                ended = True
    enquiries = tuple(Enquiry(one, decided.get(key)) for key, one in listed.items())
    return Meeting(enquiries, prepared, ended, open_tasks)
