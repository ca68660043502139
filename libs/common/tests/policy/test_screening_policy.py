"""Strands, outcomes, roles and desktops as the sources have them (SC-2, SC-3, SC-6 to SC-11, SC-16, CO-2, CO-3)."""

from __future__ import annotations

import pytest

from icart_common.policy import PolicyBook, PolicyPack

ALL = ["halton", "cheshire-west", "york"]


@pytest.mark.req("SC-2", authority="halton")
def test_the_eight_desktops(halton: PolicyPack) -> None:
    assert {desktop.kind for desktop in halton.desktops} == {
        "admin", "arrivals", "early-intervention", "safeguarding", "authorisation", "edt", "police", "statutory",
    }  # fmt: skip


@pytest.mark.req("SC-3", authority="halton")
def test_six_sections_each_filled_by_its_role(halton: PolicyPack) -> None:
    filled_by = {
        section.id: {role.id for role in halton.roles if role.may_fill(section.id)} for section in halton.sections
    }
    assert len(filled_by) == 6
    assert filled_by["screening"] == {"social-work-manager"}
    assert filled_by["early-intervention"] == {"early-intervention-worker"}
    assert filled_by["contact-record"] == {"social-worker"}
    assert filled_by["management-authorisation"] == {"social-work-manager", "early-intervention-manager"}


@pytest.mark.req("SC-1", authority="halton")
def test_triage_is_a_social_work_managers(halton: PolicyPack) -> None:
    assert [role.id for role in halton.roles_with("triage", "safeguarding")] == ["social-work-manager"]
    assert [role.id for role in halton.roles_with("triage", "early-intervention")] == ["social-work-manager"]


@pytest.mark.parametrize("authority", ALL)
@pytest.mark.req("SC-6")
def test_what_a_screening_must_establish(book: PolicyBook, authority: str) -> None:
    assert [statement.id for statement in book.pack(authority).required_statements] == [
        "nature", "how-and-why", "needs", "abuse-or-neglect", "urgent-protection", "whereabouts", "child-views",
    ]  # fmt: skip


@pytest.mark.req("SC-7", authority="halton")
def test_early_intervention_outcomes(halton: PolicyPack) -> None:
    assert halton.strand("early-intervention").outcomes == (
        "advice-or-service", "transfer-to-safeguarding", "advise-caf", "continue-plan",
    )  # fmt: skip


@pytest.mark.req("SC-8", authority="halton")
@pytest.mark.req("SC-11", authority="halton")
def test_an_assessment_creates_a_referral_and_advice_does_not(halton: PolicyPack) -> None:
    created = {outcome.id for outcome in halton.outcomes if outcome.creates_referral}
    assert created == {"assessment-s17", "assessment-s47"}
    assert halton.area_team("WA8 1AA").id == "widnes-team"
    assert halton.area_team("ZZ99 1AA").id == halton.area_team(None).id == "runcorn-team"


@pytest.mark.parametrize(
    ("authority", "outcome", "strand"),
    [
        pytest.param("halton", "transfer-to-safeguarding", "safeguarding"),
        pytest.param("cheshire-west", "transfer-to-statutory", "statutory"),
        pytest.param("york", "step-up-now", "referral"),
    ],
)
@pytest.mark.req("SC-9")
def test_a_concern_found_early_moves_to_the_safeguarding_strand(
    book: PolicyBook, authority: str, outcome: str, strand: str
) -> None:
    pack = book.pack(authority)
    assert pack.outcome(outcome).transfers_to == strand
    assert pack.outcome(outcome).feedback is None
    assert pack.strand(strand).kind == "safeguarding"


@pytest.mark.req("SC-10", authority="york")
@pytest.mark.req("SC-16", authority="york")
def test_yorks_worker_may_close_advice_and_nothing_else(book: PolicyBook) -> None:
    york = book.pack("york")
    rule = york.strand("contact").authorisation
    assert (rule.rule, rule.worker_may_close_outcomes) == ("worker-may-close", ("information-and-advice",))
    assert rule.sampled_percent > 0
    assert york.strand("enquiry").authorisation.rule == york.strand("referral").authorisation.rule == "required"


@pytest.mark.parametrize("authority", ["halton", "cheshire-west"])
@pytest.mark.req("SC-10")
def test_elsewhere_nothing_closes_without_a_manager(book: PolicyBook, authority: str) -> None:
    pack = book.pack(authority)
    assert {strand.authorisation.rule for strand in pack.strands} == {"required"}
    assert not pack.roles_with("close-advice")


@pytest.mark.req("CO-2", authority="halton")
def test_consent_for_early_intervention_and_who_is_exempt(halton: PolicyPack) -> None:
    rule = halton.strand("early-intervention").consent
    assert rule.rule == "required"
    assert set(rule.exempt_referrers) == {"anonymous", "public", "family"}


@pytest.mark.req("CO-3", authority="halton")
def test_safeguarding_may_go_on_for_a_ground(halton: PolicyPack) -> None:
    rule = halton.strand("safeguarding").consent
    assert rule.rule == "may-proceed-without"
    assert set(rule.grounds) == {"risk-raised", "sexual-abuse", "fabricated-illness", "crime"}
