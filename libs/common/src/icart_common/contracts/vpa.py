"""The police vulnerable person's assessment as the force sends it (PV-1; S1, "Vulnerable Person's Assessments")."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from icart_common.contracts.base import Inbound, Instant, LongText, Part, ShortText
from icart_common.contracts.referral import MAXIMUM_PEOPLE, Person, Relationship

Grade = Literal["standard", "medium", "high"]


class ChildAtIncident(Part):
    """A child in the assessment, and what the incident was for that child. Impact left blank is asked for (PV-12)."""

    person: Person
    present: bool = False
    witnessed: bool = False
    injured: bool = False
    injuries: LongText | None = None
    lives_or_visits: bool = False
    """Lives in, or regularly visits, the household (PV-4)."""
    impact: LongText | None = None
    school_agency: str | None = Field(default=None, max_length=64, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    """The child's school by its agency id, when the force knows it (PV-8)."""


class Incident(Part):
    kind: Literal["domestic-abuse", "missing", "concern-for-child", "mental-health", "exploitation", "other"]
    at: Instant
    where: ShortText | None = None
    what: LongText
    previous: LongText | None = None


class VpaSubmitted(Inbound):
    """A graded assessment of an incident at which children or vulnerable adults were present."""

    TYPE: ClassVar[str] = "icart.vpa.submitted.v1"
    SUBJECT: ClassVar[str] = "vpa"

    vpa: UUID
    """The force's id of the assessment."""
    grade: Grade
    officer: ShortText | None = None
    incident: Incident
    adults: tuple[Person, ...] = Field(default=(), max_length=MAXIMUM_PEOPLE)
    children: tuple[ChildAtIncident, ...] = Field(default=(), max_length=MAXIMUM_PEOPLE)
    relationships: tuple[Relationship, ...] = Field(default=(), max_length=500)
    mappa: bool = False
