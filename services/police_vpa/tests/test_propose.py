"""What the rules propose for each child, and which of them spoke."""

from datetime import date

import pytest

from icart_common.contracts.police_vpa import VpaProposed
from icart_police_vpa.domain.propose import propose
from services.police_vpa.tests.referral_unit import (
    ALLOCATED,
    CLOSED,
    EARLIER_REFERRAL,
    Unit,
    child,
    each,
    exposed,
    primary,
    route,
    said,
)


def ways(vpa) -> list[tuple[str, str]]:
    return [(proposal.route, proposal.rule) for proposal in vpa.proposals]


@pytest.mark.parametrize("unit", each("PV-3"))
@pytest.mark.parametrize(
    ("born", "way"),
    [(date(2017, 2, 28), "education"), (date(2021, 11, 16), "education"), (date(2021, 11, 17), "health")],
)
def test_standard_without_history_goes_down_the_pathway_of_the_child_s_age(unit: Unit, born: date, way: str) -> None:
    assert ways(unit.proposed(child(born=born))) == [(way, "PV-3")]


@pytest.mark.parametrize("unit", each("PV-3"))
@pytest.mark.parametrize(
    "held",
    [
        {"case": CLOSED},
        {"case": ALLOCATED.model_copy(update={"allocated": False})},
        {"history": (EARLIER_REFERRAL,)},
        {"services": {"child_in_need": True}},
        {"services": {"looked_after": True}},
    ],
)
def test_past_or_present_social_care_history_goes_to_the_front_door(unit: Unit, held) -> None:
    assert ways(unit.proposed(child(), known={"c1": held})) == [("icart", "PV-3")]


@pytest.mark.parametrize("unit", each("PV-3"))
@pytest.mark.parametrize(
    "one",
    [
        child(born=None),
        child(born=None, person={"expected": date(2027, 2, 1)}),
        child(person={"given_name": None, "family_name": None}),
    ],
)
def test_a_child_who_cannot_be_looked_up_goes_to_the_front_door(unit: Unit, one) -> None:
    vpa = unit.proposed(one)
    assert ways(vpa) == [("icart", "PV-3")]
    decided = primary(vpa, "refer", route("c1", "education", "contact-information"))
    assert unit.refused(vpa, decided).code == "social-care-history"


@pytest.mark.parametrize("unit", each("PV-3"))
def test_a_child_of_whom_intake_says_nothing_goes_to_the_front_door(unit: Unit) -> None:
    vpa = unit.taken(child()).vpa
    answer = unit.identified(vpa).model_copy(update={"people": ()})
    change = propose(vpa, answer, unit.pack, unit.rules)
    assert change is not None
    assert ways(change.vpa) == [("icart", "PV-3")]


@pytest.mark.parametrize("unit", each("PV-3"))
def test_medium_goes_to_the_front_door(unit: Unit) -> None:
    assert ways(unit.proposed(child(), grade="medium")) == [("icart", "PV-3")]


@pytest.mark.parametrize("unit", each("PV-4"))
@pytest.mark.parametrize("exposure", ["injured", "witnessed", "present", "lives_or_visits"])
@pytest.mark.parametrize("grade", ["standard", "medium"])
def test_exposure_to_domestic_abuse_goes_to_the_front_door_whatever_the_history(
    unit: Unit, exposure: str, grade: str
) -> None:
    vpa = unit.proposed(exposed(exposure), kind="domestic-abuse", grade=grade)
    assert ways(vpa) == [("icart", "PV-4")]
    assert "Tamsin" not in vpa.proposals[0].because


@pytest.mark.parametrize("unit", each("PV-4"))
def test_a_child_who_was_not_exposed_is_no_matter_of_domestic_abuse(unit: Unit) -> None:
    vpa = unit.proposed(child("c1"), child("c2", witnessed=True), kind="domestic-abuse")
    assert ways(vpa) == [("education", "PV-3"), ("icart", "PV-4")]


@pytest.mark.parametrize("unit", each("PV-5"))
def test_high_goes_to_a_social_worker_first(unit: Unit) -> None:
    vpa = unit.proposed(child(), grade="high")
    assert ways(vpa) == [("icart", "PV-5")]
    assert vpa.proposals[0].recorded_as == "contact-and-referral"


@pytest.mark.parametrize("unit", each("PV-6"))
@pytest.mark.parametrize("grade", ["standard", "medium", "high"])
def test_an_open_and_allocated_child_goes_to_the_worker(unit: Unit, grade: str) -> None:
    vpa = unit.proposed(
        child("c1", present=True), child("c2"), grade=grade, kind="domestic-abuse", known={"c1": {"case": ALLOCATED}}
    )
    assert ways(vpa)[0] == ("allocated-worker", "PV-6")
    assert ways(vpa)[1][0] != "allocated-worker"


@pytest.mark.parametrize("unit", each("PV-2"))
@pytest.mark.parametrize(("grade", "needed"), [("standard", False), ("medium", True), ("high", True)])
def test_the_proposal_says_whether_the_sergeant_is_needed(unit: Unit, grade: str, needed: bool) -> None:
    vpa = unit.taken(child(), grade=grade).vpa
    change = propose(vpa, unit.identified(vpa), unit.pack, unit.rules)
    assert change is not None
    (proposed,) = said(change, VpaProposed)
    assert (proposed.secondary_needed, proposed.version, change.vpa.version) == (needed, 2, 2)


@pytest.mark.parametrize("unit", each("PV-7"))
def test_every_proposal_is_recorded_as_one_of_the_pack_s_decisions(unit: Unit) -> None:
    vpa = unit.proposed(
        child("c1"), child("c2"), child("c3"), known={"c2": {"case": ALLOCATED}, "c3": {"case": CLOSED}}
    )
    kinds = {one.id: one.kind for one in unit.rules.decisions}
    assert [kinds[proposal.recorded_as] for proposal in vpa.proposals] == ["information", "information", "support"]


@pytest.mark.req("PV-3")
def test_a_second_answer_of_intake_changes_nothing() -> None:
    unit = Unit()
    vpa = unit.proposed(child())
    assert propose(vpa, unit.identified(vpa, c1={"case": ALLOCATED}), unit.pack, unit.rules) is None
