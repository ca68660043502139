"""The service on real rows: batches in, messages out, nothing twice, nothing lost."""

from datetime import timedelta

import pytest

from icart_common.contracts.base import CommandRefused, InboundRefused
from icart_common.contracts.intake import IdentifyPeople, PeopleIdentified, SubmitAccount
from icart_common.contracts.police_vpa import SchoolToBeTold, VpaAssessed, VpaProposed, VpaRecorded, VpaRouted
from icart_common.contracts.timers import StartClock
from icart_common.contracts.vpa import VpaSubmitted
from icart_common.testing import outbox_messages, record_of, said
from services.police_vpa.tests.referral_unit import (
    MONDAY,
    Unit,
    child,
    each,
    primary,
    route,
    secondary,
)

COMMANDS, INTAKE = "commands.police-vpa", "events.intake"
LATER = MONDAY + timedelta(hours=1)


def arriving(submitted: VpaSubmitted, **where):
    return record_of(submitted, f"inbound.vpa.{submitted.agency}", at=MONDAY, **where)


async def proposed(service, unit: Unit, *children, **changes):
    """An assessment in the database that waits for the officer; returned as the domain would have it."""
    vpa = unit.proposed(*children, **changes)
    await service.vpas.run([arriving(vpa.submitted)])
    await service.vpas.run([record_of(unit.identified(vpa), INTAKE, at=MONDAY)])
    return vpa


async def rows(service):
    async with service.database.connection() as connection:
        return await connection.fetch("select id, version, status, state::text from vpa order by id")


@pytest.mark.broker
@pytest.mark.parametrize("unit", each("PV-1", "PV-2", "PV-3", "PV-7"))
async def test_from_the_force_s_topic_to_intake_and_the_pathway(service, unit: Unit) -> None:
    vpa = await proposed(service, unit, child("c1"), child("c2"))
    routes = (route("c1"), route("c2", "education", "contact-information"))
    await service.vpas.run([record_of(primary(vpa, "refer", *routes), COMMANDS, at=LATER)])
    said_on = [(topic, type(message)) for topic, message in await outbox_messages(service.database)]
    assert said_on == [
        ("events.police-vpa", VpaRecorded),
        ("commands.intake", IdentifyPeople),
        ("events.police-vpa", VpaProposed),
        ("events.police-vpa", VpaAssessed),
        ("events.police-vpa", VpaRouted),
        ("events.police-vpa", VpaRouted),
        ("commands.intake", SubmitAccount),
    ]
    (row,) = await rows(service)
    assert (row["id"], row["version"], row["status"]) == (vpa.id, 3, "referred")


@pytest.mark.broker
@pytest.mark.req("PV-8", "TM-15", authority="halton")
async def test_a_school_is_told_before_anybody_has_assessed_anything(service) -> None:
    await service.vpas.run([arriving(Unit().submitted(child(present=True), kind="domestic-abuse", grade="high"))])
    (told,) = await said(service.database, SchoolToBeTold)
    (started,) = await said(service.database, StartClock)
    assert told.clocks == {"TM-15": started.clock}
    assert not await said(service.database, VpaAssessed)


@pytest.mark.broker
@pytest.mark.req("IN-15", "PV-1")
async def test_the_same_assessment_again_opens_no_second_and_a_changed_one_is_sent_back(service) -> None:
    unit = Unit()
    first = unit.submitted(child())
    await service.vpas.run([arriving(first), arriving(first)])
    await service.vpas.run([arriving(first)])
    assert len(await said(service.database, VpaRecorded)) == 1
    assert not await said(service.database, InboundRefused)
    await service.vpas.run([arriving(unit.submitted(child(), grade="high"))])
    (refused,) = await said(service.database, InboundRefused)
    assert [problem.path for problem in refused.problems] == ["$.vpa"]
    assert len(await rows(service)) == 1


@pytest.mark.broker
@pytest.mark.req("PV-1")
async def test_a_force_is_told_what_to_mend_and_the_next_one_is_not_delayed(service) -> None:
    unit = Unit()
    wrong = unit.submitted(number=2, adults=())
    await service.vpas.run([arriving(wrong), arriving(unit.submitted(child()))])
    (refused,) = await said(service.database, InboundRefused)
    assert (refused.agency, refused.problems[0].found) == ("cheshire-police", "nobody")
    assert len(await said(service.database, VpaRecorded)) == 1


@pytest.mark.broker
@pytest.mark.req("PV-1")
async def test_an_authority_without_a_vpa_pathway_says_so(without_pathway) -> None:
    unit = Unit()
    await without_pathway.vpas.run([arriving(unit.submitted(child()))])
    (refused,) = await said(without_pathway.database, InboundRefused)
    assert refused.problems[0].found == f"{unit.pack.authority.name} has no VPA pathway"
    assert not await rows(without_pathway)


@pytest.mark.broker
@pytest.mark.req("PV-1", "AU-6")
async def test_before_its_first_pack_applies_an_authority_takes_nothing(service) -> None:
    submitted = Unit().submitted(child())
    early = MONDAY.replace(year=2020)
    record = record_of(submitted.model_copy(update={"incident": submitted.incident.model_copy(update={"at": early})}),
                       "inbound.vpa.cheshire-police", at=early)  # fmt: skip
    await service.vpas.run([record])
    (refused,) = await said(service.database, InboundRefused)
    assert refused.problems[0].path == "$.authority"


@pytest.mark.broker
@pytest.mark.req("PV-2")
async def test_whatever_comes_too_early_waits_for_its_turn(service) -> None:
    unit = Unit()
    vpa = unit.proposed(child(), grade="medium")
    waiting = unit.done(vpa, primary(vpa, "secondary")).vpa
    await service.vpas.run([record_of(secondary(waiting, "refer", route()), COMMANDS, at=LATER)])
    await service.vpas.run([record_of(unit.identified(vpa), INTAKE, at=MONDAY)])
    assert not await rows(service)
    await service.vpas.run([record_of(primary(vpa, "secondary"), COMMANDS, at=LATER), arriving(vpa.submitted)])
    (row,) = await rows(service)
    assert (row["version"], row["status"]) == (4, "referred")
    assert not await said(service.database, CommandRefused)


@pytest.mark.broker
@pytest.mark.req("PV-2")
async def test_what_has_waited_too_long_is_answered(service) -> None:
    unit = Unit()
    nowhere = unit.proposed(child(), number=9)
    await service.vpas.run([record_of(primary(nowhere, "close"), COMMANDS, at=LATER)])
    await service.vpas.run([record_of(unit.identified(nowhere), INTAKE, at=MONDAY)])
    here = await proposed(service, unit, child())
    await service.vpas.run([record_of(primary(here, "close", seen_version=7), COMMANDS, at=LATER)])
    assert not await said(service.database, CommandRefused)
    assert await service.vpas.expire(0) == 3
    refused = {one.subject: (one.code, one.version) for one in await said(service.database, CommandRefused)}
    assert refused == {nowhere.id: ("unknown-vpa", None), here.id: ("unknown-version", 2)}


@pytest.mark.broker
@pytest.mark.req("PV-2")
async def test_of_two_who_decide_at_once_the_second_looks_again(service) -> None:
    unit = Unit()
    vpa = await proposed(service, unit, child())
    first = record_of(primary(vpa, "refer", route()), COMMANDS, at=LATER)
    second = record_of(primary(vpa, "secondary"), COMMANDS, at=LATER + timedelta(seconds=1))
    await service.vpas.run([second, first])
    (refused,) = await said(service.database, CommandRefused)
    assert (refused.code, refused.command_type) == ("closed", "icart.police-vpa.primary-assess.v1")
    fresh = await proposed(service, unit, child(), number=2)
    again = record_of(primary(fresh, "secondary", seen_version=1), COMMANDS, at=LATER)
    await service.vpas.run([again])
    moved = (await said(service.database, CommandRefused))[-1]
    assert (moved.code, moved.version) == ("version-moved", 2)


@pytest.mark.broker
@pytest.mark.req("PV-3")
async def test_another_service_s_answer_is_passed_by(service) -> None:
    unit = Unit()
    vpa = unit.taken(child()).vpa
    await service.vpas.run([arriving(vpa.submitted)])
    other: PeopleIdentified = unit.identified(vpa).model_copy(update={"asked_by": "notifications"})
    await service.vpas.run([record_of(other, INTAKE, at=MONDAY)])
    assert not await said(service.database, VpaProposed)


@pytest.mark.broker
@pytest.mark.req("PV-1", "PV-2")
@pytest.mark.parametrize("many", [1, 200])
async def test_a_batch_costs_the_same_statements_whatever_its_size(service, many: int) -> None:
    unit = Unit()
    await proposed(service, unit, child(), number=many)  # the first batch of a day makes the inbox's table for that day
    waiting = [unit.proposed(child(present=True), kind="domestic-abuse", number=number) for number in range(many)]
    count = service.database.count
    spent = []
    for batch in (
        [arriving(vpa.submitted) for vpa in waiting],
        [record_of(unit.identified(vpa), INTAKE, at=MONDAY) for vpa in waiting],
        [record_of(primary(vpa, "refer", route()), COMMANDS, at=LATER) for vpa in waiting],
    ):
        before = count.statements
        await service.vpas.run(batch)
        spent.append(count.statements - before)
    assert spent == [8, 7, 7]  # begin, inbox, waiting, (the arrivals' lock,) load, save, outbox, commit
    assert len(await said(service.database, SubmitAccount)) == many


@pytest.mark.broker
@pytest.mark.req("PV-1", "PV-2", "PV-3")
async def test_the_topics_read_again_give_the_same_rows_and_messages(service) -> None:
    unit = Unit()
    vpa = unit.proposed(child("c1", present=True), child("c2"), kind="domestic-abuse")
    routes = (route("c1"), route("c2", "education", "contact-information"))
    records = [
        arriving(vpa.submitted),
        record_of(unit.identified(vpa), INTAKE, at=MONDAY),
        record_of(primary(vpa, "refer", *routes), COMMANDS, at=LATER),
    ]
    for record in records:
        await service.vpas.run([record])
    first_rows, first_said = await rows(service), await outbox_messages(service.database)
    await service.vpas.run(records)  # delivered twice: the inbox knows them
    assert await outbox_messages(service.database) == first_said
    async with service.database.connection() as connection:
        await connection.execute("truncate vpa, outbox, inbox, waiting")
    await service.vpas.run(records[::-1])  # read again from the start, one batch, in no order
    assert await rows(service) == first_rows
    assert await outbox_messages(service.database) == first_said
