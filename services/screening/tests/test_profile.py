"""The profile of a family and its adults: what is known, what the checks say, and nothing left blank (SC-22)."""

from __future__ import annotations

from uuid import UUID

import pytest

from icart_common.contracts.base import Actor, CommandRefused
from icart_common.contracts.cases import Services
from icart_common.contracts.checks import CancelCheck, CheckAnswered, Fact
from icart_common.contracts.intake import Known
from icart_common.contracts.profiles import BeginProfile, CompleteProfile, ProfileCompleted, RecordProfileFlag
from icart_common.testing import record_of, said
from icart_screening.domain.undertakings.check import Check
from icart_screening.domain.undertakings.profile import Profile
from services.screening.tests.asking import ASKED, ask, check, consent, screened
from services.screening.tests.conftest import Service
from services.screening.tests.front_door import FrontDoor, contact_opened, each, of
from services.screening.tests.test_topics_to_tables import minute, opened, rows

MOTHER = Known(
    ref="p2", person=UUID(int=8), match="exact", services=Services(troubled_family=True, adult_safeguarding=True)
)
PROBATION = "probation-halton"
NOT_KNOWN = {"answer": "not-known", "source": "adult social care"}


def held(door: FrontDoor, one: UUID) -> Profile:
    found = door.undertakings[one]
    assert isinstance(found, Profile)
    return found


@each("SC-22")
def test_it_begins_with_what_is_known_and_is_complete_when_nothing_is_blank(door: FrontDoor) -> None:
    contact, manager = door.open(family_known=(MOTHER,)), door.cast.manager
    one = door.begun(contact, BeginProfile, manager, "m1", adults=("p2", "p3"))
    assert [(flag.flag, flag.person, flag.answer) for flag in held(door, one).flags] == [
        ("troubled-family", None, "yes"),
        ("adult-safeguarding", "p2", "yes"),
    ]
    refused = door.not_begun(one, CompleteProfile, manager, "m1", summary="x")
    assert refused.why == "not established: Complex dependency; Adult safeguarding of p3"
    check = UUID(int=9)
    door.begun(one, RecordProfileFlag, manager, "m1", flag="complex-dependency", check=check, **NOT_KNOWN)
    door.begun(one, RecordProfileFlag, manager, "m1", flag="adult-safeguarding", person="p3", **NOT_KNOWN)
    door.begun(one, RecordProfileFlag, manager, "m1", flag="complex-dependency", answer="yes", source="the worker")
    door.begun(one, CompleteProfile, manager, "m1", summary="The family is in the programme.")
    flags = held(door, one).flags
    assert (held(door, one).state, len(flags)) == ("complete", 4)
    assert {flag.answer for flag in flags if flag.flag == "complex-dependency"} == {"yes"}


@each("SC-22")
def test_what_is_of_the_family_names_nobody_and_what_is_of_an_adult_names_one(door: FrontDoor) -> None:
    contact, manager = door.open(), door.cast.manager
    assert door.not_begun(contact, BeginProfile, manager, "m1", adults=("p9",)).code == "unknown-person"
    assert door.not_begun(contact, BeginProfile, manager, "m1", adults=("p1",)).code == "not-an-adult"
    one = door.begun(contact, BeginProfile, manager, "m1", adults=("p2",))
    assert not held(door, one).flags
    assert door.not_begun(contact, BeginProfile, manager, "m1", adults=("p2",)).code == "begun-already"
    for flag, person, code in (
        ("no-flag", None, "unknown-flag"),
        ("troubled-family", "p2", "of-the-family"),
        ("adult-safeguarding", "p3", "of-an-adult"),
    ):
        refused = door.not_begun(one, RecordProfileFlag, manager, "m1", flag=flag, person=person, **NOT_KNOWN)
        assert refused.code == code
        assert refused.allowed
    assert door.not_begun(one, CompleteProfile, "edt-worker", "e1", summary="x").code == "role-may-not"


def answered(door: FrontDoor, held: Check, *facts: Fact, answer: str = "Since 2024.") -> None:
    assert held.agency is not None
    said = CheckAnswered(authority=door.authority, agency=held.agency, check=held.id, answer=answer, facts=facts)
    door.heard(said, check(door, held.id))


@of("SC-22", authorities=("halton",))
def test_what_probation_says_of_complex_dependency_is_in_the_profile_with_its_check(door: FrontDoor) -> None:
    contact, flag = screened(door, consent("given")), Fact(name="complex-dependency", value="Yes")
    asked = ask(door, contact, "services", PROBATION)
    one = door.begun(contact, BeginProfile, door.cast.manager, "m1", adults=("p2",))
    answered(door, asked, flag, Fact(name="licence", value="until 2027"))
    (said_then,) = held(door, one).flags
    assert (said_then.flag, said_then.answer, said_then.person) == ("complex-dependency", "yes", None)
    assert (said_then.source, said_then.check) == (PROBATION, asked.id)
    version = held(door, one).version
    answered(door, asked, flag, Fact(name="licence", value="until 2027"))
    assert held(door, one).version == version, "said twice, it is there once"
    answered(door, asked, Fact(name="complex-dependency", value="not known"), answer="We were wrong.")
    assert [flag.answer for flag in held(door, one).flags] == ["not-known"], "what is said last stands"


@of("SC-22", "CO-7", authorities=("halton",))
def test_no_flag_is_made_of_an_answer_that_the_pack_does_not_know_or_that_nobody_waits_for(door: FrontDoor) -> None:
    contact, yes = screened(door, consent("given")), Fact(name="complex-dependency", value="yes")
    service, probation = (ask(door, contact, "services", one) for one in (ASKED["halton"].service, PROBATION))
    one = door.begun(contact, BeginProfile, door.cast.manager, "m1", adults=("p2",))
    answered(door, service, yes)
    answered(door, probation, Fact(name="complex-dependency", value="perhaps"))
    cancelled = ask(door, contact, "services", PROBATION)
    door.begun(cancelled.id, CancelCheck, door.cast.social_worker, "w1", reason="asked twice")
    answered(door, cancelled, yes)
    assert held(door, one).flags == ()


@of("SC-22", authorities=("cheshire-west", "york"))
def test_where_no_source_says_which_answer_is_which_flag_a_worker_records_it(door: FrontDoor) -> None:
    assert door.pack.profile is not None
    assert [flag.said_by for flag in door.pack.profile.flags] == [None] * 3
    contact = screened(door, consent("given"))
    one = door.begun(contact, BeginProfile, door.cast.manager, "m1", adults=("p2",))
    asked = ask(door, contact, "services", ASKED[door.authority].service)
    answered(door, asked, Fact(name="complex-dependency", value="yes"))
    assert held(door, one).flags == ()
    recorded = {"flag": "complex-dependency", "answer": "yes", "source": "the service", "check": asked.id}
    door.begun(one, RecordProfileFlag, door.cast.manager, "m1", **recorded)
    assert [flag.check for flag in held(door, one).flags] == [asked.id]


@pytest.mark.broker
@pytest.mark.req("SC-22", authority="halton")
async def test_a_profile_is_gathered_through_the_topics(service: Service) -> None:
    contact = contact_opened("halton").contact
    worker = Actor(person="w1", role="social-worker")
    begin = BeginProfile(actor=worker, contact=contact, adults=("p2",))
    await service.contacts.run([opened(family_known=(MOTHER,)), record_of(begin, "commands.screening", at=minute(1))])
    (row,) = await rows(service, "select id from undertaking where kind = 'profile'")
    on = {"actor": worker, "contact": contact, "undertaking": row["id"]}
    await service.contacts.run(
        [
            record_of(message, "commands.screening", at=minute(2), offset=number)
            for number, message in enumerate(
                (
                    CompleteProfile(**on, seen_version=1, summary="x"),
                    RecordProfileFlag(**on, seen_version=1, flag="complex-dependency", **NOT_KNOWN),
                    CompleteProfile(**on, seen_version=2, summary="In the programme."),
                )
            )
        ]
    )
    assert [one.code for one in await said(service.database, CommandRefused)] == ["flag-blank"]
    (complete,) = await said(service.database, ProfileCompleted)
    assert {(flag.flag, flag.answer) for flag in complete.flags} == {
        ("troubled-family", "yes"), ("adult-safeguarding", "yes"), ("complex-dependency", "not-known"),
    }  # fmt: skip
