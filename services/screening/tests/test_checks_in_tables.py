"""Checks as records of the topics: asked, answered on a partner's own topic, late on a queue, listed for the record."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from icart_common.contracts.base import Actor, Command, CommandRefused, InboundRefused
from icart_common.contracts.checks import (
    AuthoriseSharing,
    CancelCheck,
    CheckAnswered,
    CheckCancelled,
    CheckChased,
    CheckReplied,
    CheckRepliedAgain,
    CheckRequested,
    DecideNotToShare,
    RequestCheck,
    SharingAuthorised,
    SharingDeclined,
)
from icart_common.contracts.ids import derived_id
from icart_common.contracts.screening import Allocate, RecordConsent, Triage
from icart_common.contracts.timers import ClockBreached, ClockEvent, ClockStarted, ClockWarned, StartClock
from icart_common.messaging.message import Record
from icart_common.testing import outbox_messages, record_of, said
from icart_screening.queues import on_desktops
from icart_screening.shares import shares_of
from services.screening.tests.asking import ASKED, consent
from services.screening.tests.conftest import Service
from services.screening.tests.front_door import BOOK, CASTS, MONDAY, contact_opened

pytestmark = pytest.mark.broker
each = pytest.mark.parametrize(
    "authority",
    [pytest.param(one, marks=pytest.mark.req("SC-5", "CO-8", "TM-11", authority=one)) for one in sorted(CASTS)],
)


def minute(number: int) -> datetime:
    return MONDAY + timedelta(minutes=number)


def command(kind: type[Command], authority: str, at: int, role: str, person: str, **fields: Any) -> Record:
    """A command about the authority's contact, `at` minutes after it came."""
    contact = contact_opened(authority).contact
    body = {"contact": contact, "actor": Actor(person=person, role=role), **fields}
    return record_of(kind.model_validate(body), "commands.screening", at=minute(at))


def begun(authority: str, *consents: str) -> list[Record]:
    """A contact that is with its safeguarding worker `w1`; three versions."""
    cast = CASTS[authority]
    opened = contact_opened(authority, consents=[consent(status) for status in consents])
    triaged = {"strand": cast.safeguarding, "urgency": "urgent", "reason": "so", "seen_version": 1}
    return [
        record_of(opened, "events.intake", at=MONDAY),
        command(Triage, authority, 1, cast.manager, "m1", **triaged),
        command(Allocate, authority, 2, cast.manager, "m1", worker="w1", seen_version=2),
    ]


def request(authority: str, at: int, rule: str, *agencies: str, **fields: Any) -> Record:
    worker = CASTS[authority].social_worker
    return command(RequestCheck, authority, at, worker, "w1", rule=rule, agencies=agencies, **fields)


def check_of(asked: Record, number: int = 0) -> UUID:
    """The id of the check that a request begins: it follows from the request's own."""
    headers = {name: (value or b"").decode() for name, value in asked.headers}
    return derived_id(asked.timestamp, UUID(headers["ce_id"]), "check", number)


def reply(authority: str, agency: str, check: UUID, at: datetime, answer: str = "Known since 2021.") -> Record:
    message = CheckAnswered(agency=agency, authority=authority, check=check, answer=answer)
    return record_of(message, f"inbound.replies.{agency}", at=at)


async def rows(service: Service, query: str, *args: Any) -> list[Any]:
    async with service.database.connection() as connection:
        return list(await connection.fetch(query, *args))


async def tables(service: Service) -> list[str]:
    found = []
    for table, order in (
        ("contact", "id"), ("contact_event", "contact, version, ordinal"), ("undertaking", "id"),
        ("undertaking_event", "undertaking, version, ordinal"),
    ):  # fmt: skip
        found += [str(dict(row)) for row in await rows(service, f"select * from {table} order by {order}")]
    return found


async def waiting(service: Service, authority: str) -> dict[UUID, bool]:
    """The undertakings that the queue of the contact's desktop shows, and whether each is late."""
    desktop = BOOK.pack(authority).strand(CASTS[authority].safeguarding).desktop
    async with service.database.connection() as connection:
        (queued,) = await on_desktops(connection, authority, [desktop], now=minute(301), limit=10)
    return {one.undertaking: one.late for one in queued.undertakings}


def whole_story(authority: str) -> list[Record]:
    """Two schools' worth of checks: one answered twice, one cancelled and answered, one ended by consent withdrawn."""
    agencies, worker = ASKED[authority], CASTS[authority].social_worker
    one = request(authority, 3, "education", agencies.school)
    two = request(authority, 4, "police", agencies.police)
    three = request(authority, 5, "health", agencies.health)
    refused = {"consent": consent("refused"), "seen_version": 3}
    cancelled = {"undertaking": check_of(two), "seen_version": 1, "reason": "enough is known"}
    return [
        *begun(authority, "given"),
        one,
        two,
        three,
        reply(authority, agencies.school, check_of(one), minute(6)),
        reply(authority, agencies.school, check_of(one), minute(7)),
        command(CancelCheck, authority, 8, worker, "w1", **cancelled),
        reply(authority, agencies.police, check_of(two), minute(9)),
        command(RecordConsent, authority, 10, worker, "w1", **refused),
    ]


@each
async def test_from_the_request_to_the_answer_on_the_agencys_own_topic(service: Service, authority: str) -> None:
    for record in whole_story(authority):
        assert await service.contacts.run([record]) == []
    assert await said(service.database, CommandRefused) == []
    assert await said(service.database, InboundRefused) == []
    assert [event.agency for event in await said(service.database, CheckRequested)] == [
        ASKED[authority].school, ASKED[authority].police, ASKED[authority].health,
    ]  # fmt: skip
    (replied,) = await said(service.database, CheckReplied)
    assert (replied.agency, replied.way, replied.late) == (ASKED[authority].school, "message", False)
    assert [event.because for event in await said(service.database, CheckRepliedAgain)] == [
        "repeat", "after-cancellation",
    ]  # fmt: skip
    assert [event.because for event in await said(service.database, CheckCancelled)] == ["person", "consent-withdrawn"]
    states = await rows(service, "select state, count(*) from undertaking group by state order by state")
    assert [tuple(row) for row in states] == [("answered", 1), ("cancelled", 2)]
    (contact,) = await rows(service, "select version from contact")
    assert contact["version"] == 4, "only consent moved the contact's own version"
    topics = {topic for topic, _ in await outbox_messages(service.database)}
    assert topics == {"events.screening", "commands.timers"}


@each
async def test_read_again_in_any_portions_the_tables_are_the_same(service: Service, authority: str) -> None:
    records = whole_story(authority)
    await service.contacts.run(records)
    whole = await tables(service)
    async with service.database.connection() as connection:
        for table in ("contact_event", "undertaking_event"):
            await connection.execute(f"alter table {table} disable trigger {table}_stays")
        await connection.execute(
            "truncate contact, contact_event, undertaking, undertaking_event, inbox, outbox, waiting"
        )
    for start in range(0, len(records), 4):
        await service.contacts.run(records[start : start + 4])
    assert await tables(service) == whole


@each
@pytest.mark.parametrize("together", [True, False])
async def test_an_answer_that_is_read_before_its_question_waits_for_it(
    service: Service, authority: str, together: bool
) -> None:
    school = ASKED[authority].school
    asked = request(authority, 3, "education", school)
    early = reply(authority, school, check_of(asked), minute(2))
    for batch in [[early, *begun(authority, "given"), asked]] if together else [
        [early], begun(authority, "given"), [asked],
    ]:  # fmt: skip
        await service.contacts.run(batch)
    assert [event.agency for event in await said(service.database, CheckReplied)] == [school]
    assert await rows(service, "select id from waiting") == []
    assert await said(service.database, InboundRefused) == []


@each
async def test_whoever_was_not_asked_hears_the_same_whether_or_not_somebody_else_was(
    service: Service, authority: str
) -> None:
    agencies = ASKED[authority]
    asked = request(authority, 3, "police", agencies.police)
    await service.contacts.run([*begun(authority, "given"), asked])
    before = await tables(service)
    nothing = derived_id(MONDAY, "no check")
    wrong = [reply(authority, agencies.school, one, minute(4)) for one in (check_of(asked), nothing)]
    await service.contacts.run(wrong)
    await service.contacts.expire(0)
    first, second = await said(service.database, InboundRefused)
    assert (first.agency, first.topic) == (agencies.school, f"inbound.replies.{agencies.school}")
    assert first.problems == second.problems
    assert agencies.police not in first.model_dump_json()
    assert await tables(service) == before
    assert await said(service.database, CheckReplied) == []


@pytest.mark.req("SC-5", authority="halton")
async def test_an_answer_that_cannot_be_read_is_answered_with_what_to_mend(service: Service) -> None:
    school = ASKED["halton"].school
    asked = request("halton", 3, "education", school)
    whole = reply("halton", school, check_of(asked), minute(4))
    bad = Record(
        whole.topic, 0, 7, whole.timestamp, whole.key, whole.headers, (whole.value or b"").replace(b"Known", b"")[:-9]
    )
    stranger = reply("halton", ASKED["halton"].health, check_of(asked), minute(5))
    elsewhere = Record(whole.topic, 0, 8, minute(5), stranger.key, stranger.headers, stranger.value)
    await service.contacts.run([*begun("halton", "given"), asked, bad, elsewhere])
    refusals = await said(service.database, InboundRefused)
    assert [(one.agency, one.offset, one.problems[0].path) for one in refusals] == [
        (school, 7, "$"), (school, 8, "$.agency"),
    ]  # fmt: skip
    assert await said(service.database, CheckReplied) == []


@each
async def test_what_is_late_stands_on_the_workers_queue_and_the_agency_is_chased(
    service: Service, authority: str
) -> None:
    agencies = ASKED[authority]
    asked = [request(authority, 3, "education", agencies.school), request(authority, 4, "police", agencies.police)]
    await service.contacts.run([*begun(authority, "given"), *asked])
    started = [clock for clock in await said(service.database, StartClock) if clock.subject == check_of(asked[1])]
    due = minute(300)
    for clock in started:
        head = {
            name: getattr(clock, name) for name in ("clock", "authority", "pack_version", "rule", "owner", "subject")
        }
        begins = {"counted_from": minute(4), "due_at": due, "sum": "due", "warns_at": ()}
        heard: list[tuple[ClockEvent, int]] = [
            (ClockStarted.model_validate({**head, **begins}), 4),
            (ClockWarned.model_validate({**head, "due_at": due, "warned_at": minute(200), "fraction": 0.8}), 200),
            (ClockBreached.model_validate({**head, "due_at": due, "sum": "due"}), 300),
        ]
        await service.clocks.run([record_of(event, "events.timers", at=minute(at)) for event, at in heard])
    chased = await said(service.database, CheckChased)
    assert [(one.agency, one.late) for one in chased] == [(agencies.police, False), (agencies.police, True)]
    assert await waiting(service, authority) == {check_of(asked[0]): False, check_of(asked[1]): True}
    late = reply(authority, agencies.police, check_of(asked[1]), MONDAY + timedelta(days=9))
    await service.contacts.run([late])
    (replied,) = await said(service.database, CheckReplied)
    assert replied.late
    assert await waiting(service, authority) == {check_of(asked[0]): False}


@each
async def test_what_was_shared_about_a_child_is_listed_with_its_ground_and_who_decided(
    service: Service, authority: str
) -> None:
    agencies, cast = ASKED[authority], CASTS[authority]
    authorised = {"agencies": (agencies.police,), "ground": cast.ground, "reasons": "She is afraid of him."}
    declined = {"agency": agencies.school, "ground": "not-needed", "reasons": "The referral says it."}
    records = [
        *begun(authority, "not-sought"),
        request(authority, 3, "police", agencies.police),
        command(AuthoriseSharing, authority, 4, cast.manager, "m1", **authorised),
        request(authority, 5, "police", agencies.police),
        request(authority, 6, "history"),
        command(DecideNotToShare, authority, 7, cast.manager, "m1", **declined),
    ]
    await service.contacts.run(records)
    assert [one.code for one in await said(service.database, CommandRefused)] == ["consent-needed"]
    opened = contact_opened(authority)
    async with service.database.connection() as connection:
        shares = await shares_of(connection, authority, opened.child_known.person)
        assert await shares_of(connection, authority, derived_id(MONDAY, "another child")) == []
    allowed, asked, not_shared = shares
    assert isinstance(allowed, SharingAuthorised)
    assert isinstance(asked, CheckRequested)
    assert isinstance(not_shared, SharingDeclined)
    assert asked.basis is not None
    assert (asked.basis.kind, asked.basis.ground, asked.basis.decided_by.person) == ("authorised", cast.ground, "m1")
    assert asked.basis.authorisation == allowed.undertaking
    assert (not_shared.by.person, not_shared.ground) == ("m1", "not-needed")


async def test_as_many_statements_for_many_answers_as_for_one(service: Service) -> None:
    school = ASKED["halton"].school
    counts = []
    for first, last in ((1, 2), (2, 3), (3, 43)):
        numbers = range(first, last)
        opened = [contact_opened("halton", number, consents=(consent("given"),)) for number in numbers]
        asks = [
            RequestCheck(
                contact=one.contact, actor=Actor(person="w1", role="social-worker"), rule="education",
                agencies=(school,),
            )
            for one in opened
        ]  # fmt: skip
        asked = [record_of(ask, "commands.screening", at=minute(1)) for ask in asks]
        replies = [reply("halton", school, check_of(one), minute(2)) for one in asked]
        await service.contacts.run([record_of(one, "events.intake", at=MONDAY) for one in opened])
        for batch in (asked, replies):
            before = service.database.count.statements
            await service.contacts.run(batch)
            counts.append(service.database.count.statements - before)
    assert len(await said(service.database, CheckReplied)) == 42
    assert counts[2:4] == counts[4:6]
    # an answer: begin, inbox, waiting, whose it is, contacts, undertakings, save and log of them, outbox, commit
    assert counts[4:6] == [10, 10]


async def test_an_answer_that_is_read_before_its_cancellation_stands_and_the_cancellation_is_refused(
    service: Service,
) -> None:
    """An exception of decision 0002: the answer came a minute after the cancellation, and its topic was read first. It stays,
    once, as `answered` and not as `after-cancellation`; whoever cancelled is told why not."""
    agencies, worker = ASKED["halton"], CASTS["halton"].social_worker
    asked = request("halton", 3, "police", agencies.police)
    cancelled = {"undertaking": check_of(asked), "seen_version": 1, "reason": "enough is known"}
    cancel = command(CancelCheck, "halton", 8, worker, "w1", **cancelled)
    for record in (
        *begun("halton", "given"),
        asked,
        reply("halton", agencies.police, check_of(asked), minute(9)),
        cancel,
    ):
        assert await service.contacts.run([record]) == []
    assert len(await said(service.database, CheckReplied)) == 1
    assert await said(service.database, CheckRepliedAgain) == []
    assert await said(service.database, CheckCancelled) == []
    (refused,) = await said(service.database, CommandRefused)
    assert refused.code == "not-now"
    states = await rows(service, "select state, count(*) from undertaking group by state")
    assert [tuple(row) for row in states] == [("answered", 1)]
