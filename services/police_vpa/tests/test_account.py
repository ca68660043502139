"""What intake is given of the children whose way is the front door."""

from datetime import date

import pytest

from icart_common.contracts.intake import SubmitAccount
from icart_common.contracts.referral import Person
from services.police_vpa.tests.referral_unit import (
    MONDAY,
    SATURDAY_NIGHT,
    Unit,
    child,
    each,
    mother,
    primary,
    route,
    said,
    secondary,
)


def account_of(unit: Unit, *children, routes, **changes) -> SubmitAccount:
    vpa = unit.proposed(*children, **changes)
    (submitted,) = said(unit.done(vpa, primary(vpa, "refer", *routes)), SubmitAccount)
    return submitted


@pytest.mark.parametrize("unit", each("PV-3", "PV-4", "IN-7"))
def test_all_children_for_the_front_door_go_in_one_submission(unit: Unit) -> None:
    children = (
        child("c1", present=True, injured=True, injuries="a cut lip"),
        child("c2", lives_or_visits=True, impact=None, injuries="none"),
    )
    submitted = account_of(
        unit,
        *children,
        routes=(route("c1"), route("c2")),
        kind="domestic-abuse",
        relationships=({"person": "a1", "kind": "mother", "of": "c1"},),
    )
    account = submitted.account
    assert (submitted.channel, submitted.agency, submitted.received_at) == ("police", unit.cast.force, MONDAY)
    assert (submitted.vpa_grade, submitted.social_worker_first) == ("standard", False)
    assert (account.referrer.kind, account.referrer.name) == ("professional", "PC 4471")
    assert [(person.ref, person.role) for person in account.people] == [
        ("c1", "child"),
        ("c2", "child"),
        ("a1", "parent"),
    ]
    assert account.relationships[0].kind == "mother"
    assert account.concerns == ("domestic-abuse",)
    assert account.event.when == SATURDAY_NIGHT
    assert account.event.before == "Two calls in 2025."
    assert account.event.harm == "c1: a cut lip"
    assert account.event.present == "c1: was injured, was present\nc2: lives in or visits the household"
    assert "broken door" in account.event.what
    assert "What it was for c1: Frightened" in account.event.what


@pytest.mark.parametrize("unit", each("PV-3"))
def test_a_sibling_who_goes_another_way_is_family_and_no_child_of_the_account(unit: Unit) -> None:
    submitted = account_of(
        unit,
        child("c1"),
        child("c2"),
        routes=(route("c1"), route("c2", "education", "contact-information")),
        relationships=({"person": "c2", "kind": "sibling", "of": "c1"},),
    )
    assert [(person.ref, person.role) for person in submitted.account.people] == [
        ("c1", "child"),
        ("c2", "other"),
        ("a1", "parent"),
    ]
    assert "c2" not in (submitted.account.why_now or "")


@pytest.mark.req("PV-3")
def test_a_brother_of_age_is_no_child_of_the_account() -> None:
    brother = Person(ref="a2", role="sibling", given_name="Peregrine", born=date(2001, 1, 1))
    submitted = account_of(Unit(), child(), routes=(route(),), adults=(mother(), brother))
    assert {person.ref: person.role for person in submitted.account.people}["a2"] == "other"


@pytest.mark.parametrize(
    ("kind", "concern"),
    [("missing", "missing"), ("exploitation", "child-exploitation"), ("mental-health", "other"), ("other", "other")],
)
@pytest.mark.req("PV-3")
def test_the_kind_of_incident_is_the_concern_where_it_says_one(kind: str, concern: str) -> None:
    assert account_of(Unit(), child(), routes=(route(),), kind=kind).account.concerns == (concern,)


@pytest.mark.req("PV-1", "PV-3")
def test_the_longest_texts_fit() -> None:
    unit = Unit()
    longest = "x" * 20_000
    children = tuple(child(f"c{number}", injured=True, injuries=longest, impact=longest) for number in range(3))
    vpa = unit.at_secondary(*children, grade="high")
    routes = tuple(route(one.person.ref, reason="y" * 300) for one in children)
    (submitted,) = said(unit.done(vpa, secondary(vpa, "refer", *routes)), SubmitAccount)
    assert len(submitted.account.event.what) == 20_000
    assert submitted.account.event.what.endswith("the whole is in the police assessment)")
    assert SubmitAccount.model_validate_json(submitted.model_dump_json()) == submitted


@pytest.mark.req("PV-3", "IN-4")
def test_where_it_was_tells_of_a_child_of_whom_nothing_else_is_known() -> None:
    unnamed = child(born=None, person={"given_name": None, "family_name": None, "addresses": ()})
    submitted = account_of(Unit(), unnamed, child("c2"), routes=(route("c1"), route("c2")))
    whereabouts = {person.ref: person.whereabouts for person in submitted.account.people}
    assert whereabouts == {"c1": "the incident was at 14 Larkspur Close", "c2": None, "a1": None}
