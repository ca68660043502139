"""Versions side by side, the fourth authority as one file, agencies of several authorities (AU-6, section 0)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from icart_common.policy import ClockFacts, PolicyBook, ProposalFacts, UnknownPolicy, load_packs


@pytest.fixture
def two_versions(tmp_path: Path, halton_text: str) -> PolicyBook:
    folder = tmp_path / "halton"
    folder.mkdir()
    (folder / "2026.1.yaml").write_text(halton_text, encoding="utf-8")
    later = (
        halton_text.replace('version: "2026.1"', 'version: "2026.2"')
        .replace("applies_from: 2026-01-01", "applies_from: 2026-07-01")
        .replace("monday: 09:00-17:30", "monday: 08:00-17:30")
        .replace('hands_back: "09:00"', 'hands_back: "08:00"')
    )
    (folder / "2026.2.yaml").write_text(later, encoding="utf-8")
    return load_packs(tmp_path)


@pytest.mark.req("AU-6")
def test_the_version_of_a_day(two_versions: PolicyBook) -> None:
    assert two_versions.on("halton", date(2026, 6, 30)).version == "2026.1"
    assert two_versions.on("halton", date(2026, 7, 1)).version == "2026.2"


@pytest.mark.req("AU-6")
def test_a_contact_keeps_the_version_it_was_opened_under(two_versions: PolicyBook) -> None:
    opened_under = two_versions.on("halton", date(2026, 6, 30)).version
    pack = two_versions.pack("halton", opened_under)
    assert pack.working_hours.in_words().startswith("Monday to Thursday 09:00")
    assert two_versions.pack("halton").working_hours.in_words().startswith("Monday 08:00")


@pytest.mark.req("AU-6")
def test_before_the_first_version_nothing_applies(two_versions: PolicyBook) -> None:
    with pytest.raises(UnknownPolicy, match="the first from 2026-01-01"):
        two_versions.on("halton", date(2025, 12, 31))


@pytest.mark.parametrize("authority", ["halton", "cheshire-west", "york"])
@pytest.mark.req("AU-6")
def test_every_authority_has_a_version_and_a_date(book: PolicyBook, authority: str) -> None:
    pack = book.pack(authority)
    assert book.on(authority, pack.applies_from) is pack
    assert book.pack(authority, pack.version) is pack


def test_what_is_not_there_is_said_with_what_is(book: PolicyBook) -> None:
    with pytest.raises(UnknownPolicy, match="cheshire-west, halton, york"):
        book.pack("atlantis")
    with pytest.raises(UnknownPolicy, match=r"there are 2026\.1"):
        book.pack("halton", "1999.1")
    with pytest.raises(UnknownPolicy, match="no strand 'nowhere'"):
        book.pack("halton").strand("nowhere")


def test_the_police_serve_two_authorities_under_one_id(book: PolicyBook) -> None:
    assert book.authorities_of("cheshire-police") == ("cheshire-west", "halton")
    assert book.agencies()["cheshire-police"].may_write == ("vpa", "referrals", "replies")


def test_a_fourth_authority_is_one_file(tmp_path: Path, halton_text: str) -> None:
    fourth = halton_text.replace("{id: halton, name: Halton Borough Council", "{id: fourth, name: Fourth Council")
    for end in (",", "]"):
        fourth = fourth.replace(f"-halton{end}", f"-fourth{end}")
    fourth = fourth.replace("larkspur-lane", "quince-lane")
    fourth = fourth.replace("brackenfield-high", "medlar-high").replace("weaver-bank", "sorrel-bank")
    for name, text in (("halton", halton_text), ("fourth", fourth)):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    book = load_packs(tmp_path)
    assert book.authorities == ("fourth", "halton")
    pack = book.pack("fourth")
    proposal = pack.propose(ProposalFacts(texts={"event.what": "he has bruises"}))
    facts = ClockFacts(strand=proposal.strand, urgency=proposal.urgency)
    assert [rule.id for rule in pack.starting("triaged", facts)] == ["TM-1"]


def test_packs_are_read_once(book: PolicyBook) -> None:
    assert load_packs() is book


@pytest.mark.req("AU-7")
def test_every_value_says_where_it_is_from(book: PolicyBook) -> None:
    for pack in book.packs():
        held = [*pack.clocks, *pack.agencies, *pack.roles, *pack.outcomes, *pack.templates, *pack.strands]
        assert all(item.source for item in held)
        assert any(item.assumed for item in held)
