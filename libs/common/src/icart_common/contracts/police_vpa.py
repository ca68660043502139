"""Commands to police VPA triage and what it says (PV-2 to PV-9; S1, "Cheshire Constabulary Police Referral Unit")."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from icart_common.contracts.base import (
    Actor,
    AgencyId,
    AuthorityId,
    Command,
    Instant,
    LongText,
    Message,
    Part,
    ShortText,
    Slug,
)
from icart_common.contracts.cases import Case
from icart_common.contracts.vpa import Grade

Route = Literal["education", "health", "icart", "allocated-worker"]
RecordedAs = Slug
"""PV-7: how the assessment is recorded on the child, by the pack's id of the decision."""


class ProposedRoute(Part):
    """What the rules propose for one child, and which rule and facts made it."""

    child: str
    route: Route
    recorded_as: RecordedAs
    rule: str
    """The register's row, for example `PV-3`."""
    because: ShortText


class ChildRoute(Part):
    """What a person decided for one child, with the reason (PV-7)."""

    child: str
    route: Route
    recorded_as: RecordedAs
    reason: ShortText = Field(min_length=1)


class VpaCommand(Command):
    SUBJECT: ClassVar[str] = "vpa"

    vpa: UUID
    seen_version: int = Field(ge=1, le=2_147_483_647)


class PrimaryAssess(VpaCommand):
    """The intelligence review officer's primary assessment (PV-2)."""

    TYPE: ClassVar[str] = "icart.police-vpa.primary-assess.v1"

    checks: tuple[ShortText, ...] = Field(min_length=1)
    decision: Literal["close", "refer", "secondary"]
    reason: ShortText = Field(min_length=1)
    routes: tuple[ChildRoute, ...] = ()


class SecondaryAssess(VpaCommand):
    """The detective sergeant's secondary assessment (PV-2)."""

    TYPE: ClassVar[str] = "icart.police-vpa.secondary-assess.v1"

    decision: Literal["close", "refer"]
    reason: ShortText = Field(min_length=1)
    routes: tuple[ChildRoute, ...] = ()
    marac: bool = False


class VpaRecorded(Message):
    """A VPA was taken in; what the officer did not record is asked back of the force (PV-12)."""

    TYPE: ClassVar[str] = "icart.police-vpa.recorded.v1"
    SUBJECT: ClassVar[str] = "vpa"

    vpa: UUID
    authority: AuthorityId
    agency: AgencyId
    pack_version: str
    grade: Grade
    received_at: Instant
    children: tuple[str, ...]
    missing: tuple[ShortText, ...] = ()


class VpaProposed(Message):
    """The people are identified: what the rules propose, for the officer to decide (PV-2 to PV-6)."""

    TYPE: ClassVar[str] = "icart.police-vpa.proposed.v1"
    SUBJECT: ClassVar[str] = "vpa"

    vpa: UUID
    authority: AuthorityId
    version: int
    secondary_needed: bool
    proposals: tuple[ProposedRoute, ...]


class VpaAssessed(Message):
    """A primary or secondary assessment was made."""

    TYPE: ClassVar[str] = "icart.police-vpa.assessed.v1"
    SUBJECT: ClassVar[str] = "vpa"

    vpa: UUID
    authority: AuthorityId
    version: int
    stage: Literal["primary", "secondary"]
    by: Actor
    decision: Literal["close", "refer", "secondary"]
    reason: ShortText
    marac: bool = False
    assessed_at: Instant


class VpaRouted(Message):
    """One child's way out of the referral unit, decided by a person with a reason (PV-3, PV-6, PV-7)."""

    TYPE: ClassVar[str] = "icart.police-vpa.routed.v1"
    SUBJECT: ClassVar[str] = "vpa"

    vpa: UUID
    authority: AuthorityId
    agency: AgencyId
    pack_version: str
    child: str
    child_name: ShortText | None = None
    """For the recipient's message; left out of everything that is logged."""
    child_born: date | None = None
    impact: LongText | None = None
    """What the incident was for this child, which is all that a pathway is told of it (PV-3)."""
    route: Route
    recorded_as: RecordedAs
    proposed: ProposedRoute
    by: Actor
    reason: ShortText
    recipient: AgencyId | None = None
    """The education or health service on whose pathway the child is."""
    case: Case | None = None
    """The open case, when the route is its worker (PV-6)."""
    summary: LongText
    incident_kind: ShortText
    incident_at: Instant
    routed_at: Instant


class SchoolToBeTold(Message):
    """Operation Encompass: the child was exposed to domestic abuse; the school is told before the next school day (PV-8)."""

    TYPE: ClassVar[str] = "icart.police-vpa.school-to-be-told.v1"
    SUBJECT: ClassVar[str] = "vpa"

    vpa: UUID
    authority: AuthorityId
    pack_version: str
    child: str
    child_name: ShortText
    child_born: date | None = None
    school: AgencyId
    incident_at: Instant
    received_at: Instant
    clocks: dict[str, UUID] = Field(default_factory=dict)
    """The clocks that wait for the school to be told, by the pack's rule: whoever tells it meets them (TM-15)."""
