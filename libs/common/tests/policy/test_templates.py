"""What leaves shows its audience's view and nothing else (CO-5, CO-7, ST-12)."""

from __future__ import annotations

import pytest

from icart_common.policy import PolicyBook, PolicyPack, render
from icart_common.policy.check_views import AgencyCheckView
from icart_common.policy.templates import WrongView
from icart_common.policy.view import View
from icart_common.policy.views import VIEWS, OutcomeOthersView, OutcomeProfessionalView

REFERRERS = {"referrer", "professional-referrer", "other-referrer"}
PRINTED = {
    "front_door": "The Front Door",
    "front_door_phone": "01632 960111",
    "public_hours": "Monday 09:00-17:00",
    "night_team_phone": "01632 960222",
}


def filled(view: type[View]) -> View:
    """A view with every field holding its own name, so that what is shown can be seen."""
    values: dict[str, object] = {}
    for name, info in view.model_fields.items():
        values[name] = (f"<{name}>",) if "tuple" in str(info.annotation) else f"<{name}>"
    return view.model_validate(values)


@pytest.mark.req("CO-5")
@pytest.mark.parametrize("name", sorted(VIEWS))
def test_nobody_but_the_referrer_sees_anything_of_the_referrer(name: str) -> None:
    view = VIEWS[name]
    about_referrer = [field for field in view.model_fields if "referrer" in field or "reporter" in field]
    assert about_referrer == []
    assert view.AUDIENCE in REFERRERS or not {"relation", "willing"} & set(view.model_fields)


@pytest.mark.req("CO-5")
def test_a_view_refuses_what_it_does_not_declare() -> None:
    with pytest.raises(ValueError, match="referrer_name"):
        OutcomeOthersView.model_validate(
            {**PRINTED, "reference": "R1", "decided": "today", "referrer_name": "Ada Quill"}
        )


@pytest.mark.req("CO-7")
def test_an_agency_check_holds_the_question_and_the_identifiers() -> None:
    assert set(AgencyCheckView.model_fields) - set(View.model_fields) == {
        "reference", "check", "child_name", "child_born", "child_address", "child_nhs_number", "child_upn", "questions",
        "due",
    }  # fmt: skip


@pytest.mark.parametrize("authority", ["halton", "cheshire-west", "york"])
@pytest.mark.req("ST-12")
def test_every_template_renders_from_its_view(book: PolicyBook, authority: str) -> None:
    for template in book.pack(authority).templates:
        rendering = render(template, filled(VIEWS[template.view]))
        assert rendering.subject
        assert "{" not in rendering.subject + rendering.body
        assert "<child_name>" not in rendering.subject


@pytest.mark.parametrize("authority", ["halton", "cheshire-west", "york"])
@pytest.mark.req("SC-11")
def test_a_professional_hears_outcome_and_reasons_and_others_do_not(book: PolicyBook, authority: str) -> None:
    pack = book.pack(authority)
    professional = render(pack.template("outcome-professional"), filled(OutcomeProfessionalView)).body
    others = render(pack.template("outcome-others"), filled(OutcomeOthersView)).body
    assert "<outcome>" in professional
    assert "<reasons>" in professional
    assert not {"outcome", "reasons", "level"} & set(OutcomeOthersView.model_fields)
    assert "<reference>" in others


@pytest.mark.req("CO-5")
def test_a_template_refuses_the_view_of_another_audience(halton: PolicyPack) -> None:
    with pytest.raises(WrongView, match="OutcomeOthersView"):
        render(halton.template("outcome-others"), filled(OutcomeProfessionalView))


def test_values_are_text_and_never_run(halton: PolicyPack) -> None:
    view = OutcomeOthersView(**PRINTED, reference="{{ 7 * 7 }}", decided="today")
    assert "{{ 7 * 7 }}" in render(halton.template("outcome-others"), view).body


@pytest.mark.req("IN-13", authority="cheshire-west")
def test_the_notice_out_of_hours_says_who_to_call(book: PolicyBook) -> None:
    template = book.pack("cheshire-west").template("out-of-hours-notice")
    body = render(template, filled(VIEWS[template.view])).body
    assert template.channel == "page"
    assert all(field in body for field in ("<opens>", "<night_team_phone>", "<police_phone>"))
