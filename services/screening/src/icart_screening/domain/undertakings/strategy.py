"""A strategy discussion (SC-14, TM-6): its life and its state. What people do with it is in `strategy_decisions`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from icart_common.contracts.base import AgencyId, Instant, Part
from icart_common.contracts.strategy import (
    AgreedAction,
    Attendance,
    Seat,
    StrategyActionNoted,
    StrategyActionSettled,
    StrategyAttendanceRecorded,
    StrategyDiscussionCalledOff,
    StrategyDiscussionClosed,
    StrategyDiscussionDecided,
    StrategyDiscussionHeld,
    StrategyDiscussionReconvened,
    StrategyInformationShared,
    StrategyOutcome,
    StrategyPartnersInvited,
)
from icart_common.policy.lives.life import Life
from icart_common.policy.lives.strategy_discussion import LIFE
from icart_common.policy.strategy import StrategyPartner, StrategyRules
from icart_screening.domain.undertakings.undertaking import Undertaking


class Shared(Part):
    """Something that an agency was given."""

    agency: AgencyId
    information: str
    ground: str
    by: str
    at: Instant


class StrategyDiscussion(Undertaking):
    """One strategy discussion about the child of one contact."""

    LIFE: ClassVar[Life] = LIFE

    because: str = ""
    also: tuple[str, ...] = ()
    """Partners whom this case needs beside those who are always needed."""
    follows: UUID | None = None
    invited: tuple[Seat, ...] = ()
    meets_at: Instant | None = None
    shared: tuple[Shared, ...] = ()
    attendance: tuple[Attendance, ...] = ()
    actions: tuple[AgreedAction, ...] = ()
    held_at: Instant | None = None
    outcome: StrategyOutcome | None = None
    reasons: str | None = None

    @property
    def outstanding(self) -> tuple[AgreedAction, ...]:
        """The actions that nobody has settled yet."""
        return tuple(action for action in self.actions if action.settled is None)

    @property
    def incomplete(self) -> tuple[AgreedAction, ...]:
        """The actions that were not withdrawn and have no owner or no day."""
        wanted = (action for action in self.actions if action.settled != "withdrawn")
        return tuple(action for action in wanted if action.owner is None or action.due is None)

    def unheard(self, rules: StrategyRules) -> Iterator[StrategyPartner]:
        """The partners whom this case needs and who neither came nor were consulted."""
        heard = {one.seat.partner for one in self.attendance if one.took_part != "absent"}
        for partner in rules.partners:
            if (partner.needed == "always" or partner.id in self.also) and partner.id not in heard:
                yield partner

    def told(self) -> tuple[AgencyId, ...]:
        """The agencies that were asked or took part, in that order."""
        seats = (*self.invited, *(one.seat for one in self.attendance if one.took_part != "absent"))
        return tuple(dict.fromkeys(seat.agency for seat in seats if seat.agency))

    def happened_at(self, event: object) -> datetime | None:
        """It was held when people spoke, whenever that was recorded; a clock is never met before it began."""
        return max(event.held_at, self.begun_at) if isinstance(event, StrategyDiscussionHeld) else None

    def after(self, event: object) -> dict[str, object]:
        """What an event changes in it."""
        match event:
            case StrategyDiscussionDecided():
                return {"because": event.because, "also": event.also}
            case StrategyDiscussionReconvened():
                return {"because": event.because, "also": event.also, "follows": event.follows}
            case StrategyPartnersInvited():
                also = tuple(dict.fromkeys((*self.also, *event.also)))
                invited = tuple(dict.fromkeys((*self.invited, *event.seats)))
                return {"invited": invited, "meets_at": event.meets_at, "also": also}
            case StrategyInformationShared():
                said = event.model_dump(include={"agency", "information", "ground", "at"})
                return {"shared": (*self.shared, Shared(**said, by=event.by.person))}
            case StrategyAttendanceRecorded():
                others = (one for one in self.attendance if one.seat != event.attendance.seat)
                return {"attendance": (*others, event.attendance)}
            case StrategyActionNoted():
                return {"actions": self._with(AgreedAction.model_validate(event.model_dump()))}
            case StrategyActionSettled():
                settled = {"settled": event.how, "settled_at": event.at, "note": event.note}
                held = (action for action in self.actions if action.number == event.number)
                return {"actions": self._with(*(action.model_copy(update=settled) for action in held))}
            case StrategyDiscussionHeld():
                return {"held_at": event.held_at}
            case StrategyDiscussionClosed():
                return {"outcome": event.outcome, "reasons": event.reasons}
            case StrategyDiscussionCalledOff():
                return {"reasons": event.reasons}
            case _:
                return {}

    def _with(self, *actions: AgreedAction) -> tuple[AgreedAction, ...]:
        """The actions in the order of their numbers, these in place of those with the same."""
        held = {action.number: action for action in (*self.actions, *actions)}
        return tuple(held[number] for number in sorted(held))
