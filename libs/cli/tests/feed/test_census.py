"""The children-in-need census as a feed: everything in it is sent, or named with its line (IN-5, IN-6, IN-21)."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest

from icart_cli import exits
from icart_cli.feed.census import Census
from icart_cli.feed.load import read
from icart_common.contracts.cases import PersonHeld
from icart_intake.domain.feed import Said

pytestmark = pytest.mark.req("IN-5", "IN-6", "IN-21")

DATA = Path(__file__).with_name("data")
SMALL = DATA / "small-census.xml"
GIVEN = DATA / "cin-validator" / "fake_CIN_data.xml"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CHILD = "<Child><ChildIdentifiers><LAchildID>{number}</LAchildID>{more}</ChildIdentifiers>{details}</Child>"


def people(census):
    frame = {"agency": "carefirst-halton", "authority": "halton", "as_of": census.as_of}
    found = []
    for row in census.rows():
        body, _, wrong = read(row, frame)
        assert not wrong, wrong
        if isinstance(body, PersonHeld):
            found.append(body)
    return found


def census_of(tmp_path, *children, header="<DateTime>2026-04-20T09:00:00Z</DateTime>", before=""):
    file = tmp_path / "census.xml"
    file.write_text(
        f"{before}<Message>\n<Header><Source>{header}</Source></Header>\n<Children>\n"
        + "\n".join(children)
        + "\n</Children></Message>"
    )
    return Census(file, now=NOW)


def child(number="C-1", *, more="", details="<CINdetails><CINreferralDate>2026-03-01</CINreferralDate></CINdetails>"):
    return CHILD.format(number=number, more=more, details=details)


def findings(census):
    return [(one.line, one.kind, one.where) for row in census.rows() for one in row.findings]


def standing(body):
    return Said().hear(body).standing()


def test_a_small_return_becomes_people_with_episodes_plans_and_a_chronology():
    first, second, unborn = people(Census(SMALL, now=NOW, team="Duty team"))
    assert (first.number, first.upn, first.born, first.sex) == ("INV-1", "P999000000101", date(2017, 2, 28), "female")
    assert first.episodes is not None
    closed, running = first.episodes
    assert (closed.episode, closed.status, closed.source, closed.need, closed.closure) == (
        "2024-05-03",
        "closed",
        "3A",
        "N1",
        "RC8",
    )
    assert (running.status, running.kind, running.conference) == ("open", "child-protection", date(2026, 2, 2))
    assert (running.plans[0].started, running.plans[0].category) == (date(2026, 2, 2), "NEG")
    assert {(line.on.isoformat(), line.kind, line.outcome) for line in first.history} == {
        ("2024-05-04", "assessment", "assessment, ended 2024-06-20"),
        ("2026-01-20", "other", "section 47 enquiry"),
        ("2026-01-25", "plan", "child in need plan, ended 2026-02-02"),
    }
    now = standing(first)
    assert now.is_open_and_allocated()
    assert now.case.team == "Duty team"
    assert now.services.child_protection
    assert [one.status for one in second.episodes or ()] == ["open", "planned"]
    assert standing(second).case.closed is None, "a closure that lies ahead has not happened"
    assert (unborn.born, unborn.expected) == (None, date(2026, 8, 1))


def test_of_an_open_case_without_a_team_nobody_says_who_has_it():
    first, *_ = people(Census(SMALL, now=NOW))
    assert not standing(first).is_open_and_allocated()
    assert standing(first).case.status == "open"


def test_what_lies_ahead_is_noted_with_its_line_and_its_original():
    notes = [
        one for row in Census(SMALL, now=NOW).rows() for one in row.findings if one.found.startswith("a date after")
    ]
    assert [(one.line, one.original) for one in notes] == [
        (56, "<CINclosureDate>2030-01-01</CINclosureDate>"),
        (59, "<CINreferralDate>2029-10-01</CINreferralDate>"),
    ]


def test_every_child_episode_code_and_date_of_the_given_return_is_sent():
    """Counted by another reader: 332 children, 402 episodes, and each code and date as often as the file has it."""
    root = ElementTree.parse(GIVEN).getroot()
    census = Census(GIVEN, now=NOW)
    found = people(census)
    episodes = [episode for person in found for episode in person.episodes or ()]
    assert (len(found), len(episodes)) == (332, 402)

    def texts(name):
        return Counter(one.text for one in root.iter(name))

    def sent(values):
        return Counter(value.isoformat() if isinstance(value, date) else value for value in values if value)

    assert sent(person.number for person in found) == texts("LAchildID")
    assert sent(person.upn for person in found) == texts("UPN")
    assert sent(person.born for person in found) == texts("PersonBirthDate")
    assert sent(person.died for person in found) == texts("PersonDeathDate")
    assert sent(one.opened for one in episodes) == texts("CINreferralDate")
    assert sent(one.closed for one in episodes) == texts("CINclosureDate")
    assert sent(one.conference for one in episodes) == texts("DateOfInitialCPC")
    assert sent(one.source for one in episodes) == texts("ReferralSource")
    assert sent(one.need for one in episodes) == texts("PrimaryNeedCode")
    assert sent(one.closure for one in episodes) == texts("ReasonForClosure")
    assert Counter(one.status for one in episodes) == {"closed": 243, "open": 151, "planned": 8}
    kinds = Counter(one.kind for row in census.rows() for one in row.findings)
    assert set(kinds) == {"note"}, "nothing is rejected or left out"


def test_nothing_that_lies_after_the_given_return_is_open_or_has_happened():
    day = date(2022, 7, 21)
    for person in people(Census(GIVEN, now=NOW)):
        now = standing(person)
        assert all(line.on <= day for line in now.history)
        if now.case and now.case.status == "open":
            assert now.case.opened <= day
            assert now.case.closed is None


EPISODE = "<CINdetails>\n<CINreferralDate>2026-03-01</CINreferralDate>\n{}\n</CINdetails>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (child(number=""), [(4, "rejected", "LAchildID")]),
        (child(number="Å 1"), [(4, "rejected", "LAchildID")]),
        (child(more="\n<UPN>7</UPN>"), [(5, "left-out", "UPN")]),
        (child(more="\n<PersonBirthDate>31/03/2015</PersonBirthDate>"), [(5, "left-out", "PersonBirthDate")]),
        (child(more="\n<Sex>X</Sex>"), [(5, "left-out", "Sex")]),
        (child(more="\n<Shoes>7</Shoes>"), [(5, "left-out", "Shoes")]),
        (
            child(more="<PersonBirthDate>2015-01-01</PersonBirthDate>\n<PersonDeathDate>2014-01-01</PersonDeathDate>"),
            [(5, "note", "PersonDeathDate"), (5, "note", "CINdetails")],
        ),
        (
            child(details="\n<CINdetails><ReferralSource>1A</ReferralSource></CINdetails>"),
            [(5, "rejected", "CINdetails")],
        ),
        (child(details=EPISODE.format("<ReferralSource>99</ReferralSource>")), [(6, "left-out", "ReferralSource")]),
        (child(details=EPISODE.format("<ReferralNFA>perhaps</ReferralNFA>")), [(6, "left-out", "ReferralNFA")]),
        (child(details=EPISODE.format("<ReferralNFA>true</ReferralNFA>")), [(4, "note", "CINdetails")]),
        (child(details=EPISODE.format("<CINclosureDate>2026-02-01</CINclosureDate>")), [(4, "note", "CINdetails")]),
        (
            child(
                details=EPISODE.format(
                    "<ChildProtectionPlans><CPPendDate>2026-03-03</CPPendDate></ChildProtectionPlans>"
                )
            ),
            [(6, "rejected", "ChildProtectionPlans")],
        ),
        (child(details=EPISODE.format("<Section47></Section47>")), [(6, "rejected", "Section47")]),
        (child(details="<Odd/>"), [(4, "left-out", "Odd")]),
    ],
)
def test_what_cannot_be_sent_is_named_by_its_line(tmp_path, text, expected):
    assert findings(census_of(tmp_path, text)) == expected


def test_a_child_who_comes_twice_is_named_and_two_referrals_of_one_day_are_two_episodes(tmp_path):
    one_day = "<CINdetails><CINreferralDate>2026-03-01</CINreferralDate></CINdetails>"
    census = census_of(tmp_path, child(details=one_day * 2), child())
    first, second = census.rows()
    assert [one["episode"] for one in first.fields["episodes"]] == ["2026-03-01", "2026-03-01-2"]
    assert second.fields is None
    assert "LAchildID" in second.findings[0].original


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("<Message><Header>", "line 1: it is not well-formed XML"),
        ("", "not well-formed"),
        ("<Other/>", "begins with an element that is not"),
        ("<Message><Header><A><Collection>CLA</Collection></A></Header></Message>", "another collection"),
        ("<Message><Header/></Message>", "does not say when it was made"),
        ("<Message><Header><A><DateTime>2099-01-01T00:00:00Z</DateTime></A></Header></Message>", "made after now"),
        ('<?xml version="1.0" encoding="klingon"?><Message/>', "not well-formed|encoding"),
        ("<Message>" + "<a>" * 30 + "</a>" * 30 + "</Message>", "nested"),
        (
            '<!DOCTYPE Message [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><Message><Header>&b;</Header></Message>',
            "document type declaration",
        ),
        ('<!DOCTYPE Message SYSTEM "file:///etc/passwd"><Message/>', "document type declaration"),
        (f"<Message><Header><A><B>{'x' * 1_100_000}</B></A></Header></Message>", "larger than 1 MiB"),
    ],
)
def test_a_file_that_is_no_census_is_refused_with_its_line_and_what_to_do(tmp_path, text, says):
    file = tmp_path / "census.xml"
    file.write_text(text)
    with pytest.raises(exits.Stop, match=says) as refused:
        list(Census(file, now=NOW).rows())
    assert refused.value.code == exits.WRONG_USE
    assert refused.value.fix


def test_a_census_without_a_time_takes_the_end_of_its_reference_day_or_what_is_given(tmp_path):
    census = census_of(tmp_path, child(), header="<ReferenceDate>2026-03-31</ReferenceDate>")
    assert census.as_of == "2026-03-31T23:59:59+01:00"
    given = Census(tmp_path / "census.xml", now=NOW, as_of=datetime(2026, 1, 1, tzinfo=UTC))
    assert given.as_of == "2026-01-01T00:00:00+00:00"
    assert [episode.status for episode in people(given)[0].episodes or ()] == ["planned"]


def test_no_value_of_a_record_is_in_what_is_shown():
    shown = json.dumps(
        [(one.where, one.found, one.do) for row in Census(SMALL, now=NOW).rows() for one in row.findings]
    )
    assert not [value for value in ("INV-", "2030-01-01", "2029-10-01", "P999") if value in shown]
