"""The life of a strategy discussion (SC-14, TM-6)."""

from __future__ import annotations

from typing import Final

from icart_common.contracts.strategy import (
    CallOffStrategyDiscussion,
    CloseStrategyDiscussion,
    DecideStrategyDiscussion,
    HoldStrategyDiscussion,
    InviteToStrategyDiscussion,
    NoteStrategyAction,
    ReconveneStrategyDiscussion,
    RecordStrategyAttendance,
    SettleStrategyAction,
    ShareForStrategyDiscussion,
    StrategyActionNoted,
    StrategyActionSettled,
    StrategyActionsFinished,
    StrategyAttendanceRecorded,
    StrategyDiscussionCalledOff,
    StrategyDiscussionClosed,
    StrategyDiscussionDecided,
    StrategyDiscussionHeld,
    StrategyDiscussionReconvened,
    StrategyInformationShared,
    StrategyPartnersInvited,
)
from icart_common.policy.lives.life import Life, Step
from icart_common.policy.lives.standing_still import standing_still

UNDER_WAY: Final = frozenset({"decided", "held"})

LIFE: Final = Life(
    kind="strategy-discussion",
    name="strategy discussion",
    states=("decided", "held", "closed", "finished", "called-off"),
    ends=frozenset({"finished", "called-off"}),
    steps=(
        Step(
            StrategyDiscussionDecided, frozenset(), "decided", "decide a strategy discussion",
            DecideStrategyDiscussion, "strategy", ("strategy_decided",),
        ),
        Step(
            StrategyDiscussionReconvened, frozenset(), "decided", "reconvene it",
            ReconveneStrategyDiscussion, "strategy", ("strategy_decided",),
        ),
        Step(
            StrategyPartnersInvited, UNDER_WAY, None, "ask partners to it", InviteToStrategyDiscussion, "record",
        ),
        Step(
            StrategyInformationShared, UNDER_WAY, None, "give a partner what it needs for it",
            ShareForStrategyDiscussion, "record",
        ),
        Step(
            StrategyAttendanceRecorded, UNDER_WAY, None, "record who took part and what they knew",
            RecordStrategyAttendance, "record",
        ),
        Step(
            StrategyActionNoted, UNDER_WAY, None, "note an action, its owner and its day", NoteStrategyAction, "record",
        ),
        Step(
            StrategyActionSettled, UNDER_WAY | {"closed"}, None, "settle an action", SettleStrategyAction, "record",
        ),
        Step(
            StrategyDiscussionHeld, frozenset({"decided"}), "held", "record that it was held",
            HoldStrategyDiscussion, "record", ("strategy_held",),
        ),
        Step(
            StrategyDiscussionClosed, frozenset({"held"}), "closed", "close it with its outcome",
            CloseStrategyDiscussion, "strategy",
        ),
        Step(
            StrategyDiscussionCalledOff, frozenset({"decided"}), "called-off", "call it off with the reasons",
            CallOffStrategyDiscussion, "strategy",
        ),
        Step(StrategyActionsFinished, frozenset({"closed"}), "finished", "the last action is settled"),
        *standing_still(UNDER_WAY | {"closed"}),
    ),
)  # fmt: skip
