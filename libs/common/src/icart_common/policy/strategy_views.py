"""What agencies may see of a strategy discussion (SC-14, CO-7, CO-8)."""

from __future__ import annotations

from typing import Final

from icart_common.policy.view import View


class StrategyInvitationView(View):
    """To an agency that is asked to a strategy discussion: which child, when and how, no more (SC-14, CO-7)."""

    AUDIENCE = "agency"
    reference: str
    child_name: str
    child_born: str
    child_address: str
    meets: str
    how: str
    bring: str
    reconvened: str | None = None
    """Words that stand there when it follows an earlier discussion."""


class StrategyInformationView(View):
    """To an agency of a strategy discussion: what it is given for it, with the ground (SC-14, CO-8)."""

    AUDIENCE = "agency"
    reference: str
    child_name: str
    information: str
    ground: str


class StrategyRecordView(View):
    """To everybody who was asked to a strategy discussion: who took part, what was decided, who does what by when (SC-14)."""

    AUDIENCE = "agency"
    reference: str
    child_name: str
    child_born: str
    held: str
    took_part: tuple[str, ...]
    outcome: str
    reasons: str
    actions: tuple[str, ...]


class StrategyCalledOffView(View):
    """To every agency that was asked to a strategy discussion which does not take place: not why (SC-14, CO-7)."""

    AUDIENCE = "agency"
    reference: str
    child_name: str
    child_born: str


STRATEGY_VIEWS: Final[dict[str, type[View]]] = {
    "strategy-invitation": StrategyInvitationView,
    "strategy-information": StrategyInformationView,
    "strategy-record": StrategyRecordView,
    "strategy-called-off": StrategyCalledOffView,
}
"""What each template of a strategy discussion may show."""
