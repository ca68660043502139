"""The life of a daily meeting (SC-15, TM-5)."""

from __future__ import annotations

from typing import Final

from icart_common.contracts.meetings import (
    DecideAtMeeting,
    EndMeeting,
    EnquiryDecided,
    EnquiryListed,
    EnquiryWithdrawn,
    MeetingCalled,
    MeetingEnded,
    MeetingPrepared,
    PrepareMeeting,
    TasksCarried,
    TaskTickedOff,
    TickOffTask,
)
from icart_common.policy.lives.life import Life, Step

_NOT_OVER: Final = frozenset({"gathering", "prepared"})

LIFE: Final = Life(
    kind="daily-meeting",
    name="daily meeting",
    states=("gathering", "prepared", "ended"),
    ends=frozenset({"ended"}),
    steps=(
        Step(MeetingCalled, frozenset(), "gathering", "call it", moments=("meeting_called",)),
        Step(EnquiryListed, _NOT_OVER, None, "put an enquiry to it"),
        Step(EnquiryWithdrawn, _NOT_OVER, None, "take an enquiry from it"),
        Step(
            MeetingPrepared, frozenset({"gathering"}), "prepared", "make its pack",
            PrepareMeeting, "record", ("meeting_prepared",),
        ),
        Step(
            EnquiryDecided, frozenset({"prepared"}), None, "decide an enquiry",
            DecideAtMeeting, "authorise", own_work=True,
        ),
        Step(TasksCarried, _NOT_OVER | {"ended"}, None, "take over what is still to be done"),
        Step(TaskTickedOff, frozenset({"gathering"}), None, "take note that a task is done"),
        Step(TaskTickedOff, frozenset({"prepared", "ended"}), None, "tick off a task", TickOffTask, "record"),
        Step(MeetingEnded, frozenset({"prepared"}), "ended", "end it", EndMeeting, "authorise"),
    ),
)  # fmt: skip
