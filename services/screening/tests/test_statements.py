"""How many statements a batch takes: the same for one message as for many, and for a batch of everything at once."""

from __future__ import annotations

from functools import cache
from uuid import UUID

import pytest

from icart_common.contracts.attachments import NamedDocument
from icart_common.contracts.base import CommandRefused, InboundRefused
from icart_common.contracts.checks import CheckAnswered, CheckReplied, RequestCheck
from icart_common.contracts.disagreements import DisagreementRaised, DisagreementSubmitted
from icart_common.contracts.ids import derived_id
from icart_common.contracts.intake import QuestionsAnswered
from icart_common.contracts.referral import Answer
from icart_common.contracts.screening import Allocate, AnswersRecorded, ContactAllocated, Triage
from icart_common.messaging.message import Record
from icart_common.testing import record_of, said
from services.screening.tests.asking import ASKED, consent
from services.screening.tests.conftest import Service
from services.screening.tests.front_door import CASTS, MONDAY, contact_opened
from services.screening.tests.test_checks_in_tables import check_of
from services.screening.tests.test_topics_to_tables import command, minute, opened, rows, up_to_a_transfer, whole_life

pytestmark = pytest.mark.broker

HALTON, AGENCIES = CASTS["halton"], ASKED["halton"]
AT_MOST = 17
"""begin, inbox, what waits, documents; whom replies and references mean, contacts, those that followed, undertakings, workloads;
contacts and undertakings written, each with its log; what waits for what began, what is parked, outbox, commit."""


async def test_as_many_statements_for_many_messages_as_for_one(service: Service) -> None:
    lives = [whole_life("halton", number)[:4] for number in range(202)]
    await service.contacts.run(lives[0])  # the driver's own look at the types, once a connection
    counts: list[int] = []
    for some in (lives[1:2], lives[2:]):
        for step in range(4):
            before = service.database.count.statements
            await service.contacts.run([life[step] for life in some])
            counts.append(service.database.count.statements - before)
    assert counts[:4] == counts[4:]
    # begin, inbox, waiting, load, save, log, outbox, commit; of contacts that were there the undertakings; for an allocation
    # the workloads
    assert counts[:4] == [8, 9, 10, 9]


def triaged(number: int, *consents: str) -> list[Record]:
    """A contact on the safeguarding strand; two versions."""
    contact = contact_opened(number=number).contact
    decided = {"strand": HALTON.safeguarding, "urgency": "urgent", "reason": "so"}
    return [
        opened(number=number, consents=[consent(status) for status in consents]),
        command(Triage, contact, 1, HALTON.manager, "m1", **decided),
    ]


@cache  # its check is named after it
def asked(number: int, rule: str, agency: str, at: int) -> Record:
    contact = contact_opened(number=number).contact
    return command(RequestCheck, contact, at, HALTON.social_worker, "w1", rule=rule, agencies=(agency,))


def before(number: int) -> list[Record]:
    """What one of each kind is about: contacts `number` to `number` + 3."""
    return [
        *triaged(number, "given"),
        asked(number, "education", AGENCIES.school, 3),
        opened(number=number + 1),
        *up_to_a_transfer(number + 2),
        *triaged(number + 3),
    ]


def one_of_each(number: int) -> list[Record]:
    """A reply, a disagreement, an answer that goes to the contact that followed, an allocation, a command that is early, a
    check that begins, and a contact that opens with a document."""
    disputed, transferred, given = (contact_opened(number=number + place) for place in (1, 2, 3))
    reply = CheckAnswered(
        agency=AGENCIES.school,
        authority="halton",
        check=check_of(asked(number, "education", AGENCIES.school, 3)),
        answer="Known since 2021.",
    )
    disagreement = DisagreementSubmitted(
        agency=HALTON.school,
        authority="halton",
        disagreement=UUID(int=number),
        reference=disputed.reference,
        about="the outcome",
        because="nothing has changed at home",
        wants="an assessment",
    )
    answers = QuestionsAnswered(
        contact=transferred.contact,
        authority="halton",
        submission=transferred.submission,
        agency=transferred.agency,
        received_at=MONDAY,
        answers=(Answer(question="child-views", text="I like breakfast club."),),
    )
    document = derived_id(MONDAY, "document", number)
    triage = {"strand": HALTON.safeguarding, "urgency": "urgent", "reason": "so", "seen_version": 5}
    return [
        record_of(reply, f"inbound.replies.{AGENCIES.school}", at=minute(20)),
        record_of(disagreement, f"inbound.replies.{HALTON.school}", at=minute(20)),
        record_of(answers, "events.intake", at=minute(20)),
        command(Allocate, given.contact, 20, HALTON.manager, "m1", worker="w1", seen_version=2),
        command(Triage, disputed.contact, 20, HALTON.manager, "m1", **triage),
        asked(number, "police", AGENCIES.police, 21),
        opened(number=number + 4, documents=(NamedDocument(document=document, attachment=document),)),
    ]


async def test_a_batch_of_everything_takes_as_many_for_twenty_of_each_as_for_one(service: Service) -> None:
    numbers = range(10, 230, 10)
    for number in numbers:
        assert await service.contacts.run(before(number)) == []
    await service.contacts.run(one_of_each(numbers[0]))  # the driver's own look at the types, once a connection
    counts: list[int] = []
    for some in (numbers[1:2], numbers[2:]):
        start = service.database.count.statements
        assert await service.contacts.run([record for number in some for record in one_of_each(number)]) == []
        counts.append(service.database.count.statements - start)
    assert counts == [AT_MOST, AT_MOST]
    for kind in (CheckReplied, DisagreementRaised, AnswersRecorded):
        assert len(await said(service.database, kind)) == len(numbers), kind.TYPE
    assert [one.worker for one in await said(service.database, ContactAllocated)].count("w1") == 2 * len(numbers)
    assert len(await rows(service, "select id from waiting")) == len(numbers)
    assert await said(service.database, CommandRefused) == []
    assert await said(service.database, InboundRefused) == []
