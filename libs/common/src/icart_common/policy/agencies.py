"""The agencies an authority deals with, how each is reached, and which messages each may write (AU-4, IN-21)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from icart_common.contracts.base import SourceCode
from icart_common.policy.base import Named, Part, Sourced, Words

AgencyKind = Literal[
    "school", "education-service", "health", "health-service", "police", "probation", "court", "cafcass",
    "prison", "edt", "case-system", "public-door", "rhi-provider", "voluntary", "local-authority", "own-staff",
]  # fmt: skip
InboundContract = Literal["referrals", "vpa", "notices", "replies", "edt", "cases"]
"""The contracts of `inbound.<contract>.<agency>`."""

Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)]
Phone = Annotated[str, StringConstraints(pattern=r"^[0-9][0-9 /]{2,39}$")]


class ContactPoint(Sourced):
    """A way to reach the front door or somebody it sends people to."""

    phone: Phone | None = None
    email: Email | None = None
    post: Words | None = None


class ContactPoints(Part):
    """Numbers and mailboxes that messages print (AU-4)."""

    front_door: ContactPoint
    night_team: ContactPoint
    police: ContactPoint
    emergency: ContactPoint
    secure_mailbox: ContactPoint


class Delivery(Part):
    """How what we send reaches the agency: its own topic, its secure mailboxes, or both (CO-8)."""

    topic: bool = False
    email: tuple[Email, ...] = ()


class Agency(Named):
    """A partner. Its id names its topics, so an agency of several authorities has the same id and kind in every pack."""

    kind: AgencyKind
    may_write: tuple[InboundContract, ...] = ()
    delivery: Delivery = Delivery()
    source_code: SourceCode | None = None
    """The census code of a contact from this agency when the message gives none (IN-21)."""
    shared: bool = False
    """True when the agency serves other authorities too: then their packs hold it as well, the same."""


class AreaTeam(Named):
    """The team that takes a level 3 child's referral, by the district of the child's postcode (SC-11)."""

    postcode_districts: tuple[Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,2}[0-9][0-9A-Z]?$")], ...] = ()
    takes_everywhere_else: bool = False


def area_team(teams: tuple[AreaTeam, ...], postcode: str | None) -> AreaTeam:
    """The team for a postcode, or the one that takes everywhere else when the district is nobody's or not known."""
    district = (postcode or "").replace(" ", "").upper()[:-3]
    for team in teams:
        if district and district in team.postcode_districts:
            return team
    return next(team for team in teams if team.takes_everywhere_else)


NonEmptyTeams = Annotated[tuple[AreaTeam, ...], Field(min_length=1)]
