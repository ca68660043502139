"""Clear refusals, and unusual people who are quite all right."""

from __future__ import annotations

from datetime import timedelta

import pytest

from icart_common.contracts.base import InboundRefused
from icart_common.contracts.intake import ContactOpened, SubmissionTaken
from icart_common.policy.ages import age_on
from icart_common.policy.wording import london_day
from icart_intake.domain.family import children_of
from icart_intake.domain.faults import faults_of


def paths(writer, **fields):
    submission = writer.submission(**fields)
    problems = faults_of(submission, writer.book.pack(submission.authority), 1000)
    return [problem.path for problem in problems]


@pytest.mark.req("IN-2")
@pytest.mark.parametrize(
    ("person", "path"),
    [
        ({"born": "2026-06-10"}, "$.people[0].born"),
        ({"born": None, "expected": "2027-03-24"}, "$.people[0].expected"),
        ({"born": None, "expected": "2026-05-11"}, "$.people[0].expected"),
    ],
)
def test_dates_that_cannot_be(writer, person, path):
    assert paths(writer, people=[writer.child(**person)]) == [path]


@pytest.mark.parametrize(
    "person",
    [
        {"born": "2026-06-09"},
        {"born": "2024-02-29"},
        {"born": None, "expected": "2027-03-23"},
        {"born": None, "expected": "2026-05-12"},
    ],
)
def test_dates_that_can_be(writer, person):
    assert paths(writer, people=[writer.child(**person)]) == []


@pytest.mark.req("IN-2")
def test_an_event_may_be_five_minutes_ahead_of_us_and_no_more(writer):
    at = writer.submission().received_at
    assert paths(writer, event={"what": "x", "when": at + timedelta(minutes=5)}) == []
    assert paths(writer, event={"what": "x", "when": at + timedelta(minutes=6)}) == ["$.event.when"]


def test_too_large_to_pass_on(writer):
    submission = writer.submission()
    (problem,) = faults_of(submission, writer.book.pack("halton"), 600_000)
    assert problem.path == "$"


@pytest.mark.parametrize(
    ("size", "children", "taken"), [(524_288, 16, True), (524_288, 17, False), (80_000, 100, True)]
)
def test_too_large_to_be_repeated_for_every_child(writer, size, children, taken):
    many = writer.submission(people=[writer.child(f"p{number}") for number in range(children)])
    problems = faults_of(many, writer.book.pack("halton"), size)
    assert [problem.path for problem in problems] == ([] if taken else ["$"])
    assert all(f"{children} children" in problem.found for problem in problems)


def test_a_refusal_never_repeats_what_was_sent(writer):
    submission = writer.submission(
        people=[writer.child(born="2049-07-31")], event={"what": "x", "when": "2050-01-01T00:00:00Z"}
    )
    for problem in faults_of(submission, writer.book.pack("halton"), 1000):
        assert not {"2049", "2050", "Tamsin"} & set(problem.model_dump_json().replace("-", " ").split())


def test_the_child_of_29_february_comes_of_age_on_1_march(writer):
    born = writer.child(born="2008-02-29").born
    assert [age_on(born, born.replace(year=2026, month=month, day=day)) for month, day in ((2, 28), (3, 1))] == [17, 18]


def test_a_child_born_today_by_the_clock_on_the_wall(writer):
    late = writer.submission().at.replace(hour=23, minute=30)  # half past midnight in England
    assert london_day(late).day == late.day + 1
    assert children_of(writer.referral(), london_day(late))


@pytest.mark.broker
@pytest.mark.req("IN-2")
async def test_each_is_answered_and_the_next_message_is_not_delayed(desk):
    await desk.send(desk.referral(people=[desk.child(born="2049-01-01")]), desk.referral())
    (refused,) = await desk.said(InboundRefused)
    assert refused.problems[0].found == "a date in the future"
    assert refused.topic.startswith("inbound.referrals.")
    assert len(await desk.said(ContactOpened)) == 1


@pytest.mark.broker
@pytest.mark.req("IN-2")
@pytest.mark.parametrize("before", ["2025-06-01T10:00:00+00:00", "1999-01-01T00:00:00+00:00"])
async def test_a_day_for_which_the_authority_has_no_policy(desk, before):
    await desk.send(desk.referral(), at=desk.now.fromisoformat(before))
    (refused,) = await desk.said(InboundRefused)
    assert [problem.path for problem in refused.problems] == ["$.authority"]


@pytest.mark.broker
@pytest.mark.req("IN-2")
@pytest.mark.parametrize(
    "person",
    [
        {"given_name": None, "family_name": "Sukarno"},
        {"given_name": "李", "family_name": "明"},
        {"given_name": "राजु", "family_name": None},
        {"given_name": "Nuala-Mae", "family_name": "O’Dowd", "born": "2016-02-29"},
        {"given_name": None, "family_name": None, "born": None, "expected": "2026-08-01"},
    ],
)
async def test_people_as_they_are(desk, person):
    await desk.send(desk.referral(people=[desk.child(**person)]))
    await desk.send(desk.referral(people=[desk.child(**person)]))
    assert len(await desk.said(ContactOpened)) == 2


@pytest.mark.broker
@pytest.mark.req("IN-7")
async def test_a_hundred_people_in_one_referral(desk):
    roles = ("child", "parent", "sibling", "other")
    people = [
        desk.child(
            f"p{number}",
            role=roles[number % 4],
            given_name=f"Name{number}",
            born=f"{(1980 if number % 4 == 1 else 2010) + number % 9}-01-01",
        )
        for number in range(100)
    ]
    await desk.send(desk.referral(people=people))
    contacts = await desk.said(ContactOpened)
    (taken,) = await desk.said(SubmissionTaken)
    assert len(contacts) == len(taken.opened) == 50
    assert {len(contact.family) for contact in contacts} == {99}
    assert len(await desk.rows("person")) == 100
