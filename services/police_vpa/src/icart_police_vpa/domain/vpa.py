"""A police vulnerable person's assessment as it stands, and what a change of it says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from pydantic import Field

from icart_common.contracts.base import Actor, Instant, Message, Part
from icart_common.contracts.intake import Known
from icart_common.contracts.police_vpa import ChildRoute, ProposedRoute
from icart_common.contracts.vpa import ChildAtIncident, VpaSubmitted
from icart_common.policy.running_clocks import RunningClocks

OWNER = "police-vpa"
Status = Literal["recorded", "proposed", "secondary", "closed", "referred"]
"""`recorded`: its people are being identified; `proposed`: the primary assessment is due; `secondary`: the second one is."""


class Assessment(Part):
    """What a person decided at one of the two stages (PV-2)."""

    by: Actor
    at: Instant
    checks: tuple[str, ...] = ()
    decision: Literal["close", "refer", "secondary"]
    reason: str


class Vpa(Part):
    """One assessment, under the force's own id. It keeps what was proposed beside what was decided."""

    id: UUID
    pack_version: str
    received_at: Instant
    submitted: VpaSubmitted
    version: int = 1
    status: Status = "recorded"
    known: dict[str, Known] = Field(default_factory=dict)
    """Who the children are, by their refs; empty until intake has answered."""
    proposals: tuple[ProposedRoute, ...] = ()
    primary: Assessment | None = None
    secondary: Assessment | None = None
    marac: bool = False
    """On the list of the conference about high-risk domestic abuse (PV-9)."""
    mappa: bool = False
    """An adult is under multi-agency public protection, as the force said (PV-9)."""
    routes: tuple[ChildRoute, ...] = ()
    submission: UUID | None = None
    """What intake was given for the children whose way is the front door."""
    clocks: RunningClocks = RunningClocks()
    school_clocks: dict[str, RunningClocks] = Field(default_factory=dict)
    """The clocks that wait for each child's school to be told, by the child's ref; whoever tells it meets them (TM-15)."""

    @property
    def children(self) -> tuple[ChildAtIncident, ...]:
        return self.submitted.children

    @property
    def over(self) -> bool:
        return self.status in ("closed", "referred")


@dataclass(frozen=True, slots=True)
class Change:
    """An assessment after something happened to it, and what is said about that, in order."""

    vpa: Vpa
    messages: tuple[Message, ...]
