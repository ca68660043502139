"""The life of a professional disagreement (SC-20, TM-16)."""

from __future__ import annotations

from typing import Final

from icart_common.contracts.disagreements import (
    AnswerDisagreement,
    DisagreementAnswered,
    DisagreementRaised,
    DisagreementRaisedHigher,
    DisagreementResolved,
    RaiseDisagreement,
    RaiseHigher,
    ResolveDisagreement,
)
from icart_common.policy.lives.life import Life, Step
from icart_common.policy.lives.standing_still import standing_still

WITH_MANAGERS: Final = frozenset({"with-managers", "answered"})
_OPEN: Final = WITH_MANAGERS | {"with-board", "answered-by-board"}

LIFE: Final = Life(
    kind="disagreement",
    name="disagreement",
    states=("with-managers", "answered", "with-board", "answered-by-board", "resolved"),
    ends=frozenset({"resolved"}),
    steps=(
        Step(
            DisagreementRaised, frozenset(), "with-managers", "raise a disagreement",
            RaiseDisagreement, "record", ("disagreement_raised",),
        ),
        Step(
            DisagreementAnswered, frozenset({"with-managers"}), "answered", "answer it",
            AnswerDisagreement, "authorise",
        ),
        Step(
            DisagreementRaisedHigher, WITH_MANAGERS, "with-board", "raise it to the board",
            RaiseHigher, "record", ("disagreement_raised_higher",),
        ),
        Step(
            DisagreementAnswered, frozenset({"with-board"}), "answered-by-board", "record the board's answer",
            AnswerDisagreement, "authorise",
        ),
        Step(
            DisagreementResolved, _OPEN, "resolved", "record how it was resolved",
            ResolveDisagreement, "authorise", ("disagreement_resolved",),
        ),
        *standing_still(_OPEN),
    ),
)  # fmt: skip
