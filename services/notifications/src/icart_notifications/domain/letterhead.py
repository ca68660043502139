"""What everything that leaves prints: who writes, and how to reach them, from the pack (AU-2, AU-4)."""

from __future__ import annotations

from typing import TypedDict

from icart_common.policy import PolicyPack
from icart_common.policy.agencies import ContactPoint


class Letterhead(TypedDict):
    """The fields that every view has."""

    front_door: str
    front_door_phone: str
    public_hours: str
    night_team_phone: str


def letterhead(pack: PolicyPack) -> Letterhead:
    """The authority's front door, its telephone, its public contact hours and its night team's telephone."""
    points = pack.contact_points
    return Letterhead(
        front_door=pack.authority.front_door,
        front_door_phone=reached_at(points.front_door),
        public_hours=pack.public_hours.in_words(),
        night_team_phone=reached_at(points.night_team),
    )


def reached_at(point: ContactPoint) -> str:
    """The telephone of a contact point, or the next best way that it gives."""
    return point.phone or point.email or point.post or ""
