"""What every view is made of, whoever it is for."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

Audience = Literal[
    "referrer", "professional-referrer", "other-referrer", "parent", "school", "agency", "police", "probation",
    "case-system", "worker", "team",
]  # fmt: skip


class View(BaseModel):
    """Printed on everything: who writes, and how to reach them (AU-2, AU-4)."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    AUDIENCE: ClassVar[Audience]

    front_door: str
    front_door_phone: str
    public_hours: str
    night_team_phone: str
