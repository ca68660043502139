"""A strategy discussion and a step-up through the runners: real rows, a real outbox (SC-12, SC-13, SC-14)."""

from typing import Any
from uuid import UUID

import pytest

from icart_common.contracts.at_once import ContactSteppedUp, PoliceTold, StepUpNow
from icart_common.contracts.base import Actor, Command, CommandRefused
from icart_common.contracts.screening import Authorise, Submit
from icart_common.contracts.strategy import (
    ActionOwner,
    CloseStrategyDiscussion,
    DecideStrategyDiscussion,
    HoldStrategyDiscussion,
    InviteToStrategyDiscussion,
    NoteStrategyAction,
    ReconveneStrategyDiscussion,
    RecordStrategyAttendance,
    Seat,
    SettleStrategyAction,
    StrategyDiscussionClosed,
    StrategyDiscussionDecided,
    StrategyDiscussionReconvened,
    StrategyPartnersInvited,
)
from icart_common.contracts.timers import MeetClock, StartClock
from icart_common.messaging.message import Record
from icart_common.testing import record_of, said
from services.screening.tests.conftest import Service
from services.screening.tests.front_door import BOOK, CASTS, contact_opened
from services.screening.tests.test_topics_to_tables import command, minute, opened, rows, whole_life

pytestmark = pytest.mark.broker
each_authority = pytest.mark.parametrize(
    "authority", [pytest.param(one, marks=pytest.mark.req("SC-14", "TM-6", authority=one)) for one in sorted(CASTS)]
)


def asks(kind: type[Command], authority: str, contact: UUID, at: int, **fields: Any) -> Record:
    """A manager's command about a strategy discussion, `at` minutes after the contact."""
    body = {"contact": contact, "actor": Actor(person="m1", role=CASTS[authority].manager), **fields}
    return record_of(kind.model_validate(body), "commands.screening", at=minute(at), offset=at)


def seats(authority: str) -> tuple[Seat, ...]:
    """Everybody who is always needed."""
    police, health = (
        next(one.id for one in BOOK.pack(authority).agencies if one.kind == kind) for kind in ("police", "health")
    )
    return (
        Seat(partner="social-care"),
        Seat(partner="police", agency=police),
        Seat(partner="health", agency=health),
    )


def held(authority: str, contact: UUID, discussion: UUID, *, since: int, version: int = 1) -> list[Record]:
    """From the invitations to an action that nobody owns: seven commands, a minute and a version each."""
    whole: list[tuple[type[Command], dict[str, Any]]] = [
        (InviteToStrategyDiscussion, {"seats": seats(authority), "meets_at": minute(since + 60), "how": "by video"}),
        *((RecordStrategyAttendance, {"seat": seat, "took_part": "came"}) for seat in seats(authority)),
        (NoteStrategyAction, {"what": "Speak to the neighbour."}),
        (HoldStrategyDiscussion, {"held_at": minute(since)}),
    ]
    return [
        asks(kind, authority, contact, since + place, undertaking=discussion, seen_version=version + place, **fields)
        for place, (kind, fields) in enumerate(whole)
    ]


@each_authority
async def test_the_authorised_outcome_begins_it_and_it_closes_when_everything_has_an_owner(
    service: Service, authority: str
) -> None:
    cast, contact = CASTS[authority], contact_opened(authority).contact
    outcome = next(one for one in BOOK.pack(authority).outcomes if one.needs_strategy_discussion)
    life = whole_life(authority)[:-2]
    ending = {"outcome": outcome.id, "level": outcome.level, "reasons": "harm", "need_code": "N1"}
    life.append(command(Submit, contact, len(life), cast.social_worker, "w1", **ending))
    life.append(command(Authorise, contact, len(life), cast.manager, "m2"))
    await service.contacts.run(life)
    assert await said(service.database, CommandRefused) == []
    (begun,) = await said(service.database, StrategyDiscussionDecided)
    assert (begun.contact, begun.outcome, begun.by.person) == (contact, outcome.id, "m2")
    one, about = begun.undertaking, {"undertaking": begun.undertaking}
    closing = {**about, "outcome": "s47-joint", "reasons": "Not explained."}
    await service.contacts.run(held(authority, contact, one, since=20))
    await service.contacts.run([asks(CloseStrategyDiscussion, authority, contact, 30, seen_version=7, **closing)])
    (refused,) = await said(service.database, CommandRefused)
    assert (refused.code, refused.why) == ("action-incomplete", "action 1 has no owner and no date")
    owner = {"number": 1, "what": "Speak to the neighbour.", "owner": ActionOwner(who="Duty"), "due": minute(0).date()}
    settled = {"number": 1, "how": "done", "note": "Spoken to."}
    await service.contacts.run(
        [
            asks(NoteStrategyAction, authority, contact, 31, seen_version=7, **about, **owner),
            asks(CloseStrategyDiscussion, authority, contact, 32, seen_version=8, **closing),
        ]
    )
    (row,) = await rows(service, "select state, open, version from undertaking")
    assert tuple(row) == ("closed", True, 9)
    await service.contacts.run([asks(SettleStrategyAction, authority, contact, 33, seen_version=9, **about, **settled)])
    (row,) = await rows(service, "select state, open from undertaking")
    assert tuple(row) == ("finished", False)
    (closed,) = await said(service.database, StrategyDiscussionClosed)
    assert closed.told == tuple(seat.agency for seat in seats(authority) if seat.agency)
    (clock,) = [each for each in await said(service.database, StartClock) if each.subject == one]
    (met,) = [each for each in await said(service.database, MeetClock) if each.clock == clock.clock]
    assert (clock.rule, met.at) == ("TM-6", minute(20))
    log = await rows(
        service, "select type from undertaking_event where undertaking = $1 order by version, ordinal", one
    )
    assert len(log) == 11


@each_authority
async def test_a_manager_decides_one_and_reconvenes_it_when_it_is_over(service: Service, authority: str) -> None:
    contact = contact_opened(authority).contact
    await service.contacts.run(
        [opened(authority), asks(DecideStrategyDiscussion, authority, contact, 1, because="tonight")]
    )
    (begun,) = await said(service.database, StrategyDiscussionDecided)
    records = held(authority, contact, begun.undertaking, since=2)
    withdrawn = {"number": 1, "how": "withdrawn", "note": "Said twice.", "undertaking": begun.undertaking}
    records.append(asks(SettleStrategyAction, authority, contact, 9, seen_version=7, **withdrawn))
    closing = {"undertaking": begun.undertaking, "outcome": "no-s47", "reasons": "Explained."}
    records.append(asks(CloseStrategyDiscussion, authority, contact, 10, seen_version=8, **closing))
    again = {"undertaking": begun.undertaking, "because": "The report has come."}
    reconvened = asks(ReconveneStrategyDiscussion, authority, contact, 11, **again)
    await service.contacts.run([*records, reconvened])
    assert await said(service.database, CommandRefused) == []
    (second,) = await said(service.database, StrategyDiscussionReconvened)
    assert second.follows == begun.undertaking
    (shown,) = await rows(service, "select state->>'strategy' as strategy, version from contact")
    assert tuple(shown) == ("no-s47", 2)
    invited = held(authority, contact, second.undertaking, since=12)[:1]
    await service.contacts.run(invited)
    assert (await said(service.database, StrategyPartnersInvited))[-1].reconvened


@pytest.mark.parametrize(
    "authority",
    [pytest.param(one, marks=pytest.mark.req("SC-12", "SC-13", authority=one)) for one in sorted(CASTS)],
)
async def test_a_step_up_moves_it_tells_the_police_and_decides_a_discussion_in_one_transaction(
    service: Service, authority: str
) -> None:
    cast, contact = CASTS[authority], contact_opened(authority).contact
    words = {"reason": "A mark", "crime": "It may have been made by a hand.", "strategy": "Not safe tonight."}
    await service.contacts.run([opened(authority), command(StepUpNow, contact, 1, cast.manager, "m1", **words)])
    (stepped,) = await said(service.database, ContactSteppedUp)
    (told,) = await said(service.database, PoliceTold)
    (begun,) = await said(service.database, StrategyDiscussionDecided)
    assert stepped.at == told.at == begun.at == minute(1)
    (row,) = await rows(service, "select desktop, strand from contact")
    assert tuple(row) == (BOOK.pack(authority).strand(cast.safeguarding).desktop, cast.safeguarding)
    started = {clock.rule for clock in await said(service.database, StartClock)}
    assert {"TM-1-step-up", "TM-6"} <= started


async def test_a_command_about_a_discussion_that_was_not_heard_of_yet_waits(service: Service) -> None:
    authority, contact = "halton", contact_opened("halton").contact
    decide = asks(DecideStrategyDiscussion, authority, contact, 1, because="tonight")
    await service.contacts.run([opened(authority), decide])
    (begun,) = await said(service.database, StrategyDiscussionDecided)
    records = held(authority, contact, begun.undertaking, since=2)
    await service.contacts.run(list(reversed(records)))
    assert await said(service.database, CommandRefused) == []
    (row,) = await rows(service, "select state, version from undertaking")
    assert tuple(row) == ("held", 7)
