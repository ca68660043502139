"""An agency itself disagrees, on its own topic, and takes it to the board: stages, receipts and what is to be mended (SC-20)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from icart_common.contracts.base import Actor, InboundRefused
from icart_common.contracts.disagreements import (
    AnswerDisagreement,
    DisagreementAnswered,
    DisagreementRaised,
    DisagreementRaisedHigher,
    DisagreementSubmitted,
    ResolveDisagreement,
)
from icart_common.contracts.timers import MeetClock, StartClock
from icart_common.messaging.message import Record
from icart_common.testing import record_of, said
from icart_screening.domain.refusal import Refusal
from icart_screening.domain.undertakings.disagreement import Disagreement
from icart_screening.domain.undertakings.engine import undertake
from services.screening.tests.conftest import Service
from services.screening.tests.front_door import CASTS, FrontDoor, contact_opened, each
from services.screening.tests.test_topics_to_tables import minute, opened, rows

OWN = UUID(int=77)
WORDS = {"about": "the outcome", "because": "nothing has changed at home", "wants": "an assessment"}
EACH = pytest.mark.parametrize(
    "authority", [pytest.param(name, marks=pytest.mark.req("SC-20", authority=name)) for name in sorted(CASTS)]
)


def submitted(authority: str, at: int, **fields: Any) -> Record:
    agency = CASTS[authority].school
    reference = contact_opened(authority).reference
    body = {"agency": agency, "authority": authority, "disagreement": OWN, "reference": reference, **WORDS, **fields}
    message = DisagreementSubmitted.model_validate(body)
    return record_of(message, f"inbound.replies.{agency}", at=minute(at))


@pytest.mark.broker
@EACH
async def test_from_the_agencys_message_to_the_board_against_both_clocks(service: Service, authority: str) -> None:
    cast = CASTS[authority]
    early = submitted(authority, 1)
    assert await service.contacts.run([early]) == []  # before its contact: it waits
    await service.contacts.run([opened(authority)])
    await service.contacts.expire(0)
    (raised,) = await said(service.database, DisagreementRaised)
    assert (raised.agency, raised.submitted, raised.by) == (cast.school, OWN, None)
    manager = Actor(person="m2", role=cast.manager)
    answer = AnswerDisagreement(
        actor=manager, contact=raised.contact, undertaking=raised.undertaking, seen_version=1, answer="Six weeks."
    )
    await service.contacts.run(
        [
            submitted(authority, 3),  # the same again
            record_of(answer, "commands.screening", at=minute(4)),
            submitted(authority, 5, stage="board", because="six weeks is too long"),
            submitted(authority, 6, stage="board"),
        ]
    )
    (answered,) = await said(service.database, DisagreementAnswered)
    (higher,) = await said(service.database, DisagreementRaisedHigher)
    assert (answered.agency, answered.submitted) == (higher.agency, higher.submitted) == (cast.school, OWN)
    assert (higher.because, higher.by) == ("six weeks is too long", None)
    (row,) = await rows(service, "select state, version from undertaking")
    assert tuple(row) == ("with-board", 3)
    started = {clock.rule: clock.clock for clock in await said(service.database, StartClock)}
    assert started["TM-16-stage-1"] in {met.clock for met in await said(service.database, MeetClock)}
    assert "TM-16-stage-2" in started
    assert await said(service.database, InboundRefused) == []


@pytest.mark.broker
@pytest.mark.req("SC-20", authority="halton")
async def test_what_is_to_be_mended_is_said_and_nothing_is_begun(service: Service) -> None:
    await service.contacts.run([opened()])
    wrong = submitted("halton", 2, reference="AAAAA-AAAAA")
    unraised = submitted("halton", 3, stage="board")
    await service.contacts.run([wrong, unraised])
    await service.contacts.expire(0)
    paths = {refused.problems[0].path for refused in await said(service.database, InboundRefused)}
    assert paths == {"$.reference", "$.stage"}
    assert await rows(service, "select id from undertaking") == []


@pytest.mark.broker
async def test_as_many_statements_for_many_agencies_messages_as_for_one(service: Service) -> None:
    for numbers in ((1, 2), range(3, 23)):
        await service.contacts.run([opened("halton", number) for number in numbers])
    counts = []
    for some in ([1], [2], list(range(3, 23))):
        records = [
            submitted(
                "halton",
                30 + number,
                reference=contact_opened("halton", number).reference,
                disagreement=UUID(int=number),
            )
            for number in some
        ]
        before = service.database.count.statements
        await service.contacts.run(records)
        counts.append(service.database.count.statements - before)
    assert counts[1] == counts[2]
    assert len(await said(service.database, DisagreementRaised)) == 22


@each("SC-20")
def test_a_second_matter_waits_for_the_first_and_any_manager_may_settle_it(door: FrontDoor) -> None:
    contact = door.contacts[door.open()]
    body = {"agency": door.cast.school, "authority": door.authority, "reference": contact.reference, **WORDS}
    first, second = (DisagreementSubmitted.model_validate({**body, "disagreement": UUID(int=n)}) for n in (1, 2))
    door.now = contact.arrival.received_at

    def hear(message: DisagreementSubmitted) -> Any:
        decided = undertake(door.undertakings.get(message.undertaking), message, door.circumstances(contact))
        if not isinstance(decided, Refusal):
            for done in decided:
                door.do(done)
        return decided

    hear(first)
    (one,) = door.undertakings.values()
    assert isinstance(one, Disagreement)
    assert hear(first) == ()
    refused = hear(second)
    assert isinstance(refused, Refusal)
    assert refused.code == "open-already"
    door.begun(one.id, AnswerDisagreement, door.cast.manager, "m1", answer="Six weeks.")
    assert door.undertakings[one.id].state == "answered"
    settled = {"resolution": "Withdrawn.", "upheld": False}
    door.begun(one.id, ResolveDisagreement, door.cast.manager, "m1", **settled)
    assert hear(first) == (), "the same message again, long after"
    assert hear(second) != ()
