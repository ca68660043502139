"""The performance page: what is counted, once, for whom, and how it reads as a table, a chart and a file."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icart_common.contracts.ids import new_id
from icart_common.policy import load_packs
from icart_common.testing import example, record_of
from icart_gateway.model.tallies import four_weeks_of
from icart_gateway.performance.charts import chart
from icart_gateway.performance.figures import Asked
from icart_gateway.performance.markup import rows_of
from icart_gateway.performance.tables import Chart, Table, as_csv, share
from icart_gateway.performance.trends import first_days

pytestmark = pytest.mark.broker
EVERYWHERE = ("halton", "cheshire-west", "york")
MANAGERS = {"halton": "social-work-manager", "cheshire-west": "team-manager", "york": "service-manager"}
AT = datetime(2026, 11, 16, 9, 30, tzinfo=UTC)


async def file_of(gateway: Any, table: str, query: str = "") -> list[list[str]]:
    answer = await gateway.client.get(f"/performance/{table}.csv?{query}")
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def came(authority: str, agency: str, **more: Any) -> Any:
    fields = {"authority": authority, "agency": agency, "received_at": AT.isoformat(), **more}
    return example(
        "icart.intake.contact-opened.v1", contact=str(new_id()), reference=f"R-{new_id()}", submission=str(new_id()), **fields
    )  # fmt: skip


def closed(authority: str, outcome: str, at: datetime, **more: Any) -> Any:
    fields = {"contact": str(new_id()), "authority": authority, "outcome": outcome, "successor": None, "referral": None}
    return example("icart.screening.closed.v1", at=at.isoformat(), **{**fields, **more})


@pytest.mark.parametrize(
    "authority", [pytest.param(one, marks=pytest.mark.req("QA-1", authority=one)) for one in EVERYWHERE]
)
async def test_volumes_outcomes_re_referrals_and_conversion_are_counted_by_week(gateway, authority):
    referral = str(new_id())
    outcome = gateway.door.book.pack(authority).outcomes[0]
    received: Any = example(
        "icart.screening.received.v1", contact=str(new_id()), authority=authority, received_at=AT.isoformat(),
        agency="some-school",
    )  # fmt: skip
    said = [came(authority, "some-school"), came(authority, "some-school"), came("elsewhere", "some-school"), received]
    ends = [closed(authority, outcome.id, AT), closed(authority, outcome.id, AT, referral=referral)]
    transfer = closed(authority, outcome.id, AT, successor=str(new_id()))
    await gateway.hear(*said, *ends, transfer)
    await gateway.sign_in("m-1", MANAGERS[authority], authority=authority)
    last = (await file_of(gateway, "volumes"))[-1]
    assert last[1:3] == ["2", "2"], "another authority's contact and a transfer are not counted"
    assert last[7:] == ["1", "0.5000"]
    assert (await file_of(gateway, "outcomes"))[1:] == [[outcome.name, "2", "1.0000"]]
    page = await gateway.client.get("/performance")
    assert page.status_code == 200
    assert outcome.name in page.text


@pytest.mark.parametrize(
    "authority", [pytest.param(one, marks=pytest.mark.req("QA-1", authority=one)) for one in EVERYWHERE]
)
async def test_trends_stand_beside_the_same_days_a_year_before(gateway, authority):
    """16 November: the running month, quarter and year of reporting stand beside as many days of the ones before."""
    outcome = gateway.door.book.pack(authority).outcomes[0].id
    days = [
        AT,
        AT,
        AT.replace(day=2),
        AT.replace(year=2025),
        AT.replace(year=2025, day=17),
        AT.replace(month=10, day=31),
    ]
    rule = {"authority": authority, "rule": "TM-1", "due_at": AT.isoformat()}
    await gateway.hear(
        *[came(authority, "some-school", received_at=at.isoformat()) for at in days],
        closed(authority, outcome, AT, referral=str(new_id())),
        closed(authority, outcome, AT),
        *[example("icart.timers.met.v1", clock=str(new_id()), late=late, **rule) for late in (False, True)],
        example("icart.timers.breached.v1", clock=str(new_id()), **rule),
    )  # fmt: skip
    await gateway.sign_in("m-1", MANAGERS[authority], authority=authority)
    *_, before, now = await file_of(gateway, "trends", "by=month")
    assert before == ["October 2026", "1", "0", "", "0", "0", ""]
    assert now == ["November 2026", "3", "1", "2.0000", "2", "0", ""]
    (*_, now) = await file_of(gateway, "trends-of-shares", "by=month")
    assert now == ["November 2026", "", "", "0.5000", "", "0.5000", ""]
    *_, before, now = await file_of(gateway, "trends", "by=quarter")
    assert (before[0], now[:3]) == ("July to September 2026", ["October to December 2026", "4", "1"])
    *_, before, now = await file_of(gateway, "trends", "by=year")
    assert (before[:2], now[:3]) == (["April 2025 to March 2026", "2"], ["April 2026 to March 2027", "4", "1"])
    page = (await gateway.client.get("/performance?by=quarter")).text
    assert "Trends by quarter" in page
    assert 'href="/performance/trends.csv?weeks=12&amp;by=quarter"' in page


@pytest.mark.parametrize(
    "authority", [pytest.param(one, marks=pytest.mark.req("QA-1", authority=one)) for one in EVERYWHERE]
)
async def test_each_clock_has_its_share_that_was_done_in_time(gateway, authority):
    rule = gateway.door.book.pack(authority).clocks[0]
    about = {"authority": authority, "rule": rule.id, "due_at": AT.isoformat()}
    met = [
        example("icart.timers.met.v1", clock=str(new_id()), late=late, **about)
        for late in (False, False, False, True)
    ]  # fmt: skip
    out = [example("icart.timers.breached.v1", clock=str(new_id()), **about) for _ in range(2)]
    await gateway.hear(*met, *out)
    await gateway.sign_in("m-1", MANAGERS[authority], authority=authority)
    (row,) = (await file_of(gateway, "clocks"))[1:]
    assert row == [f"{rule.id} {rule.name}", "3", "1", "1", "0.6000"]


@pytest.mark.req("QA-1", authority="halton")
@pytest.mark.parametrize("apart", [True, False])
async def test_a_clock_that_was_met_in_time_and_told_late_is_counted_once(gateway, apart):
    rule = gateway.door.book.pack("halton").clocks[0]
    about = {"authority": "halton", "rule": rule.id, "due_at": AT.isoformat(), "clock": str(new_id())}
    started = example("icart.timers.started.v1", **about)
    ran_out, met = example("icart.timers.breached.v1", **about), example("icart.timers.met.v1", late=False, **about)
    for heard in ([started], [ran_out], [met]) if apart else ([started, ran_out, met],):
        await gateway.hear(*heard)
    await gateway.sign_in("m-1", MANAGERS["halton"], authority="halton")
    assert (await file_of(gateway, "clocks"))[1:] == [[f"{rule.id} {rule.name}", "1", "0", "0", "1.0000"]]
    assert (await file_of(gateway, "trends-of-shares", "by=month"))[-1][5] == "1.0000"
    async with gateway.door.models.connection() as connection:
        kept = await connection.fetch(
            "select measure, count from tally where measure like 'clock-breached%' order by measure"
        )
    lines = [("clock-breached", 0), ("clock-breached-in", 0), ("clock-breached-on", 0), ("clock-breached-over", 0)]
    assert [tuple(row) for row in kept] == lines, "the same lines, read again"


@pytest.mark.parametrize(
    "authority", [pytest.param(one, marks=pytest.mark.req("QA-1", authority=one)) for one in EVERYWHERE]
)
async def test_what_each_agency_leaves_out_begins_with_the_childs_voice(gateway, authority):
    questions = gateway.door.book.pack(authority).good_referral.questions
    voice = next(one for one in questions if one.path == "child_views")
    other = next(one for one in questions if one.path != "child_views")
    taken: Any = example("icart.intake.submission-taken.v1", authority=authority, received_at=AT.isoformat(), score=60)
    gaps = [{"field": one.id, "question": one.question} for one in (other, voice)]
    changed = taken.model_copy(update={"gaps": type(taken).model_validate(taken.model_dump() | {"gaps": gaps}).gaps})
    again = changed.model_copy(update={"submission": new_id(), "score": 80, "gaps": changed.gaps[1:]})
    await gateway.hear(changed, again)
    await gateway.sign_in("m-1", MANAGERS[authority], authority=authority)
    first, second = (await file_of(gateway, "gaps"))[1:]
    assert first[1:] == [voice.question, "2", "1.0000", "0", "70"]
    assert second[1:] == [other.question, "1", "0.5000", "0", "70"]


async def test_many_weeks_are_each_counted_once_wherever_they_begin(gateway):
    """Weeks are read four at a time where four are over: one contact a week is one a week."""
    said = [came("halton", "some-school", received_at=(AT - timedelta(weeks=back)).isoformat()) for back in range(60)]
    await gateway.hear(*said)
    await gateway.sign_in("m-1", "social-work-manager")
    for later in range(4):
        for weeks in (4, 12, 26, 52):
            (row,) = (await file_of(gateway, "agencies", f"weeks={weeks}"))[1:]
            assert int(row[1]) == weeks - later
        gateway.clock.set(gateway.clock.now() + timedelta(weeks=1))
        await gateway.sign_in("m-1", "social-work-manager")


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.sampled_from([4, 12, 26, 52]))
def test_the_weeks_of_a_window_are_read_once_each(day, weeks):
    pack = load_packs().newest()[0]
    asked = Asked(pack, datetime(day.year, day.month, day.day, 12, tzinfo=UTC), weeks, "month")
    first, begins, ends = asked.parts
    single = [one for one in asked.mondays if one < begins or one >= ends]
    fours = {four_weeks_of(one) for one in asked.mondays if begins <= one < ends}
    assert first == asked.mondays[0]
    assert sorted([*single, *(four + timedelta(weeks=one) for four in fours for one in range(4))]) == asked.mondays
    assert len(single) <= 7


async def test_a_message_that_comes_twice_counts_once(gateway):
    opened = came("halton", "some-school")
    identifier = new_id()
    for _ in range(2):
        await gateway.runners["events.intake"].run([record_of(opened, "events.intake", at=AT, message_id=identifier)])
    await gateway.sign_in("m-1", "social-work-manager")
    assert (await file_of(gateway, "volumes"))[-1][1] == "1"


async def test_a_contact_of_sunday_night_in_england_is_of_that_week(gateway):
    """23:30 UTC of a Sunday in summer is Monday in England."""
    gateway.clock.set(datetime(2026, 7, 1, 12, tzinfo=UTC))
    sunday = datetime(2026, 6, 28, 23, 30, tzinfo=UTC)
    opened: Any = came("halton", "some-school")
    await gateway.hear(opened.model_copy(update={"received_at": sunday}))
    await gateway.sign_in("m-1", "social-work-manager")
    rows = await file_of(gateway, "volumes")
    assert (rows[-1][0], rows[-1][1]) == ("29 June 2026", "1")


async def test_queues_say_how_long_the_oldest_waits_now(gateway):
    received: Any = example("icart.screening.received.v1", received_at=(AT - timedelta(days=2)).isoformat())
    await gateway.hear(received)
    await gateway.sign_in("m-1", "social-work-manager")
    rows = {row[0]: row[1:] for row in (await file_of(gateway, "queues"))[1:]}
    desktop = gateway.door.book.pack("halton").desktop(received.desktop)
    assert rows[desktop.name] == ["1", "2 days", "2 days"]
    assert sorted(one[0] for name, one in rows.items() if name != desktop.name) == ["0"] * (len(rows) - 1)


async def test_whoever_does_not_manage_sees_no_figures(gateway):
    await gateway.sign_in("w-101", "social-worker")
    assert (await gateway.client.get("/performance")).status_code == 403
    assert (await gateway.client.get("/performance/volumes.csv")).status_code == 403


async def test_with_nothing_yet_the_page_says_what_would_stand_there(gateway):
    await gateway.sign_in("m-1", "social-work-manager")
    page = await gateway.client.get("/performance?weeks=nonsense")
    assert page.status_code == 200
    assert "No clock has been due yet." in page.text
    assert (await gateway.client.get("/performance/no-such.csv")).status_code == 404


def test_years_and_quarters_are_those_that_are_reported():
    assert [one.isoformat() for one in first_days(date(2026, 3, 31), "year")][-1] == "2025-04-01"
    assert [one.isoformat() for one in first_days(date(2026, 4, 1), "year")][-2:] == ["2025-04-01", "2026-04-01"]
    assert [one.isoformat() for one in first_days(date(2026, 1, 1), "quarter")][-2:] == ["2025-10-01", "2026-01-01"]
    months = first_days(date(2028, 2, 29), "month")
    assert (months[0], months[-1], len(months)) == (date(2027, 2, 1), date(2028, 2, 1), 13)


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r"])
def test_a_spreadsheet_takes_no_cell_for_a_formula(begins):
    table = Table("t", "T", "", ("A", "B"), ((f"{begins}cmd()", -1),), "")
    name, number = list(csv.reader(io.StringIO(as_csv(table).decode("utf-8-sig"), newline="")))[1]
    assert name == f"'{begins}cmd()"
    assert number == "-1"


def test_a_chart_escapes_what_it_shows_and_tells_columns_apart_without_colour():
    rows = (("<script>", 4, 2), ("b", 0, None))
    picture = chart(Table("t", "A & B", "", ("What", "In", "Out"), rows, "", Chart((1, 2))))
    assert "<script>" not in picture
    assert "&lt;script&gt;" in picture
    assert "url(#t-hatch)" in picture
    assert ">4</text>" in picture
    assert "style=" not in picture


def test_rows_escape_what_they_show_and_say_every_kind_of_cell():
    marked = rows_of(Table("t", "T", "", ("What", "In", "Share", "Why"), (("<b>&", 1234, 0.5, None),), ""))
    assert '<th scope="row" class="govuk-table__header">&lt;b&gt;&amp;</th>' in marked
    assert re.findall(r"<td[^>]*>([^<]*)</td>", marked) == ["1,234", "50%", "–"]


def test_a_share_of_nothing_is_not_said():
    assert share(0, 0) is None
