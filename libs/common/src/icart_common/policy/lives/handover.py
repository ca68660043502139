"""The life of the handovers between the day's and the night's team (ED-5, ED-7). It has no end."""

from __future__ import annotations

from typing import Final

from icart_common.contracts.handover import (
    AcceptItem,
    AlertNightTeam,
    HandedOver,
    ItemAccepted,
    NightAlertRaised,
    NightReported,
    ReportNight,
)
from icart_common.policy.lives.life import Life, Step

_ANY: Final = frozenset({"open", "reported"})

LIFE: Final = Life(
    kind="handover",
    name="night's handover",
    states=("open", "reported"),
    ends=frozenset(),
    steps=(
        Step(HandedOver, frozenset(), "open", "hand over a child of the night"),
        Step(HandedOver, _ANY, None, "hand over a child of the night"),
        Step(NightAlertRaised, frozenset(), "open", "alert the night team", AlertNightTeam, "record"),
        Step(NightAlertRaised, _ANY, None, "alert the night team", AlertNightTeam, "record"),
        Step(ItemAccepted, _ANY, None, "accept an item", AcceptItem),
        Step(NightReported, frozenset(), "reported", "make the morning report", ReportNight, "edt-accept"),
        Step(NightReported, _ANY, "reported", "make the morning report", ReportNight, "edt-accept"),
    ),
)
