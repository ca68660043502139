"""A screening tool's answers for a child, their score, and where they sent the child (SC-21; S1, "CSE Screening Tool")."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from icart_common.contracts.base import Actor, ShortText, Slug
from icart_common.contracts.cases import Case
from icart_common.contracts.undertakings import BeginForContact, UndertakingEvent

ToolAnswer = Literal["yes", "no", "not-known"]
ToolRoute = Literal["allocated-worker", "safeguarding", "early-intervention", "screened-again", "a-person-decides"]
"""`screened-again`: the child was open to early intervention, and goes to safeguarding's screening. `a-person-decides`: it is
where somebody put it, or its words point elsewhere than the tool."""


class RecordScreeningTool(BeginForContact):
    """A screening tool came with a contact, or was filled in for it: every question with its answer."""

    TYPE: ClassVar[str] = "icart.screening.record-screening-tool.v1"

    tool: Slug
    answers: dict[Slug, ToolAnswer] = Field(default_factory=dict)
    filled_in_by: ShortText = ""
    filled_in_on: date | None = None


class ScreeningToolRecorded(UndertakingEvent):
    TYPE: ClassVar[str] = "icart.screening.screening-tool-recorded.v1"

    by: Actor
    reference: str
    """The contact's."""
    person: UUID
    """The child, as the contact knew them then."""
    tool: Slug
    answers: dict[Slug, ToolAnswer]
    filled_in_by: ShortText | None = None
    filled_in_on: date | None = None
    score: int
    band: Literal["low", "medium", "high"]
    route: ToolRoute
    case: Case | None = None
    """The open case, when its worker is told."""
