"""IN-20 on real rows: a joined notice is in the record and its log, and one that crosses the closing is handed back."""

from __future__ import annotations

from typing import Any

import pytest

from icart_common.contracts.base import CommandRefused
from icart_common.contracts.joint_work import NoticeAdded, NoticeJoined, OpenAfterAll
from icart_common.contracts.screening import Authorise, ContactClosed
from icart_common.messaging.message import Record
from icart_common.testing import outbox_messages, record_of, said
from services.screening.tests.conftest import Service
from services.screening.tests.front_door import contact_opened
from services.screening.tests.test_topics_to_tables import minute, opened, rows, whole_life

pytestmark = pytest.mark.broker


def joined(authority: str, at: int, number: int = 50, **changes: Any) -> tuple[NoticeJoined, Record]:
    notice = NoticeJoined(
        contact=contact_opened(authority, 1).contact,
        authority=authority,
        because=("concerns in common: neglect",),
        notice=contact_opened(authority, number, **changes),
    )
    return notice, record_of(notice, "events.intake", at=minute(at))


@pytest.mark.req("IN-20", authority="halton")
async def test_a_joined_notice_is_in_the_record_and_all_of_it_in_the_log(service: Service) -> None:
    notice, record = joined("halton", 1)
    assert await service.contacts.run([opened(), record]) == []
    assert await service.contacts.run([record]) == []
    (added,) = await said(service.database, NoticeAdded)
    assert added.told.notice == notice.notice.contact
    log = await rows(service, "select type, version, body from contact_event where version = 2 order by ordinal")
    assert [row["type"] for row in log] == [NoticeAdded.TYPE, NoticeJoined.TYPE]
    assert NoticeJoined.model_validate_json(log[1]["body"]) == notice


@pytest.mark.req("IN-20", authority="york")
async def test_a_notice_that_crosses_the_closing_is_handed_back_to_intake(service: Service) -> None:
    assert await service.contacts.run(whole_life("york")) == []
    assert len(await said(service.database, ContactClosed)) == 1
    notice, record = joined("york", 30)
    assert await service.contacts.run([record]) == []
    asked = [(topic, one) for topic, one in await outbox_messages(service.database) if isinstance(one, OpenAfterAll)]
    ((topic, ask),) = asked
    assert (topic, ask.notice, ask.because) == ("commands.intake", notice.notice.contact, "closed")
    assert await said(service.database, NoticeAdded) == []


@pytest.mark.req("IN-20", authority="halton")
async def test_a_notice_of_a_contact_that_nobody_knows_waits_and_is_then_handed_back(service: Service) -> None:
    notice, record = joined("halton", 1)
    await service.contacts.run([record])
    assert await said(service.database, OpenAfterAll) == []
    assert await service.contacts.expire(0) == 1
    (ask,) = await said(service.database, OpenAfterAll)
    assert ask.notice == notice.notice.contact


@pytest.mark.req("IN-20", "SC-10", authority="cheshire-west")
async def test_a_manager_who_has_not_seen_the_notice_does_not_authorise(service: Service) -> None:
    life = whole_life("cheshire-west")
    *before, authorise = life
    await service.contacts.run(before)
    await service.contacts.run([joined("cheshire-west", 29)[1]])
    await service.contacts.run([authorise])
    assert dict(authorise.headers)["ce_type"] == Authorise.TYPE.encode()
    assert await said(service.database, ContactClosed) == []
    # The exception of decision 0002: told after the authorisation was given, and read before it. It stays in somebody's queue.
    (refused,) = await said(service.database, CommandRefused)
    assert refused.code == "version-moved"
    (row,) = await rows(service, "select status, desktop from contact")
    assert row["status"] == "open"
    assert row["desktop"]
