"""Working hours, public hours, the night team and contact points of the three authorities (AU-1 to AU-5)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from icart_common.policy import PolicyBook
from icart_common.policy.form_notice import form_notice

LONDON = ZoneInfo("Europe/London")


def req(row: str, authority: str) -> pytest.MarkDecorator:
    return pytest.mark.req(row, authority=authority)


@pytest.mark.parametrize(
    ("authority", "in_words"),
    [
        pytest.param("halton", "Monday to Thursday 09:00-17:30, Friday 09:00-16:40", marks=req("AU-1", "halton")),
        pytest.param(
            "cheshire-west",
            "Monday to Thursday 08:30-17:00, Friday 08:30-16:30",
            marks=req("AU-1", "cheshire-west"),
        ),
        pytest.param("york", "Monday to Friday 08:30-17:00", marks=req("AU-1", "york")),
    ],
)
def test_working_hours(book: PolicyBook, authority: str, in_words: str) -> None:
    assert book.pack(authority).working_hours.in_words() == in_words


@pytest.mark.req("AU-1", authority="york")
def test_york_says_that_its_hours_are_assumed(book: PolicyBook) -> None:
    assert book.pack("york").working_hours.assumed
    assert not book.pack("halton").working_hours.assumed


@pytest.mark.parametrize(
    ("authority", "in_words"),
    [
        pytest.param("halton", "Monday to Thursday 09:00-17:00, Friday 09:00-16:30", marks=req("AU-2", "halton")),
        pytest.param(
            "cheshire-west",
            "Monday to Thursday 08:30-17:00, Friday 08:30-16:30",
            marks=req("AU-2", "cheshire-west"),
        ),
        pytest.param("york", "Monday to Friday 08:30-17:00", marks=req("AU-2", "york")),
    ],
)
def test_public_hours(book: PolicyBook, authority: str, in_words: str) -> None:
    assert book.pack(authority).public_hours.in_words() == in_words


@pytest.mark.parametrize(
    ("authority", "local", "answers"),
    [
        pytest.param("halton", "2026-06-01T16:59", False, marks=req("AU-3", "halton")),
        pytest.param("halton", "2026-06-01T17:00", True, marks=req("AU-3", "halton")),
        pytest.param("halton", "2026-06-05T16:39", False, marks=req("AU-3", "halton")),
        pytest.param("halton", "2026-06-05T16:40", True, marks=req("AU-3", "halton")),
        pytest.param("halton", "2026-06-06T11:00", True, marks=req("AU-3", "halton")),
        pytest.param("halton", "2026-05-25T11:00", True, marks=req("AU-3", "halton")),
        pytest.param("cheshire-west", "2026-06-01T16:29", False, marks=req("AU-3", "cheshire-west")),
        pytest.param("cheshire-west", "2026-06-01T16:30", True, marks=req("AU-3", "cheshire-west")),
        pytest.param("cheshire-west", "2026-06-02T08:29", True, marks=req("AU-3", "cheshire-west")),
        pytest.param("cheshire-west", "2026-06-02T08:30", False, marks=req("AU-3", "cheshire-west")),
        pytest.param("cheshire-west", "2026-06-05T16:00", True, marks=req("AU-3", "cheshire-west")),
        pytest.param("york", "2026-06-01T16:59", False, marks=req("AU-3", "york")),
        pytest.param("york", "2026-06-01T17:00", True, marks=req("AU-3", "york")),
    ],
)
def test_when_the_night_team_answers(book: PolicyBook, authority: str, local: str, answers: bool) -> None:
    pack = book.pack(authority)
    at = datetime.fromisoformat(local).replace(tzinfo=LONDON)
    working_day = pack.calendar().is_working_day(at.date())
    assert pack.night_team.answers(at, working_day=working_day) is answers


@pytest.mark.parametrize(
    ("authority", "front_door", "night_team"),
    [
        pytest.param("halton", "0151 907 8305", "0345 050 0148", marks=req("AU-4", "halton")),
        pytest.param("cheshire-west", "0300 123 704", "01244 977277", marks=req("AU-4", "cheshire-west")),
        pytest.param("york", "01904 551900", "01632 960177", marks=req("AU-4", "york")),
    ],
)
def test_contact_points(book: PolicyBook, authority: str, front_door: str, night_team: str) -> None:
    points = book.pack(authority).contact_points
    assert (points.front_door.phone, points.night_team.phone) == (front_door, night_team)


@pytest.mark.req("AU-4", authority="halton")
@pytest.mark.req("ST-1", authority="halton")
def test_probation_is_answered_at_both_secure_mailboxes(book: PolicyBook) -> None:
    assert book.pack("halton").notice("probation-check").reply_mailboxes == (
        "NWNPS.Cheshire.Halton@probation.gsi.gov.uk",
        "contact.and.referral.team@halton.cjsm.net",
    )


@pytest.mark.parametrize("authority", ["halton", "cheshire-west", "york"])
@pytest.mark.req("AU-5")
def test_bank_holidays_and_summer_time_are_in_every_calendar(book: PolicyBook, authority: str) -> None:
    calendar = book.pack(authority).calendar()
    assert not calendar.is_working_day(date(2026, 12, 25))
    assert not calendar.is_working_day(date(2026, 12, 28))
    winter, summer = calendar.opening(date(2026, 3, 27)), calendar.opening(date(2026, 3, 30))
    assert winter.tzinfo is summer.tzinfo is UTC
    assert winter.astimezone(LONDON).time() == summer.astimezone(LONDON).time()
    assert winter.hour - summer.hour == 1


@pytest.mark.parametrize(
    "authority",
    [
        pytest.param(name, marks=[pytest.mark.req("IN-13", authority=name), pytest.mark.req("AU-3", authority=name)])
        for name in ("halton", "cheshire-west", "york")
    ],
)
def test_the_form_says_out_of_hours_that_nobody_reads_it_and_whom_to_call(book: PolicyBook, authority: str) -> None:
    pack = book.pack(authority)
    saturday = datetime(2026, 6, 6, 11, tzinfo=UTC)
    notice = form_notice(pack, saturday)
    assert notice is not None
    assert "Monday 08/06/2026" in notice.body
    for point in (pack.contact_points.night_team, pack.contact_points.police):
        assert point.phone
        assert point.phone in notice.body
    assert form_notice(pack, datetime(2026, 6, 9, 10, tzinfo=UTC)) is None
