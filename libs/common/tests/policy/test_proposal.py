"""The proposal names the rule and the words, and never decides (SC-1, SC-25, IN-4, SC-12)."""

from __future__ import annotations

from dataclasses import fields
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icart_common.contracts.referral import Concern
from icart_common.policy import PolicyBook, PolicyPack, Proposal, ProposalFacts, load_packs
from icart_common.policy.threshold import Sign

ANY_FACTS = st.builds(
    ProposalFacts,
    texts=st.dictionaries(st.text(max_size=20), st.text(max_size=400), max_size=6),
    concerns=st.frozensets(st.sampled_from(get_args(Concern))),
    signs=st.frozensets(st.sampled_from(get_args(Sign))),
)


@pytest.mark.parametrize(
    ("authority", "words", "strand", "urgency"),
    [
        ("halton", "There are bruises on both arms", "safeguarding", "immediate"),
        ("halton", "He is often late to school and his behaviour has changed", "early-intervention", "routine"),
        ("cheshire-west", "The TAF is in place and the family is not engaging", "early-help", "routine"),
        ("cheshire-west", "She was touched inappropriately", "statutory", "immediate"),
        ("york", "Which service helps with sleep?", "contact", "routine"),
        ("york", "Mum is behind with rent, debts are piling up", "enquiry", "routine"),
        ("york", "He was shaken", "referral", "immediate"),
    ],
)
@pytest.mark.req("SC-1")
def test_words_lead_to_a_strand(book: PolicyBook, authority: str, words: str, strand: str, urgency: str) -> None:
    proposal = book.pack(authority).propose(ProposalFacts(texts={"event.what": words}))
    assert (proposal.strand, proposal.urgency) == (strand, urgency)
    assert proposal.matched


@pytest.mark.req("SC-25")
def test_it_lists_the_statements_matched_the_words_and_what_would_change_it(halton: PolicyPack) -> None:
    proposal = halton.propose(ProposalFacts(texts={"event.what": "The home is DIRTY", "event.harm": "none"}))
    (matched,) = proposal.matched
    assert matched.statement_id == "neglect-or-home"
    assert matched.words == (("event.what", "DIRTY"),)
    assert proposal.reason == matched.text
    assert "injury" in proposal.would_change
    assert "parenting" not in proposal.would_change


@pytest.mark.req("SC-1")
def test_words_inside_other_words_do_not_count(halton: PolicyPack) -> None:
    proposal = halton.propose(ProposalFacts(texts={"event.what": "They visited Whitby with architects"}))
    assert proposal.matched == ()
    assert proposal.strand == halton.thresholds.otherwise.strand


@pytest.mark.req("PV-5", authority="halton")
def test_a_high_assessment_is_never_proposed_for_early_intervention(halton: PolicyPack) -> None:
    facts = ProposalFacts(texts={"event.what": "behaviour"}, signs=frozenset({"vpa-high"}))
    assert halton.propose(facts).strand == "safeguarding"


@pytest.mark.req("IN-4")
@pytest.mark.req("SC-12")
def test_significant_harm_and_crime_are_pointed_out(book: PolicyBook) -> None:
    for pack in book.packs():
        proposal = pack.propose(ProposalFacts(texts={"event.what": "a child with burns screamed"}))
        assert proposal.significant_harm
        assert proposal.tell_police
        calm = pack.propose(ProposalFacts(concerns=frozenset({"attendance"})))
        assert not calm.significant_harm
        assert not calm.tell_police


@given(facts=ANY_FACTS, authority=st.sampled_from(["halton", "cheshire-west", "york"]))
@pytest.mark.req("SC-25")
def test_it_never_raises_and_names_only_what_the_pack_has(facts: ProposalFacts, authority: str) -> None:
    pack = load_packs().pack(authority)
    proposal = pack.propose(facts)
    assert pack.strand(proposal.strand)
    assert pack.level(proposal.level)
    assert proposal == pack.propose(facts)
    assert not {match.statement_id for match in proposal.matched} & set(proposal.would_change)


@given(facts=ANY_FACTS, more=ANY_FACTS)
@pytest.mark.req("SC-1")
def test_knowing_more_never_lowers_the_urgency(facts: ProposalFacts, more: ProposalFacts) -> None:
    pack = load_packs().pack("halton")
    order = ["routine", "urgent", "immediate"]
    both = ProposalFacts(
        texts={**facts.texts, **{f"more {name}": text for name, text in more.texts.items()}},
        concerns=facts.concerns | more.concerns,
        signs=facts.signs | more.signs,
    )
    assert order.index(pack.propose(both).urgency) >= order.index(pack.propose(facts).urgency)


@pytest.mark.req("SC-25")
def test_a_proposal_has_no_place_for_a_decision() -> None:
    names = {field.name for field in fields(Proposal)}
    assert not {name for name in names if "decid" in name or "decision" in name or "authoris" in name}
