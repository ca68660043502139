"""Whatever comes in and whatever is asked: children get one way out each, by a person, with a reason, and never the wrong one."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icart_common.contracts.base import Actor
from icart_common.contracts.envelope import read_body
from icart_common.contracts.intake import SubmitAccount
from icart_common.contracts.police_vpa import PrimaryAssess, SecondaryAssess, VpaCommand, VpaRouted
from icart_police_vpa.domain.propose import history_of, propose
from icart_police_vpa.domain.refusal import Refusal
from icart_police_vpa.domain.routes import child_of
from icart_police_vpa.domain.vpa import Change, Vpa
from services.police_vpa.tests.referral_unit import (
    ALLOCATED,
    CLOSED,
    EARLIER_REFERRAL,
    OFFICER,
    SERGEANT,
    Unit,
    child,
    route,
    said,
)

UNITS = [Unit("halton"), Unit("cheshire-west"), Unit("york")]
ROUTES = ["education", "health", "icart", "allocated-worker"]
DECISIONS = ["contact-information", "contact-for-support", "contact-and-referral"]
HELD: list[dict[str, Any] | None] = [
    None,
    {"case": ALLOCATED},
    {"case": CLOSED},
    {"history": (EARLIER_REFERRAL,)},
    {"services": {"caf": True}},
]
flags = st.fixed_dictionaries({name: st.booleans() for name in ("present", "witnessed", "injured", "lives_or_visits")})
births = st.none() | st.integers(0, 20 * 365).map(lambda days: date(2026, 11, 16) - timedelta(days=days))
actors = st.sampled_from([OFFICER, SERGEANT, Actor(person="S-1", role="social-worker")])


@st.composite
def assessments(draw) -> tuple[Unit, Vpa]:
    """An assessment that is proposed for, of any grade and kind, with up to four children of any age and history."""
    unit = draw(st.sampled_from(UNITS))
    refs = [f"c{number}" for number in range(draw(st.integers(0, 4)))]
    children = [child(ref, born=draw(births), **draw(flags)) for ref in refs]
    known = {ref: held for ref in refs if (held := draw(st.sampled_from(HELD)))}
    grade = draw(st.sampled_from(["standard", "medium", "high"]))
    kind = draw(st.sampled_from(["domestic-abuse", "missing", "mental-health"]))
    return unit, unit.proposed(*children, known=known, grade=grade, kind=kind)


@st.composite
def commands(draw, vpa: Vpa) -> VpaCommand:
    """Anything that somebody may ask, sensible or not."""
    refs = [one.person.ref for one in vpa.children]
    wanted = refs if draw(st.integers(0, 3)) else [*refs, *refs[:1]]
    routes = tuple(
        route(ref, draw(st.sampled_from(ROUTES)), draw(st.sampled_from([*DECISIONS, "filed"])))
        if draw(st.integers(0, 3)) == 0
        else route(ref, draw(st.sampled_from(["icart", "education"])), "contact-for-support")
        for ref in wanted
    )
    decision = draw(st.sampled_from(["refer", "refer", "secondary", "close"]))
    whole: dict[str, Any] = {
        "vpa": vpa.id,
        "actor": draw(actors),
        "seen_version": vpa.version if draw(st.integers(0, 4)) else draw(st.integers(1, 6)),
        "reason": "As seen.",
        "routes": routes if decision == "refer" else (),
    }
    if decision != "secondary" and draw(st.booleans()):
        return SecondaryAssess(**whole, decision=decision, marac=draw(st.booleans()))
    return PrimaryAssess(**whole, decision=decision, checks=("Niche",))


@pytest.mark.req("PV-2", "PV-3", "PV-5", "PV-7")
@given(st.data())
@settings(max_examples=100, deadline=None)
def test_every_child_leaves_once_by_a_person_and_never_the_wrong_way(data) -> None:
    unit, vpa = data.draw(assessments())
    routed: list[VpaRouted] = []
    accounts: list[SubmitAccount] = []
    for _ in range(data.draw(st.integers(1, 6))):
        command = data.draw(commands(vpa))
        decided = unit.decides(vpa, command)
        if isinstance(decided, Refusal):
            assert decided.why
            assert decided.allowed
            continue
        _may_be_said(decided, command)
        assert decided.vpa.version == vpa.version + 1
        vpa = decided.vpa
        routed += said(decided, VpaRouted)
        accounts += said(decided, SubmitAccount)
    _ended_well(vpa, routed, accounts)


def _may_be_said(change: Change, command: VpaCommand) -> None:
    """Every message can be read again, and whatever is routed is routed by whoever commanded it, with a reason."""
    for message in change.messages:
        assert read_body(message.TYPE, message.model_dump_json(exclude_none=True).encode()) == message
    for one in said(change, VpaRouted):
        assert one.by == command.actor
        assert one.reason


def _ended_well(vpa: Vpa, routed: list[VpaRouted], accounts: list[SubmitAccount]) -> None:
    refs = {one.person.ref for one in vpa.children}
    if vpa.status != "referred":
        assert not routed
        assert not accounts
        assert not (vpa.status == "closed" and vpa.submitted.grade == "high" and refs)
        return
    assert Counter(one.child for one in routed) == Counter(refs)
    assert vpa.submitted.grade == "standard" or vpa.secondary
    for one in routed:
        if one.route in ("education", "health"):
            assert vpa.submitted.grade != "high"
            assert history_of(child_of(vpa, one.child).person, vpa.known[one.child]) is False
            assert one.recipient
    for_the_front_door = {one.child for one in routed if one.route == "icart"}
    assert len(accounts) == bool(for_the_front_door)
    for account in accounts:
        assert {person.ref for person in account.account.people if person.role == "child"} == for_the_front_door


@pytest.mark.req("PV-3", "PV-5", "PV-6")
@given(assessments())
@settings(max_examples=50, deadline=None)
def test_every_child_is_proposed_one_route_and_nothing_leaves_by_it(given_assessment) -> None:
    unit, vpa = given_assessment
    assert [proposal.child for proposal in vpa.proposals] == [one.person.ref for one in vpa.children]
    assert vpa.status == "proposed"
    assert not vpa.routes
    if vpa.submitted.grade == "high":
        assert {proposal.route for proposal in vpa.proposals} <= {"icart", "allocated-worker"}
    assert propose(vpa, unit.identified(vpa), unit.pack, unit.rules) is None
