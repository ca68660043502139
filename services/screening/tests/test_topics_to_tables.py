"""Messages as records of the topics, through the runners, into real rows and a real outbox."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from icart_common.contracts.base import Actor, Command, CommandRefused
from icart_common.contracts.decisions import DecisionNeeded, DecisionTaken
from icart_common.contracts.disagreements import (
    AnswerDisagreement,
    DisagreementAnswered,
    DisagreementRaised,
    RaiseDisagreement,
)
from icart_common.contracts.ids import derived_id
from icart_common.contracts.referral import Consent
from icart_common.contracts.screening import (
    Allocate,
    Authorise,
    ContactAllocated,
    ContactClosed,
    ContactMoved,
    ContactReceived,
    ContactStepped,
    ContactTriaged,
    RecordSection,
    ReferralCreated,
    Submit,
    Triage,
)
from icart_common.contracts.timers import CancelClock, ClockBreached, ClockMet, ClockStarted, MeetClock, StartClock
from icart_common.messaging.message import Record
from icart_common.testing import outbox_messages, record_of, said
from services.screening.tests.conftest import Service
from services.screening.tests.front_door import CASTS, MONDAY, contact_opened

pytestmark = pytest.mark.broker

SECTIONS = {
    "halton": ["personal-information", "screening", "contact-record", "level-of-need"],
    "cheshire-west": ["personal-information", "screening", "contact-record", "level-of-need"],
    "york": ["personal-information", "screening", "assessment-record", "level-of-need"],
}
STATEMENTS = ("nature", "how-and-why", "needs", "abuse-or-neglect", "urgent-protection", "whereabouts", "child-views")


def minute(number: int) -> datetime:
    return MONDAY + timedelta(minutes=number)


def opened(authority: str = "halton", number: int = 1, **changes: Any) -> Record:
    return record_of(contact_opened(authority, number, **changes), "events.intake", at=MONDAY)


def command(kind: type[Command], contact: UUID, at: int, role: str, person: str, **fields: Any) -> Record:
    """A command given `at` minutes after the contact; unless it says so, on version `at`."""
    body = {"contact": contact, "seen_version": at, "actor": Actor(person=person, role=role), **fields}
    return record_of(kind.model_validate(body), "commands.screening", at=minute(at))


def whole_life(authority: str, number: int = 1) -> list[Record]:
    """A contact and every command up to the authorised assessment, a minute and a version each."""
    cast = CASTS[authority]
    contact = contact_opened(authority, number).contact
    triaged = {"strand": cast.safeguarding, "urgency": "urgent", "reason": "two earlier contacts"}
    records = [
        opened(authority, number, consents=(Consent(person="p2", status="given"),)),
        command(Triage, contact, 1, cast.manager, "m1", **triaged),
        command(Allocate, contact, 2, cast.manager, "m1", worker="w1"),
    ]
    for section in SECTIONS[authority]:
        role = cast.manager if section == "screening" else cast.social_worker
        answers = dict.fromkeys(STATEMENTS, "as established") if section == "level-of-need" else {}
        role = cast.manager if section == "personal-information" and authority == "york" else role
        records.append(
            command(RecordSection, contact, len(records), role, "w1", section=section, text="x", statements=answers)
        )
    submitted = {"outcome": cast.assessment, "level": cast.assessment_level, "reasons": "harm", "need_code": "N1"}
    records.append(command(Submit, contact, len(records), cast.social_worker, "w1", **submitted))
    records.append(command(Authorise, contact, len(records), cast.manager, "m2"))
    return records


def up_to_a_transfer(number: int = 1) -> list[Record]:
    """An early-intervention contact of Halton's that a manager's authorisation takes to safeguarding (SC-9)."""
    contact = contact_opened(number=number).contact
    worker, manager = "early-intervention-worker", "social-work-manager"
    decided = {"strand": "early-intervention", "urgency": "urgent", "reason": "a plan is there"}
    answers = dict.fromkeys(STATEMENTS, "as established")
    ending = {"outcome": "transfer-to-safeguarding", "level": 3, "reasons": "she has told more"}
    filled: tuple[tuple[str, dict[str, Any]], ...] = (
        (worker, {"section": "personal-information", "text": "x"}),
        (manager, {"section": "screening", "text": "x"}),
        (worker, {"section": "early-intervention", "text": "x"}),
        (worker, {"section": "level-of-need", "text": "x", "statements": answers}),
    )
    return [
        opened(number=number),
        command(Triage, contact, 1, manager, "m1", **decided),
        command(Allocate, contact, 2, manager, "m1", worker="w1"),
        *(command(RecordSection, contact, 3 + place, role, "w1", **one) for place, (role, one) in enumerate(filled)),
        command(Submit, contact, 7, worker, "w1", **ending),
        command(Authorise, contact, 8, manager, "m2"),
    ]


async def rows(service: Service, query: str, *args: Any) -> list[Any]:
    async with service.database.connection() as connection:
        return list(await connection.fetch(query, *args))


async def tables(service: Service) -> list[str]:
    """Every row of the service's own tables, as text."""
    found = []
    for table, order in (("contact", "id"), ("contact_event", "contact, version, ordinal")):
        found += [str(dict(row)) for row in await rows(service, f"select * from {table} order by {order}")]
    return found


@pytest.mark.req("SC-1", "SC-2", "SC-4", "SC-8", "SC-10", "SC-11", authority="halton")
@pytest.mark.req("SC-10", "SC-11", authority="york")
@pytest.mark.parametrize("authority", sorted(CASTS))
async def test_from_an_opened_contact_to_a_referral(service: Service, authority: str) -> None:
    for record in whole_life(authority):
        assert await service.contacts.run([record]) == []
    assert await said(service.database, CommandRefused) == []
    moves = [(move.from_desktop, move.to_desktop) for move in await said(service.database, ContactMoved)]
    assert len(moves) == 4
    assert moves[0][0] is moves[-1][1] is None
    assert [before[1] for before in moves[:-1]] == [after[0] for after in moves[1:]]
    (created,) = await said(service.database, ReferralCreated)
    (closed,) = await said(service.database, ContactClosed)
    assert closed.referral == created.referral
    topics = {(topic, type(message)) for topic, message in await outbox_messages(service.database)}
    assert {topic for topic, kind in topics if kind is StartClock} == {"commands.timers"}
    assert {kind for topic, kind in topics if topic == "commands.screening"} == {DecisionNeeded, DecisionTaken}
    elsewhere = (StartClock, MeetClock, CancelClock, DecisionNeeded, DecisionTaken)
    assert {topic for topic, kind in topics if kind not in elsewhere} == {"events.screening"}
    (row,) = await rows(service, "select status, desktop, version from contact")
    assert (row["status"], row["desktop"], row["version"]) == ("closed", None, len(whole_life(authority)))


async def test_the_log_holds_all_that_happened_in_order(service: Service) -> None:
    await service.contacts.run(whole_life("halton"))
    log = await rows(service, "select version, ordinal, type, body from contact_event order by version, ordinal")
    assert (log[0]["type"], log[0]["version"]) == ("icart.intake.contact-opened.v1", 0)
    said_here = [message for topic, message in await outbox_messages(service.database) if topic == "events.screening"]
    assert [row["type"] for row in log[1:]] == [message.TYPE for message in said_here]
    assert "workload" not in next(row["body"] for row in log if row["type"] == ContactAllocated.TYPE)
    with pytest.raises(asyncpg.RaiseError, match="only grows"):
        await rows(service, "delete from contact_event")


async def test_read_again_in_any_portions_the_tables_are_the_same(service: Service, stack: Any) -> None:
    records = [record for number in range(1, 6) for record in whole_life("halton", number)]
    await service.contacts.run(records)
    whole = await tables(service)
    async with service.database.connection() as connection:
        await connection.execute("alter table contact_event disable trigger contact_event_stays")
        await connection.execute("truncate contact, contact_event, inbox, outbox, waiting")
    for start in range(0, len(records), 7):
        await service.contacts.run(records[start : start + 7])
    assert await tables(service) == whole


async def test_what_was_heard_before_changes_nothing(service: Service) -> None:
    records = whole_life("halton")
    await service.contacts.run(records)
    before, outbox = await tables(service), await outbox_messages(service.database)
    await service.contacts.run(records)
    assert (await tables(service), await outbox_messages(service.database)) == (before, outbox)


async def test_commands_that_come_before_their_contact_wait_for_it(service: Service) -> None:
    contact, *commands = whole_life("halton")
    for record in reversed(commands):
        await service.contacts.run([record])
    assert await rows(service, "select id from contact") == []
    await service.contacts.run([contact])
    assert [row["status"] for row in await rows(service, "select status from contact")] == ["closed"]
    assert await said(service.database, CommandRefused) == []
    assert await rows(service, "select id from waiting") == []


async def test_a_command_about_nothing_is_refused_when_it_has_waited_long_enough(service: Service) -> None:
    stranger = derived_id(MONDAY, "nobody")
    await service.contacts.run([command(Allocate, stranger, 1, "social-work-manager", "m1", worker="w1")])
    assert await said(service.database, CommandRefused) == []
    assert await service.contacts.expire(0) == 1
    (refused,) = await said(service.database, CommandRefused)
    assert (refused.code, refused.subject, refused.command_type) == ("unknown-contact", stranger, Allocate.TYPE)


async def test_a_version_that_never_comes_is_refused_with_the_one_there_is(service: Service) -> None:
    contact = contact_opened().contact
    early = command(
        Triage, contact, 7, "social-work-manager", "m1", strand="safeguarding", urgency="urgent", reason="so"
    )
    await service.contacts.run([opened(), early])
    await service.contacts.expire(0)
    (refused,) = await said(service.database, CommandRefused)
    assert (refused.code, refused.version) == ("unknown-version", 1)


async def test_of_two_who_saw_the_same_version_the_second_is_told_so(service: Service) -> None:
    contact = contact_opened().contact
    fields = {"strand": "safeguarding", "reason": "so"}
    first = command(Triage, contact, 1, "social-work-manager", "m1", urgency="urgent", **fields)
    second = command(Triage, contact, 2, "social-work-manager", "m2", urgency="routine", seen_version=1, **fields)
    await service.contacts.run([opened(), first, second])
    (triaged,) = await said(service.database, ContactTriaged)
    (refused,) = await said(service.database, CommandRefused)
    assert (triaged.by.person, refused.actor.person) == ("m1", "m2")
    assert (refused.code, refused.version) == ("version-moved", 2)
    assert refused.command == dict_of(second)["ce_id"]


def dict_of(record: Record) -> dict[str, UUID]:
    headers = {name: (value or b"").decode() for name, value in record.headers}
    return {"ce_id": UUID(headers["ce_id"])}


@pytest.mark.req("SC-4", authority="halton")
async def test_the_workload_counts_the_table_and_the_batch(service: Service) -> None:
    for numbers in ((1, 2), (3, 4)):
        await service.contacts.run([record for number in numbers for record in whole_life("halton", number)[:3]])
    assert sorted(event.workload for event in await said(service.database, ContactAllocated)) == [1, 2, 3, 4]


@pytest.mark.req("SC-9", authority="halton")
async def test_a_transfer_writes_both_contacts_at_once(service: Service) -> None:
    contact = contact_opened().contact
    await service.contacts.run(up_to_a_transfer())
    (stepped,) = await said(service.database, ContactStepped)
    (closed,) = await said(service.database, ContactClosed)
    assert (stepped.first, closed.successor) == (contact, stepped.contact)
    found = {row["id"]: row for row in await rows(service, "select id, status, desktop, received_at from contact")}
    assert (found[contact]["status"], found[stepped.contact]["desktop"]) == ("closed", "cart")
    assert found[contact]["received_at"] == found[stepped.contact]["received_at"] == MONDAY
    allocated = command(Allocate, stepped.contact, 9, "social-work-manager", "m1", worker="w5", seen_version=1)
    await service.contacts.run([allocated])
    assert [row["worker"] for row in await rows(service, "select worker from contact where worker = 'w5'")] == ["w5"]


async def test_a_refusal_repeats_nothing_personal(service: Service) -> None:
    contact = contact_opened().contact
    canary = "Zephyrine Canaryfield"
    wrong = command(RecordSection, contact, 1, "contact-officer", "p1", section="screening", text=canary)
    await service.contacts.run([opened(), wrong])
    (refused,) = await said(service.database, CommandRefused)
    assert refused.code == "section-not-yours"
    assert canary not in refused.model_dump_json()
    found = await rows(service, "select key, headers from outbox")
    assert "Quillfeather" not in json.dumps([dict(row) for row in found])


async def test_a_desktop_can_show_the_next_clock(service: Service) -> None:
    await service.contacts.run(whole_life("halton")[:2])
    started = await said(service.database, StartClock)
    clock = next(one for one in started if one.rule == "TM-2")
    head = clock.model_dump(include={"clock", "authority", "pack_version", "rule", "owner", "subject"})
    due = minute(600)
    begun = ClockStarted(**head, counted_from=MONDAY, due_at=due, sum="due Tuesday 17:30", warns_at=())
    elsewhere = begun.model_copy(update={"owner": "notifications", "clock": derived_id(MONDAY, "other")})
    breached = ClockBreached(**head, due_at=due, sum="due Tuesday 17:30")
    met = ClockMet(**head, due_at=due, met_at=minute(700), late=True, by_event="authorised")
    heard = [
        record_of(body, "events.timers", at=at) for body, at in ((begun, MONDAY), (breached, due), (elsewhere, due))
    ]
    assert await service.clocks.run(list(reversed(heard))) == []
    query = "select contact, rule, state, due_at, sum from contact_clock"
    (row,) = await rows(service, query)
    assert dict(row) == {
        "contact": clock.subject, "rule": "TM-2", "state": "breached", "due_at": due, "sum": "due Tuesday 17:30",
    }  # fmt: skip
    await service.clocks.run([record_of(met, "events.timers", at=minute(700))])
    (row,) = await rows(service, query)
    assert (row["state"], row["sum"]) == ("met-late", "due Tuesday 17:30")


async def test_what_is_of_no_concern_is_passed_by(service: Service) -> None:
    refused = CommandRefused(
        subject=derived_id(MONDAY, "x"),
        command=derived_id(MONDAY, "y"),
        command_type="icart.intake.identify-people.v1",
        actor=Actor(person="m1", role="team-manager"),
        code="unknown-contact",
        why="there is none",
    )
    assert await service.contacts.run([record_of(refused, "events.intake", at=MONDAY)]) == []
    assert await outbox_messages(service.database) == []
    assert await said(service.database, ContactReceived) == []


@pytest.mark.req("SC-20", authority="halton")
async def test_an_undertaking_is_a_row_and_a_log_of_its_own(service: Service) -> None:
    contact = contact_opened("halton").contact
    manager, other = (Actor(person=person, role=CASTS["halton"].manager) for person in ("m1", "m2"))
    raised = {"agency": CASTS["halton"].school, "about": "the outcome", "because": "nothing changed", "wants": "more"}
    begins = RaiseDisagreement.model_validate({"actor": manager, "contact": contact, **raised})
    await service.contacts.run([record_of(begins, "commands.screening", at=minute(1))])  # waits for its contact (0009)
    assert await rows(service, "select * from undertaking") == []
    await service.contacts.run([opened()])
    (row,) = await rows(service, "select * from undertaking")
    assert (row["kind"], row["state"], row["open"], row["contact"]) == ("disagreement", "with-managers", True, contact)
    asks = {"contact": contact, "undertaking": row["id"], "answer": "Six weeks."}
    answers = [
        AnswerDisagreement.model_validate({**asks, "actor": by, "seen_version": 1}) for by in (manager, other, other)
    ]
    await service.contacts.run(
        [record_of(one, "commands.screening", at=minute(2), offset=number) for number, one in enumerate(answers)]
    )
    assert [one.code for one in await said(service.database, CommandRefused)] == ["own-decision", "version-moved"]
    log = await rows(service, "select version, type from undertaking_event order by version")
    assert [tuple(one) for one in log] == [(1, DisagreementRaised.TYPE), (2, DisagreementAnswered.TYPE)]
    (held,) = await rows(service, "select version from contact")
    assert held["version"] == 1, "nobody's page of the contact is stale because of it"
    with pytest.raises(asyncpg.RaiseError, match="only grows"):
        await rows(service, "delete from undertaking_event")
