"""The gaps of a referral, as questions in plain words (IN-3, IN-10, IN-11, IN-12, IN-16)."""

from __future__ import annotations

from typing import Any

import pytest

from icart_common.contracts.referral import Account
from icart_common.policy import PolicyBook, PolicyPack
from icart_common.policy.completeness import missing_mandatory

ALL = ["halton", "cheshire-west", "york"]
COMPLETE: dict[str, Any] = {
    "referrer": {"kind": "professional", "name": "Ada Quill", "family_knows": True},
    "event": {
        "what": "He told his teacher that there is no heating.",
        "when_in_words": "this week",
        "before": "twice",
        "harm": "cold and tired",
        "since": "nothing",
        "known_how": "heard",
        "present": "his sister",
        "urgency": "routine",
    },
    "people": [
        {
            "ref": "p1",
            "role": "child",
            "given_name": "Perrin",
            "family_name": "Quixwood",
            "born": "2016-02-29",
            "addresses": [{"lines": "1 Nowhere Row", "postcode": "ZZ99 1AA"}],
            "school": "Larkspur Lane Primary School",
            "gp": "Dr Fennel",
        },
        {
            "ref": "p2",
            "role": "parent",
            "given_name": "Marlo",
            "born": "1990-01-01",
            "phones": ["07700 900123"],
            "contact_with_child": "lives with",
            "parental_responsibility": False,
        },
    ],
    "child_views": "He would like it to be warm.",
    "safety": {"safe": False, "where": "at school"},
    "tried": {"plan": "none"},
    "why_now": "It got colder.",
    "expected": "Help with the heating.",
    "consents": [
        {
            "person": "p2",
            "status": "given",
            "sought_by": "Ada Quill",
            "when": "2026-06-08T09:00:00Z",
            "how": "in person",
        }
    ],
}


def account(**changes: object) -> Account:
    return Account.model_validate({**COMPLETE, **changes})


@pytest.mark.parametrize("authority", ALL)
@pytest.mark.req("IN-3")
def test_a_good_referral_leaves_no_gap(book: PolicyBook, authority: str) -> None:
    pack = book.pack(authority)
    found = pack.completeness(account(), referrer_kind="professional", agency_kind="school")
    assert (found.gaps, found.score) == ((), 1)


@pytest.mark.parametrize("authority", ALL)
@pytest.mark.req("IN-3")
def test_the_childs_voice_comes_first(book: PolicyBook, authority: str) -> None:
    found = book.pack(authority).gaps(account(child_views=" ", why_now=None), referrer_kind="professional")
    assert [gap.question_id for gap in found] == ["child-views", "why-now"]
    assert found[0].question.endswith("?")
    assert found[0].weight > found[1].weight


@pytest.mark.req("IN-3")
def test_a_gap_is_named_for_each_child(halton: PolicyPack) -> None:
    people = [*COMPLETE["people"], {"ref": "p3", "role": "child", "given_name": "Tamsin"}]
    found = halton.gaps(account(people=people), referrer_kind="public")
    assert {gap.path for gap in found if gap.question_id == "child-born"} == {"people[2].born|expected"}


@pytest.mark.req("IN-3")
def test_a_neighbour_is_not_asked_what_a_school_is(halton: PolicyPack) -> None:
    nothing = Account.model_validate({"referrer": {"kind": "public"}, "event": {"what": "shouting"}})
    neighbour = {gap.question_id for gap in halton.gaps(nothing, referrer_kind="public")}
    school = {gap.question_id for gap in halton.gaps(nothing, referrer_kind="professional")}
    assert "parental-responsibility" in school - neighbour
    assert "named" in neighbour - school


@pytest.mark.req("IN-3")
def test_a_mapping_will_do_as_well_as_a_model(halton: PolicyPack) -> None:
    as_mapping = account(child_views=None).model_dump(mode="json")
    as_model = account(child_views=None)
    assert halton.gaps(as_mapping, referrer_kind="professional") == halton.gaps(as_model, referrer_kind="professional")


@pytest.mark.req("IN-10", authority="halton")
def test_each_of_the_seven_concerns_needs_its_tool(halton: PolicyPack) -> None:
    concerns = [
        "neglect", "unborn-child", "parental-substance-misuse", "domestic-abuse", "parental-mental-health",
        "short-break", "child-exploitation",
    ]  # fmt: skip
    for concern in concerns:
        (gap,) = halton.gaps(account(concerns=[concern]), referrer_kind="professional")
        assert gap.question_id == f"tool-{concern}"
    brought = account(concerns=["neglect"], tools=["Graded-Care-Profile"])
    assert halton.gaps(brought, referrer_kind="professional") == ()


@pytest.mark.req("IN-12", authority="cheshire-west")
def test_cheshire_wests_form_needs_the_referrers_name_address_and_contact(book: PolicyBook) -> None:
    asked = book.pack("cheshire-west").good_referral
    nobody = account(referrer={"kind": "public"})
    assert missing_mandatory(asked, nobody, "form") == (
        "referrer.name", "referrer.address", "referrer.phone|email",
    )  # fmt: skip
    assert missing_mandatory(asked, nobody, "phone") == ()


@pytest.mark.parametrize(
    ("authority", "channels"), [("halton", ("phone",)), ("york", ("phone",)), ("cheshire-west", ())]
)
@pytest.mark.req("IN-12")
def test_where_a_referrer_may_stay_unnamed(book: PolicyBook, authority: str, channels: tuple[str, ...]) -> None:
    assert book.pack(authority).good_referral.anonymous.channels == channels


@pytest.mark.req("IN-16", authority="cheshire-west")
def test_cheshire_west_acknowledges_professionals_and_the_family_alone(book: PolicyBook) -> None:
    assert book.pack("cheshire-west").good_referral.acknowledged.referrer_kinds == ("professional", "family", "child")


@pytest.mark.req("IN-11", authority="cheshire-west")
def test_cheshire_west_asks_for_a_plan_and_a_tool_below_the_statutory_threshold(book: PolicyBook) -> None:
    asked = book.pack("cheshire-west").good_referral
    assert asked.acceptance.prior_discussion
    assert asked.plan_and_tool is not None
    assert asked.plan_and_tool.unless_strand == "statutory"
    assert [book.pack(other).good_referral.plan_and_tool for other in ("halton", "york")] == [None, None]


CONSENT = {"person": "p2", "status": "given", "sought_by": "Ada Quill", "when": "2026-06-08T09:00:00Z", "how": "visit"}


@pytest.mark.parametrize(
    ("authority", "change", "question"),
    [
        pytest.param(authority, change, question, marks=pytest.mark.req("CO-1", authority=authority))
        for authority in ALL
        for change, question in (
            ({"sought_by": None}, "consent-how"),
            ({"when": None}, "consent-how"),
            ({"how": " "}, "consent-how"),
            ({"status": "refused", "how": None}, "consent-how"),
            ({"status": "not-sought"}, "consent-why-not"),
            ({"status": "not-sought", "why_not": "It would have put him at risk."}, None),
            ({}, None),
        )
    ],
)
def test_a_consent_that_is_not_whole_is_asked_about(
    book: PolicyBook, authority: str, change: dict[str, Any], question: str | None
) -> None:
    found = book.pack(authority).gaps(account(consents=[CONSENT | change]), referrer_kind="professional")
    assert [(gap.question_id, gap.path) for gap in found] == ([(question, "people[1].consent")] if question else [])


@pytest.mark.req("CO-1")
def test_everybody_with_parental_responsibility_is_asked_about_once_one_is(halton: PolicyPack) -> None:
    people = [
        *COMPLETE["people"],
        {"ref": "p3", "role": "parent", "given_name": "Rhoswen", "parental_responsibility": True},
    ]
    found = halton.gaps(account(people=people), referrer_kind="professional")
    assert {gap.path for gap in found if gap.question_id == "consent-of"} == {"people[2].consent"}
    none = halton.gaps(account(people=people, consents=[]), referrer_kind="professional")
    assert {gap.question_id for gap in none if gap.question_id.startswith("consent")} == {"consent"}
