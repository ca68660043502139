"""Whether what a person decided for the children may be done, child by child (PV-3, PV-5, PV-6, PV-7)."""

from __future__ import annotations

from collections import Counter

from icart_common.contracts.police_vpa import ChildRoute, ProposedRoute
from icart_common.contracts.vpa import ChildAtIncident
from icart_common.policy.pack import PolicyPack
from icart_common.policy.vpa import Pathway, VpaRules
from icart_police_vpa.domain.propose import history_of, is_allocated, route_of
from icart_police_vpa.domain.refusal import Refusal
from icart_police_vpa.domain.vpa import Vpa

_TO_THE_FRONT_DOOR = "send the child to icart"


def check_routes(vpa: Vpa, routes: tuple[ChildRoute, ...], pack: PolicyPack, rules: VpaRules) -> None:
    """Every child has exactly one way out, and each may be taken. Raises Refusal."""
    if not vpa.children:
        raise Refusal("no-child", "no child is named, so there is nobody to refer", ("close it, with a reason",))
    _one_each(vpa, routes)
    for route in routes:
        _check(vpa, route, pack, rules)


def proposal_for(vpa: Vpa, child: str) -> ProposedRoute:
    """What the rules proposed for a child of the assessment."""
    return next(proposal for proposal in vpa.proposals if proposal.child == child)


def child_of(vpa: Vpa, ref: str) -> ChildAtIncident:
    return next(child for child in vpa.children if child.person.ref == ref)


def pathway_for(vpa: Vpa, route: ChildRoute, pack: PolicyPack, rules: VpaRules) -> Pathway | None:
    """The pack's pathway by education or health: one that takes this grade before one that does not."""
    ways = [way for way in rules.pathways if route_of(way, pack) == route.route]
    return min(ways, key=lambda way: vpa.submitted.grade not in way.grades, default=None)


def _one_each(vpa: Vpa, routes: tuple[ChildRoute, ...]) -> None:
    wanted = {child.person.ref for child in vpa.children}
    given = Counter(route.child for route in routes)
    if unknown := sorted(given.keys() - wanted):
        allowed = tuple(f"child {ref}" for ref in sorted(wanted))
        raise Refusal("unknown-child", f"there is no child {', '.join(unknown)} in the assessment", allowed)
    if twice := sorted(ref for ref, times in given.items() if times > 1):
        why = f"child {', '.join(twice)} has more than one way out"
        raise Refusal("routes-twice", why, ("give each child exactly one route",))
    if without := sorted(wanted - given.keys()):
        why = f"child {', '.join(without)} has no way out yet"
        raise Refusal("routes-missing", why, ("give each child a route, a decision and a reason",))


def _check(vpa: Vpa, route: ChildRoute, pack: PolicyPack, rules: VpaRules) -> None:
    known = vpa.known.get(route.child)
    decision = next((one for one in rules.decisions if one.id == route.recorded_as), None)
    if decision is None:
        why = f"child {route.child} is recorded with a decision that the policy does not have"
        raise Refusal("unknown-decision", why, (f"{one.name} ({one.id})" for one in rules.decisions))
    if route.route == "allocated-worker" and not is_allocated(known):
        why = f"child {route.child} is not open and allocated to a worker (PV-6)"
        raise Refusal("not-allocated", why, (_TO_THE_FRONT_DOOR,))
    if route.route not in ("education", "health"):
        return
    if rules.grade(vpa.submitted.grade).screened_on:
        why = f"graded {vpa.submitted.grade}: a social worker screens child {route.child} (PV-5)"
        raise Refusal("social-worker-screens", why, (_TO_THE_FRONT_DOOR, "or to the worker of an open case"))
    way = pathway_for(vpa, route, pack, rules)
    if way is None:
        why = f"{pack.authority.name} has no {route.route} pathway"
        raise Refusal("no-pathway", why, (_TO_THE_FRONT_DOOR,))
    if way.only_without_history and history_of(child_of(vpa, route.child).person, known) is not False:
        why = f"child {route.child} has past or present social care history, or it cannot be said (PV-3)"
        raise Refusal("social-care-history", why, (_TO_THE_FRONT_DOOR, "or to the worker of an open case"))
    if decision.kind == "referral":
        why = f"child {route.child} is recorded as referred to social care, and would not reach it"
        allowed = (_TO_THE_FRONT_DOOR, "or record the pathway with another decision")
        raise Refusal("referral-needs-front-door", why, allowed)
