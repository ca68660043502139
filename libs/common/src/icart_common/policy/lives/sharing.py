"""The life of a decision about sharing (CO-4, CO-8)."""

from __future__ import annotations

from typing import Final

from icart_common.contracts.checks import (
    AuthoriseSharing,
    DecideNotToShare,
    SharingAuthorised,
    SharingDeclined,
    SharingEnded,
    WithdrawSharing,
)
from icart_common.policy.lives.life import Life, Step

LIFE: Final = Life(
    kind="sharing",
    name="decision about sharing",
    states=("in-force", "over", "not-shared"),
    ends=frozenset({"over", "not-shared"}),
    steps=(
        Step(
            SharingAuthorised, frozenset(), "in-force", "authorise sharing without the parents' knowledge",
            AuthoriseSharing, "share-without-consent", contact="open",
        ),
        Step(SharingDeclined, frozenset(), "not-shared", "decide not to share", DecideNotToShare, "record"),
        Step(
            SharingEnded, frozenset({"in-force"}), "over", "take the authorisation back",
            WithdrawSharing, "share-without-consent",
        ),
    ),
)  # fmt: skip
