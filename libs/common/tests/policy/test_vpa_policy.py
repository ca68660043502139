"""Grades, pathways and Encompass (PV-2 to PV-8)."""

from __future__ import annotations

import pytest

from icart_common.policy import PolicyBook, PolicyPack, VpaRules


@pytest.fixture(scope="session")
def vpa(halton: PolicyPack) -> VpaRules:
    assert halton.vpa is not None
    return halton.vpa


@pytest.mark.req("PV-2", authority="halton")
def test_medium_and_high_are_assessed_again_by_the_sergeant(halton: PolicyPack, vpa: VpaRules) -> None:
    assert [vpa.grade(grade).secondary for grade in ("standard", "medium", "high")] == [False, True, True]
    assert not halton.role(vpa.primary_role).may("vpa-secondary")
    assert halton.role(vpa.secondary_role).may("vpa-secondary")


@pytest.mark.req("PV-3", authority="halton")
def test_only_a_standard_assessment_without_history_leaves_by_a_pathway(vpa: VpaRules) -> None:
    school, nursery = vpa.pathway("standard", age=9, history=False), vpa.pathway("standard", age=2, history=False)
    assert school
    assert nursery
    assert (school.agency, nursery.agency) == ("education-service-halton", "health-service-halton")
    assert vpa.pathway("standard", age=9, history=True) is None
    assert vpa.pathway("medium", age=9, history=False) is None


@pytest.mark.req("PV-4", authority="halton")
def test_any_exposure_to_domestic_abuse_counts(vpa: VpaRules) -> None:
    assert set(vpa.domestic_abuse.exposures) == {"injured", "witnessed", "present", "lives_or_visits"}


@pytest.mark.req("PV-5", authority="halton")
def test_high_is_screened_by_a_social_worker(halton: PolicyPack, vpa: VpaRules) -> None:
    strand = vpa.grade("high").screened_on
    assert strand
    assert halton.strand(strand).worker_role == "social-worker"


@pytest.mark.req("PV-6", authority="halton")
def test_an_open_case_goes_to_admin(halton: PolicyPack, vpa: VpaRules) -> None:
    assert halton.desktop(vpa.open_case_desktop).kind == "admin"


@pytest.mark.req("PV-7", authority="halton")
def test_three_reasoned_decisions(vpa: VpaRules) -> None:
    assert [decision.kind for decision in vpa.decisions] == ["information", "support", "referral"]


@pytest.mark.req("PV-8")
def test_schools_are_told_in_halton_alone(book: PolicyBook) -> None:
    told = {pack.authority.id for pack in book.packs() if pack.vpa and pack.vpa.encompass.on}
    assert told == {"halton"}
