"""Which event makes which message, for whom, in whose words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from icart_common.contracts.base import Message
from icart_common.contracts.cases import Case
from icart_common.contracts.ids import derived_id
from icart_common.contracts.intake import OpenedFor, ReplyTo
from icart_common.policy import ClockFacts, PolicyBook
from icart_notifications.domain.leaving import Delivery, outbound, rendered
from icart_notifications.domain.messages import messages, pack_of
from services.notifications.tests import examples
from services.notifications.tests.examples import (
    CASES,
    EDT,
    NIGHT,
    NOON,
    POLICE,
    PUBLIC,
    SCHOOL,
    neighbour,
    professional,
)

ALL = ("halton", "cheshire-west", "york")
OUTCOMES = {
    "halton": ("assessment-s17", 3),
    "cheshire-west": ("statutory-assessment", 4),
    "york": ("single-assessment", 3),
}


def leaving(book: PolicyBook, event: Message) -> list[Delivery]:
    pack = pack_of(event, book, NOON)
    assert pack is not None
    cause = derived_id(NOON, "cause")
    return list(rendered(messages(event, pack), pack, cause=cause, correlation=cause, at=NOON))


def by_template(book: PolicyBook, event: Message) -> dict[str, list[tuple[str, str, str | None]]]:
    found: dict[str, list[tuple[str, str, str | None]]] = {}
    for one in leaving(book, event):
        found.setdefault(one.template, []).append((one.channel, one.recipient, one.address))
    return found


def req_for_each(*rows: str, authorities: tuple[str, ...] = ALL) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "authority",
        [pytest.param(each, marks=[pytest.mark.req(row, authority=each) for row in rows]) for each in authorities],
    )


@req_for_each("IN-16", "IN-3")
def test_a_professional_is_acknowledged_on_the_agencys_topic_with_reference_and_questions(book, authority):
    (one,) = leaving(book, examples.taken(authority, professional(authority, email="teacher@example.org")))
    assert (one.template, one.channel, one.recipient) == ("acknowledgement", "topic", SCHOOL[authority])
    assert "QK7WM-3HXPA" in one.subject
    assert "What does the child say?" in one.text
    assert one.text.count("When was the child born?") == 1
    assert "(p1, p2)" in one.text
    assert one.in_reply_to == examples.an_id("submission", 0)


@pytest.mark.parametrize(
    ("authority", "acknowledged"),
    [
        pytest.param("halton", True, marks=pytest.mark.req("IN-16", authority="halton")),
        pytest.param("cheshire-west", False, marks=pytest.mark.req("IN-16", authority="cheshire-west")),
        pytest.param("york", True, marks=pytest.mark.req("IN-16", authority="york")),
    ],
)
def test_a_neighbour_is_acknowledged_where_the_pack_says_so(book, authority, acknowledged):
    event = examples.taken(authority, neighbour(authority))
    expected = [("smtp", PUBLIC[authority], "quentin.ashbarrow@example.org")]
    assert by_template(book, event) == ({"acknowledgement": expected} if acknowledged else {})


@pytest.mark.req("IN-16", authority="cheshire-west")
def test_the_person_concerned_is_acknowledged_whatever_kind_of_referrer_they_are(book):
    concerned = ReplyTo(
        agency=PUBLIC["cheshire-west"], kind="public", email="parent@example.org", person_concerned=True
    )
    assert "acknowledgement" in by_template(book, examples.taken("cheshire-west", concerned))


def test_whoever_left_no_address_is_answered_through_the_door_that_wrote_it_down(book):
    event = examples.taken("halton", neighbour("halton", email=None))
    assert by_template(book, event) == {"acknowledgement": [("topic", "public-halton", None)]}


def test_an_address_that_could_break_a_mail_header_is_no_address(book):
    event = examples.taken("halton", neighbour("halton", email="x@example.org\nBcc: y@example.org"))
    assert by_template(book, event) == {"acknowledgement": [("topic", "public-halton", None)]}


@req_for_each("AU-2", "AU-4")
def test_everything_that_leaves_has_the_packs_hours_and_numbers_in_its_facts(book, authority):
    (one,) = leaving(book, examples.taken(authority, professional(authority)))
    pack = book.pack(authority)
    assert one.view["public_hours"] == pack.public_hours.in_words()
    assert pack.contact_points.front_door.phone in one.text
    assert pack.contact_points.night_team.phone in one.text


@pytest.mark.req("AU-2", "AU-4", authority="halton")
def test_haltons_acknowledgement_prints_its_public_hours_and_numbers(book):
    (one,) = leaving(book, examples.taken("halton", professional("halton")))
    words = " ".join(one.text.split())
    assert "call 0151 907 8305 (Monday to Thursday 09:00-17:00, Friday 09:00-16:30)" in words
    assert "At other times call 0345 050 0148" in words


@req_for_each("IN-13")
def test_out_of_hours_the_acknowledgement_says_that_nobody_reads_it_until_opening(book, authority):
    event = examples.taken(authority, professional(authority), received_at=NIGHT, out_of_hours=True)
    (one,) = leaving(book, event)
    pack = book.pack(authority)
    assert "until then nobody reads what you send here" in one.text
    assert "opens on Monday 19 October 2026 at" in one.text
    assert pack.contact_points.night_team.phone in one.view["next_step"]
    assert pack.contact_points.police.phone in one.view["next_step"]
    assert not [way for way in by_template(book, event)["acknowledgement"] if way[1] == EDT[authority]]


@req_for_each("IN-13", "TM-18")
def test_beyond_the_known_holidays_no_day_is_promised_and_everything_else_is_said(book, authority):
    """The list ends with 2030: whoever comes on its last evening is acknowledged, and the form is asked for without a day."""
    evening, noon = datetime(2030, 12, 31, 20, 0, tzinfo=UTC), datetime(2030, 12, 31, 12, 0, tzinfo=UTC)
    late = examples.taken(authority, professional(authority), received_at=evening, out_of_hours=True)
    (one,) = leaving(book, late)
    assert "opens on its next working day; until then nobody reads" in " ".join(one.text.split())
    for received_at, due in ((NOON, True), (noon, False)):
        call = examples.taken(authority, professional(authority), received_at=received_at, channel="phone")
        (one,) = leaving(book, call)
        asks = "on the referral form by " if due else "on the referral form."
        wanted = book.pack(authority).starting(
            "contact_opened", ClockFacts(referrer_kind="professional", channel="phone")
        )
        if any("written_referral_received" in rule.ends_on for rule in wanted):
            assert asks in one.text
            assert (one.view["written_form_due"] is not None) is due
        else:
            assert "on the referral form" not in one.text


def test_the_night_team_is_not_told_to_call_itself(book):
    event = examples.taken(
        "halton", ReplyTo(agency="edt-halton", kind="professional"), received_at=NIGHT, out_of_hours=True
    )
    (one,) = leaving(book, event)
    assert one.view["next_step"] == "the day team takes it up when it opens on Monday 19 October 2026 at 09:00."


def test_the_references_under_which_the_outcomes_come_are_given(book):
    opened = tuple(
        OpenedFor(contact=examples.an_id("contact", n), reference=f"AAAAA-AAAA{n}", child=f"p{n}") for n in (1, 2)
    )
    (one,) = leaving(book, examples.taken("halton", professional("halton"), opened=opened))
    assert "The outcome comes under AAAAA-AAAA1 and AAAAA-AAAA2." in one.text


@pytest.mark.req("IN-9", "TM-18", authority="halton")
def test_a_professional_who_telephones_is_asked_for_the_form_and_told_by_when(book):
    (one,) = leaving(book, examples.taken("halton", professional("halton"), channel="phone"))
    assert one.view["written_form_due"] == "Thursday 15 October 2026 at 17:30"
    (written,) = leaving(book, examples.taken("halton", professional("halton"), channel="form"))
    assert written.view["written_form_due"] is None


@req_for_each("IN-15")
def test_a_repeat_is_acknowledged_as_a_repeat(book, authority):
    (one,) = leaving(book, examples.repeated(authority, professional(authority)))
    assert one.template == "repeat"
    assert "Wednesday 14 October 2026 at 12:00" in one.text


@req_for_each("IN-4")
def test_nobody_identified_asks_for_more_or_says_to_call_the_police_now(book, authority):
    asked = by_template(book, examples.advised(authority, professional(authority), call_police_now=False))
    urgent = by_template(book, examples.advised(authority, professional(authority), call_police_now=True))
    assert (list(asked), list(urgent)) == (["advice-given"], ["call-police-now"])


@req_for_each("IN-5")
def test_an_open_case_goes_to_the_case_system_and_the_worker_and_the_professional_is_told(book, authority):
    worker = by_template(book, examples.redirected(authority))
    assert worker == {"contact-to-worker": [("topic", CASES[authority], None), ("smtp", authority, "ives@example.org")]}
    told = examples.taken(authority, professional(authority), opened=(), redirected=("p1",))
    assert by_template(book, told) == {"redirected": [("topic", SCHOOL[authority], None)]}


@req_for_each("IN-3", "IN-5")
def test_answers_go_to_the_worker_as_their_referral_did_and_say_nothing_of_what_was_answered(book, authority):
    event = examples.answers_redirected(authority)
    assert by_template(book, event) == {
        "contact-to-worker": [("topic", CASES[authority], None), ("smtp", authority, "ives@example.org")]
    }
    one, *_ = leaving(book, event)
    assert "answers to what the referral had left open" in one.text
    assert "third time" not in one.text


@req_for_each("IN-5")
def test_the_duty_team_is_told_when_the_worker_is_not_known(book, authority):
    event = examples.redirected(authority)
    for given, addressee in (
        ({"worker": "Ives Pomfret", "team": "Riverside"}, "Ives Pomfret, Riverside"),
        ({"worker": None, "worker_email": None, "team": "Riverside"}, "the duty team of Riverside"),
        ({"worker": None, "worker_email": None, "team": None}, "the duty team"),
    ):
        one, *_ = leaving(book, event.model_copy(update={"case": event.case.model_copy(update=given)}))
        assert (one.recipient, one.view["addressee"]) == (CASES[authority], addressee)
        assert f"For {addressee}." in one.text


@pytest.mark.req("IN-5", "CO-8")
def test_nobody_but_a_professional_learns_that_a_child_has_a_worker(book):
    told = examples.taken("halton", neighbour("halton"), opened=(), redirected=("p1",))
    assert list(by_template(book, told)) == ["acknowledgement"]


@req_for_each("SC-11")
def test_a_professional_is_told_outcome_and_reasons_and_the_case_system_the_outcome(book, authority):
    outcome, level = OUTCOMES[authority]
    sent = leaving(book, examples.closed(authority, professional(authority), outcome, level))
    feedback, recorded = sent
    assert (feedback.template, feedback.recipient) == ("outcome-professional", SCHOOL[authority])
    assert "what the school does to protect her does not last" in feedback.text
    assert (recorded.template, recorded.recipient) == ("outcome-to-case-system", CASES[authority])
    assert "reasons" not in recorded.view


@req_for_each("SC-11")
def test_others_are_told_that_it_was_dealt_with_and_nothing_more(book, authority):
    outcome, level = OUTCOMES[authority]
    feedback = leaving(book, examples.closed(authority, neighbour(authority), outcome, level))[0]
    assert (feedback.template, feedback.address) == ("outcome-others", "quentin.ashbarrow@example.org")
    assert "14 October 2026" in feedback.text
    assert "Neglect" not in feedback.text
    assert book.pack(authority).outcome(outcome).name not in feedback.text


@pytest.mark.req("SC-11", "CO-8")
def test_reasons_never_go_to_an_address_that_somebody_typed(book):
    unreachable = ReplyTo(agency="a-school-of-no-pack", kind="professional", email="says-a-teacher@example.org")
    feedback = leaving(book, examples.closed("halton", unreachable, "assessment-s17"))[0]
    assert (feedback.template, feedback.address) == ("outcome-others", "says-a-teacher@example.org")


@pytest.mark.req("SC-9", authority="halton")
def test_no_feedback_while_the_matter_goes_on_as_another_contact(book):
    event = examples.closed("halton", professional("halton"), "transfer-to-safeguarding")
    assert list(by_template(book, event)) == ["outcome-to-case-system"]


def test_an_anonymous_caller_is_owed_no_outcome(book):
    event = examples.closed("halton", ReplyTo(agency="public-halton", kind="anonymous"), "assessment-s17")
    assert list(by_template(book, event)) == ["outcome-to-case-system"]


@req_for_each("SC-11")
def test_a_level_3_referral_goes_to_the_area_team_through_the_case_system(book, authority):
    team = book.pack(authority).area_teams[0]
    (one,) = leaving(book, examples.referral(authority, OUTCOMES[authority][0], team.id))
    assert (one.template, one.recipient) == ("referral-to-area-team", CASES[authority])
    assert team.name in one.subject
    assert "Tamsin" not in one.subject
    assert {"CF-90017", "28 February 2017"} <= set(one.view.values())


def test_a_refusal_goes_to_the_agency_whose_topic_it_came_on(book):
    (one,) = leaving(book, examples.refused("larkspur-lane-primary", "halton"))
    assert (one.template, one.recipient) == ("submission-refused", "larkspur-lane-primary")
    assert "$.people[0].born: found text, expected a date; what to do: send YYYY-MM-DD" in one.text


def test_an_agency_of_several_authorities_is_answered_when_its_message_named_none(book):
    assert leaving(book, examples.refused("cheshire-police", None))[0].recipient == "cheshire-police"
    assert pack_of(examples.refused("nobody-we-know", None), book, NOON) is None


@pytest.mark.req("PV-12", authority="halton")
def test_what_the_officer_did_not_record_is_listed_back_to_the_force(book):
    (one,) = leaving(book, examples.vpa_recorded(("What did the incident do to the child?",)))
    assert (one.template, one.recipient) == ("vpa-gaps-to-force", POLICE["halton"])
    assert "What did the incident do to the child?" in one.text
    assert leaving(book, examples.vpa_recorded(())) == []


@pytest.mark.req("PV-3", authority="halton")
def test_a_pathway_is_told_what_it_meant_for_the_child_and_not_the_story(book):
    (one,) = leaving(book, examples.vpa_routed("education", "education-service-halton"))
    assert (one.template, one.recipient) == ("vpa-to-pathway", "education-service-halton")
    assert "She heard shouting" in one.text
    assert "Bramwell" not in one.text
    unsaid = examples.vpa_routed("education", "education-service-halton").model_copy(update={"impact": None})
    assert leaving(book, unsaid)[0].view["impact"] == "not recorded"
    assert leaving(book, examples.vpa_routed("icart")) == []


@pytest.mark.req("PV-6", authority="halton")
def test_a_vpa_on_an_open_case_goes_to_the_worker(book):
    case = Case(status="open", allocated=True, number="CF-90017")
    assert by_template(book, examples.vpa_routed("allocated-worker", case=case)) == {
        "contact-to-worker": [("topic", "carefirst-halton", None)]
    }


@pytest.mark.req("PV-8", authority="halton")
def test_the_school_is_told_of_the_exposure_and_nothing_of_what_happened(book):
    (one,) = leaving(book, examples.school_to_be_told())
    assert (one.template, one.recipient) == ("encompass-school-notice", "larkspur-lane-primary")
    assert one.meets == (examples.an_id("clock", "TM-15"),)
    assert set(one.view) == {
        "front_door", "front_door_phone", "public_hours", "night_team_phone",
        "force_reference", "child_name", "child_born", "incident_on",
    }  # fmt: skip


def test_a_school_that_the_pack_does_not_hold_is_nobody_to_write_to(book):
    assert leaving(book, examples.school_to_be_told(school="no-such-school")) == []


@pytest.mark.req("ED-4", "TM-9", authority="halton")
def test_the_teams_hear_that_the_night_teams_record_is_late(book):
    found = by_template(book, examples.breached("halton", "TM-9", "intake"))
    mailbox = book.pack("halton").contact_points.secure_mailbox.email
    assert found == {"team-alert": [("topic", "edt-halton", None), ("smtp", "halton", mailbox)]}


@pytest.mark.req("TM-17", authority="halton")
def test_the_front_door_hears_of_a_referrer_whom_nothing_reached(book):
    assert [one.recipient for one in leaving(book, examples.breached("halton", "TM-17", "notifications"))] == ["halton"]


def test_other_breaches_are_shown_where_the_work_lies_and_do_not_leave(book):
    assert leaving(book, examples.breached("halton", "TM-2", "screening")) == []
    assert leaving(book, examples.breached("halton", "a-clock-that-is-gone", "screening")) == []


def test_words_beyond_the_contracts_limit_are_cut_on_the_topic_and_whole_in_the_facts(book):
    event = examples.closed("halton", professional("halton"), "assessment-s17", reasons="a" * 20_000)
    notice = outbound(leaving(book, event)[0], NOON)
    assert len(notice.text) == 20_000
    assert notice.text.endswith("(The text goes on: the whole of it is in the facts.)")
    assert len(notice.facts["reasons"]) == 20_000


@req_for_each("IN-3")
def test_the_acknowledgement_says_by_when_to_answer_and_answers_are_received(book, authority):
    asked = examples.taken(authority, professional(authority), answers_due=NIGHT)
    (one,) = leaving(book, asked)
    assert "please send what you can by Friday 16 October 2026 at 22:00" in " ".join(one.text.split())
    (receipt,) = leaving(book, examples.answers_taken(authority, professional(authority)))
    assert (receipt.template, receipt.recipient) == ("answers-taken", SCHOOL[authority])
    words = " ".join(receipt.text.split())
    assert "2 of your answers were put to QK7WM-3HXPA" in words
    assert "1 of them had been answered before" in words
    assert "They came after the day" in words
    assert "What does the child say?" in words


@req_for_each("IN-9", "IN-10", "TM-16", authorities=("halton", "cheshire-west"))
def test_a_reminder_says_what_is_owed_and_by_when(book, authority):
    (one,) = leaving(book, examples.chased(authority, professional(authority)))
    assert (one.template, one.recipient) == ("form-or-tool-chased", SCHOOL[authority])
    assert "The referral form." in one.text
    assert "Friday 16 October 2026 at 22:00" in one.text


@pytest.mark.req("IN-11", authority="cheshire-west")
def test_what_is_returned_says_what_is_missing_and_what_to_do(book):
    (one,) = leaving(book, examples.returned(professional("cheshire-west")))
    pack = book.pack("cheshire-west")
    words = " ".join(one.text.split())
    assert (one.template, one.recipient) == ("referral-returned", SCHOOL["cheshire-west"])
    assert "early help assessment" in words
    assert "graded-care-profile or home-conditions-tool" in words
    assert pack.contact_points.front_door.phone in words
    assert "Then send the referral again" in words
