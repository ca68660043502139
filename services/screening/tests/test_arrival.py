"""A contact arrives: on the arrivals desktop, with a proposal that decides nothing."""

from datetime import date

import pytest

from icart_common.contracts.base import Address
from icart_common.contracts.referral import Safety, WhatHappened
from icart_common.contracts.screening import ContactMoved, ContactReceived, ContactTriaged, Triage
from icart_common.contracts.timers import CancelClock, MeetClock, StartClock
from icart_screening.domain.arrival import current_address
from services.screening.tests.front_door import BOOK, FrontDoor, each, of, of_type


@each("SC-1", "SC-2")
def test_it_stands_on_the_arrivals_desktop_and_the_move_is_said(door: FrontDoor) -> None:
    contact = door.contacts[door.open()]
    arrivals = door.pack.desktop_of("arrivals").id
    assert (contact.version, contact.desktop, contact.status) == (1, arrivals, "open")
    assert [(move.from_desktop, move.to_desktop) for move in of_type(door.log, ContactMoved)] == [(None, arrivals)]
    (received,) = of_type(door.log, ContactReceived)
    assert (received.desktop, received.gaps, received.proposed) == (arrivals, 1, contact.proposed)


@of("SC-1", "SC-25", authorities=("halton",))
def test_the_proposal_says_its_rule_its_statements_and_the_words_found(door: FrontDoor) -> None:
    contact = door.contacts[door.open(event=WhatHappened(what="She had bruising and a black eye; the house is dirty."))]
    assert (contact.proposed.strand, contact.proposed.urgency, contact.proposed.level) == (
        "safeguarding",
        "immediate",
        3,
    )
    assert contact.proposed.rule == door.pack.thresholds.statements[0].text
    matched = {match.statement: match.words for match in contact.proposed.matched}
    assert matched == {"injury": ("bruising", "black eye"), "neglect-or-home": ("dirty",)}


@each("SC-25")
def test_facts_that_are_not_words_are_matched_too(door: FrontDoor) -> None:
    contact = door.contacts[door.open(safety=Safety(safe=False), concerns=("sexual-abuse",), section_47_begun=True)]
    words = {word for match in contact.proposed.matched for word in match.words}
    assert {"child-not-safe-now", "sexual-abuse", "s47-begun"} <= words
    assert contact.proposed.urgency == "immediate"


@each("SC-1")
def test_a_proposal_decides_nothing(door: FrontDoor) -> None:
    contact = door.contacts[door.open(safety=Safety(safe=False))]
    assert (contact.strand, contact.urgency, contact.worker, contact.submitted, contact.ending) == (None,) * 5
    triage_clocks = {rule.id for rule in door.pack.clocks if rule.starts_on == "triaged"}
    assert triage_clocks.isdisjoint(contact.clocks.ids)


@each("SC-1")
def test_what_was_proposed_is_kept_beside_what_a_person_decided_instead(door: FrontDoor) -> None:
    identifier = door.open(safety=Safety(safe=False))
    proposed = door.contacts[identifier].proposed
    door.done(
        identifier, Triage, door.cast.manager, "m1", strand=door.cast.early, urgency="routine", reason="he is at school"
    )
    (triaged,) = of_type(door.log, ContactTriaged)
    assert (triaged.proposed, triaged.strand, triaged.reason) == (proposed, door.cast.early, "he is at school")
    assert proposed.strand == door.cast.safeguarding
    assert door.contacts[identifier].proposed == proposed


@each()
def test_the_clocks_of_the_opening_start_and_count_from_the_arrival(door: FrontDoor) -> None:
    contact = door.contacts[door.open()]
    started = {clock.rule: clock for clock in of_type(door.clocks, StartClock)}
    assert "first-look" in started
    assert set(started) == set(contact.clocks.ids)
    assert {clock.counted_from for clock in started.values()} == {contact.arrival.received_at}
    assert all(clock.subject == contact.id and clock.owner == "screening" for clock in started.values())
    assert not of_type(door.clocks, MeetClock) + of_type(door.clocks, CancelClock)


@each()
def test_a_clock_whose_end_is_heard_by_somebody_else_is_not_started_here(door: FrontDoor) -> None:
    assert "TM-17" not in door.contacts[door.open()].clocks.ids


@pytest.mark.req("AU-6")
def test_a_contact_keeps_the_pack_that_it_was_opened_under() -> None:
    for authority in BOOK.authorities:
        door = FrontDoor(authority)
        assert door.contacts[door.open()].pack_version == BOOK.on(authority, date(2026, 11, 16)).version


@pytest.mark.req("SC-11")
def test_the_current_address_is_the_lasting_one_of_the_day() -> None:
    old = Address(lines="1 Old Road", postcode="ZZ99 1AA", until=date(2025, 1, 1))
    lasting = Address(lines="2 New Road", postcode="ZZ99 2AA", since=date(2025, 1, 2))
    staying = Address(lines="with an aunt", postcode="ZZ99 3AA", since=date(2026, 11, 1), temporary=True)
    later = Address(lines="3 Next Road", postcode="ZZ99 4AA", since=date(2027, 1, 1))
    today = date(2026, 11, 16)
    assert current_address((old, lasting, staying, later), today) == lasting
    assert current_address((old, staying, later), today) == staying
    assert current_address((old, later), today) is None
