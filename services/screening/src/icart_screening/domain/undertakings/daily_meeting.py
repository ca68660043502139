"""A day's meeting as it stands (SC-15, TM-5; S4, section 2): its enquiries, what was decided, and what is still to be done."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from pydantic import Field

from icart_common.contracts.base import Part
from icart_common.contracts.meetings import (
    BrokeredTask,
    EnquiryDecided,
    EnquiryListed,
    EnquiryWithdrawn,
    GivenTask,
    MeetingCalled,
    Presented,
    TasksCarried,
    TaskTickedOff,
    still_open,
)
from icart_common.policy.lives.daily_meeting import LIFE
from icart_common.policy.lives.life import Life
from icart_common.policy.pack import PolicyPack
from icart_common.worktime.errors import BeyondKnownHolidays
from icart_screening.domain.undertakings.undertaking import Undertaking


class Decision(Part):
    """What was decided about one enquiry."""

    outcome: str
    level: int
    plan: str
    tasks: tuple[BrokeredTask, ...] = ()


class DailyMeeting(Undertaking):
    """The meeting of one working day, with its enquiries in the order in which they came."""

    LIFE: ClassVar[Life] = LIFE

    on: date | None = None
    enquiries: tuple[Presented, ...] = ()
    decisions: dict[str, Decision] = Field(default_factory=dict)
    """By the enquiry's id."""
    open_tasks: tuple[GivenTask, ...] = ()
    """What is still to be done: of earlier meetings, and of its own decisions."""

    def listed(self, enquiry: object) -> Presented | None:
        """The enquiry as it was put to the meeting; None when it was not, or was taken from it."""
        return next((one for one in self.enquiries if one.enquiry == enquiry), None)

    def undecided(self) -> tuple[Presented, ...]:
        """What the meeting has still to discuss."""
        return tuple(one for one in self.enquiries if str(one.enquiry) not in self.decisions)

    def after(self, event: object) -> dict[str, object]:
        """What an event changes in it."""
        match event:
            case MeetingCalled():
                return {"on": event.on}
            case EnquiryListed(presented=new):
                if self.listed(new.enquiry):
                    return {"enquiries": tuple(new if one.enquiry == new.enquiry else one for one in self.enquiries)}
                return {"enquiries": (*self.enquiries, new)}
            case EnquiryWithdrawn():
                return {"enquiries": tuple(one for one in self.enquiries if one.enquiry != event.enquiry)}
            case EnquiryDecided():
                decision = Decision.model_validate(event.model_dump())
                decisions = {**self.decisions, str(event.enquiry): decision}
                return {"decisions": decisions, "open_tasks": still_open(self.open_tasks, event)}
            case TasksCarried() | TaskTickedOff():
                return {"open_tasks": still_open(self.open_tasks, event)}
            case _:
                return {}


def following_day(pack: PolicyPack, day: date | None) -> date | None:
    """The next day on which they meet; None beyond the years whose holidays are known, and of a meeting without a day."""
    try:
        return pack.calendar().working_days_after(day, 1) if day else None
    except BeyondKnownHolidays:
        return None
