"""Every clock of section 8, for each authority it applies to: what starts it, what ends it, and when it is due."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from icart_common.policy import ClockFacts, Moment, PolicyBook, PolicyPack
from icart_common.worktime import due

LONDON = ZoneInfo("Europe/London")
BY_PHONE = "channel=phone referrer_kind=professional"
WRITTEN = "written_referral_received"

# authority, clock, event, facts, received, an event that ends it, due: local times of 2026, when 25 May is a bank holiday.
CLOCKS = [
    ("halton", "TM-1", "triaged", "strand=safeguarding urgency=immediate", "06-01 10:00", "submitted", "06-01 17:30"),
    ("cheshire-west", "TM-1", "triaged", "strand=statutory urgency=immediate", "06-01 10:00", "submitted", "06-01 17:00"),
    ("york", "TM-1", "triaged", "strand=referral urgency=immediate", "06-06 02:00", "submitted", "06-06 03:00"),
    ("halton", "TM-2", "triaged", "strand=safeguarding urgency=routine", "05-22 16:45", "authorised", "05-27 17:30"),
    ("halton", "TM-2", "triaged", "strand=safeguarding urgency=urgent", "06-01 10:00", "authorised", "06-02 17:30"),
    ("halton", "TM-3", "triaged", "strand=early-intervention urgency=routine", "05-21 10:00", "authorised", "05-27 17:30"),
    ("cheshire-west", "TM-4", "contact_opened", "referrer_kind=professional", "05-22 10:00", "authorised", "05-26 17:00"),
    ("york", "TM-5", "triaged", "strand=enquiry urgency=routine", "05-22 10:00", "meeting_decided", "05-26 09:30"),
    ("halton", "TM-6", "strategy_decided", "", "05-23 10:00", "strategy_held", "05-24 10:00"),
    ("cheshire-west", "TM-6", "strategy_decided", "", "05-23 10:00", "strategy_held", "05-24 10:00"),
    ("york", "TM-6", "strategy_decided", "", "05-23 10:00", "strategy_held", "05-24 10:00"),
    ("halton", "TM-7", "step_up_agreed", "", "06-01 10:00", "step_up_met", "06-15 17:30"),
    ("halton", "TM-8", "notice_recorded", "agency_kind=probation", "06-01 10:00", "reply_sent", "06-04 17:30"),
    ("halton", "TM-8-chase", "notice_recorded", "agency_kind=probation", "06-01 10:00", "reply_sent", "06-08 17:30"),
    ("halton", "TM-9", "edt_contact_recorded", "record_complete=false", "05-23 02:00", "edt_record_completed", "05-26 10:00"),
    ("halton", "TM-10", "missing_returned", "", "06-05 22:00", "interview_received", "06-08 22:00"),
    ("cheshire-west", "TM-10", "missing_returned", "", "06-05 22:00", "interview_received", "06-08 22:00"),
    ("york", "TM-10", "missing_returned", "", "06-05 22:00", "interview_received", "06-08 22:00"),
    ("halton", "TM-11-police", "check_requested", "agency_kind=police", "06-01 10:00", "check_replied", "06-01 14:00"),
    ("halton", "TM-11-education", "check_requested", "agency_kind=school", "06-01 10:00", "check_cancelled", "06-02 17:30"),
    ("cheshire-west", "TM-11-others", "check_requested", "agency_kind=health", "06-01 10:00", "check_replied", "06-02 17:00"),
    ("york", "TM-11-others", "check_requested", "agency_kind=health", "06-01 10:00", "check_replied", "06-02 17:00"),
    ("halton", "TM-12", "residence_began", "", "06-01 10:00", "temporary_plan_decided", "06-03 17:30"),
    ("halton", "TM-13", "placement_check_asked", "", "06-05 10:00", "placement_check_answered", "06-07 10:00"),
    ("halton", "TM-14", "records_asked", "", "06-01 10:00", "records_given", "07-01 17:30"),
    ("cheshire-west", "TM-14", "records_asked", "", "06-01 10:00", "records_given", "07-01 17:00"),
    ("york", "TM-14", "records_asked", "", "06-01 10:00", "records_given", "07-01 17:00"),
    ("halton", "TM-15", "vpa_exposed", "", "06-05 22:00", "school_told", "06-08 08:45"),
    ("halton", "TM-15", "vpa_exposed", "", "05-22 22:00", "school_told", "06-01 08:45"),
    ("halton", "TM-16-stage-1", "disagreement_raised", "", "06-01 10:00", "disagreement_resolved", "06-03 17:30"),
    ("cheshire-west", "TM-16-chase-form", "contact_opened", BY_PHONE, "06-01 10:00", WRITTEN, "06-03 17:00"),
    ("york", "TM-16-chain-1", "decision_needed", "", "06-01 10:00", "decision_made", "06-01 11:00"),
    ("york", "TM-16-chain-2", "decision_needed", "", "06-01 10:00", "decision_made", "06-01 12:00"),
    ("halton", "TM-17", "contact_opened", "referrer_kind=public", "06-01 10:00", "acknowledged", "06-02 17:30"),
    ("cheshire-west", "TM-17", "contact_opened", "referrer_kind=family", "06-01 10:00", "acknowledged", "06-02 17:00"),
    ("york", "TM-17", "contact_opened", "referrer_kind=public", "06-01 10:00", "acknowledged", "06-02 17:00"),
    ("halton", "TM-18", "contact_opened", BY_PHONE, "06-01 10:00", WRITTEN, "06-02 17:30"),
    ("cheshire-west", "TM-18", "contact_opened", BY_PHONE, "06-01 10:00", WRITTEN, "06-02 17:00"),
]  # fmt: skip

NOT_OURS = {
    "halton": {"TM-4", "TM-5"},
    "cheshire-west": {"TM-2", "TM-3", "TM-5", "TM-7", "TM-8", "TM-9", "TM-12", "TM-13", "TM-15"},
    "york": {"TM-2", "TM-3", "TM-4", "TM-7", "TM-8", "TM-9", "TM-12", "TM-13", "TM-15", "TM-18"},
}


def local(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("authority", "clock_id", "moment", "facts", "received", "ends_on", "due_local"),
    [
        pytest.param(
            *row,
            id=f"{row[0]}-{row[1]}-{row[4]}",
            marks=pytest.mark.req("-".join(row[1].split("-")[:2]), authority=row[0]),
        )
        for row in CLOCKS
    ],
)
def test_a_clock_starts_is_due_and_ends(
    book: PolicyBook,
    authority: str,
    clock_id: str,
    moment: Moment,
    facts: str,
    received: str,
    ends_on: Moment,
    due_local: str,
) -> None:
    pack = book.pack(authority)
    known = dict(fact.split("=") for fact in facts.split())
    started = {rule.id: rule for rule in pack.starting(moment, ClockFacts.model_validate(known))}
    rule = started[clock_id]
    assert due(pack.calendar(), rule.allowance, local(received)).due_at == local(due_local)
    assert rule in pack.ending(ends_on)


@pytest.mark.parametrize("authority", sorted(NOT_OURS))
@pytest.mark.req("AU-1")
def test_an_authority_has_the_clocks_of_the_register_and_no_others(book: PolicyBook, authority: str) -> None:
    rows = {f"TM-{number}" for number in range(1, 19)} - NOT_OURS[authority]
    held = {rule.row for rule in book.pack(authority).clocks if rule.id.startswith("TM-")}
    assert held == rows


@pytest.mark.req("TM-1", authority="halton")
@pytest.mark.req("TM-2", authority="halton")
def test_immediate_safeguarding_has_the_same_day_clock_and_not_the_next_day_one(halton: PolicyPack) -> None:
    facts = ClockFacts(strand="safeguarding", urgency="immediate")
    assert [rule.id for rule in halton.starting("triaged", facts)] == ["TM-1"]
    assert "TM-2" in [rule.id for rule in halton.no_longer("triaged", facts)]


@pytest.mark.req("TM-9", authority="halton")
def test_a_complete_night_record_starts_no_clock(halton: PolicyPack) -> None:
    assert halton.starting("edt_contact_recorded", ClockFacts(record_complete=True)) == ()


@pytest.mark.req("TM-18", authority="halton")
def test_a_neighbour_who_telephones_owes_no_form(halton: PolicyPack) -> None:
    started = halton.starting("contact_opened", ClockFacts(channel="phone", referrer_kind="public"))
    assert "TM-18" not in [rule.id for rule in started]


@pytest.mark.req("TM-6")
@pytest.mark.parametrize("authority", ["halton", "cheshire-west", "york"])
def test_a_clock_that_runs_day_and_night_never_pauses(book: PolicyBook, authority: str) -> None:
    for rule in book.pack(authority).clocks:
        if rule.allowance.kind == "elapsed":
            assert not rule.may_pause


def test_every_clock_but_one_that_only_asks_for_something_warns_before_it_is_due(book: PolicyBook) -> None:
    for pack in book.packs():
        for rule in pack.clocks:
            assert bool(rule.warn_at) is not pack.is_trigger(rule.id)
            assert all(0 < fraction < 1 for fraction in rule.warn_at)


@pytest.mark.req("TM-17")
def test_nobody_is_late_in_telling_whoever_gave_no_name(book: PolicyBook) -> None:
    for pack in book.packs():
        started = pack.starting("contact_opened", ClockFacts(referrer_kind="anonymous"))
        assert "TM-17" not in [rule.id for rule in started]
