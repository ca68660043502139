"""What the authority's case system tells us about the people it holds and the cases that are open (IN-5, IN-6)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from icart_common.contracts.base import Address, Inbound, Instant, LongText, Part, ShortText

CaseNumber = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,40}$")]
"""The case system's own opaque id of a person."""


class Case(Part):
    """Where a person stands with children's services."""

    status: Literal["open", "closed"]
    number: CaseNumber | None = None
    """The case system's own id, for what is sent back to it; intake fills it in from the person held."""
    allocated: bool = False
    worker: ShortText | None = None
    worker_email: Annotated[str, StringConstraints(max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")] | None = None
    team: ShortText | None = None
    opened: date | None = None
    closed: date | None = None


class Services(Part):
    """Which services know the person now: what a probation check asks (ST-1)."""

    child_protection: bool = False
    child_in_need: bool = False
    looked_after: bool = False
    caf: bool = False
    troubled_family: bool = False
    adult_safeguarding: bool = False


class Happened(Part):
    """One line of the chronology (IN-6)."""

    on: date
    kind: Literal["contact", "referral", "assessment", "plan", "child-protection-plan", "looked-after", "other"]
    outcome: ShortText | None = None


class Related(Part):
    """A relative who is also held by the case system: `number` is the `kind` of this person."""

    number: CaseNumber
    kind: ShortText


class PersonHeld(Inbound):
    """All that the case system holds about one person, as of an instant. A later one replaces it; an earlier is ignored."""

    TYPE: ClassVar[str] = "icart.case.person-held.v1"

    number: CaseNumber
    as_of: Instant
    given_name: ShortText | None = None
    family_name: ShortText | None = None
    other_names: tuple[ShortText, ...] = Field(default=(), max_length=20)
    born: date | None = None
    sex: Literal["female", "male", "other", "unknown"] | None = None
    nhs_number: Annotated[str, StringConstraints(pattern=r"^[0-9]{10}$")] | None = None
    upn: Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9]{11}[0-9A-Z]$")] | None = None
    addresses: tuple[Address, ...] = Field(default=(), max_length=20)
    phones: tuple[ShortText, ...] = Field(default=(), max_length=20)
    school: ShortText | None = None
    case: Case | None = None
    services: Services = Services()
    history: tuple[Happened, ...] = Field(default=(), max_length=500)
    related: tuple[Related, ...] = Field(default=(), max_length=100)
    notes: LongText | None = None

    @property
    def subject_id(self) -> str:
        return f"{self.authority}/{self.number}"
