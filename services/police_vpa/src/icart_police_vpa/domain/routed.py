"""One child's way out, as it is said: what was proposed beside what was decided, and no more than its recipient needs."""

from __future__ import annotations

from datetime import datetime

from icart_common.contracts.base import Actor
from icart_common.contracts.police_vpa import ChildRoute, VpaRouted
from icart_common.policy.pack import PolicyPack
from icart_common.policy.vpa import VpaRules
from icart_police_vpa.domain.exposure import in_words, name_of
from icart_police_vpa.domain.routes import child_of, pathway_for, proposal_for
from icart_police_vpa.domain.vpa import Vpa


def routed(vpa: Vpa, route: ChildRoute, by: Actor, pack: PolicyPack, rules: VpaRules, at: datetime) -> VpaRouted:
    """The event of a route that has been checked.

    A pathway hears the child's name and what the incident was for the child; of what happened it hears the kind and the day.
    The front door has the whole account from its own submission, so this names nobody for it.
    """
    submitted, known = vpa.submitted, vpa.known.get(route.child)
    child = child_of(vpa, route.child)
    to_pathway = route.route in ("education", "health")
    to_worker = route.route == "allocated-worker"
    way = pathway_for(vpa, route, pack, rules) if to_pathway else None
    there = in_words(child)
    kind = submitted.incident.kind.replace("-", " ")
    return VpaRouted(
        vpa=vpa.id,
        authority=submitted.authority,
        agency=submitted.agency,
        pack_version=vpa.pack_version,
        child=route.child,
        child_name=name_of(child.person) if to_pathway or to_worker else None,
        child_born=child.person.born if to_pathway or to_worker else None,
        impact=child.impact if to_pathway else None,
        route=route.route,
        recorded_as=route.recorded_as,
        proposed=proposal_for(vpa, route.child),
        by=by,
        reason=route.reason,
        recipient=way.agency if way else None,
        case=known.case if known and to_worker else None,
        summary=f"A police assessment graded {submitted.grade}, {kind}" + (f": the child {there}." if there else "."),
        incident_kind=submitted.incident.kind,
        incident_at=submitted.incident.at,
        routed_at=at,
    )
