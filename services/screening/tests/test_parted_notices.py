"""A notice about another child leaves the record, open or closed, in whatever order that is heard (IN-17, IN-20)."""

from __future__ import annotations

import pytest

from icart_common.contracts.base import Actor
from icart_common.contracts.ids import new_id
from icart_common.contracts.joint_work import NoticeParted, NoticeSeparated, OpenAfterAll
from icart_common.messaging.message import Record
from icart_common.testing import record_of, said
from icart_screening.domain.notices import part
from services.screening.tests.conftest import Service
from services.screening.tests.front_door import FrontDoor, contact_opened, each
from services.screening.tests.test_one_event import add, ended
from services.screening.tests.test_one_event_in_tables import joined
from services.screening.tests.test_topics_to_tables import minute, opened


def parted(authority: str, notice: object, at: int) -> Record:
    body = NoticeParted.model_validate(
        {
            "contact": contact_opened(authority, 1).contact, "authority": authority, "at": minute(at), "notice": notice,
            "because": "mention-moved", "by": Actor(person="w-9", role="manager"), "reason": "It was her cousin.",
        }
    )  # fmt: skip
    return record_of(body, "events.intake", at=minute(at))


@pytest.mark.broker
@pytest.mark.req("IN-20", "IN-17", authority="halton")
@pytest.mark.parametrize("crossed", [False, True])
async def test_it_leaves_the_record_in_either_order(service: Service, crossed: bool) -> None:
    notice, record = joined("halton", 1)
    leaves = parted("halton", notice.notice.contact, 2)
    assert await service.contacts.run([opened()]) == []
    for one in (leaves, record) if crossed else (record, leaves):
        assert await service.contacts.run([one]) == []
    (separated,) = await said(service.database, NoticeSeparated)
    assert (separated.notice, separated.by.person) == (notice.notice.contact, "w-9")
    assert await said(service.database, OpenAfterAll) == [], "intake has opened its contact already"


@pytest.mark.broker
@pytest.mark.req("IN-20", "IN-17", authority="york")
async def test_one_that_never_came_is_in_no_record(service: Service) -> None:
    await service.contacts.run([opened("york"), parted("york", new_id(), 3)])
    assert await service.contacts.expire(0) == 1
    assert await said(service.database, NoticeSeparated) == []


@each("IN-20", "IN-17")
def test_a_closed_record_loses_it_too(door: FrontDoor) -> None:
    contact = door.allocated(door.cast.safeguarding)
    notice = add(door, contact).notice.contact
    other = add(door, contact, 51).notice.contact
    ended(door, contact)
    leaves = NoticeParted(
        contact=contact, authority=door.authority, at=door.now, notice=notice, because="merge-undone",
        by=Actor(person="m-9", role="manager"), reason="Two cousins.",
    )  # fmt: skip
    change = part(door.contacts[contact], leaves, door.now)
    assert change is not None
    assert (change.contact.status, [one.told.notice for one in change.contact.notices]) == ("closed", [other])
    assert part(change.contact, leaves, door.now) is None
