"""Example events. The people in them cannot exist."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from icart_common.contracts.base import Actor, InboundRefused, Problem
from icart_common.contracts.cases import Case
from icart_common.contracts.ids import derived_id
from icart_common.contracts.intake import (
    AdviceGiven,
    AnswersTaken,
    AnswerTaken,
    CaseRedirected,
    Gap,
    OpenedFor,
    ReferralReturned,
    ReplyTo,
    SubmissionRepeated,
    SubmissionTaken,
)
from icart_common.contracts.notices import ProbationCheckRequested
from icart_common.contracts.open_cases import AnswersRedirected
from icart_common.contracts.police_vpa import ProposedRoute, SchoolToBeTold, VpaRecorded, VpaRouted
from icart_common.contracts.referral import Answer, Person, WhatHappened
from icart_common.contracts.reminders import ReferrerChased
from icart_common.contracts.screening import ContactClosed, ReferralCreated
from icart_common.contracts.timers import ClockBreached

NOON = datetime(2026, 10, 14, 11, 0, tzinfo=UTC)
"""A Wednesday in term, 12:00 in London."""
NIGHT = datetime(2026, 10, 16, 21, 0, tzinfo=UTC)
"""A Friday, 22:00 in London."""

EMPTY = "truncate inbox, outbox, waiting, dead_letter, dead_letter_look, delivery, receipt, notice"
"""The service's tables as they are before a test."""

SCHOOL = {
    "halton": "larkspur-lane-primary",
    "cheshire-west": "rowan-brook-academy",
    "york": "hawthorn-gate-school",
}
PUBLIC = {"halton": "public-halton", "cheshire-west": "public-cheshire-west", "york": "public-york"}
CASES = {"halton": "carefirst-halton", "cheshire-west": "liquidlogic-cheshire-west", "york": "etrak-york"}
EDT = {"halton": "edt-halton", "cheshire-west": "edt-cheshire-west", "york": "edt-york"}
POLICE = {"halton": "cheshire-police", "cheshire-west": "cheshire-police", "york": "north-yorkshire-police"}
ACTOR = Actor(person="HBC-1", role="social-work-manager")


def an_id(*what: object) -> UUID:
    return derived_id(NOON, "example", *what)


def professional(authority: str, **given: Any) -> ReplyTo:
    return ReplyTo(agency=SCHOOL[authority], kind="professional", **given)


def neighbour(authority: str, email: str | None = "quentin.ashbarrow@example.org") -> ReplyTo:
    return ReplyTo(agency=PUBLIC[authority], kind="public", name="Quentin Ashbarrow", email=email)


def taken(authority: str, reply_to: ReplyTo, *, what: object = 0, **given: Any) -> SubmissionTaken:
    contact = OpenedFor(contact=an_id("contact", what), reference="QK7WM-3HXPA", child="p1")
    fields: dict[str, Any] = {
        "submission": an_id("submission", what),
        "reference": "QK7WM-3HXPA",
        "authority": authority,
        "pack_version": "2026.1",
        "channel": "partner-system",
        "received_at": NOON,
        "out_of_hours": False,
        "reply_to": reply_to,
        "opened": (contact,),
        "gaps": (
            Gap(field="child-views", question="What does the child say?"),
            Gap(field="child-born", question="When was the child born?", person="p1"),
            Gap(field="child-born", question="When was the child born?", person="p2"),
        ),
        "score": 60,
    }
    return SubmissionTaken(**fields | given)


def answers_taken(authority: str, reply_to: ReplyTo) -> AnswersTaken:
    return AnswersTaken(
        submission=an_id("submission", 0),
        reference="QK7WM-3HXPA",
        authority=authority,
        pack_version="2026.1",
        received_at=NIGHT,
        reply_to=reply_to,
        answers=(
            AnswerTaken(question="why-now", state="late"),
            AnswerTaken(question="child-born", person="p1", state="late"),
            AnswerTaken(question="harm", state="again"),
        ),
        still_open=(Gap(field="child-views", question="What does the child say?"),),
        answers_due=NOON,
    )


def chased(authority: str, reply_to: ReplyTo) -> ReferrerChased:
    return ReferrerChased(
        contact=an_id("contact", 0),
        authority=authority,
        pack_version="2026.1",
        reference="QK7WM-3HXPA",
        submission=an_id("submission", 0),
        reply_to=reply_to,
        rule="TM-18",
        owed=("The referral form.",),
        due=NIGHT,
    )


def returned(reply_to: ReplyTo) -> ReferralReturned:
    return ReferralReturned(
        submission=an_id("submission", 0),
        reference="QK7WM-3HXPA",
        authority="cheshire-west",
        pack_version="2026.1",
        channel="form",
        received_at=NOON,
        reply_to=reply_to,
        missing=("plan", "tool"),
        tools=("graded-care-profile or home-conditions-tool",),
        gaps=(Gap(field="child-views", question="What does the child say?"),),
    )


def repeated(authority: str, reply_to: ReplyTo) -> SubmissionRepeated:
    return SubmissionRepeated(
        submission=an_id("submission", 0),
        reference="QK7WM-3HXPA",
        authority=authority,
        pack_version="2026.1",
        received_at=NIGHT,
        first_received_at=NOON,
        same="content",
        reply_to=reply_to,
    )


def advised(authority: str, reply_to: ReplyTo, *, call_police_now: bool) -> AdviceGiven:
    return AdviceGiven(
        submission=an_id("submission", "advice"),
        reference="QK7WM-3HXPB",
        authority=authority,
        pack_version="2026.1",
        received_at=NOON,
        reply_to=reply_to,
        call_police_now=call_police_now,
        ask=(Gap(field="child-name", question="Who is the child?"),),
    )


def redirected(authority: str) -> CaseRedirected:
    return CaseRedirected(
        redirection=an_id("redirection"),
        authority=authority,
        submission=an_id("submission", 0),
        reference="QK7WM-3HXPA",
        agency=SCHOOL[authority],
        received_at=NOON,
        person=an_id("person"),
        child=Person(ref="p1", role="child", given_name="Tamsin", family_name="Quillfeather"),
        case=Case(
            status="open", number="CF-90017", allocated=True, worker="Ives Pomfret", worker_email="ives@example.org"
        ),
        event=WhatHappened(what="She came to school hungry.", urgency="urgent"),
    )


def answers_redirected(authority: str) -> AnswersRedirected:
    told = redirected(authority)
    return AnswersRedirected(
        redirection=told.redirection,
        authority=authority,
        pack_version="2026.1",
        submission=told.submission,
        reference=told.reference,
        agency=told.agency,
        received_at=NOON,
        person=told.person,
        case=told.case,
        answers=(Answer(question="why-now", text="It is the third time."),),
    )


def closed(authority: str, reply_to: ReplyTo, outcome: str, level: int = 3, **given: Any) -> ContactClosed:
    fields: dict[str, Any] = {
        "contact": an_id("contact", 0),
        "authority": authority,
        "version": 6,
        "at": NOON,
        "by": ACTOR,
        "submitted_by": Actor(person="HBC-2", role="social-worker"),
        "authorised": True,
        "strand": "safeguarding",
        "outcome": outcome,
        "level": level,
        "reasons": "Neglect over time; what the school does to protect her does not last.",
        "submission": an_id("submission", 0),
        "reference": "QK7WM-3HXPA",
        "pack_version": "2026.1",
        "reply_to": reply_to,
        "child": "p1",
    }
    return ContactClosed(**fields | given)


def referral(authority: str, outcome: str, area_team: str) -> ReferralCreated:
    return ReferralCreated(
        contact=an_id("contact", 0),
        authority=authority,
        version=7,
        at=NOON,
        referral=an_id("referral"),
        reference="QK7WM-3HXPA",
        pack_version="2026.1",
        outcome=outcome,
        source_code="2A",
        need_code="N1",
        area_team=area_team,
        case_system=CASES[authority],
        person=an_id("person"),
        case_number="CF-90017",
        child_given_name="Tamsin",
        child_family_name="Quillfeather",
        child_born=date(2017, 2, 28),
        reasons="Neglect over time.",
        received_at=NOON,
    )


def refused(agency: str, authority: str | None) -> InboundRefused:
    problem = Problem(path="$.people[0].born", found="text", expected="a date", fix="send YYYY-MM-DD")
    return InboundRefused(
        refusal=an_id("refusal", agency),
        agency=agency,
        authority=authority,
        topic=f"inbound.referrals.{agency}",
        partition=0,
        offset=17,
        message_id=str(an_id("message")),
        problems=(problem,),
    )


def vpa_recorded(missing: tuple[str, ...]) -> VpaRecorded:
    return VpaRecorded(
        vpa=an_id("vpa"),
        authority="halton",
        agency="cheshire-police",
        pack_version="2026.1",
        grade="standard",
        received_at=NOON,
        children=("c1",),
        missing=missing,
    )


def vpa_routed(route: str, recipient: str | None = None, case: Case | None = None) -> VpaRouted:
    return VpaRouted.model_validate(
        {
            "vpa": an_id("vpa"),
            "authority": "halton",
            "agency": "cheshire-police",
            "pack_version": "2026.1",
            "child": "c1",
            "child_name": "Tamsin Quillfeather",
            "child_born": date(2017, 2, 28),
            "route": route,
            "recorded_as": "contact-information",
            "proposed": ProposedRoute(
                child="c1", route="education", recorded_as="contact-information", rule="PV-3", because="standard"
            ),
            "by": Actor(person="FP-1", role="intelligence-review-officer"),
            "reason": "A single argument, no history.",
            "recipient": recipient,
            "case": case,
            "summary": "Argument in the street. Officer Bramwell Oxley attended with body camera.",
            "impact": "She heard shouting and was upset.",
            "incident_kind": "concern-for-child",
            "incident_at": NIGHT,
            "routed_at": NOON,
        }
    )


def school_to_be_told(**given: Any) -> SchoolToBeTold:
    fields: dict[str, Any] = {
        "vpa": an_id("vpa"),
        "authority": "halton",
        "pack_version": "2026.1",
        "child": "c1",
        "child_name": "Tamsin Quillfeather",
        "child_born": date(2017, 2, 28),
        "school": SCHOOL["halton"],
        "incident_at": NIGHT,
        "received_at": NIGHT,
        "clocks": {"TM-15": an_id("clock", "TM-15")},
    }
    return SchoolToBeTold(**fields | given)


def breached(authority: str, rule: str, owner: str, version: str = "2026.1") -> ClockBreached:
    return ClockBreached(
        clock=an_id("clock", rule),
        authority=authority,
        pack_version=version,
        rule=rule,
        owner=owner,
        subject=an_id("subject"),
        due_at=NOON,
        sum="received Tue 22:00, due Wed 12:00",
    )


def probation_check(what: object = 0, **given: Any) -> ProbationCheckRequested:
    people = (
        Person(ref="a", role="other", given_name="Corbin", family_name="Wetherstone", born=date(1990, 5, 6)),
        Person(ref="b", role="child", given_name="Isolde", family_name="Wetherstone", born=date(2019, 1, 2)),
    )
    fields: dict[str, Any] = {
        "agency": "probation-halton",
        "authority": "halton",
        "notice": an_id("notice", what),
        "reference": "NPS/4471",
        "about": "release",
        "on": date(2026, 10, 12),
        "people": people,
    }
    return ProbationCheckRequested(**fields | given)
