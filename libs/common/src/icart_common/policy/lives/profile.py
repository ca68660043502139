"""The life of a family's profile (SC-22)."""

from __future__ import annotations

from typing import Final

from icart_common.contracts.profiles import (
    BeginProfile,
    CompleteProfile,
    ProfileBegun,
    ProfileCompleted,
    ProfileFlagRecorded,
    RecordProfileFlag,
)
from icart_common.policy.lives.life import Life, Step

_GATHERING: Final = frozenset({"gathering"})

LIFE: Final = Life(
    kind="profile",
    name="family's profile",
    states=("gathering", "complete"),
    ends=frozenset({"complete"}),
    steps=(
        Step(ProfileBegun, frozenset(), "gathering", "begin it", BeginProfile, "record"),
        Step(ProfileFlagRecorded, _GATHERING, None, "record a flag", RecordProfileFlag, "record"),
        Step(ProfileCompleted, _GATHERING, "complete", "complete it", CompleteProfile, "record"),
    ),
)
