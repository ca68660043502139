"""An assessment comes in: what is kept, asked back, told to schools at once, and looked up."""

from datetime import date, timedelta

import pytest

from icart_common.contracts.intake import IdentifyPeople
from icart_common.contracts.police_vpa import SchoolToBeTold, VpaProposed, VpaRecorded, VpaRouted
from icart_common.contracts.timers import StartClock
from icart_police_vpa.domain.faults import faults_of, used_before
from services.police_vpa.tests.referral_unit import MONDAY, SATURDAY_NIGHT, Unit, child, each, exposed, mother, said


@pytest.mark.parametrize("unit", each("PV-1"))
def test_it_is_recorded_whole_and_its_people_are_looked_up(unit: Unit) -> None:
    submitted = unit.submitted(child("c1", injured=True, injuries="a bruised arm"), child("c2"), grade="medium")
    change = unit.taken(*submitted.children, grade="medium")
    assert change.vpa.submitted == submitted
    assert change.vpa.version == 1
    (recorded,) = said(change, VpaRecorded)
    assert (recorded.grade, recorded.children, recorded.received_at) == ("medium", ("c1", "c2"), MONDAY)
    assert recorded.pack_version == unit.pack.version
    (who,) = said(change, IdentifyPeople)
    assert (who.request, who.asked_by) == (submitted.vpa, "police-vpa")
    assert [person.ref for person in who.people] == ["c1", "c2", "a1"]


@pytest.mark.parametrize("unit", each("PV-1", "PV-3"))
def test_nothing_is_proposed_or_routed_when_it_comes_in(unit: Unit) -> None:
    change = unit.taken(child())
    assert not said(change, VpaProposed) + said(change, VpaRouted)
    assert change.vpa.status == "recorded"


@pytest.mark.parametrize("unit", each("PV-12"))
def test_what_the_officer_left_blank_is_asked_of_the_force_without_a_name(unit: Unit) -> None:
    change = unit.taken(
        child("c1", impact=None), child("c2", injured=True), child("c3", impact=" ", injured=True, injuries="a cut lip")
    )
    (recorded,) = said(change, VpaRecorded)
    impact, injuries = "What did the incident do to the child?", "How was the child injured?"
    assert recorded.missing == (f"Child 1: {impact}", f"Child 2: {injuries}", f"Child 3: {impact}")
    assert "Tamsin" not in " ".join(recorded.missing)


@pytest.mark.parametrize("unit", each("PV-12"))
def test_nothing_is_asked_when_nothing_is_blank(unit: Unit) -> None:
    (recorded,) = said(unit.taken(child("c1", injured=True, injuries="a cut lip")), VpaRecorded)
    assert recorded.missing == ()


EXPOSURES = ("injured", "witnessed", "present", "lives_or_visits")


@pytest.mark.req("PV-8", "TM-15", authority="halton")
@pytest.mark.parametrize("exposure", EXPOSURES)
def test_the_school_of_an_exposed_child_is_told_at_once_and_a_clock_watches_it(exposure: str) -> None:
    change = Unit("halton").taken(exposed(exposure, injuries="a cut lip"), kind="domestic-abuse")
    (told,) = said(change, SchoolToBeTold)
    assert (told.school, told.child_name) == ("larkspur-lane-primary", "Tamsin Quillfeather")
    assert (told.child_born, told.incident_at, told.received_at) == (date(2017, 2, 28), SATURDAY_NIGHT, MONDAY)
    (started,) = said(change, StartClock)
    assert (started.rule, started.subject, started.counted_from) == ("TM-15", change.vpa.id, MONDAY)
    assert told.clocks == {"TM-15": started.clock}


@pytest.mark.req("PV-8", "TM-15", authority="halton")
def test_each_child_has_a_clock_of_its_own() -> None:
    change = Unit("halton").taken(
        child("c1", present=True), child("c2", present=True, school_agency="brackenfield-high"), kind="domestic-abuse"
    )
    clocks = [message.clock for message in said(change, StartClock)]
    assert len(set(clocks)) == 2
    assert [told.clocks["TM-15"] for told in said(change, SchoolToBeTold)] == clocks


@pytest.mark.req("PV-8", authority="halton")
@pytest.mark.parametrize(
    ("one", "question"),
    [
        (child(present=True, school_agency=None), "Child 1: Which school does the child go to?"),
        (
            child(present=True, school_agency="no-such-school"),
            "Child 1: Which school does the child go to (the one given is not known here)?",
        ),
        (
            child(present=True, school_agency="probation-halton"),
            "Child 1: Which school does the child go to (the one given is not known here)?",
        ),
        (
            child(present=True, person={"given_name": None, "family_name": None}),
            "Child 1: What is the child's name? The school cannot be told without it.",
        ),
    ],
)
def test_a_school_that_cannot_be_told_is_asked_for_and_nobody_else_is_told(one, question: str) -> None:
    change = Unit("halton").taken(one, kind="domestic-abuse")
    (recorded,) = said(change, VpaRecorded)
    assert recorded.missing == (question,)
    assert not said(change, SchoolToBeTold) + said(change, StartClock)


@pytest.mark.req("PV-8", authority="halton")
@pytest.mark.parametrize(("kind", "present"), [("missing", True), ("domestic-abuse", False)])
def test_no_school_is_told_of_anything_else(kind: str, present: bool) -> None:
    assert not said(Unit("halton").taken(child(present=present), kind=kind), SchoolToBeTold)


@pytest.mark.parametrize(
    "authority",
    [pytest.param(name, marks=pytest.mark.req("PV-8", authority=name)) for name in ("cheshire-west", "york")],
)
def test_where_the_pack_does_not_tell_schools_none_is_told(authority: str) -> None:
    unit = Unit(authority)
    change = unit.taken(child(present=True, school_agency=unit.cast.school), kind="domestic-abuse")
    assert not said(change, SchoolToBeTold)


@pytest.mark.req("PV-1")
@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"children": (), "adults": ()}, "$"),
        ({"children": (child("a1"),)}, "$"),
        ({"relationships": ({"person": "a1", "kind": "mother", "of": "p9"},)}, "$.relationships[0]"),
        ({"children": (child(born=date(2026, 11, 17)),)}, "$.children[0].person.born"),
        ({"children": (child(born=None, person={"expected": date(2028, 1, 1)}),)}, "$.children[0].person.expected"),
        ({"children": (child(born=None, person={"expected": date(2026, 1, 1)}),)}, "$.children[0].person.expected"),
        ({"adults": (mother().model_copy(update={"born": date(2027, 1, 1)}),)}, "$.adults[0].born"),
        ({"children": tuple(child(f"c{number}") for number in range(100))}, "$"),
    ],
)
def test_what_cannot_be_right_is_sent_back_with_the_place(changes, path: str) -> None:
    problems = faults_of(Unit().submitted(child(), **changes), MONDAY, 1000)
    assert [problem.path for problem in problems] == [path]
    assert all(problem.fix and "Quillfeather" not in problem.model_dump_json() for problem in problems)


@pytest.mark.req("PV-1")
def test_an_incident_to_come_or_an_endless_message_is_sent_back() -> None:
    submitted = Unit().submitted(child())
    assert not faults_of(submitted, SATURDAY_NIGHT - timedelta(minutes=4), 1000)
    assert [one.path for one in faults_of(submitted, SATURDAY_NIGHT - timedelta(minutes=6), 1000)] == ["$.incident.at"]
    assert [one.path for one in faults_of(submitted, MONDAY, 1_000_000)] == ["$"]


@pytest.mark.req("PV-1", "IN-15")
def test_an_id_that_was_used_before_is_for_the_same_assessment_alone() -> None:
    unit = Unit()
    held = unit.taken(child()).vpa
    assert used_before(held, unit.submitted(child())) is None
    raised = used_before(held, unit.submitted(child(), grade="high"))
    elsewhere = used_before(held, unit.submitted(child(), authority="cheshire-west"))
    assert raised is not None
    assert "other contents" in raised.found
    assert elsewhere is not None
    assert "another force or authority" in elsewhere.found
