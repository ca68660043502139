"""Checks: what may be asked, on what it rests, what leaves, and what becomes of it (SC-5, CO-4, CO-7, CO-8, TM-11)."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icart_common.contracts.base import Address
from icart_common.contracts.checks import (
    AuthoriseSharing,
    CancelCheck,
    CheckAnswered,
    CheckCancelled,
    CheckReplied,
    CheckRepliedAgain,
    CheckRequested,
    DecideNotToShare,
    RecordCheckAnswer,
    RequestCheck,
    SharingAuthorised,
    SharingDeclined,
    SharingEnded,
    WithdrawSharing,
)
from icart_common.contracts.referral import Person, Referrer, WhatHappened
from icart_common.contracts.screening import ContactSubmitted
from icart_common.contracts.timers import CancelClock, ClockBreached, ClockWarned, MeetClock, StartClock
from icart_screening.domain.refusal import Refusal
from icart_screening.domain.undertakings.chasing import remind
from icart_screening.domain.undertakings.check import Check
from services.screening.tests.asking import ASKED, ask, check, consent, says, screened
from services.screening.tests.front_door import BOOK, CASTS, MONDAY, FrontDoor, each, of_type

GIVEN, REFUSED, NOT_SOUGHT = consent("given"), consent("refused"), consent("not-sought")


def reply(door: FrontDoor, held: Check, answer: str = "Known since 2021.", **fields: Any) -> None:
    """The agency's answer, a minute later."""
    door.now += timedelta(minutes=1)
    assert held.agency is not None
    said = CheckAnswered(agency=held.agency, authority=door.authority, check=held.id, answer=answer, **fields)
    assert not isinstance(door.heard(said, door.undertakings[held.id]), Refusal)


def asked_for(door: FrontDoor, contact: UUID, rule: str, *agencies: str, **fields: Any) -> Refusal:
    return door.not_begun(contact, RequestCheck, door.cast.social_worker, "w1", rule=rule, agencies=agencies, **fields)


@each("SC-5", "TM-11", "CO-8")
def test_several_agencies_are_several_checks_each_with_its_own_clock_and_ground(door: FrontDoor) -> None:
    contact = screened(door, GIVEN)
    schools = [agency.id for agency in door.pack.agencies if agency.kind in ("school", "education-service")]
    ask(door, contact, "education", *schools, schools[0])
    asked = of_type(door.told, CheckRequested)
    assert [event.agency for event in asked] == schools
    assert len({event.undertaking for event in asked}) == len(schools)
    for event in asked:
        assert event.basis is not None
        assert (event.basis.kind, event.basis.consents, event.basis.decided_by.person) == ("consent", (GIVEN,), "w1")
        (clock,) = [one for one in of_type(door.clocks, StartClock) if one.subject == event.undertaking]
        assert door.pack.clock(clock.rule).row == "TM-11"
        assert event.due is not None
        assert event.due > event.at
    assert door.contacts[contact].version == 3, "nobody's page of the contact is stale because of it"


@each("SC-5", "TM-11")
@pytest.mark.parametrize("what", ["police", "education", "health", "services"])
def test_every_kind_of_agency_is_asked_answers_and_is_timed(door: FrontDoor, what: str) -> None:
    whom = dict(zip(("police", "education", "health", "services"), vars(ASKED[door.authority]).values(), strict=True))
    held = ask(door, screened(door, GIVEN), what, whom[what])
    clocks = list(held.clocks.ids.values())
    reply(door, held)
    held = check(door, held.id)
    assert (held.state, held.open, [one.text for one in held.answers]) == ("answered", False, ["Known since 2021."])
    assert [met.clock for met in of_type(door.clocks, MeetClock) if met.clock in clocks] == clocks
    assert not [one for one in of_type(door.clocks, CancelClock) if one.clock in clocks]


@each("SC-5", "TM-11")
def test_our_own_records_are_looked_at_by_a_worker_and_need_no_consent(door: FrontDoor) -> None:
    contact = screened(door, REFUSED)
    own = [rule.id for rule in door.pack.checks if rule.asked_of == "worker"]
    assert len(own) == 6
    for rule in own:
        held = ask(door, contact, rule)
        assert (held.agency, held.basis) == (None, None)
        assert list(held.clocks.ids) == ["TM-11-own"]
        door.begun(held.id, RecordCheckAnswer, door.cast.social_worker, "w1", answer="Nothing is held.")
        assert check(door, held.id).answers[0].way == "own-records"
    assert asked_for(door, contact, own[0], ASKED[door.authority].school).code == "own-records"


@each("CO-7")
def test_what_leaves_is_the_packs_question_and_the_identifiers_that_it_needs(door: FrontDoor) -> None:
    child = Person(
        ref="p1", role="child", given_name="Tamsin", family_name="Quillfeather", born=date(2017, 2, 28),
        nhs_number="9990001112", upn="A999999999999", school="Canary School", whereabouts="canary street",
        addresses=(Address(lines="14 Larkspur Close", postcode="ZZ99 1AA"),),
    )  # fmt: skip
    referrer = Referrer(kind="public", name="Canary Thistlewood", phone="01632 960001", address="3 Canary Row")
    told = WhatHappened(what="Canary shouting every night.")
    contact = door.allocated(door.cast.safeguarding, consents=(GIVEN,), child=child, referrer=referrer, event=told)
    ask(door, contact, "education", ASKED[door.authority].school)
    ask(door, contact, "health", ASKED[door.authority].health, questions=("known",))
    education, health = of_type(door.told, CheckRequested)[-2:]
    assert education.about.model_dump(exclude_none=True) == {
        "given_name": "Tamsin", "family_name": "Quillfeather", "born": date(2017, 2, 28), "upn": "A999999999999",
    }  # fmt: skip
    assert set(health.about.model_dump(exclude_none=True)) == {
        "given_name", "family_name", "born", "address", "nhs_number",
    }  # fmt: skip
    assert health.questions == (door.pack.check("health").questions[0].ask,)
    for event in (education, health):
        assert "canary" not in event.model_dump_json(exclude={"by", "basis"}).lower()
    assert "canary" in json.dumps(door.contacts[contact].model_dump(mode="json")).lower()


@each("CO-7")
def test_a_child_whom_nobody_could_tell_is_asked_about_by_nobody(door: FrontDoor) -> None:
    child = Person(ref="p1", role="child", given_name="Tamsin")
    contact = door.allocated(door.cast.safeguarding, consents=(GIVEN,), child=child)
    refused = asked_for(door, contact, "police", ASKED[door.authority].police)
    assert refused.code == "identifier-missing"
    assert refused.allowed == ("find out the child's date of birth, or when the child is expected first",)


@each("CO-4", "CO-8")
def test_without_consent_or_ground_it_is_said_what_would_be_allowed(door: FrontDoor) -> None:
    contact, police = screened(door), ASKED[door.authority].police
    refused = asked_for(door, contact, "police", police)
    assert refused.code == "consent-needed"
    assert any(door.cast.ground in allowed for allowed in refused.allowed)
    assert any(f"({door.cast.manager})" in allowed for allowed in refused.allowed)
    assert asked_for(door, contact, "police", police, ground="it-is-quicker").code == "unknown-ground"
    unknown_to_them = asked_for(door, contact, "police", police, ground=door.cast.ground)
    assert unknown_to_them.code == "authorisation-needed"
    assert of_type(door.told, CheckRequested) == []


@each("CO-4", "CO-8")
@pytest.mark.parametrize("how", ["refused", "told"])
def test_a_ground_is_enough_where_the_parents_know(door: FrontDoor, how: str) -> None:
    contact = screened(door, *([REFUSED] if how == "refused" else []))
    told = {} if how == "refused" else {"parents_told": "The social worker, by telephone at 9:50."}
    held = ask(door, contact, "police", ASKED[door.authority].police, ground=door.cast.ground, **told)
    assert held.basis is not None
    assert (held.basis.kind, held.basis.ground) == ("ground", door.cast.ground)
    says(door, contact, "given")
    says(door, contact, "refused")
    assert check(door, held.id).open, "it never rested on consent"


@each("CO-4", "CO-8")
def test_a_manager_authorises_sharing_without_the_parents_knowledge(door: FrontDoor) -> None:
    contact, police = screened(door, NOT_SOUGHT), ASKED[door.authority].police
    fields = {"agencies": (police,), "ground": door.cast.ground, "reasons": "She is afraid of what he does."}
    by_worker = door.not_begun(contact, AuthoriseSharing, door.cast.social_worker, "w1", **fields)
    assert by_worker.code == "role-may-not"
    wrong = door.not_begun(contact, AuthoriseSharing, door.cast.manager, "m1", **{**fields, "ground": "haste"})
    assert wrong.code == "unknown-ground"
    authorised = door.begun(contact, AuthoriseSharing, door.cast.manager, "m1", **fields)
    held = ask(door, contact, "police", police)
    assert held.basis is not None
    assert (held.basis.kind, held.basis.authorisation) == ("authorised", authorised)
    assert (held.basis.decided_by.person, held.basis.reasons) == ("m1", "She is afraid of what he does.")
    assert held.basis.consents == (NOT_SOUGHT,)
    assert asked_for(door, contact, "health", ASKED[door.authority].health).code == "consent-needed"
    (event,) = of_type(door.told, SharingAuthorised)
    assert (event.by.person, event.ground) == ("m1", door.cast.ground)


@each("CO-4", "CO-8")
def test_an_authorisation_that_is_taken_back_ends_the_checks_that_rested_on_it(door: FrontDoor) -> None:
    contact, agencies = screened(door, REFUSED), ASKED[door.authority]
    fields = {"agencies": (agencies.police,), "ground": door.cast.ground, "reasons": "She is afraid of what he does."}
    one = door.begun(contact, AuthoriseSharing, door.cast.manager, "m1", **fields)
    rested = ask(door, contact, "police", agencies.police)
    other = ask(door, contact, "health", agencies.health, ground=door.cast.ground)
    by_worker = door.not_begun(one, WithdrawSharing, door.cast.social_worker, "w1", reason="told")
    assert by_worker.code == "role-may-not"
    door.begun(one, WithdrawSharing, door.cast.manager, "m2", reason="The mother has been told.")
    assert (check(door, rested.id).state, check(door, other.id).state) == ("cancelled", "asked")
    (event,) = of_type(door.told, CheckCancelled)
    assert (event.because, event.agency) == ("authorisation-withdrawn", agencies.police)
    assert asked_for(door, contact, "police", agencies.police).code == "consent-needed"


@each("CO-8")
def test_a_decision_not_to_share_is_kept_with_its_ground_and_who_took_it(door: FrontDoor) -> None:
    contact = screened(door, REFUSED)
    fields = {"agency": ASKED[door.authority].school, "rule": "education", "reasons": "She left that school."}
    wrong = door.not_begun(contact, DecideNotToShare, door.cast.manager, "m1", ground="none", **fields)
    assert (wrong.code, len(wrong.allowed)) == ("unknown-ground", len(door.pack.not_sharing_grounds))
    one = door.begun(contact, DecideNotToShare, door.cast.manager, "m1", ground="consent-refused", **fields)
    (event,) = of_type(door.told, SharingDeclined)
    assert (event.by.person, event.ground, event.agency) == ("m1", "consent-refused", ASKED[door.authority].school)
    assert not door.undertakings[one].open


@each("SC-5", "CO-8")
def test_what_the_pack_does_not_know_is_not_asked(door: FrontDoor) -> None:
    contact, agencies = screened(door, GIVEN), ASKED[door.authority]
    assert asked_for(door, contact, "horoscope", agencies.school).code == "unknown-check"
    assert asked_for(door, contact, "education", "no-such-school").code == "unknown-agency"
    assert asked_for(door, contact, "education").code == "nobody-asked"
    assert asked_for(door, contact, "education", agencies.school, questions=("anything",)).code == "unknown-question"
    wrong = asked_for(door, contact, "education", agencies.police)
    assert wrong.code == "not-for-this-agency"
    assert any(agencies.school in allowed for allowed in wrong.allowed)
    one_of_two = asked_for(door, contact, "education", agencies.school, agencies.police)
    assert one_of_two.code == "not-for-this-agency"
    assert of_type(door.told, CheckRequested) == [], "one that may not be asked stops them all"
    ask(door, contact, "education", agencies.school)
    assert asked_for(door, contact, "education", agencies.school).code == "asked-already"


@each("SC-5")
def test_twice_late_or_after_cancellation_is_kept_and_marked_and_nothing_doubled(door: FrontDoor) -> None:
    contact, agencies = screened(door, GIVEN), ASKED[door.authority]
    held = ask(door, contact, "police", agencies.police)
    door.now = MONDAY + timedelta(days=5)
    reply(door, held)
    assert check(door, held.id).answers[0].late
    reply(door, held)
    reply(door, held, "And an incident last night.")
    marks = [event.because for event in of_type(door.told, CheckRepliedAgain)]
    assert marks == ["repeat", "more"]
    assert [one.because for one in check(door, held.id).answers] == [None, "more"]
    other = ask(door, contact, "education", agencies.school)
    door.begun(other.id, CancelCheck, door.cast.social_worker, "w1", reason="The school told it already.")
    reply(door, other)
    cancelled = check(door, other.id)
    assert (cancelled.state, cancelled.answers[0].because) == ("cancelled", "after-cancellation")
    reply(door, other)
    assert len(check(door, other.id).answers) == 1
    assert len(of_type(door.told, CheckReplied)) == 1


@each("SC-5")
def test_an_answer_by_telephone_is_an_answer_and_a_cancelled_check_is_not_cancelled_again(door: FrontDoor) -> None:
    contact, worker = screened(door, GIVEN), door.cast.social_worker
    held = ask(door, contact, "police", ASKED[door.authority].police)
    door.begun(held.id, RecordCheckAnswer, worker, "w1", answer="Nothing known.", answered_by="control room")
    answer = check(door, held.id).answers[0]
    assert (answer.way, answer.answered_by, answer.late) == ("telephone", "control room", False)
    again = door.not_begun(held.id, CancelCheck, worker, "w1", reason="not needed")
    assert (again.code, again.allowed) == ("not-now", ("record a further answer",))
    assert door.not_begun(held.id, RecordCheckAnswer, "edt-worker", "e1", answer="x").code == "role-may-not"


@each("CO-8", "SC-5")
def test_consent_that_is_withdrawn_ends_what_rested_on_it_alone(door: FrontDoor) -> None:
    contact, agencies = screened(door, GIVEN), ASKED[door.authority]
    fields = {"agencies": (agencies.police,), "ground": door.cast.ground, "reasons": "A knife was seen."}
    on_consent = ask(door, contact, "education", agencies.school)
    own = ask(door, contact, "history")
    says(door, contact, "not-sought", "p1")
    assert check(door, on_consent.id).open
    says(door, contact, "refused")
    cancelled = check(door, on_consent.id)
    assert (cancelled.state, check(door, own.id).state) == ("cancelled", "asked")
    (event,) = of_type(door.told, CheckCancelled)
    assert (event.because, event.agency, event.by) == ("consent-withdrawn", agencies.school, None)
    door.begun(contact, AuthoriseSharing, door.cast.manager, "m1", **fields)
    authorised = ask(door, contact, "police", agencies.police)
    says(door, contact, "given")
    says(door, contact, "refused")
    assert check(door, authorised.id).open
    assert asked_for(door, contact, "education", agencies.school).code == "consent-needed"


@each("SC-5")
def test_the_manager_is_told_what_is_outstanding_and_closing_ends_it(door: FrontDoor) -> None:
    contact, agencies, cast = screened(door, GIVEN), ASKED[door.authority], door.cast
    door.begun(
        contact, AuthoriseSharing, cast.manager, "m1", agencies=(agencies.police,), ground=cast.ground, reasons="Fear."
    )
    done = ask(door, contact, "education", agencies.school)
    reply(door, done)
    waits = ask(door, contact, "police", agencies.police)
    own = ask(door, contact, "history")
    submitted = door.submitted(contact, cast.assessment, cast.assessment_level, need_code="N1")
    assert submitted.submitted is not None
    told = {(one.check, one.agency) for one in submitted.submitted.outstanding}
    assert told == {(waits.id, agencies.police), (own.id, None)}
    assert len(of_type(door.log, ContactSubmitted)[-1].outstanding) == 2
    door.authorised(contact)
    assert {check(door, one.id).state for one in (waits, own)} == {"cancelled"}
    assert {event.because for event in of_type(door.told, CheckCancelled)} == {"contact-closed"}
    assert len(of_type(door.told, SharingEnded)) == 1
    ended = {one.clock for one in of_type(door.clocks, MeetClock)} | {
        one.clock for one in of_type(door.clocks, CancelClock)
    }
    assert {clock for one in (done, waits, own) for clock in one.clocks.ids.values()} <= ended
    assert asked_for(door, contact, "police", agencies.police).code == "closed"
    reply(door, waits)
    assert check(door, waits.id).answers[0].because == "after-cancellation"


@each("TM-11")
def test_an_agency_is_reminded_when_the_time_is_nearly_over_and_when_it_is(door: FrontDoor) -> None:
    held = ask(door, screened(door, GIVEN), "police", ASKED[door.authority].police)
    (rule, clock), *_ = held.clocks.ids.items()
    head = {
        "clock": clock, "authority": door.authority, "pack_version": door.pack.version, "rule": rule, "owner": "screening",
        "subject": held.id, "due_at": held.due,
    }  # fmt: skip
    warned = [ClockWarned.model_validate({**head, "warned_at": MONDAY, "fraction": part}) for part in (0.5, 0.8)]
    breached = ClockBreached.model_validate({**head, "sum": "due"})
    assert remind(held, warned[0], door.pack) is None
    soon, late = remind(held, warned[1], door.pack), remind(held, breached, door.pack)
    assert soon is not None
    assert late is not None
    assert (soon.agency, soon.late, late.late, late.due) == (held.agency, False, True, held.due)
    own = ask(door, held.contact or UUID(int=0), "history")
    assert remind(own, breached, door.pack) is None
    reply(door, held)
    assert remind(check(door, held.id), breached, door.pack) is None


@settings(max_examples=60, deadline=None)
@given(
    authority=st.sampled_from(sorted(CASTS)),
    steps=st.lists(st.sampled_from(["ask", "reply", "phone", "cancel", "give", "refuse", "authorise"]), max_size=14),
)
@pytest.mark.req("SC-5", "CO-8", "TM-11")
def test_whatever_happens_every_share_has_its_ground_and_every_clock_one_end(authority: str, steps: list[str]) -> None:
    door = FrontDoor(authority)
    contact, agencies, worker = screened(door), ASKED[authority], door.cast.social_worker
    for step in steps:
        held = next((one for one in door.undertakings.values() if isinstance(one, Check) and one.agency), None)
        match step:
            case "ask":
                door.ask(contact, RequestCheck, worker, "w1", rule="police", agencies=(agencies.police,))
            case "reply" if held:
                reply(door, held)
            case "phone" if held:
                door.ask(held.id, RecordCheckAnswer, worker, "w1", answer="By telephone.")
            case "cancel" if held:
                door.ask(held.id, CancelCheck, worker, "w1", reason="enough is known")
            case "give" | "refuse":
                says(door, contact, "given" if step == "give" else "refused")
            case "authorise":
                door.ask(
                    contact, AuthoriseSharing, door.cast.manager, "m1",
                    agencies=(agencies.police,), ground=door.cast.ground, reasons="Fear.",
                )  # fmt: skip
    for one in door.undertakings.values():
        if not isinstance(one, Check):
            continue
        assert one.basis is not None
        started = [clock.clock for clock in of_type(door.clocks, StartClock) if clock.subject == one.id]
        ended = [clock.clock for clock in door.clocks if isinstance(clock, MeetClock | CancelClock)]
        assert all(ended.count(clock) == (0 if one.open else 1) for clock in started)
        if one.open and one.basis.kind == "consent":
            said = {said.status for said in door.contacts[contact].consents}
            assert "given" in said
            assert "refused" not in said
        firsts = [answer for answer in one.answers if answer.because is None]
        assert len(firsts) == (one.state == "answered")


def test_each_pack_has_every_check_that_the_register_names() -> None:
    for pack in BOOK.packs():
        kinds = {kind for rule in pack.checks for kind in rule.agency_kinds}
        assert {"police", "school", "education-service", "health", "health-service", "voluntary"} <= kinds
