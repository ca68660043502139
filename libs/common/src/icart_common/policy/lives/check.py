"""The life of a check with an agency, or in our own records (SC-5, TM-11)."""

from __future__ import annotations

from typing import Final

from icart_common.contracts.checks import (
    CancelCheck,
    CheckCancelled,
    CheckReplied,
    CheckRepliedAgain,
    CheckRequested,
    RecordCheckAnswer,
    RequestCheck,
)
from icart_common.policy.lives.life import Life, Step
from icart_common.policy.lives.standing_still import standing_still

_ENDED: Final = frozenset({"answered", "cancelled"})

LIFE: Final = Life(
    kind="check",
    name="check",
    states=("asked", "answered", "cancelled"),
    ends=_ENDED,
    steps=(
        Step(
            CheckRequested, frozenset(), "asked", "ask an agency, or look in our own records",
            RequestCheck, "record", ("check_requested",), contact="open",
        ),
        Step(
            CheckReplied, frozenset({"asked"}), "answered", "record the answer",
            RecordCheckAnswer, "record", ("check_replied",),
        ),
        Step(
            CheckCancelled, frozenset({"asked"}), "cancelled", "cancel it with a reason",
            CancelCheck, "record", ("check_cancelled",),
        ),
        Step(CheckRepliedAgain, _ENDED, None, "record a further answer", RecordCheckAnswer, "record"),
        *standing_still({"asked"}),
    ),
)  # fmt: skip
