"""A day's meeting as it stands: the enquiries of its pack, and what was decided about each (SC-15; S4, "The Daily Meeting")."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from icart_common.contracts.base import Message
from icart_common.contracts.meetings import (
    EnquiryDecided,
    EnquiryListed,
    EnquiryWithdrawn,
    MeetingEnded,
    MeetingPrepared,
    Presented,
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


def meeting(said: Iterable[Message]) -> Meeting:
    """Fold what was said of the meeting, in the order of its versions. The pack as it was made counts when it has been made."""
    listed: dict[UUID, Presented] = {}
    decided: dict[UUID, EnquiryDecided] = {}
    prepared, ended = None, False
    for one in said:
        match one:
            case EnquiryListed():
                listed[one.presented.enquiry] = one.presented
            case EnquiryWithdrawn():
                listed.pop(one.enquiry, None)
            case MeetingPrepared():
                prepared, listed = one, {held.enquiry: held for held in one.enquiries}
            case EnquiryDecided():
                decided[one.enquiry] = one
            case MeetingEnded():
                ended = True
    return Meeting(tuple(Enquiry(one, decided.get(key)) for key, one in listed.items()), prepared, ended)
