"""The clocks of what stands beside a contact stand still and run on, where the pack lets them (section 8, TM-11)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from icart_common.contracts.base import Command, CommandRefused
from icart_common.contracts.checks import CheckReplied
from icart_common.contracts.disagreements import RaiseDisagreement
from icart_common.contracts.standing_still import (
    PauseUndertakingClocks,
    ResumeUndertakingClocks,
    UndertakingClocksPaused,
    UndertakingClocksResumed,
)
from icart_common.contracts.timers import CancelClock, MeetClock, PauseClock, ResumeClock, StartClock
from icart_common.messaging.message import Record
from icart_common.policy.lives.standing_still import standing_still
from icart_common.testing import said
from icart_common.worktime.due import due
from icart_common.worktime.running import paused
from icart_screening.printing import to_html
from services.screening.tests.asking import ASKED, ask, check, consent, screened
from services.screening.tests.conftest import Service
from services.screening.tests.front_door import BOOK, CASTS, FrontDoor, each, of, of_type
from services.screening.tests.record_cabinet import Cabinet
from services.screening.tests.test_checks_in_tables import (
    begun,
    check_of,
    command,
    minute,
    reply,
    request,
    tables,
)
from services.screening.tests.test_own_topic import read_again

CLOSED = {"reason": "The school is closed until Wednesday."}
OPEN = {"reason": "It is open again."}


def stop_or_go(kind: type[Command], authority: str, at: int, one: UUID, version: int, **fields: Any) -> Record:
    """A manager lets the clocks of a check stand still, or run on."""
    manager = CASTS[authority].manager
    return command(kind, authority, at, manager, "m1", undertaking=one, seen_version=version, **fields)


@pytest.mark.broker
@pytest.mark.req("TM-11", "SC-5", authority="halton")
async def test_a_schools_clock_stands_still_and_runs_on_and_is_met_once(service: Service) -> None:
    school = ASKED["halton"].school
    asked = request("halton", 3, "education", school)
    one = check_of(asked)
    whole = [
        *begun("halton", "given"),
        asked,
        stop_or_go(PauseUndertakingClocks, "halton", 10, one, 1, **CLOSED),
        stop_or_go(PauseUndertakingClocks, "halton", 11, one, 2, **CLOSED),
        stop_or_go(ResumeUndertakingClocks, "halton", 2890, one, 2, **OPEN),
        stop_or_go(ResumeUndertakingClocks, "halton", 2891, one, 3, **OPEN),
        reply("halton", school, one, minute(3000)),
    ]
    for record in whole:
        assert await service.contacts.run([record]) == []
    database = service.database
    (started,) = [clock for clock in await said(database, StartClock) if clock.subject == one]
    (stops,), (goes_on,) = await said(database, PauseClock), await said(database, ResumeClock)
    (stood,), (ran,) = await said(database, UndertakingClocksPaused), await said(database, UndertakingClocksResumed)
    assert (stops.clock, stops.at, stops.reason) == (started.clock, minute(10), CLOSED["reason"])
    assert (goes_on.clock, goes_on.at, goes_on.reason) == (started.clock, minute(2890), OPEN["reason"])
    assert (stood.rules, stood.clocks, stood.by.person) == (("TM-11-education",), (started.clock,), "m1")
    assert (ran.rules, ran.stood_still_since) == (stood.rules, minute(10))
    rule, calendar = BOOK.pack("halton").clock("TM-11-education"), BOOK.pack("halton").calendar()
    counted = paused(calendar, rule.allowance, due(calendar, rule.allowance, minute(3)), [(minute(10), minute(2890))])
    assert ran.due == counted.due_at, "the check and the timers count alike"
    assert [one.code for one in await said(database, CommandRefused)] == ["stands-still", "nothing-stands-still"]
    ended = [clock for kind in (MeetClock, CancelClock) for clock in await said(database, kind)]
    assert [clock for clock in ended if clock.clock == started.clock] == [
        MeetClock(clock=started.clock, at=minute(3000), by_event="check_replied")
    ]
    (replied,) = await said(database, CheckReplied)
    assert not replied.late, "it would have been, had its clock not stood still"
    assert due(calendar, rule.allowance, minute(3)).due_at < minute(3000)
    first = await tables(service)
    await read_again(service, whole, 4)
    assert await tables(service) == first


@pytest.mark.broker
@pytest.mark.parametrize(
    "authority", [pytest.param(one, marks=pytest.mark.req("TM-11", authority=one)) for one in sorted(CASTS)]
)
async def test_a_clock_that_the_pack_does_not_let_pause_runs_on(service: Service, authority: str) -> None:
    asked = request(authority, 3, "police", ASKED[authority].police)
    one = check_of(asked)
    await service.contacts.run([*begun(authority, "given"), asked])
    before = await tables(service)
    await service.contacts.run([stop_or_go(PauseUndertakingClocks, authority, 10, one, 1, **CLOSED)])
    (refused,) = await said(service.database, CommandRefused)
    may = [rule for rule in BOOK.pack(authority).clocks if rule.may_pause]
    assert refused.code == "may-not-pause"
    assert refused.allowed == tuple(f"{rule.name} ({rule.id}) may" for rule in may)
    assert may, "each authority's pack lets some clock pause"
    assert await said(service.database, PauseClock) == []
    assert await tables(service) == before


@of("TM-11", authorities=("halton",))
def test_what_is_answered_while_its_clock_stands_still_is_not_late(door: FrontDoor) -> None:
    school, manager = ASKED["halton"].school, door.cast.manager
    contact = screened(door, consent("given"))
    held = ask(door, contact, "education", school)
    door.begun(held.id, PauseUndertakingClocks, manager, "m1", **CLOSED)
    assert held.due is not None
    assert not check(door, held.id).late(held.due + timedelta(days=30))
    door.begun(held.id, ResumeUndertakingClocks, manager, "m1", **OPEN)
    stood = check(door, held.id)
    assert stood.due is not None
    assert stood.due > held.due
    assert stood.late(stood.due + timedelta(seconds=1))
    assert not stood.late(stood.due)


@of("TM-11", authorities=("halton",))
def test_what_was_late_before_its_clock_stood_still_stays_late(door: FrontDoor) -> None:
    contact = screened(door, consent("given"))
    held = ask(door, contact, "education", ASKED["halton"].school)
    door.now += timedelta(days=9)
    door.begun(held.id, PauseUndertakingClocks, door.cast.manager, "m1", **CLOSED)
    assert check(door, held.id).late(door.now)
    door.begun(held.id, ResumeUndertakingClocks, door.cast.manager, "m1", **OPEN)
    assert check(door, held.id).due == held.due, "a pause that begins when it was due changes nothing"


@of("TM-11", authorities=("halton",))
def test_one_check_stands_still_alone_and_only_who_may_stops_it(door: FrontDoor) -> None:
    asked = ASKED["halton"]
    contact = screened(door, consent("given"))
    held = ask(door, contact, "education", asked.school)
    police = ask(door, contact, "police", asked.police)
    refused = door.not_begun(held.id, PauseUndertakingClocks, door.cast.social_worker, "w1", **CLOSED)
    assert refused.code == "role-may-not"
    door.begun(held.id, PauseUndertakingClocks, door.cast.manager, "m1", **CLOSED)
    assert {one.clock for one in of_type(door.clocks, PauseClock)} == set(held.clocks.ids.values())
    assert check(door, police.id).standing_still == ()


@each("SC-20")
def test_the_same_command_is_heard_by_the_kind_of_what_it_names(door: FrontDoor) -> None:
    contact = door.allocated(door.cast.safeguarding)
    said = {"agency": door.cast.school, "about": "the level", "because": "She is not safe.", "wants": "a visit"}
    one = door.begun(contact, RaiseDisagreement, door.cast.manager, "m2", **said)
    refused = door.not_begun(one, PauseUndertakingClocks, door.cast.manager, "m1", **CLOSED)
    assert refused.code == "may-not-pause"
    assert "this disagreement" in refused.why


@of("SC-19", authorities=("halton",))
def test_the_record_shows_when_and_why_they_stood_still(door: FrontDoor) -> None:
    cabinet = Cabinet(door)
    contact = cabinet.allocated(door.cast.safeguarding, consents=(consent("given"),))
    held = ask(door, contact, "education", ASKED["halton"].school)
    door.begun(held.id, PauseUndertakingClocks, door.cast.manager, "m1", **CLOSED)
    door.begun(held.id, ResumeUndertakingClocks, door.cast.manager, "m1", **OPEN)
    shown = to_html(cabinet.document(contact, "worker")).decode()
    for words in ("1. Check", CLOSED["reason"], OPEN["reason"]):
        assert words in shown


def test_the_shared_steps_stand_in_the_states_in_which_a_life_goes_on() -> None:
    steps = standing_still({"asked"})
    assert [step.command for step in steps] == [PauseUndertakingClocks, ResumeUndertakingClocks]
    assert all(step.leaves == {"asked"} and step.reaches is None for step in steps)
