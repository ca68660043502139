"""What the officer and the sergeant may decide, and what follows for each child."""

import pytest

from icart_common.contracts.base import Actor
from icart_common.contracts.intake import SubmitAccount
from icart_common.contracts.police_vpa import VpaAssessed, VpaRouted
from icart_common.contracts.timers import CancelClock, StartClock
from services.police_vpa.tests.referral_unit import (
    ALLOCATED,
    CLOSED,
    OFFICER,
    SERGEANT,
    Unit,
    child,
    each,
    primary,
    route,
    said,
    secondary,
)


@pytest.mark.parametrize("unit", each("PV-2"))
def test_a_standard_one_may_be_closed_by_the_officer_with_the_checks_that_were_made(unit: Unit) -> None:
    vpa = unit.proposed(child())
    change = unit.done(vpa, primary(vpa, "close"))
    assert (change.vpa.status, change.vpa.version) == ("closed", 3)
    assert change.vpa.primary is not None
    assert change.vpa.primary.checks == ("Niche", "case system")
    (assessed,) = said(change, VpaAssessed)
    assert (assessed.stage, assessed.by, assessed.decision, assessed.version) == ("primary", OFFICER, "close", 3)
    assert not said(change, VpaRouted) + said(change, SubmitAccount)


@pytest.mark.parametrize("unit", each("PV-2"))
@pytest.mark.parametrize("grade", ["medium", "high"])
@pytest.mark.parametrize("decision", ["refer", "close"])
def test_medium_and_high_are_the_sergeant_s_to_refer_or_close(unit: Unit, grade: str, decision: str) -> None:
    vpa = unit.proposed(child(), grade=grade)
    routes = (route(),) if decision == "refer" else ()
    refusal = unit.refused(vpa, primary(vpa, decision, *routes))
    assert (refusal.code, refusal.allowed) == ("secondary-needed", ("decision secondary",))


@pytest.mark.parametrize("unit", each("PV-2"))
def test_the_sergeant_refers_after_the_officer_passed_it_on(unit: Unit) -> None:
    vpa = unit.at_secondary(child(), grade="medium")
    change = unit.done(vpa, secondary(vpa, "refer", route()))
    (assessed,) = said(change, VpaAssessed)
    assert (assessed.stage, assessed.by, assessed.version) == ("secondary", SERGEANT, 4)
    assert (change.vpa.status, change.vpa.primary is not None, change.vpa.secondary is not None) == (
        "referred",
        True,
        True,
    )


@pytest.mark.parametrize("unit", each("PV-2"))
def test_each_stage_is_for_the_role_of_the_pack(unit: Unit) -> None:
    vpa = unit.at_secondary(child(), grade="medium")
    refusal = unit.refused(vpa, secondary(vpa, "close", actor=OFFICER))
    assert refusal.code == "role-may-not"
    assert any("detective-sergeant" in allowed for allowed in refusal.allowed)
    fresh = unit.proposed(child())
    manager = next(role.id for role in unit.pack.roles if role.may("triage"))
    assert unit.refused(fresh, primary(fresh, "close", actor=Actor(person="M-1", role=manager))).code == "role-may-not"
    nobody = Actor(person="M-1", role="no-such-role")
    assert unit.refused(fresh, primary(fresh, "close", actor=nobody)).code == "unknown-role"


@pytest.mark.req("PV-2")
def test_nothing_is_assessed_before_it_is_proposed_or_out_of_turn() -> None:
    unit = Unit()
    recorded = unit.taken(child()).vpa
    assert unit.refused(recorded, primary(recorded, "close")).code == "not-at-this-stage"
    proposed = unit.proposed(child())
    assert unit.refused(proposed, secondary(proposed, "close")).code == "not-at-this-stage"
    waiting = unit.at_secondary(child())
    assert unit.refused(waiting, primary(waiting, "close")).code == "not-at-this-stage"


@pytest.mark.req("PV-2")
def test_an_assessment_that_moved_on_or_is_over_is_looked_at_again() -> None:
    unit = Unit()
    vpa = unit.proposed(child())
    assert unit.refused(vpa, primary(vpa, "close", seen_version=1)).code == "version-moved"
    assert unit.refused(vpa, primary(vpa, "close", seen_version=9)).code == "unknown-version"
    closed = unit.done(vpa, primary(vpa, "close")).vpa
    assert unit.refused(closed, primary(closed, "close")).code == "closed"


@pytest.mark.parametrize("unit", each("PV-3", "PV-7"))
@pytest.mark.parametrize("way", ["education", "health"])
def test_a_pathway_is_told_of_the_child_alone(unit: Unit, way: str) -> None:
    vpa = unit.proposed(child())
    change = unit.done(vpa, primary(vpa, "refer", route("c1", way, "contact-information")))
    (routed,) = said(change, VpaRouted)
    assert routed.recipient == getattr(unit.cast, way)
    assert (routed.child_name, routed.impact) == ("Tamsin Quillfeather", "Frightened; hid under the bed.")
    assert (routed.proposed, routed.by, routed.recorded_as) == (vpa.proposals[0], OFFICER, "contact-information")
    assert "broken door" not in routed.model_dump_json()
    assert not said(change, SubmitAccount)


@pytest.mark.parametrize("unit", each("PV-6"))
def test_the_worker_of_an_open_case_gets_it(unit: Unit) -> None:
    vpa = unit.at_secondary(child(), grade="high", known={"c1": {"case": ALLOCATED}})
    change = unit.done(vpa, secondary(vpa, "refer", route("c1", "allocated-worker", "contact-information")))
    (routed,) = said(change, VpaRouted)
    assert (routed.case, routed.recipient) == (ALLOCATED, None)
    assert not said(change, SubmitAccount)


@pytest.mark.parametrize("unit", each("PV-6"))
def test_without_an_allocated_case_there_is_no_worker_to_send_it_to(unit: Unit) -> None:
    vpa = unit.proposed(child(), known={"c1": {"case": CLOSED}})
    assert unit.refused(vpa, primary(vpa, "refer", route("c1", "allocated-worker"))).code == "not-allocated"


@pytest.mark.parametrize("unit", each("PV-3"))
def test_a_child_with_social_care_history_is_not_sent_down_a_pathway(unit: Unit) -> None:
    vpa = unit.proposed(child(), known={"c1": {"case": CLOSED}})
    refusal = unit.refused(vpa, primary(vpa, "refer", route("c1", "education")))
    assert refusal.code == "social-care-history"
    assert "PV-3" in refusal.why


@pytest.mark.parametrize("unit", each("PV-5"))
def test_a_high_one_ends_with_a_social_worker_in_every_way(unit: Unit) -> None:
    vpa = unit.at_secondary(child(), grade="high")
    for way in ("education", "health"):
        assert unit.refused(vpa, secondary(vpa, "refer", route("c1", way))).code == "social-worker-screens"
    assert unit.refused(vpa, secondary(vpa, "close")).code == "social-worker-screens"
    (account,) = said(unit.done(vpa, secondary(vpa, "refer", route())), SubmitAccount)
    assert account.social_worker_first
    assert account.vpa_grade == "high"


@pytest.mark.parametrize("unit", each("PV-4", "PV-7"))
def test_another_route_than_the_proposed_one_is_a_person_s_to_take_with_a_reason(unit: Unit) -> None:
    vpa = unit.proposed(child(present=True), kind="domestic-abuse")
    decided = route("c1", "education", "contact-information", reason="Asleep upstairs; the school knows her well.")
    (routed,) = said(unit.done(vpa, primary(vpa, "refer", decided)), VpaRouted)
    assert (routed.proposed.route, routed.route, routed.reason) == ("icart", "education", decided.reason)


@pytest.mark.parametrize("unit", each("PV-7"))
def test_every_child_needs_one_route_with_a_decision_of_the_pack(unit: Unit) -> None:
    vpa = unit.proposed(child("c1"), child("c2"))
    refusals = {
        "routes-missing": (route("c1"),),
        "routes-twice": (route("c1"), route("c1", "education"), route("c2")),
        "unknown-child": (route("c1"), route("c2"), route("c3")),
        "unknown-decision": (route("c1"), route("c2", recorded_as="filed")),
        "referral-needs-front-door": (route("c1"), route("c2", "education", "contact-and-referral")),
    }
    for code, routes in refusals.items():
        assert unit.refused(vpa, primary(vpa, "refer", *routes)).code == code
    for decision in unit.rules.decisions:
        change = unit.done(vpa, primary(vpa, "refer", route("c1", recorded_as=decision.id), route("c2")))
        assert said(change, VpaRouted)[0].recorded_as == decision.id


@pytest.mark.req("PV-7")
def test_a_route_is_not_given_without_a_reason_nor_beside_another_decision() -> None:
    with pytest.raises(ValueError, match="reason"):
        route("c1", reason="  ")
    unit = Unit()
    vpa = unit.proposed(child())
    for decision in ("close", "secondary"):
        assert unit.refused(vpa, primary(vpa, decision, route())).code == "routes-not-now"


@pytest.mark.req("PV-2")
def test_without_children_there_is_nobody_to_refer() -> None:
    unit = Unit()
    vpa = unit.proposed()
    assert unit.refused(vpa, primary(vpa, "refer")).code == "no-child"
    assert unit.done(vpa, primary(vpa, "close")).vpa.status == "closed"


@pytest.mark.parametrize("unit", each("PV-9"))
@pytest.mark.parametrize(
    ("grade", "asked", "listed"), [("high", False, True), ("medium", True, True), ("medium", False, False)]
)
def test_high_risk_domestic_abuse_is_on_the_marac_list(unit: Unit, grade: str, asked: bool, listed: bool) -> None:
    vpa = unit.at_secondary(child(present=True), grade=grade, kind="domestic-abuse")
    change = unit.done(vpa, secondary(vpa, "refer", route(), marac=asked))
    (assessed,) = said(change, VpaAssessed)
    assert (assessed.marac, change.vpa.marac) == (listed, listed)


@pytest.mark.parametrize("unit", each("PV-9"))
def test_marac_is_for_domestic_abuse_alone_and_the_mappa_flag_is_kept(unit: Unit) -> None:
    vpa = unit.at_secondary(child(), grade="high", kind="missing", mappa=True)
    assert unit.refused(vpa, secondary(vpa, "refer", route(), marac=True)).code == "marac-is-for-domestic-abuse"
    change = unit.done(vpa, secondary(vpa, "refer", route()))
    assert (change.vpa.mappa, change.vpa.marac) == (True, False)


@pytest.mark.req("PV-8", "TM-15", authority="halton")
def test_the_school_s_clock_runs_on_when_the_assessment_is_over() -> None:
    unit = Unit("halton")
    taken = unit.taken(child(present=True), kind="domestic-abuse")
    assert said(taken, StartClock)
    vpa = unit.proposed(child(present=True), kind="domestic-abuse")
    change = unit.done(vpa, primary(vpa, "close"))
    assert not said(change, CancelClock)
    assert change.vpa.school_clocks["c1"].ids.keys() == {"TM-15"}
