"""A strategy discussion at the front door in memory, from its decision to its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from icart_common.contracts.base import Command
from icart_common.contracts.strategy import (
    ActionOwner,
    CloseStrategyDiscussion,
    DecideStrategyDiscussion,
    HoldStrategyDiscussion,
    InviteToStrategyDiscussion,
    NoteStrategyAction,
    RecordStrategyAttendance,
    Seat,
    TookPart,
)
from icart_common.policy.agencies import AgencyKind
from icart_screening.domain.refusal import Refusal
from icart_screening.domain.undertakings.strategy import StrategyDiscussion
from services.screening.tests.front_door import FrontDoor

OURSELVES = Seat(partner="social-care")
DUTY = ActionOwner(who="The duty social worker")


@dataclass
class Discussion:
    """One discussion, and the people of an authority who work on it."""

    door: FrontDoor
    id: UUID

    @property
    def held(self) -> StrategyDiscussion:
        found = self.door.undertakings[self.id]
        assert isinstance(found, StrategyDiscussion)
        return found

    def seat(self, partner: str, kind: AgencyKind) -> Seat:
        agency = next(one.id for one in self.door.pack.agencies if one.kind == kind)
        return Seat(partner=partner, agency=agency)

    @property
    def police(self) -> Seat:
        return self.seat("police", "police")

    @property
    def health(self) -> Seat:
        return self.seat("health", "health")

    def does(self, command: type[Command], **fields: Any) -> None:
        """A manager gives a command that has to be allowed."""
        self.door.begun(self.id, command, self.door.cast.manager, "m1", **fields)

    def may_not(self, command: type[Command], **fields: Any) -> Refusal:
        return self.door.not_begun(self.id, command, self.door.cast.manager, "m1", **fields)

    def invite(self, *seats: Seat, **fields: Any) -> None:
        meets_at = self.door.now + timedelta(hours=3)
        self.does(InviteToStrategyDiscussion, seats=seats, meets_at=meets_at, how="by video", **fields)

    def hear(self, *seats: Seat, how: TookPart = "came") -> None:
        for seat in seats:
            self.does(RecordStrategyAttendance, seat=seat, took_part=how, brought="what they knew")

    def note(self, **fields: Any) -> None:
        self.does(NoteStrategyAction, **{"what": "Speak to the neighbour.", **fields})

    def hold(self) -> None:
        self.does(HoldStrategyDiscussion, held_at=self.door.now)

    def close(self, **fields: Any) -> None:
        self.does(CloseStrategyDiscussion, **{"outcome": "s47-joint", "reasons": "Not explained.", **fields})

    def may_not_close(self) -> Refusal:
        return self.may_not(CloseStrategyDiscussion, outcome="s47-joint", reasons="Not explained.")


def decided(door: FrontDoor, contact: UUID | None = None, **fields: Any) -> Discussion:
    """A discussion that a manager decided."""
    said = {"because": "She may not be safe tonight.", **fields}
    about = contact or door.open()
    return Discussion(door, door.begun(about, DecideStrategyDiscussion, door.cast.manager, "m1", **said))


def whole(door: FrontDoor, contact: UUID | None = None) -> Discussion:
    """A discussion that was held with everybody who is always needed, and one action that is whole."""
    one = decided(door, contact)
    one.hear(OURSELVES, one.police, one.health)
    one.note(owner=DUTY, due=door.now.date())
    one.hold()
    return one
