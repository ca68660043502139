"""What the rules propose for each child, with the rule and the facts that made it (PV-2 to PV-6). Nothing is routed by it."""

from __future__ import annotations

from icart_common.contracts.intake import Known, PeopleIdentified
from icart_common.contracts.police_vpa import ProposedRoute, Route, VpaProposed
from icart_common.contracts.referral import Person
from icart_common.contracts.vpa import ChildAtIncident
from icart_common.policy.ages import age_on
from icart_common.policy.pack import PolicyPack
from icart_common.policy.vpa import Pathway, VpaRules
from icart_common.policy.wording import london_day
from icart_police_vpa.domain.exposure import exposures, name_of
from icart_police_vpa.domain.vpa import Change, Vpa


def propose(vpa: Vpa, found: PeopleIdentified, pack: PolicyPack, rules: VpaRules) -> Change | None:
    """The assessment at version 2, for the officer to decide; None when intake's answer was there before."""
    if vpa.status != "recorded":
        return None
    refs = {child.person.ref for child in vpa.children}
    known = {one.ref: one for one in found.people if one.ref in refs}
    proposals = tuple(_for_child(child, known.get(child.person.ref), vpa, pack, rules) for child in vpa.children)
    version = vpa.version + 1
    said = VpaProposed(
        vpa=vpa.id,
        authority=vpa.submitted.authority,
        version=version,
        secondary_needed=rules.grade(vpa.submitted.grade).secondary,
        proposals=proposals,
    )
    changed = {"version": version, "status": "proposed", "known": known, "proposals": proposals}
    return Change(vpa.model_copy(update=changed), (said,))


def _for_child(
    child: ChildAtIncident, known: Known | None, vpa: Vpa, pack: PolicyPack, rules: VpaRules
) -> ProposedRoute:
    """The first rule that speaks: PV-6, PV-5, PV-4, PV-3. The README says why in this order."""
    grade = vpa.submitted.grade
    if is_allocated(known):
        return _proposed(child, "allocated-worker", "information", "PV-6", "open and allocated to a worker", rules)
    if rules.grade(grade).screened_on:
        return _proposed(child, "icart", "referral", "PV-5", f"graded {grade}: a social worker screens it", rules)
    exposed = exposures(child, vpa.submitted.incident, rules)
    if exposed:
        because = f"at domestic abuse the child {', '.join(exposed)}"
        return _proposed(child, "icart", "support", "PV-4", because, rules)
    history = history_of(child.person, known)
    born = child.person.born
    age = age_on(born, london_day(vpa.received_at)) if born else None
    way = rules.pathway(grade, age=age, history=history) if history is not None and age is not None else None
    if way:
        because = f"graded {grade}, {'social care history' if history else 'no social care history'}, aged {age}"
        return _proposed(child, route_of(way, pack), "information", "PV-3", because, rules)
    because = _why_no_pathway(grade, age, history)
    return _proposed(child, "icart", "support", "PV-3", because, rules)


def _proposed(
    child: ChildAtIncident, route: Route, kind: str, rule: str, because: str, rules: VpaRules
) -> ProposedRoute:
    decision = next((one for one in rules.decisions if one.kind == kind), rules.decisions[0])
    return ProposedRoute(child=child.person.ref, route=route, recorded_as=decision.id, rule=rule, because=because)


def _why_no_pathway(grade: str, age: int | None, history: bool | None) -> str:
    if history:
        return f"graded {grade}, with past or present social care history"
    if history is None:
        return f"graded {grade}, and too little is known of the child to look for social care history"
    if age is None:
        return f"graded {grade}, and no age by which a pathway could be chosen"
    return f"graded {grade}, aged {age}: no pathway takes it"


def is_allocated(known: Known | None) -> bool:
    """Open, and somebody's case (PV-6)."""
    return known is not None and known.case is not None and known.case.status == "open" and known.case.allocated


def history_of(person: Person, known: Known | None) -> bool | None:
    """Past or present social care: a case, open or closed, anything in the chronology, or a social care service now.

    None when it cannot be said: intake did not answer, or found nobody for a child without a name or a date of birth.
    """
    if known is None or (known.match == "new" and (name_of(person) is None or person.born is None)):
        return None
    services = known.services
    now = services.child_protection or services.child_in_need or services.looked_after
    return known.case is not None or bool(known.history) or now


def route_of(way: Pathway, pack: PolicyPack) -> Route:
    """Which of the two ways a pathway is: its agency says."""
    return "health" if pack.agency(way.agency).kind in ("health", "health-service") else "education"
