"""A submission about several children against the contacts open about them: which join, and in which incident (IN-20)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple
from uuid import UUID

from icart_common.policy.incidents import IncidentRule
from icart_intake.domain.incident import Joining, Matters, Notice

_WITH_A_SIBLING: Final = "the same notice is worked in a sibling's contact"


class Gathered(NamedTuple):
    """By the id of the contact that would be opened for a child."""

    joining: Mapping[UUID, Joining]
    """Of those whose notice joins an open contact."""
    incidents: Mapping[UUID, UUID]


def gather(
    children: Mapping[UUID, UUID | None], notice: Notice, matters: Matters, rule: IncidentRule, incident: UUID
) -> Gathered:
    """`children` has the person of each child who is certainly known, and None for anybody else; they join nothing.

    A submission tells of one event. When one child's notice joins an incident, its other children are of that incident too:
    with the open contact that they have in it, or with a new one. So no child has two open contacts in one incident; who has
    one that this sender wrote to already gets a contact and an incident of their own (IN-15). `incident` is what a new one is
    called.
    """
    joining = {
        own: found
        for own, person in children.items()
        if person is not None and (found := matters.joining(person, notice, rule))
    }
    joined = [found.matter.incident for found in joining.values()]
    if joined:
        incident = joined[0]
        for own, person in children.items():
            there = matters.open_in(person, incident) if person is not None and own not in joining else None
            if there and all(held.sender != notice.sender for held in there.notices):
                joining[own] = Joining(there, (_WITH_A_SIBLING,))
    incidents = {}
    for own, person in children.items():
        if own in joining:
            incidents[own] = joining[own].matter.incident
        else:
            taken = person is not None and matters.open_in(person, incident)
            incidents[own] = own if taken else incident
    return Gathered({own: joining[own] for own in children if own in joining}, incidents)
